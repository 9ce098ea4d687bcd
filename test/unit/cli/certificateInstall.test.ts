import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '@tracecal/cli';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('tracecal certificate install', () => {
  after(removeTemporaryFolders);

  it('says of a further certificate for the key in use that it renews no organisation', async () => {
    const data = temporaryFolder();
    const institute = new CalibrationKeys(temporaryFolder());
    await institute.organisation('nmi', null);
    const install = async (newKey: boolean) => {
      const { pem } = await new CalibrationKeys(join(data, 'keys')).request('organisation', 'lab', newKey);
      const certificate = join(data, 'lab.pem');
      writeFileSync(certificate, (await institute.issue('organisation', pem, 'nmi')).pem);
      const { stdout } = await tracecal(['certificate', 'install', 'organisation', certificate, '--data', data]);
      return stdout.replaceAll(/\s+/g, ' ');
    };
    assert.match(await install(false), /Register its holder with `[^`]*org add lab /);
    assert.match(
      await install(false),
      /for the key in use\. .*a renewal needs .*`[^`]*request organisation lab --new-key/,
    );
    assert.match(await install(true), /Register it with `[^`]*org renew lab --sign-only FILE/);
  });
});

describe('tracecal certificate request', () => {
  after(removeTemporaryFolders);

  it('quotes the file in the command that its certifier types', async () => {
    const data = temporaryFolder();
    const out = join(data, "lab's request");
    const { stdout } = await tracecal([
      'certificate',
      'request',
      'organisation',
      'lab',
      '--output',
      out,
      '--data',
      data,
    ]);
    assert.ok(stdout.includes(`certificate issue organisation ${quoted(out)} --by`), stdout);
  });
});
