import { parseJson } from '@tracecal/core/model';
import type { Json, JsonObject } from '@tracecal/core/model';

/** As much as a transaction may carry: what is read here was written by anybody. */
const LIMITS = { maxLength: 4_194_304, maxDepth: 32, maxValues: 400_000 };

/** The longest name that an audit shows, and the longest text. Refused transactions carry anything. */
export const MOST_CHARACTERS = 256;
export const MOST_OF_A_TEXT = 4096;

/** A text that anybody may have written, as an audit shows it. */
export function shortened(value: string, most = MOST_CHARACTERS): string {
  return value.length <= most ? value : `${value.slice(0, most - 3).toWellFormed()}...`;
}

/** Undefined for what is no JSON, or too large. */
export function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text, LIMITS);
  } catch {
    return undefined;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under these names, one inside the other. */
export function partOf(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>(
    (part, name) => (isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined),
    value,
  );
}

export function textIn(value: Json | undefined, ...names: readonly string[]): string | undefined {
  const part = partOf(value, ...names);
  return typeof part === 'string' ? part : undefined;
}

export function wholeIn(value: Json | undefined, ...names: readonly string[]): number | undefined {
  const part = partOf(value, ...names);
  return Number.isSafeInteger(part) ? (part as number) : undefined;
}

export function listIn(value: Json | undefined, ...names: readonly string[]): readonly Json[] {
  const part = partOf(value, ...names);
  return Array.isArray(part) ? (part as readonly Json[]) : [];
}
