import * as z from '../shape/index.js';
import {
  BASE64,
  BASE64URL,
  IDENTIFIER,
  ORGANISATION_ID,
  OWNED_ID,
  QUANTITY,
  REGISTRY,
  SHA256_HEX,
} from './identifiers.js';
import { fitsUnit, isCanonicalKind, kindNamed } from './kinds.js';
import { hasHidden, isNormal } from './text.js';
import { isCalendarDate, isInstant } from './time.js';
import { isUnit } from './units.js';

/** The building blocks of records and statements. */

export const identifier = z
  .string()
  .check(
    z.regex(
      IDENTIFIER,
      'must be 1 to 128 letters, digits or . _ : + - /, with a letter or digit at the beginning and after each /',
    ),
  );
export const organisationId = z
  .string()
  .check(z.regex(ORGANISATION_ID, 'must be an organisation\'s id: 1 to 64 letters, digits or . _ -, like "lab-alpha"'));
/** The registering organisation is the prefix of a name; a person never is. */
export const ownedId = z
  .string()
  .check(z.regex(OWNED_ID, 'must be an id that begins with its organisation, like "lab-alpha/ALPHA-T-2025-0412"'));
export const registry = z
  .string()
  .check(z.regex(REGISTRY, 'must be a channel and the digest of its registry\'s founding, like "calibration:01ab..."'));
export const quantity = z
  .string()
  .check(
    z.regex(QUANTITY, 'must be lower-case words like "temperature" or "relative-humidity"'),
    z.refine(isCanonicalKind, 'must be a kind of quantity as docs/quantities.md names it, or a name of its own'),
  );
export const unit = z
  .string()
  .check(z.maxLength(200), z.refine(isUnit, 'must be a D-SI unit like "\\\\degreecelsius" or "\\\\kilo\\\\gram"'));
export const sha256 = z.string().check(z.regex(SHA256_HEX, 'must be 64 lower-case hexadecimal digits'));
export const certificate = z
  .string()
  .check(z.minLength(4), z.maxLength(4096), z.regex(BASE64, 'must be a DER certificate in base64'));
export const date = z.string().check(z.refine(isCalendarDate, 'must be a date like 2026-03-01'));
export const instant = z.string().check(z.refine(isInstant, 'must be a UTC instant like 2026-03-01T09:30:00Z'));
/** One line that a person reads. */
export const textUpTo = (max: number) =>
  z.string().check(
    z.regex(/\S/, 'must not be empty'),
    z.maxLength(max),
    z.refine((value) => !hasHidden(value), 'must not hold control characters or others that nobody sees'),
    z.refine(isNormal, 'must be in Unicode normalisation form C'),
  );
export const text = textUpTo(256);
export const optionalText = z.union([text, z.literal('')]);
export const finite = z.number();
export const base64url = (max: number) =>
  z.string().check(z.minLength(1), z.maxLength(max), z.regex(BASE64URL, 'must be base64url without padding'));

/** A general word has those of all its kinds. */
const MOST_UNITS = 4;

interface InUnit {
  readonly quantity?: string | undefined;
  readonly unit?: string | undefined;
}

/** Requires that the unit fits the kind of quantity, if both are stated. */
export function unitOfKind<T extends InUnit>(): z.core.$ZodCheck<T> {
  return z.refine<T>(
    ({ quantity: kind, unit: stated }) => kind === undefined || stated === undefined || fitsUnit(kind, stated),
    {
      error: ({ input }) => misfit(input as T),
    },
  );
}

function misfit({ quantity: kind = '', unit: stated = '' }: InUnit): string {
  const named = kindNamed(kind);
  const units = [named, ...(named?.members ?? []).map(kindNamed)].flatMap((each) => each?.units ?? []);
  const known = units.length > 0 ? `, only in ${[...new Set(units)].slice(0, MOST_UNITS).join(' or ')}` : '';
  return `must be in a unit of its kind of quantity: ${kind} cannot be in ${stated}${known}`;
}
