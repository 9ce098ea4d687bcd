import { readFile, stat } from 'node:fs/promises';
import { DccError } from './errors.js';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';

/**
 * The bytes of a certificate file, unchanged.
 *
 * @throws DccError `FILE_UNREADABLE`, or `XML_TOO_LARGE` before anything is read
 */
export async function readCertificateFile(path: string, limits: XmlLimits = DEFAULT_XML_LIMITS): Promise<Buffer> {
  const { isFile, size } = await attempt(path, async () => {
    const stats = await stat(path);
    return { isFile: stats.isFile(), size: stats.size };
  });
  if (!isFile) {
    // A pipe or a device could keep a reader waiting for ever.
    throw new DccError('FILE_UNREADABLE', `${path} is not a regular file.`);
  }
  if (size > limits.maxBytes) {
    throw new DccError('XML_TOO_LARGE', `It has ${size} bytes; at most ${limits.maxBytes} are accepted.`);
  }
  return attempt(path, () => readFile(path));
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new DccError('FILE_UNREADABLE', isMissing ? `${path} does not exist.` : path, { cause });
  }
}
