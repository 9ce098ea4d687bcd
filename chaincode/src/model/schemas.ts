import { z } from 'zod';
import { RegistryError } from './errors.js';
import { BASE64, BASE64URL, IDENTIFIER, QUANTITY, SHA256_HEX } from './identifiers.js';
import { DEFAULT_JSON_LIMITS, parseJson } from './json.js';
import type { JsonLimits } from './json.js';
import * as records from './records.js';
import { isCalendarDate, isInstant } from './time.js';
import { isUnit } from './units.js';

/** The shape of everything that comes from outside. Inside, the types of records.ts are trusted. */

const identifier = z
  .string()
  .regex(IDENTIFIER, 'must be 1 to 128 letters, digits or . _ : + - / and start with a letter or digit');
const quantity = z.string().regex(QUANTITY, 'must be a lower-case word like "temperature"');
const unit = z.string().max(200).refine(isUnit, 'must be a D-SI unit like "\\\\degreecelsius" or "\\\\kilo\\\\gram"');
const sha256 = z.string().regex(SHA256_HEX, 'must be 64 lower-case hexadecimal digits');
const certificate = z.string().min(4).max(8192).regex(BASE64, 'must be a DER certificate in base64');
const date = z.string().refine(isCalendarDate, 'must be a date like 2026-03-01');
const instant = z.string().refine(isInstant, 'must be a UTC instant like 2026-03-01T09:30:00Z');
const text = z
  .string()
  .regex(/\S/, 'must not be empty')
  .max(256)
  .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters');
const optionalText = z.union([text, z.literal('')]);
const finite = z.number();
const base64url = (max: number) => z.string().min(1).max(max).regex(BASE64URL, 'must be base64url without padding');

/** Bounds that keep a trace's work bounded whatever is registered. */
export const MAX_PARENTS = 16;
export const MAX_RESULTS = 64;
export const MAX_POINTS = 1024;
/** Of an organisation, at a time. */
export const MAX_SCOPES = 200;

export const scopeSchema = z
  .strictObject({
    quantity,
    unit,
    min: finite,
    max: finite,
    cmc: z.strictObject({ absolute: finite.nonnegative(), relative: finite.nonnegative() }),
    validFrom: date,
    validTo: date,
  })
  .refine((scope) => scope.min <= scope.max, 'min must not exceed max')
  .refine((scope) => scope.validFrom <= scope.validTo, 'validFrom must not lie after validTo');

const scopes = z.array(scopeSchema).max(MAX_SCOPES);

export const newOrganisationSchema = z.strictObject({
  id: identifier,
  mspId: identifier,
  name: text,
  kind: z.enum(records.ORGANISATION_KINDS),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code like "DE"'),
  certificate,
  certifiedBy: identifier.nullable(),
  scopes,
});

export const grantScopesSchema = z.strictObject({ organisation: identifier, scopes: scopes.min(1) });

export const reduceScopesSchema = z.strictObject({ organisation: identifier, scopes: scopes.min(1), validTo: date });

export const newTechnicianSchema = z.strictObject({
  id: identifier,
  organisation: identifier,
  certificate,
  quantities: z.array(quantity).min(1).max(64),
});

export const newDeviceSchema = z.strictObject({
  id: identifier,
  kind: z.enum(records.DEVICE_KINDS),
  serial: text,
  model: text,
  manufacturer: text,
  owner: identifier,
  intervalDays: z.int().min(1).max(36_500).nullable(),
  certificate,
  technician: identifier,
  organisation: identifier,
});

export const jwsSchema = z.strictObject({
  payload: base64url(524_288),
  signatures: z
    .array(z.strictObject({ protected: base64url(1024), signature: base64url(256) }))
    .min(1)
    .max(MAX_PARENTS + 1),
});

const parentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), device: identifier, report: identifier, digest: sha256 }),
  z.strictObject({ kind: z.literal('paper'), certificate: text, laboratory: optionalText, equipment: optionalText }),
  z.strictObject({
    kind: z.literal('external'),
    certificate: text,
    sha256: sha256.nullable(),
    equipment: optionalText,
  }),
]);

export const resultSchema = z.strictObject({
  name: text,
  quantity,
  unit,
  points: z
    .array(
      z.strictObject({
        value: finite,
        uncertainty: z
          .strictObject({
            expanded: finite.nonnegative(),
            coverageFactor: finite.positive(),
            coverageProbability: finite.gt(0).lte(1).nullable(),
          })
          .nullable(),
      }),
    )
    .min(1)
    .max(MAX_POINTS),
});

export const reportPayloadSchema = z.strictObject({
  type: z.literal(records.REPORT_TYPE),
  registry: identifier,
  report: identifier,
  device: identifier,
  organisation: identifier,
  technician: identifier,
  parents: z.array(parentSchema).max(MAX_PARENTS),
  results: z.array(resultSchema).max(MAX_RESULTS),
  performed: z.strictObject({ begin: date, end: date }),
  issued: date,
  certificateSha256: sha256.nullable(),
  supersedes: z.strictObject({ report: identifier, digest: sha256 }).nullable(),
});

export const heartbeatPayloadSchema = z.strictObject({
  type: z.literal(records.HEARTBEAT_TYPE),
  registry: identifier,
  nmi: identifier,
  technician: identifier,
  sequence: z.int().min(1),
  time: instant,
});

export const standingSchema = z.strictObject({
  kind: z.enum(records.SUBJECT_KINDS),
  id: identifier,
  reason: z.enum(records.REVOCATION_REASONS),
  /** Null: from the moment of the transaction. */
  effective: instant.nullable(),
});

/**
 * Strict JSON text of a given shape.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE` or `INPUT_INVALID`, naming the first thing that is wrong.
 */
export function parseAs<T>(schema: z.ZodType<T>, what: string, json: string, limits?: JsonLimits): T {
  return shapeOf(schema, what, parseJson(json, limits ?? DEFAULT_JSON_LIMITS));
}

/** A value of a given shape. @throws RegistryError `INPUT_INVALID` */
export function shapeOf<T>(schema: z.ZodType<T>, what: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.map(String).join('.')}` : '';
  throw new RegistryError('INPUT_INVALID', `the ${what} is not accepted${where}: ${issue?.message ?? 'wrong shape'}.`);
}

export type NewOrganisation = z.infer<typeof newOrganisationSchema>;
export type NewTechnician = z.infer<typeof newTechnicianSchema>;
export type NewDevice = z.infer<typeof newDeviceSchema>;
export type ScopeGrant = z.infer<typeof grantScopesSchema>;
export type ScopeReduction = z.infer<typeof reduceScopesSchema>;
export type StandingRequest = z.infer<typeof standingSchema>;
