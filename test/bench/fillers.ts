import { createHash, X509Certificate } from 'node:crypto';
import { jwsPayload, jwsSignature, signerName, signingInput } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import { certifyDevice, generateKeyPair } from '@tracecal/pki';
import type { Hierarchy, Item } from '../support/hierarchy.js';

const VALIDITY = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2045-12-31T23:59:59Z') };

/** A device, each with a key of its own, that nothing is kept of: so that there can be a million. */
export async function filler(hierarchy: Hierarchy, organisation: string, name: string): Promise<Item> {
  const [id, technician, officer] = [
    `${organisation}/${name}`,
    `${organisation}/t-${organisation}`,
    `${organisation}/officer`,
  ];
  const { publicKey, privateKey } = generateKeyPair();
  const { issuer, ...imprinter } = hierarchy.holder('technician', technician);
  const certificate = new X509Certificate(
    await certifyDevice(issuer, { id, organisation, publicKey, validity: VALIDITY }),
  ).raw;
  const statement = hierarchy.statement('device', {
    author: organisation,
    subject: { kind: 'device', id },
    body: {
      kind: 'field',
      serial: name,
      model: 'Pt100',
      manufacturer: 'Sensor Works',
      owner: organisation,
      intervalDays: null,
      technician,
      certificateSha256: createHash('sha256').update(certificate).digest('hex'),
    },
  });
  const payload = jwsPayload(statement);
  const keys = [
    [signerName('technician', technician), imprinter.privateKey],
    [signerName('device', id), privateKey],
    [signerName('officer', officer), hierarchy.holder('officer', officer).privateKey],
  ] as const;
  const signatures = keys.map(([signer, key]) => jwsSignature(signer, signP256(key, signingInput(signer, payload))));
  return { statement: { payload, signatures }, certificate: certificate.toString('base64') };
}
