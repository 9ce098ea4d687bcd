import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import { TraceCal, TraceCalError } from '@tracecal/gateway-client';
import { CliUser } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Started {
  readonly founding: readonly { readonly what: string }[];
}

const UP = ['up', '--detach', '--ports', 'free'];

describe('The founding of a registry by tracecal up', function () {
  this.timeout(120_000);
  let user: CliUser;

  beforeEach(() => {
    user = new CliUser(join(temporaryFolder(), 'data'));
  });

  afterEach(async () => {
    sinon.restore();
    await user.run('down');
  });

  after(removeTemporaryFolders);

  it('is completed by the next start, with the same statement, if the network fails before it is registered', async () => {
    const lost = new TraceCalError('UNAVAILABLE', 'The network does not answer.');
    sinon.stub(TraceCal.prototype, 'found').rejects(lost);
    assert.equal(await user.fail(3, ...UP), 'UNAVAILABLE');
    assert.equal((await user.run('status')).code, 3, 'and no network is left behind');
    const file = join(user.data, 'founding.json');
    const signed = readFileSync(file, 'utf8');
    assert.ok(!existsSync(join(user.data, 'trust.json')));

    sinon.restore();
    const { founding } = await user.succeed<Started>(...UP);
    assert.equal(founding.length, 4);
    assert.equal(readFileSync(file, 'utf8'), signed);
  });

  it('is completed by the next start if it is interrupted between the founding and the last officer', async () => {
    const submit = sinon.stub(TraceCal.prototype, 'submitStatements');
    submit.onSecondCall().rejects(new TraceCalError('TIMED_OUT', 'The network did not answer in time.'));
    submit.callThrough();
    assert.equal(await user.fail(3, ...UP), 'TIMED_OUT');

    sinon.restore();
    const { founding } = await user.succeed<Started>(...UP);
    assert.deepEqual(
      founding.map(({ what }) => what),
      ['officer nmi-south/officer', 'officer nmi-east/officer'],
    );
    assert.ok(existsSync(join(user.data, 'trust.json')));
  });
});
