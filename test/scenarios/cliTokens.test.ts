import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { generateKeyPair, privateKeyPem } from '@tracecal/pki';
import { CliUser } from '../support/commandLine.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { officerByFiles } from '../support/officerByFiles.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];
const PIN = '73915264';
const INSTITUTES = ['nmi-north', 'nmi-south', 'nmi-east'] as const;
const VARIABLES = ['SOFTHSM2_CONF', 'TRACECAL_PIN', 'TRACECAL_PKCS11_MODULE'] as const;

describe('Keys of organisations, officers and technicians in a token', function () {
  this.timeout(180_000);

  let folder: string;
  let vault: CliUser;
  let online: CliUser;

  before(function () {
    const module = MODULES.find((path) => existsSync(path));
    if (module === undefined || spawnSync('softhsm2-util', ['--version']).status !== 0 || !isInstalled()) {
      console.log('      SKIPPED: SoftHSM or the compiled package pkcs11js is not here (docs/keys.md)');
      this.skip();
    }
    folder = temporaryFolder();
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${join(folder, 'tokens')}\n`);
    process.env['SOFTHSM2_CONF'] = join(folder, 'softhsm2.conf');
    process.env['TRACECAL_PKCS11_MODULE'] = module;
    process.env['TRACECAL_PIN'] = PIN;
    softhsm('--init-token', '--free', '--label', 'lab', '--so-pin', '0000', '--pin', PIN);
    for (const [place, label] of ['root', 'officer', 'technician', 'another'].entries()) {
      const pem = join(folder, `${label}.pem`);
      writeFileSync(pem, privateKeyPem(generateKeyPair().privateKey), { mode: 0o600 });
      softhsm('--token', 'lab', '--pin', PIN, '--import', pem, '--label', label, '--id', `0${place + 1}`);
    }
    vault = new CliUser(join(folder, 'vault'));
    online = new CliUser(join(folder, 'online'));
  });

  after(async () => {
    await (online as CliUser | undefined)?.run('down');
    for (const variable of VARIABLES) Reflect.deleteProperty(process.env, variable);
    removeTemporaryFolders();
  });

  function softhsm(...words: readonly string[]): void {
    const { status, stderr } = spawnSync('softhsm2-util', words, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }

  const named = (label: string): string => `pkcs11:token=lab;object=${label}`;
  const file = (name: string): string => join(folder, name);

  function holdsNoKey({ data }: CliUser, path: string): void {
    const text = readFileSync(join(data, 'keys', path), 'utf8');
    assert.match(text, /^pkcs11:token=lab;object=\w+\n$/);
  }

  it('found a registry: the root certificate is signed in the token, and no private key is written', async () => {
    const described = ['--consortium', defaultConsortiumFile()];
    for (const id of INSTITUTES) {
      const args = ['founding', 'root', id, ...described, '-o', file(`${id}.root.pem`)];
      await vault.succeed(...args, ...(id === 'nmi-north' ? ['--key', named('root')] : []));
    }
    holdsNoKey(vault, 'organisations/nmi-north.key.pem');
    const roots = INSTITUTES.map((id) => file(`${id}.root.pem`));
    const create = ['founding', 'create', ...roots, '--institute', 'nmi-north', ...described];
    await vault.succeed(...create, '-o', file('founding.json'));
    for (const id of ['nmi-south', 'nmi-east']) {
      await vault.succeed('founding', 'sign', file('founding.json'), '--institute', id, ...described);
    }
    mkdirSync(online.data, { mode: 0o700 });
    copyFileSync(file('founding.json'), join(online.data, 'founding.json'));
    await online.succeed('up', '--detach', '--ports', 'free');
  });

  it('certify and authorise an officer whose own key is in a token, too', async () => {
    await officerByFiles({ online, vault, folder, founding: file('founding.json') }, ['--key', named('officer')]);
    holdsNoKey(online, `officers/${encodeURIComponent('nmi-north/deputy')}.key.pem`);
  });

  it('sign what is registered: a technician with a key in a token is authorised by such an officer', async () => {
    const technician = 'nmi-north/t-1';
    const request = ['certificate', 'request', 'technician', technician, '-o', file('t-1.csr')];
    await online.succeed(...request, '--key', named('technician'));
    await vault.succeed(
      'certificate',
      'issue',
      'technician',
      file('t-1.csr'),
      '--by',
      'nmi-north',
      '-o',
      file('t-1.pem'),
    );
    await online.succeed('certificate', 'install', 'technician', file('t-1.pem'));
    await online.succeed('technician', 'add', 't-1', '--org', 'nmi-north', '--quantities', 'mass');
    const { items } = await online.succeed<{ items: readonly { id: string }[] }>('technician', 'list');
    assert.deepEqual(
      items.map(({ id }) => id),
      [technician],
    );
    assert.deepEqual(keyFilesBelow(join(online.data, 'keys')), []);
  });

  it('are replaced by keys in a token only if somebody asks for that', async () => {
    const request = ['certificate', 'request', 'officer', 'nmi-north/deputy', '--key', named('another')];
    assert.equal(await online.fail(7, ...request, '-o', file('other.csr')), 'ALREADY_EXISTS');
    assert.ok(!existsSync(file('other.csr')));
    await online.succeed(...request, '--new-key', '-o', file('other.csr'));
  });

  it('are refused where nothing in a token is named, or the PIN is wrong, and are found by the survey of keys', async () => {
    const request = ['certificate', 'request', 'officer', 'nmi-north/other', '-o', file('x.csr'), '--key'];
    assert.equal(await online.fail(2, ...request, 'officer.pem'), 'USAGE');
    assert.equal(await online.fail(2, ...request, named('nothing')), 'TOKEN_UNAVAILABLE');
    process.env['TRACECAL_PIN'] = '00000000';
    assert.equal(await online.fail(2, ...request, named('officer')), 'TOKEN_PIN_REFUSED');
    const keys = new CalibrationKeys(join(online.data, 'keys'));
    const flaws = (await keys.survey()).map(({ flaw }) => flaw);
    assert.match(flaws[0] ?? '', /^its token cannot be used: /);
    process.env['TRACECAL_PIN'] = PIN;
    assert.ok((await keys.survey()).every(({ flaw }) => flaw === undefined));
  });
});

/** Whether its native part is there: no install of this project makes it. */
function isInstalled(): boolean {
  try {
    createRequire(require.resolve('@tracecal/gateway-client'))(process.env['TRACECAL_PKCS11JS'] ?? 'pkcs11js');
    return true;
  } catch {
    return false;
  }
}
