import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientIdentity, TraceCalError } from '@tracecal/gateway-client';
import { Authority, generateKeyPair, isLowS, privateKeyPem, signerOf } from '@tracecal/pki';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const ROUNDS = 40;

describe('a client identity of a crypto-config tree', () => {
  const { publicKey, privateKey } = generateKeyPair();
  let certificate: string;

  before(async () => {
    certificate = await certificateOf('User1@nmi.example');
  });

  async function certificateOf(commonName: string): Promise<string> {
    const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2045-12-31') };
    const subject = { commonName, organisation: 'nmi.example', country: 'ZZ', publicKey, validity };
    return (await Authority.createRoot(subject, signerOf(privateKey))).certificate;
  }

  after(removeTemporaryFolders);

  function userFolder(key = privateKey): string {
    const folder = temporaryFolder();
    for (const name of ['signcerts', 'keystore']) mkdirSync(join(folder, 'msp', name), { recursive: true });
    writeFileSync(join(folder, 'msp/signcerts/cert.pem'), certificate);
    writeFileSync(join(folder, 'msp/keystore/priv_sk'), privateKeyPem(key), { mode: 0o600 });
    return folder;
  }

  it('signs whole messages as Fabric accepts them: SHA-256, DER, low s', async () => {
    const { identity, sign } = await readClientIdentity(userFolder(), 'NmiMSP');
    assert.equal(identity.mspId, 'NmiMSP');
    assert.equal(Buffer.from(identity.credentials).toString(), certificate);
    for (let round = 0; round < ROUNDS; round += 1) {
      const message = Buffer.from(`message ${round}`);
      const signature = await sign(message);
      assert.ok(isLowS(signature), `the signature of message ${round} has a low s`);
      assert.ok(verify('sha256', message, certificate, signature), `message ${round} verifies`);
    }
  });

  it('is the same from the folder of the user and from the msp folder in it', async () => {
    const folder = userFolder();
    const [user, msp] = [await readClientIdentity(folder, 'M'), await readClientIdentity(join(folder, 'msp'), 'M')];
    assert.deepEqual(user.identity, msp.identity);
  });

  it('may have its certificate under several names, but not two certificates', async () => {
    const folder = userFolder();
    const named = join(folder, 'msp/signcerts/User1@nmi.example-cert.pem');
    writeFileSync(named, certificate);
    const { identity } = await readClientIdentity(folder, 'M');
    assert.equal(Buffer.from(identity.credentials).toString(), certificate);
    writeFileSync(named, await certificateOf('User2@nmi.example'));
    await assert.rejects(
      readClientIdentity(folder, 'M'),
      (error: unknown) => error instanceof TraceCalError && error.message.includes('different certificates'),
    );
  });

  it('is refused where key and certificate do not belong together', async () => {
    await assert.rejects(
      readClientIdentity(userFolder(generateKeyPair().privateKey), 'NmiMSP'),
      (error: unknown) => error instanceof TraceCalError && error.code === 'IDENTITY_INVALID',
    );
  });
});
