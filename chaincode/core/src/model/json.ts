import { RegistryError } from './errors.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export interface JsonLimits {
  /** Length of the text, in UTF-16 code units. */
  readonly maxLength: number;
  readonly maxDepth: number;
  /** Limit of values in the document, including arrays and objects: many small values take longer to read than a few long ones. */
  readonly maxValues?: number;
  /** Members of one array or object. */
  readonly maxMembers?: number;
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { maxLength: 1_048_576, maxDepth: 32 };

/**
 * Parses JSON from outside, refusing what `JSON.parse` lets through and two readers could understand differently:
 * duplicate names, lone surrogates, numbers outside the double range, and anything above the limits.
 * `__proto__` is an ordinary name here.
 *
 * @throws RegistryError `JSON_INVALID` or `JSON_TOO_LARGE`
 */
export function parseJson(text: string, limits: JsonLimits = DEFAULT_JSON_LIMITS): Json {
  if (text.length > limits.maxLength) {
    throw new RegistryError(
      'JSON_TOO_LARGE',
      `the document has ${text.length} characters; at most ${limits.maxLength} are accepted.`,
    );
  }
  return new Parser(text, limits).document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// A string without its quotes: no control characters, only the escapes that RFC 8259 names.
// eslint-disable-next-line no-control-regex
const STRING = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** By their first letters. */
const LITERALS: ReadonlyMap<string, { readonly word: string; readonly value: Json }> = new Map([
  ['t', { word: 'true', value: true }],
  ['f', { word: 'false', value: false }],
  ['n', { word: 'null', value: null }],
]);

class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxValues: number;
  readonly #maxMembers: number;
  #at = 0;
  #values = 0;

  constructor(text: string, { maxDepth, maxValues = Infinity, maxMembers = Infinity }: JsonLimits) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#maxValues = maxValues;
    this.#maxMembers = maxMembers;
  }

  document(): Json {
    const value = this.#value(0);
    this.#skipWhitespace();
    if (this.#at < this.#text.length) {
      throw this.#invalid('text follows the document');
    }
    return value;
  }

  #value(depth: number): Json {
    if (depth > this.#maxDepth) {
      throw this.#invalid(`it is nested deeper than ${this.#maxDepth} levels`);
    }
    this.#values += 1;
    if (this.#values > this.#maxValues) {
      throw this.#tooLarge(`the document has more than ${this.#maxValues} values`);
    }
    this.#skipWhitespace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): JsonObject {
    // No prototype, so that no name can reach one.
    const members = Object.create(null) as Record<string, Json>;
    this.#at += 1;
    if (this.#take('}')) {
      return members;
    }
    let count = 0;
    do {
      this.#requireFew((count += 1));
      this.#skipWhitespace();
      const name = this.#string();
      if (Object.hasOwn(members, name)) {
        throw this.#invalid(`the name ${JSON.stringify(name)} stands twice in one object`);
      }
      this.#expect(':');
      members[name] = this.#value(depth + 1);
    } while (this.#take(','));
    this.#expect('}');
    return members;
  }

  #array(depth: number): readonly Json[] {
    const elements: Json[] = [];
    this.#at += 1;
    if (this.#take(']')) {
      return elements;
    }
    do {
      this.#requireFew(elements.length + 1);
      elements.push(this.#value(depth + 1));
    } while (this.#take(','));
    this.#expect(']');
    return elements;
  }

  #string(): string {
    const value = this.#plainString() ?? this.#escapedString();
    if (!value.isWellFormed()) {
      throw this.#invalid('a string holds a lone surrogate');
    }
    return value;
  }

  /** A string without escapes, as nearly all strings are; undefined if it has escapes or is not a string. */
  #plainString(): string | undefined {
    const text = this.#text;
    const begin = this.#at + 1;
    if (text.charCodeAt(begin - 1) !== QUOTE) {
      return undefined;
    }
    for (let at = begin; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(begin, at);
      }
      if (code === BACKSLASH || code < SPACE) {
        return undefined;
      }
    }
    return undefined;
  }

  #escapedString(): string {
    const raw = this.#match(STRING);
    if (raw === undefined) {
      throw this.#invalid('a string is expected');
    }
    return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  #scalar(): Json {
    const literal = LITERALS.get(this.#text.charAt(this.#at));
    if (literal && this.#text.startsWith(literal.word, this.#at)) {
      this.#at += literal.word.length;
      return literal.value;
    }
    const digits = this.#match(NUMBER);
    if (digits === undefined) {
      throw this.#invalid('a value is expected');
    }
    const value = Number(digits);
    if (!Number.isFinite(value)) {
      throw this.#invalid(`the number ${digits.slice(0, 40)} is outside the range of a double`);
    }
    return value;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skipWhitespace(): void {
    for (let code = this.#text.charCodeAt(this.#at); isWhitespace(code); code = this.#text.charCodeAt(this.#at)) {
      this.#at += 1;
    }
  }

  #take(character: string): boolean {
    this.#skipWhitespace();
    if (this.#text[this.#at] !== character) {
      return false;
    }
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) {
      throw this.#invalid(`"${character}" is expected`);
    }
  }

  #requireFew(members: number): void {
    if (members > this.#maxMembers) {
      throw this.#tooLarge(`an array or object has more than ${this.#maxMembers} members`);
    }
  }

  #tooLarge(what: string): RegistryError {
    return new RegistryError('JSON_TOO_LARGE', `${what} (at character ${this.#at}): split it.`);
  }

  #invalid(why: string): RegistryError {
    return new RegistryError('JSON_INVALID', `not the JSON that is accepted here: ${why} (at character ${this.#at}).`);
  }
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
