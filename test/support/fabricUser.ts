import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority, generateKeyPair, privateKeyPem, signerOf } from '@tracecal/pki';

/** Writes the certificate and the key of a user of Fabric into the folder of its MSP. */
export async function makeUser(msp: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPair();
  const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2045-12-31') };
  const subject = { commonName: 'User1', organisation: 'oem-a.example', country: 'ZZ', publicKey, validity };
  const { certificate } = await Authority.createRoot(subject, signerOf(privateKey));
  for (const name of ['signcerts', 'keystore']) mkdirSync(join(msp, name), { recursive: true });
  writeFileSync(join(msp, 'signcerts', 'cert.pem'), certificate);
  writeFileSync(join(msp, 'keystore', 'priv_sk'), privateKeyPem(privateKey), { mode: 0o600 });
}
