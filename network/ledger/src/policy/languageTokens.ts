import { PolicyError } from './policyError.js';

/** A word of the signature policy language; `at` counts from 0. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | '(' | ')' | ',';
  readonly text: string;
  readonly at: number;
}

const TOKEN = /\s*(?:([A-Za-z]+)|'([^'\\]*)'|"([^"\\]*)"|(\d{1,6})|([(),]))/y;

/** @throws PolicyError at the first character that is not part of a token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw unreadable(text, start);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const [whole, name, single, double, number, sign] = match;
  const at = match.index + (whole.length - whole.trimStart().length);
  if (name !== undefined) return { kind: 'name', text: name, at };
  if (number !== undefined) return { kind: 'number', text: number, at };
  if (sign === '(' || sign === ')' || sign === ',') return { kind: sign, text: sign, at };
  return { kind: 'text', text: single ?? double ?? '', at };
}

function unreadable(text: string, start: number): PolicyError {
  const at = start + (text.slice(start).length - text.slice(start).trimStart().length);
  const found = JSON.stringify(text.charAt(at));
  return new PolicyError(`The signature policy cannot be read at position ${at + 1}: ${found} is unexpected.`);
}
