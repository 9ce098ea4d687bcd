import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CliUser } from '../support/commandLine.js';
import type { DatedExamples } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

describe('A certificate that is imported before the one it rests on', function () {
  this.timeout(120_000);
  let user: CliUser;
  let examples: DatedExamples;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    examples = await startTemperatureConsortium(user);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is INCOMPLETE, and TRACEABLE as soon as that one is imported', async () => {
    const [institute, second, third] = examples.temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const [child] = await user.succeed<{ device: string }[]>(
      ...['dcc', 'import', third, '--technician', 't-alpha', '--owner', 'oem-a'],
    );
    assert.ok(child);
    assert.equal((await user.run('trace', child.device)).code, 5);

    await user.succeed(
      ...['dcc', 'import', second, '--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'],
    );
    const { code, document } = await user.run('trace', child.device);
    assert.equal((document as { status: string }).status, 'TRACEABLE');
    assert.equal(code, 0);
  });
});
