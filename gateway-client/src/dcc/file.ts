import { readBounded, whyUnreadable } from '../files/index.js';
import { DccError } from './errors.js';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';

/**
 * The bytes of a certificate file, unchanged; `-` may be stdin.
 *
 * @throws DccError `FILE_UNREADABLE`, or `XML_TOO_LARGE` as soon as it is known
 */
export async function readCertificateFile(
  path: string,
  { maxBytes }: Pick<XmlLimits, 'maxBytes'> = DEFAULT_XML_LIMITS,
): Promise<Buffer> {
  const bytes = await readBounded(path, maxBytes).catch((cause: unknown) => {
    throw new DccError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  });
  if (bytes.length > maxBytes) {
    throw new DccError('XML_TOO_LARGE', `It has more than the ${maxBytes} bytes that are accepted.`);
  }
  return bytes;
}
