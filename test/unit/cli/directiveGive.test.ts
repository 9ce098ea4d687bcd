import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { instantOf } from '@tracecal/core/model';
import { operatorPinText } from '@tracecal/gateway-client/device';
import { privateKeyPem } from '@tracecal/pki';
import { CliUser } from '../../support/commandLine.js';
import { GateWorld, journalOf, SENSOR } from '../../support/gateWorld.js';
import { Operator } from '../../support/operator.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

describe('tracecal directive give, in an emergency', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);
  let world: GateWorld;
  let operator: Operator;
  let user: CliUser;

  before(async () => {
    world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    operator = new Operator(world.hierarchy);
    world.file('operator.json', operatorPinText(operator.pin));
    const { privateKey, certificate } = operator.officer;
    const key = world.file('data/keys/officers/oem-a%2Fofficer.key.pem', privateKeyPem(privateKey));
    chmodSync(key, 0o600);
    world.file(
      'data/keys/officers/oem-a%2Fofficer.cert.pem',
      new X509Certificate(Buffer.from(certificate, 'base64')).toString(),
    );
    user = new CliUser(world.path('data'));
  });

  const words = (kind: string, name: string, ...more: readonly string[]) => [
    ...['directive', 'give', kind, SENSOR, '--reason', 'a patient is waiting'],
    ...['--operator', world.path(name), ...more],
  ];

  it('signs an override without a network, which opens the gate', async () => {
    const output = world.path('override.json');
    const signed = await user.succeed<{ officer: string; file: string }>(
      ...words('override', 'operator.json', '--for', '4h', '--output', output),
    );
    assert.deepEqual([signed.officer, signed.file], ['oem-a/officer', output]);
    assert.match(readFileSync(output, 'utf8'), /"directive":/);
    const over = ['--override', output, '--operator', world.path('operator.json'), '--', 'echo', 'ran'];
    const run = world.run(world.words(...over), { now: instantOf(Date.now() + 60_000) });
    assert.deepEqual([run.code, run.stdout, journalOf(run)['outcome']], [0, 'ran\n', 'override'], run.stderr);
  });

  it('signs nothing else so, and nothing that no gate would take', async () => {
    const output = ['--output', world.path('never.json')];
    const sha256 = operator.officer.certificateSha256;
    world.file('revoked.json', operatorPinText({ ...operator.pin, revoked: [{ sha256 }] }));
    world.file('other.json', operatorPinText(new Operator(world.hierarchy, 'oem-b').pin));
    const override = ['--for', '4h', ...output];
    assert.equal(await user.fail(2, ...words('quarantine', 'operator.json', ...output)), 'USAGE');
    assert.equal(await user.fail(2, ...words('override', 'operator.json', '--for', '4h')), 'USAGE');
    assert.equal(await user.fail(2, ...words('override', 'operator.json', ...override, '--as', 'oem-b')), 'USAGE');
    assert.equal(await user.fail(2, ...words('override', 'operator.json', '--for', '25h', ...output)), 'INPUT_INVALID');
    assert.equal(await user.fail(2, ...words('override', 'revoked.json', ...override)), 'INPUT_INVALID');
    assert.equal(await user.fail(2, ...words('override', 'other.json', ...override)), 'KEYS_MISSING');
  });
});
