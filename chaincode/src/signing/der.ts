import { RegistryError } from '../model/errors.js';

/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  extensions: 0xa3,
} as const;

/**
 * Splits DER into its elements, strictly: definite lengths in their shortest form, nothing left over.
 * Only what certificate extensions need; signatures and keys are parsed by node:crypto.
 *
 * @throws RegistryError `CERTIFICATE_INVALID`
 */
export function derElements(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { tag, start, end } = header(bytes, at);
    elements.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}

/** The only element of these bytes, which must have this tag. @throws RegistryError `CERTIFICATE_INVALID` */
export function derOnly(bytes: Uint8Array, tag: number): Uint8Array {
  const [element, ...rest] = derElements(bytes);
  if (element?.tag !== tag || rest.length > 0) {
    throw malformed();
  }
  return element.content;
}

/** Dotted form of an object identifier's content. */
export function derOid(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...others] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...others].join('.');
}

function header(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) {
    throw malformed();
  }
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const length =
    lengthBytes === 0 ? shortLength(first) : longLength(bytes.subarray(at + 2, at + 2 + lengthBytes), lengthBytes);
  const start = at + 2 + lengthBytes;
  if (start + length > bytes.length) {
    throw malformed();
  }
  return { tag, start, end: start + length };
}

function shortLength(first: number): number {
  if (first === 0x80) {
    throw malformed();
  }
  return first;
}

function longLength(bytes: Uint8Array, expected: number): number {
  if (expected > 3 || bytes.length !== expected) {
    throw malformed();
  }
  const length = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  if (length < 0x80 || bytes[0] === 0) {
    throw malformed();
  }
  return length;
}

function malformed(): RegistryError {
  return new RegistryError('CERTIFICATE_INVALID', 'the certificate is not well-formed DER.');
}
