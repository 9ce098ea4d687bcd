import type { KeyObject } from 'node:crypto';
import { signP256 } from '@tracecal/core/signing/node';
import { readCertificateFile } from './certificateFile.js';
import { clientError } from './errors.js';
import { readKeyFile } from './keyFile.js';
import { signerInMemory } from './signer.js';
import type { Signer } from './signer.js';

export interface SignerFiles {
  /** PEM file of the private key; readable by its owner only. */
  readonly key: string;
  /** PEM file of the certificate. */
  readonly certificate: string;
}

/**
 * A signer whose key is a file.
 *
 * @example
 * const technician = await fileSigner({ key: 'keys/t-1.key.pem', certificate: 'keys/t-1.cert.pem' });
 * const item = await signReport(report, [technician, standard]);
 *
 * @throws TraceCalError `KEY_EXPOSED`, `KEY_INVALID`, or `SIGNER_INVALID` if key and certificate do not belong together
 */
export async function fileSigner(files: SignerFiles): Promise<Signer> {
  const [key, certificate] = await Promise.all([readKeyFile(files.key), readCertificateFile(files.certificate)]);
  if (!certificate.checkPrivateKey(key)) {
    throw clientError('SIGNER_INVALID', `${files.key} is not the key of ${files.certificate}.`);
  }
  return keySigner(key, certificate.raw.toString('base64'));
}

/** A signer over a key in memory. */
export function keySigner(key: KeyObject, certificate: string): Signer {
  return signerInMemory(certificate, (bytes) => Promise.resolve(signP256(key, bytes)));
}
