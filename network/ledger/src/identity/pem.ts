import { base64Bytes, latin1Text } from '@tracecal/core/platform';

/** The first block of a PEM text. */
export interface PemBlock {
  readonly label: string;
  readonly content: Uint8Array;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

/**
 * Finds the first block that Go's `pem.Decode` finds: Fabric reads certificates with it, whatever their label, their headers and the
 * text around them. A block that cannot be read is passed over.
 */
export function firstPemBlock(bytes: Uint8Array): PemBlock | undefined {
  const text = latin1Text(bytes);
  for (let from = 0; ;) {
    const end = text.indexOf(END, from);
    if (end < 0) return undefined;
    // The last beginning before this end: those without an end are passed over.
    const begin = text.slice(from, end).lastIndexOf(BEGIN);
    if (begin === 0 || (begin > 0 && text[from + begin - 1] === '\n')) {
      const read = readBlock(text, from + begin + BEGIN.length, end);
      if (read !== 'unreadable') return read;
    }
    from = end + END.length;
  }
}

/** Undefined if its headers lead beyond its end: then Go does not look further. */
function readBlock(text: string, start: number, end: number): PemBlock | 'unreadable' | undefined {
  const first = lineAt(text, start);
  if (!first.line.endsWith(DASHES)) return 'unreadable';
  const label = first.line.slice(0, -DASHES.length);
  const body = afterHeaders(text, first.next);
  if (body === text.length || body > end + END.length) return undefined;
  if (body > first.next && body > end) return 'unreadable';
  const last = end + END.length;
  const closing = label + DASHES;
  if (!text.startsWith(closing, last) || lineAt(text, last + closing.length).line !== '') return 'unreadable';
  const content = body < end ? base64Content(text.slice(body, end)) : new Uint8Array();
  return content === undefined ? 'unreadable' : { label, content };
}

/** The first line without a colon, or the end of the text. */
function afterHeaders(text: string, start: number): number {
  for (let at = start; at < text.length;) {
    const { line, next } = lineAt(text, at);
    if (!line.includes(':')) return at;
    at = next;
  }
  return text.length;
}

/** A line without the white space at its end. A carriage return belongs to the line break after it. */
function lineAt(text: string, start: number): { readonly line: string; readonly next: number } {
  const newline = text.indexOf('\n', start);
  const next = newline < 0 ? text.length : newline + 1;
  let end = newline < 0 ? text.length : newline;
  if (newline > start && text[newline - 1] === '\r') end--;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return { line: text.slice(start, end), next };
}

/** Unlike other readers, Go insists on the padding, and ignores the bits that are left over. */
function base64Content(text: string): Uint8Array | undefined {
  const digits = text.replace(/[ \t\r\n]/g, '');
  const [, body, padding] = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(digits) ?? [];
  if (body === undefined || padding === undefined || digits.length % 4 !== 0) return undefined;
  const bytes = base64Bytes(body + 'A'.repeat(padding.length));
  return bytes?.subarray(0, bytes.length - padding.length);
}
