import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { chmodSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  newStatement,
  pkcs11Signer,
  signerFrom,
  signingKeyFrom,
  signStatement,
  TraceCalError,
} from '@tracecal/gateway-client';
import { privateKeyPem } from '@tracecal/pki';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];
const PIN = '73915264';

async function refusal(work: Promise<unknown>): Promise<TraceCalError> {
  const error: unknown = await work.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TraceCalError, String(error));
  assert.doesNotMatch(`${error.message} ${String(error.cause)} ${error.stack ?? ''}`, /73915264|00000000/);
  return error;
}

describe('The name of a key', () => {
  after(removeTemporaryFolders);

  const environment = { TRACECAL_PIN: PIN };

  it('in a token never holds a PIN, and is refused without repeating it', async () => {
    for (const name of [
      `pkcs11:token=t;object=k?module-path=/x&pin-value=${PIN}`,
      `pkcs11:token=t;object=k;pin-value=${PIN}?module-path=/x`,
      `pkcs11:token=t;object=k;${PIN}?module-path=/x`,
    ]) {
      assert.equal((await refusal(signingKeyFrom(name, { environment }))).code, 'TOKEN_KEY_INVALID');
    }
  });

  it('in a token has only what is understood, once', async () => {
    for (const name of [
      'pkcs11:',
      'pkcs11:token=t;object=k',
      'pkcs11:token=t;token=u;object=k?module-path=/x',
      'pkcs11:token=t;model=m;object=k?module-path=/x',
      'pkcs11:token=%zz;object=k?module-path=/x',
      'pkcs11:slot-id=one;object=k?module-path=/x',
      'pkcs11:token=t;object=k;type=cert?module-path=/x',
      'pkcs11:token=t;object=k?module-path=/x?pin-source=file:/y',
      'pkcs11:token=t;object=k?module-path=/x&pin-source=https:/y',
    ]) {
      assert.equal((await refusal(signingKeyFrom(name, { environment }))).code, 'TOKEN_KEY_INVALID', name);
    }
  });

  it('in a token needs a PIN, from the environment or from a file of its owner', async () => {
    const name = 'pkcs11:token=t;object=k?module-path=/x';
    assert.equal((await refusal(signingKeyFrom(name, { environment: {} }))).code, 'TOKEN_PIN_REFUSED');
    const file = join(temporaryFolder(), 'pin');
    const fromFile = `${name}&pin-source=file:${file}`;
    assert.equal((await refusal(signingKeyFrom(fromFile, { environment }))).code, 'TOKEN_PIN_REFUSED');
    writeFileSync(file, PIN);
    if (process.platform !== 'win32') {
      chmodSync(file, 0o644);
      assert.equal((await refusal(signingKeyFrom(fromFile, { environment }))).code, 'TOKEN_PIN_REFUSED');
    }
  });

  it('as a file finds the certificate beside it', async () => {
    const holder = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
    const folder = temporaryFolder();
    const key = join(folder, 'nmi.key.pem');
    writeFileSync(key, privateKeyPem(holder.privateKey), { mode: 0o600 });
    assert.equal((await refusal(signerFrom(key))).code, 'SIGNER_INVALID');
    writeFileSync(join(folder, 'nmi.cert.pem'), holder.issuer.certificate);
    const signer = await signerFrom(key);
    assert.equal(signer.certificate, holder.certificate);
    const other = join(folder, 'key.pem');
    writeFileSync(other, privateKeyPem(holder.privateKey), { mode: 0o600 });
    assert.equal((await refusal(signerFrom(other))).code, 'SIGNER_INVALID');
    assert.equal((await signingKeyFrom(other)).publicKey.length, 65);
    const missing = await refusal(signerFrom(key, { certificate: join(folder, 'missing.pem') }));
    assert.equal(missing.code, 'SIGNER_INVALID');
    assert.match(missing.message, /missing\.pem does not exist/);
    writeFileSync(
      join(folder, 'large.pem'),
      Buffer.concat([Buffer.alloc(70_000, ' '), Buffer.from(holder.issuer.certificate)]),
    );
    const large = await refusal(signerFrom(key, { certificate: join(folder, 'large.pem') }));
    assert.match(large.message, /large\.pem is no certificate/);
  });

  describe('in a module that fails', () => {
    let own: string | undefined;
    let calls: string[];

    beforeEach(() => {
      own = process.env['TRACECAL_PKCS11JS'];
      calls = [];
      (globalThis as { pkcs11Calls?: string[] }).pkcs11Calls = calls;
    });

    afterEach(() => {
      process.env['TRACECAL_PKCS11JS'] = own;
      if (own === undefined) delete process.env['TRACECAL_PKCS11JS'];
    });

    /** A module that answers this to some calls, and has no token. */
    function answering(answers: Readonly<Record<string, string>>): void {
      const file = join(temporaryFolder(), 'pkcs11js.cjs');
      writeFileSync(
        file,
        `const answers = ${JSON.stringify(answers)};
        exports.PKCS11 = class {
          constructor() {
            return new Proxy({}, {
              get: (_, name) => () => {
                globalThis.pkcs11Calls.push(name);
                if (answers[name]) throw new Error(answers[name]);
                return name === 'C_GetSlotList' ? [Buffer.from([1])] : name === 'C_GetTokenInfo' ? { label: 't', serialNumber: '1' } : Buffer.from([2]);
              },
            });
          }
        };`,
      );
      process.env['TRACECAL_PKCS11JS'] = file;
    }

    const open = () => refusal(signingKeyFrom('pkcs11:token=t;object=k?module-path=/x', { environment }));

    it('is given free where it cannot be initialised', async () => {
      answering({ C_Initialize: 'CKR_GENERAL_ERROR' });
      assert.equal((await open()).code, 'TOKEN_UNAVAILABLE');
      assert.deepEqual(calls, ['load', 'C_Initialize', 'close']);
    });

    it('stays initialised where another part of the process had done that', async () => {
      answering({ C_Initialize: 'CKR_CRYPTOKI_ALREADY_INITIALIZED', C_Login: 'CKR_PIN_INCORRECT' });
      assert.equal((await open()).code, 'TOKEN_PIN_REFUSED');
      assert.equal(calls.at(-1), 'close');
      assert.ok(!calls.includes('C_Finalize'));
    });

    it('tells why it failed, also where it cannot be closed either', async () => {
      answering({ C_Login: 'CKR_PIN_LOCKED', C_CloseSession: 'CKR_DEVICE_REMOVED' });
      const { code, message } = await open();
      assert.equal(code, 'TOKEN_PIN_REFUSED');
      assert.match(message, /CKR_PIN_LOCKED/);
      assert.deepEqual(calls.slice(-2), ['C_Finalize', 'close']);
    });
  });

  it('in a token says what to install where nobody has installed it', async function () {
    if (isInstalled()) {
      this.skip();
    }
    const { code, message } = await refusal(signingKeyFrom('pkcs11:token=t;object=k?module-path=/x', { environment }));
    assert.equal(code, 'TOKEN_SUPPORT_MISSING');
    assert.match(message, /npm install pkcs11js/);
  });
});

describe('A signer whose key is in a token (PKCS #11)', () => {
  let module: string;
  let holder: KeyHolder;
  let folder: string;
  const environment = { TRACECAL_PIN: PIN };

  before(async function () {
    const found = MODULES.find((path) => existsSync(path));
    if (found === undefined || spawnSync('softhsm2-util', ['--version']).status !== 0) {
      console.warn('        skipped: SoftHSM is not installed (apt-get install softhsm2); it stands for a token.');
      return this.skip();
    }
    if (!isInstalled()) {
      console.warn(
        '        skipped: the native part of pkcs11js is not here: run `npm install pkcs11js --ignore-scripts=false` in a folder elsewhere, and set TRACECAL_PKCS11JS to its node_modules/pkcs11js.',
      );
      return this.skip();
    }
    module = found;
    folder = temporaryFolder();
    mkdirSync(join(folder, 'tokens'));
    const configuration = join(folder, 'softhsm2.conf');
    writeFileSync(configuration, `directories.tokendir = ${join(folder, 'tokens')}\n`);
    process.env['SOFTHSM2_CONF'] = configuration;
    softhsm('--init-token', '--free', '--label', 'sensors', '--pin', PIN, '--so-pin', '00000000');
    holder = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
    writeFileSync(join(folder, 'key.pem'), privateKeyPem(holder.privateKey), { mode: 0o600 });
    writeFileSync(join(folder, 'cert.pem'), holder.issuer.certificate);
    const key = ['--token', 'sensors', '--pin', PIN, '--import', join(folder, 'key.pem')];
    softhsm(...key, '--label', 'nmi key', '--id', 'a1b2');
    softhsm(...key, '--label', 'twin', '--id', 'c3');
    softhsm(...key, '--label', 'twin', '--id', 'c4');
  });

  after(() => {
    delete process.env['SOFTHSM2_CONF'];
    removeTemporaryFolders();
  });

  function softhsm(...words: readonly string[]): void {
    const { status, stderr } = spawnSync('softhsm2-util', words, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }

  const certificate = () => join(folder, 'cert.pem');
  const named = (rest: string) => `pkcs11:${rest}?module-path=${module}`;

  it('signs statements that verify, with a low s, several at a time', async () => {
    const signer = await signerFrom(named('token=sensors;object=nmi%20key'), {
      certificate: certificate(),
      environment,
    });
    try {
      assert.equal(signer.certificate, holder.certificate);
      const signatures = await Promise.all(
        Array.from({ length: 24 }, (_, index) => signer.sign(Buffer.from(`message ${index}`))),
      );
      assert.ok(signatures.every((each) => each.length === 64 && (each[32] ?? 255) < 0x80));
      const statement = newStatement('seal', {
        registry: 'calibration',
        author: 'nmi',
        subject: { kind: 'registry', id: 'calibration' },
        number: 7,
        body: {},
      });
      const jws = await signStatement(statement, [signer]);
      assert.equal(jws.signatures.length, 1);
    } finally {
      await signer.close();
    }
    assert.equal((await refusal(signer.sign(Buffer.from('x')))).code, 'TOKEN_UNAVAILABLE');
  });

  it('fails with its own code, and ends, where the token is removed between two signatures', async () => {
    const token = join(temporaryFolder(), 'tokens');
    renameSync(join(folder, 'tokens'), token);
    symlinkSync(token, join(folder, 'tokens'));
    const signer = await signerFrom(named('token=sensors;object=nmi%20key'), {
      certificate: certificate(),
      environment,
    });
    try {
      assert.equal((await signer.sign(Buffer.from('before'))).length, 64);
      const away = `${token}-away`;
      renameSync(token, away);
      const { code } = await refusal(signer.sign(Buffer.from('after')));
      assert.equal(code, 'TOKEN_UNAVAILABLE');
      renameSync(away, token);
    } finally {
      await signer.close();
    }
    const again = await signerFrom(named('token=sensors;object=nmi%20key'), {
      certificate: certificate(),
      environment,
    });
    assert.equal((await again.sign(Buffer.from('again'))).length, 64);
    await again.close();
  });

  it('is found by the id of its key, and by a PIN in a file', async () => {
    const pin = join(folder, 'pin');
    writeFileSync(pin, `${PIN}\n`, { mode: 0o600 });
    const key = await signingKeyFrom(`${named('token=sensors;id=%a1%b2')}&pin-source=file:${pin}`, { environment: {} });
    assert.equal(key.publicKey.length, 65);
    assert.equal((await key.sign(Buffer.from('x'))).length, 64);
    await key.close();
    await key.close();
  });

  it('is refused for a wrong PIN, an unknown token or key, a name of two keys, and a certificate of another key', async () => {
    const other = await keyHolder({ role: 'organisation', id: 'other', organisation: 'other', certifiedBy: null });
    const foreign = join(folder, 'other.pem');
    writeFileSync(foreign, other.issuer.certificate);
    const cases: readonly (readonly [string, string, string, string])[] = [
      ['token=sensors;object=nmi%20key', '00000000', certificate(), 'TOKEN_PIN_REFUSED'],
      ['token=another;object=nmi%20key', PIN, certificate(), 'TOKEN_UNAVAILABLE'],
      ['token=sensors;object=another', PIN, certificate(), 'TOKEN_UNAVAILABLE'],
      ['token=sensors;object=twin', PIN, certificate(), 'TOKEN_UNAVAILABLE'],
      ['token=sensors', PIN, certificate(), 'TOKEN_KEY_INVALID'],
      ['object=nmi%20key', PIN, certificate(), 'TOKEN_KEY_INVALID'],
      ['token=sensors;object=nmi%20key', PIN, foreign, 'SIGNER_INVALID'],
      ['token=sensors;object=nmi%20key', PIN, join(folder, 'missing.pem'), 'SIGNER_INVALID'],
    ];
    for (const [name, pin, file, code] of cases) {
      const signer = signerFrom(named(name), { certificate: file, environment: { TRACECAL_PIN: pin } });
      assert.equal((await refusal(signer)).code, code, name);
    }
    assert.equal(
      (await refusal(pkcs11Signer({ module: join(folder, 'none.so'), token: 'sensors', label: 'k', pin: PIN }))).code,
      'TOKEN_UNAVAILABLE',
    );
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
