import { latin1Text } from '#platform';
import { instantOf } from '../model/time.js';
import { concatenate } from '../platform/bytes.js';

/** One ASN.1 value in DER: a view of the bytes it was read from. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly raw: Uint8Array;
}

/** ASN.1 tags that certificates, requests and revocation lists are made of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** `[0]` and `[3]` of a TBSCertificate. */
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** The bytes are not the DER that was expected. Whoever reads DER catches it and says what could not be read. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Reads exactly one value of the given tag; trailing bytes are refused. */
export function readDer(bytes: Uint8Array, tag: number): DerValue {
  const value = readAt(bytes, 0);
  if (value.raw.length !== bytes.length) throw new DerError('there are bytes after the value');
  return expectTag(value, tag);
}

/** Reads the value at the beginning; other bytes may follow it. */
export function derLeading(bytes: Uint8Array): DerValue {
  return readAt(bytes, 0);
}

/** The values inside a constructed value. */
export function derChildren(parent: DerValue): DerValue[] {
  const children: DerValue[] = [];
  for (let offset = 0; offset < parent.content.length;) {
    const child = readAt(parent.content, offset);
    children.push(child);
    offset += child.raw.length;
  }
  return children;
}

export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag)
    throw new DerError(`expected tag ${tag}, found ${value === undefined ? 'nothing' : value.tag}`);
  return value;
}

/** Dotted form of an object identifier's content. */
export function oidText(value: DerValue): string {
  const { content } = expectTag(value, TAG.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const [index, byte] of content.entries()) {
    const starts = index === 0 || ((content[index - 1] ?? 0) & 0x80) === 0;
    if (starts && byte === 0x80) throw new DerError('an object identifier that is not minimal');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first, ...rest] = arcs;
  if (first === undefined || ((content.at(-1) ?? 0) & 0x80) !== 0) throw new DerError('not an object identifier');
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** A non-negative INTEGER's content without its sign byte, so that equal numbers have equal bytes. */
export function integerMagnitude(value: DerValue): Uint8Array {
  const { content } = expectTag(value, TAG.integer);
  if (content.length === 0) throw new DerError('an integer has no bytes');
  return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
}

/** An INTEGER's content without its sign byte; undefined if it is not positive or not in its one DER form. */
export function positiveMagnitude(value: DerValue | undefined): Uint8Array | undefined {
  const { content } = expectTag(value, TAG.integer);
  const [first = 0x80, second = 0] = content;
  // A leading zero byte is there only to keep the sign bit clear; zero itself is not positive.
  const shortest = first !== 0 || second >= 0x80;
  return first < 0x80 && shortest ? content.subarray(first === 0 ? 1 : 0) : undefined;
}

/** Milliseconds since 1970 of a UTCTime or GeneralizedTime in the form that RFC 5280 prescribes. */
export function derTime(value: DerValue | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(fullYearTime(value));
  if (match === null) throw new DerError('not a time');
  const [, year, month, day, hour, minute, second] = match;
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const time = Date.parse(instant);
  // A day or hour that does not exist would be read as one of the next month or day.
  if (instantOf(time) !== instant) throw new DerError('a time that does not exist');
  return time;
}

/** Writes one value. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatenate(...contents);
  return concatenate(Uint8Array.of(tag, ...lengthOf(content)), content);
}

/** Writes an INTEGER that is not negative, given as big-endian bytes. */
export function writeUnsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const magnitude = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  // A leading zero byte where the first bit would read as a sign.
  return writeDer(TAG.integer, new Uint8Array((magnitude[0] ?? 0) < 0x80 ? 0 : 1), magnitude);
}

function lengthOf({ length }: Uint8Array): readonly number[] {
  if (length < 0x80) return [length];
  const digits = bigEndian(length);
  return [0x80 | digits.length, ...digits];
}

/** The bytes of a whole number that is not negative; of zero one. */
export function bigEndian(value: number): readonly number[] {
  return value < 0x100 ? [value] : [...bigEndian(Math.floor(value / 0x100)), value % 0x100];
}

function fullYearTime(value: DerValue | undefined): string {
  const text = value ? latin1Text(value.content) : '';
  if (value?.tag === TAG.generalizedTime) return text;
  if (value?.tag !== TAG.utcTime) throw new DerError('not a time');
  return `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
}

function readAt(bytes: Uint8Array, offset: number): DerValue {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('truncated, or a long tag');
  const { length, header } = first < 0x80 ? { length: first, header: 2 } : longLength(bytes, offset, first & 0x7f);
  const end = offset + header + length;
  if (end > bytes.length) throw new DerError('a value is longer than what holds it');
  return { tag, content: bytes.subarray(offset + header, end), raw: bytes.subarray(offset, end) };
}

function longLength(bytes: Uint8Array, offset: number, size: number): { length: number; header: number } {
  if (size === 0 || size > 4 || offset + 2 + size > bytes.length) throw new DerError('a length that DER does not know');
  const length = bytes.subarray(offset + 2, offset + 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  if (length < 0x80 || length < 2 ** (8 * (size - 1))) throw new DerError('a length that is not minimal');
  return { length, header: 2 + size };
}
