import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { CertificateRole } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import {
  certifyDevice,
  certifyOfficer,
  certifyOrganisation,
  certifyTechnician,
  createCalibrationRoot,
  generateKeyPair,
  signerOf,
} from '@tracecal/pki';
import type { CalibrationSubject, Issuer } from '@tracecal/pki';
import { testKey } from './testKey.js';

/** Somebody or something with a key and a certificate in the calibration chain. */
export interface KeyHolder {
  readonly privateKey: KeyObject;
  /** DER in base64, as records hold it. */
  readonly certificate: string;
  readonly certificateSha256: string;
  readonly issuer: Issuer;
}

export interface KeyHolderRequest {
  readonly role: CertificateRole;
  readonly id: string;
  readonly organisation: string;
  /** Null: self-signed, as an NMI's root is. */
  readonly certifiedBy: KeyHolder | null;
  /** First and last day of validity. */
  readonly valid?: readonly [from: string, to: string];
  /** How many keys they had before. */
  readonly generation?: number;
  /** Whose key it is; by default a new one. */
  readonly key?: KeyHolder;
  /** Makes it a test key that can be made again, see {@link testKey}. */
  readonly seed?: string;
}

const issued = new Map<string, Promise<KeyHolder>>();

/**
 * A key with its certificate. The same request gets the same answer within a process: random tests build thousands of
 * hierarchies, and only what they build differs, not who the people in it are.
 */
export function keyHolder(request: KeyHolderRequest): Promise<KeyHolder> {
  const { certifiedBy, key, ...subject } = request;
  const others = [certifiedBy, key].map((holder) => holder?.certificateSha256 ?? null);
  const name = JSON.stringify([subject, ...others]);
  const known = issued.get(name) ?? issue(request);
  issued.set(name, known);
  return known;
}

const signatures = new WeakMap<KeyObject, Map<string, Uint8Array>>();

/**
 * A holder's signature. The same data gets the same signature within a process: hierarchies that are built alike are equal byte
 * for byte, so nothing is signed or verified twice.
 */
export function signatureOf({ privateKey }: KeyHolder, data: Uint8Array): Uint8Array {
  const known = signatures.get(privateKey) ?? new Map<string, Uint8Array>();
  signatures.set(privateKey, known);
  const digest = createHash('sha256').update(data).digest('base64');
  const signature = known.get(digest) ?? signP256(privateKey, data);
  known.set(digest, signature);
  return signature;
}

async function issue({ role, id, organisation, certifiedBy, valid, key, seed }: KeyHolderRequest): Promise<KeyHolder> {
  const fresh = () => (seed === undefined ? generateKeyPair().privateKey : testKey(seed));
  const privateKey = key?.privateKey ?? fresh();
  const publicKey = createPublicKey(privateKey);
  const [from, to] = valid ?? ['2020-01-01', '2045-12-31'];
  const validity = { notBefore: new Date(`${from}T00:00:00Z`), notAfter: new Date(`${to}T23:59:59Z`) };
  const subject: CalibrationSubject = { id, organisation, publicKey, validity };
  const sign = signerOf(privateKey);
  const pem = certifiedBy
    ? await certify[role](certifiedBy.issuer, subject)
    : await createCalibrationRoot(subject, sign);
  const der = new X509Certificate(pem).raw;
  return {
    privateKey,
    certificate: der.toString('base64'),
    certificateSha256: createHash('sha256').update(der).digest('hex'),
    issuer: { certificate: pem, sign },
  };
}

const certify = {
  organisation: certifyOrganisation,
  technician: certifyTechnician,
  officer: certifyOfficer,
  device: certifyDevice,
} as const;
