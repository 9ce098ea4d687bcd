import assert from 'node:assert/strict';
import { configurationWarning } from '@tracecal/cli';
import { ControlServer } from '@tracecal/network/control';
import { CliUser } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('tracecal status', () => {
  it("warns of a channel's configuration that fills more than half of the largest message", () => {
    assert.equal(configurationWarning(5 * 1024 * 1024), undefined);
    assert.match(configurationWarning(5 * 1024 * 1024 + 1)!, /5242881 bytes.*remove-org/);
  });
});

describe('A command that needs a running network', () => {
  after(removeTemporaryFolders);

  it('says of one that starts to try again, not to start another', async () => {
    const data = temporaryFolder();
    const onStop = () => undefined;
    const control = await ControlServer.open({ dataDir: data, engine: 'embedded', onStop });
    try {
      const { code, stderr } = await new CliUser(data).run('network', 'rotate', '--org', 'lab-alpha');
      assert.equal(code, 3);
      assert.ok(stderr.includes(`The network in ${data} is starting: try again when it runs.`), stderr);
    } finally {
      await control.close();
    }
  });
});
