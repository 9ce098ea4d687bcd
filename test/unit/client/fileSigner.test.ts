import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSigner, TraceCalError } from '@tracecal/gateway-client';
import { privateKeyPem } from '@tracecal/pki';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('a signer whose key is a file', () => {
  let holder: KeyHolder;

  before(async () => {
    holder = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
  });

  after(removeTemporaryFolders);

  function files(keyPem: string, mode = 0o600) {
    const folder = temporaryFolder();
    const paths = { key: join(folder, 'key.pem'), certificate: join(folder, 'cert.pem') };
    writeFileSync(paths.key, keyPem);
    chmodSync(paths.key, mode);
    writeFileSync(paths.certificate, holder.issuer.certificate);
    return paths;
  }

  async function refusal(paths: { key: string; certificate: string }): Promise<TraceCalError> {
    const error: unknown = await fileSigner(paths).then(
      () => assert.fail('it was accepted'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TraceCalError);
    return error;
  }

  it('has the certificate that the registry knows it by', async () => {
    const signer = await fileSigner(files(privateKeyPem(holder.privateKey)));
    assert.equal(signer.certificate, holder.certificate);
    assert.equal((await signer.sign(Buffer.from('x'))).length, 64);
  });

  it('is refused where others can read the key', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    for (const mode of [0o644, 0o640, 0o604, 0o620]) {
      assert.equal((await refusal(files(privateKeyPem(holder.privateKey), mode))).code, 'KEY_EXPOSED');
    }
  });

  it('is refused without repeating what the file holds', async () => {
    const error = await refusal(files('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n'));
    assert.equal(error.code, 'KEY_INVALID');
    assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /c2VjcmV0/);
  });

  it('is refused if the key has another curve, or is missing', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    assert.equal((await refusal(files(privateKeyPem(p384)))).code, 'KEY_INVALID');
    const paths = files(privateKeyPem(holder.privateKey));
    assert.equal((await refusal({ ...paths, key: `${paths.key}.absent` })).code, 'KEY_INVALID');
  });

  it('is refused where key and certificate do not belong together', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    assert.equal((await refusal(files(privateKeyPem(stranger)))).code, 'SIGNER_INVALID');
  });
});
