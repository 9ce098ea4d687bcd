import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliUser, datedExampleFiles, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const NEW = {
  organisation: {
    id: 'lab-gamma',
    mspId: 'LabGammaMSP',
    kind: 'LAB',
    name: 'Gamma Calibration Laboratory',
    country: 'DE',
    domain: 'lab-gamma.example',
    peers: [{ name: 'peer0', port: 7951 }],
  },
  channels: { calibration: 'writer' },
};

/** Each answer goes on where the one before it left off. */
describe('An answer on the terminal', function () {
  this.timeout(240_000);
  let user: CliUser;
  let standard: string;

  /** What a person reads, on stdout and stderr. */
  async function said(exit: number, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await tracecal(args, {
      environment: { TRACECAL_DATA: user.data, COLUMNS: '250' },
    });
    assert.equal(code, exit, stderr);
    return `${stdout}${stderr}`.trim();
  }

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free');
    await user.succeed('technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature');
    [standard] = (await datedExampleFiles()).temperature;
  });
  after(async () => {
    await user.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('names what an import made of a certificate', async () => {
    const text = await said(0, 'dcc', 'import', standard, '--technician', 't-north', '--kind', 'standard');
    assert.match(text, /^✓ .*\.xml\n {4}report nmi-north\/\S+ of nmi-north\/SPRT-0007, 1 result\n/);
  });

  it('names all that was searched for where find finds nothing', async () => {
    assert.equal(
      await said(0, 'find', '--serial', 'NOPE', '--model', 'X'),
      'No registered device has serial number (exactly) "NOPE", model (or a part of it) "X".',
    );
  });

  it('counts the devices that depend on somebody, or says that none does', async () => {
    const last = (text: string) => text.split('\n').at(-1);
    assert.equal(last(await said(0, 'affected', 'nmi-north/t-north')), '1 device depends on person nmi-north/t-north.');
    assert.equal(
      await said(0, 'affected', 'nmi-south', '--kind', 'organisation'),
      'No device depends on organisation nmi-south.',
    );
  });

  it('says which id is registered already', async () => {
    const again = ['technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature'];
    assert.equal(
      await said(7, ...again),
      'tracecal: Person nmi-north/t-north is already registered: choose another id. [ALREADY_EXISTS]',
    );
  });

  it('says which organisations have access to a channel where the acting one has none', async () => {
    assert.equal(
      await said(2, 'measurement', 'record', 'oem-a/X', '--as', 'lab-alpha', '--site', 'a'),
      'tracecal: Organisation lab-alpha has no access to measurement-a: use --as oem-a or --as monitor. [NOT_IN_CHANNEL]',
    );
  });

  it('says that an organisation must be registered before it records verdicts', async () => {
    assert.equal(
      await said(7, 'measurement', 'record', 'oem-a/X', '--as', 'oem-a', '--site', 'a'),
      'tracecal: A caller of OemAMSP may not write here: no organisation of kind OEM is registered with this MSP. Register it first. [NOT_AUTHORISED]',
    );
  });

  it('says what clients need after the certificates of an organisation were replaced', async () => {
    assert.equal(
      await said(0, 'network', 'rotate', '--org', 'lab-alpha'),
      'lab-alpha has a new CA: give its clients their new certificates. Clients of members keep their keys; readers need the new key as well.',
    );
    assert.equal(
      await said(0, 'network', 'rotate', '--org', 'lab-alpha', '--tls'),
      'lab-alpha has a new TLS CA: give its clients the new connection profile.',
    );
  });

  it('names the members after one joined, and what one loses that is removed', async () => {
    const file = join(user.data, 'lab-gamma.yaml');
    writeFileSync(file, JSON.stringify(NEW));
    assert.match(await said(0, 'network', 'add-org', file), /^lab-gamma is a member\. Members: .*, lab-gamma\.$/);
    assert.equal(
      await said(0, 'network', 'remove-org', 'lab-gamma', '--dry-run'),
      'lab-gamma loses its rights on calibration, and its peers stop. What it wrote stays.\nNothing was changed: this was a dry run.',
    );
    assert.match(
      await said(0, 'network', 'remove-org', 'lab-gamma', '--yes'),
      /^lab-gamma is not a member any more\. Members: (?!.*lab-gamma)/,
    );
  });
});
