import { X509Certificate } from 'node:crypto';
import { MOST_BYTES_OF, readBounded, whyUnreadable } from '../files/index.js';
import { clientError, TraceCalError } from './errors.js';

/** A certificate in a PEM file. @throws TraceCalError `SIGNER_INVALID`; a file that cannot be read is told as such */
export async function readCertificateFile(path: string): Promise<X509Certificate> {
  const bytes = await readBounded(path, MOST_BYTES_OF.certificate).catch((cause: unknown) => {
    throw new TraceCalError('SIGNER_INVALID', `The certificate ${whyUnreadable(path, cause)}`, { cause, detail: path });
  });
  return certificateIn(bytes.length > MOST_BYTES_OF.certificate ? Buffer.alloc(0) : bytes, path);
}

/** @param where - Whose content it is, for the sentence. @throws TraceCalError `SIGNER_INVALID` */
export function certificateIn(content: Buffer, where: string): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (cause) {
    throw clientError('SIGNER_INVALID', `${where} is no certificate: name its PEM file.`, { cause });
  }
}
