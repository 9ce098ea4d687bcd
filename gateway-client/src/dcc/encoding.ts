import { DccError, quoted } from './errors.js';

const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * The text of an XML file in UTF-8 (or its subset ASCII), with or without a byte order mark. Invalid bytes are not replaced:
 * one wrong byte refuses the file, because two readers that read a certificate differently are worse than one that refuses
 * it.
 *
 * @throws DccError `XML_ENCODING`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (looksLikeUtf16(bytes)) {
    throw new DccError('XML_ENCODING', 'It looks like UTF-16 or UTF-32.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DccError('XML_ENCODING', 'It holds bytes that are not UTF-8.', { cause });
  }
}

/** @throws DccError `XML_ENCODING` if an XML declaration names an encoding that {@link decodeUtf8} does not read */
export function checkDeclaredEncoding(encoding: string | undefined): void {
  if (encoding !== undefined && !UTF8_NAMES.has(encoding.toLowerCase())) {
    throw new DccError('XML_ENCODING', `It declares the encoding ${quoted(encoding)}.`);
  }
}

function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
}
