import { utf8Bytes } from '#platform';
import { RegistryError } from './errors.js';
import { frozen } from './frozen.js';

/**
 * The canonical form of a JSON value (RFC 8785), which is signed, hashed and stored on the ledger. Names are sorted by UTF-16 code
 * units, numbers are written as ECMAScript does, strings must be well-formed Unicode.
 *
 * @throws RegistryError `JSON_INVALID` for values that JSON cannot express: NaN, infinities, undefined, lone surrogates, functions.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      return canonicalNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : canonicalContainer(value);
    default:
      throw new RegistryError('JSON_INVALID', `a value of type ${typeof value} has no JSON form.`);
  }
}

/** {@link canonicalJson} as UTF-8. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8Bytes(canonicalJson(value));
}

/** Canonical forms of frozen values. */
const texts = new WeakMap<object, string>();

/** Freezes a value deeply and remembers its canonical form, if it will be used more than once. */
export function withText<T extends object>(value: T): T {
  if (!texts.has(value)) {
    texts.set(value, canonicalContainer(frozen(value)));
  }
  return value;
}

function canonicalContainer(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) {
    return known;
  }
  let text = '';
  if (Array.isArray(value)) {
    for (const element of value) text += `${text && ','}${canonicalJson(element)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  // Without an argument, sort compares UTF-16 code units.
  for (const name of Object.keys(members).sort()) {
    text += `${text && ','}${canonicalString(name)}:${canonicalJson(members[name])}`;
  }
  return `{${text}}`;
}

/** Nearly all strings: printable ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function canonicalString(value: string): string {
  if (PLAIN.test(value)) {
    return `"${value}"`;
  }
  if (!value.isWellFormed()) {
    throw new RegistryError('JSON_INVALID', 'a string holds a lone surrogate, which RFC 8785 refuses.');
  }
  return JSON.stringify(value);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RegistryError('JSON_INVALID', 'NaN and infinities have no JSON form.');
  }
  return JSON.stringify(value);
}
