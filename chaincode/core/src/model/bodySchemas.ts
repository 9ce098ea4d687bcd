import * as z from '../shape/index.js';
import {
  FEWEST_SEALED,
  MAX_EXTENTS,
  MAX_INSTITUTES,
  MAX_LINES,
  MAX_OPENED,
  MAX_PAPER_RESULTS,
  MAX_PARENTS,
  MAX_RESULTS,
  MAX_REVIEWED,
  MAX_ROWS,
  MAX_SEAL_CERTIFICATES,
  MAX_KINDS,
} from './bounds.js';
import { DEVICE_KINDS } from './bodies/devices.js';
import { ORGANISATION_KINDS, PERSON_ROLES } from './bodies/organisations.js';
import { DIGEST_ALGORITHMS, VOUCHED_OUTCOMES } from './bodies/reports.js';
import { REVOCATION_REASONS } from './bodies/standing.js';
import { WORK_PLACES } from './cmc.js';
import { accreditationGrantSchema } from './cmcSchema.js';
import { IDENTIFIER } from './identifiers.js';
import { pseudonymSchema } from './pseudonym.js';
import { requirementsSchema } from './requirementsSchema.js';
import { extentSchema, uncertainty } from './resultSchema.js';
import {
  date,
  finite,
  instant,
  optionalText,
  organisationId,
  ownedId,
  quantity,
  sha256,
  text,
  unit,
  unitOfKind,
} from './shapes.js';
import type { Bodies, StatementKind } from './statements.js';

const intervalDays = z.nullable(z.int().check(z.minimum(1), z.maximum(36_500)));

const threshold = finite.check(z.gte(0), z.lt(1));

const policySchema = z.strictObject({
  transcriptionDays: z.int().check(z.minimum(1), z.maximum(3660)),
  accreditors: z.enum(['certifier', 'body', 'either']),
  thresholds: z.exactOptional(
    z.strictObject({
      floorTolerance: threshold,
      edge: threshold,
      negligibleShare: threshold,
      amendedShift: threshold,
      amendedGrowth: threshold,
    }),
  ),
});

const HEX_DIGITS = { 'SHA-256': 64, 'SHA-384': 96, 'SHA-512': 128 } as const;

const fileDigest = z
  .strictObject({ algorithm: z.enum(DIGEST_ALGORITHMS), value: z.string().check(z.regex(/^[0-9a-f]*$/)) })
  .check(
    z.refine(
      ({ algorithm, value }) => value.length === HEX_DIGITS[algorithm],
      'must have as many lower-case hexadecimal digits as its algorithm gives',
    ),
  );

const paperSchema = z
  .strictObject({
    kind: z.literal('paper'),
    certificate: text,
    laboratory: optionalText,
    equipment: optionalText,
    serial: z.exactOptional(text),
    date: z.exactOptional(date),
    results: z
      .array(
        z.strictObject({ quantity, unit, min: finite, max: finite, uncertainty }).check(
          z.refine(({ min, max }) => min <= max, 'min must not exceed max'),
          unitOfKind(),
        ),
      )
      .check(z.maxLength(MAX_PAPER_RESULTS)),
  })
  .check(
    z.refine(
      ({ results, date: day }) => results.length === 0 || day !== undefined,
      'must give the date of the calibration with its results: what came later supports nothing',
    ),
  );

const parentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), device: ownedId, report: ownedId, digest: sha256 }),
  paperSchema,
  z.strictObject({
    kind: z.literal('external'),
    certificate: text,
    digest: z.exactOptional(fileDigest),
    equipment: optionalText,
  }),
]);

const country = z.string().check(z.regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code like "DE"'));

const statedCertificate = z.strictObject({
  number: text,
  laboratory: text,
  code: z.exactOptional(text),
  country: z.exactOptional(country),
  issuer: z.exactOptional(organisationId),
  seal: z.exactOptional(
    z.strictObject({
      signedInfoSha256: sha256,
      certificates: z.array(sha256).check(z.minLength(1), z.maxLength(MAX_SEAL_CERTIFICATES)),
      proven: z.exactOptional(instant),
    }),
  ),
});

const reasoned = z.strictObject({ reason: z.enum(REVOCATION_REASONS), effective: instant });

const quantities = (min: number) =>
  z.array(quantity).check(
    z.minLength(min),
    z.maxLength(MAX_KINDS, `must name at most ${MAX_KINDS} kinds of quantity`),
    z.refine((names) => new Set(names).size === names.length, 'must not name a kind of quantity twice'),
  );

const summary = {
  quantity,
  extents: z.exactOptional(z.array(extentSchema).check(z.minLength(1), z.maxLength(MAX_EXTENTS))),
  foundOutOfLimits: z.exactOptional(z.literal(true)),
  sealed: z.exactOptional(z.literal(true)),
} as const;

/** Of results by their kinds. */
const summaries = <T extends { readonly quantity: string; readonly extents?: readonly unknown[] }>(
  each: z.ZodMiniType<T>,
) =>
  z.array(each).check(
    z.maxLength(MAX_RESULTS),
    z.refine(
      (all) => all.every(({ quantity: name }, place) => place === 0 || (all[place - 1]?.quantity ?? '') < name),
      'must name each kind of quantity once, in order',
    ),
    z.refine(
      (all) => all.reduce((sum, { extents = [] }) => sum + extents.length, 0) <= MAX_EXTENTS,
      `must not state more than ${MAX_EXTENTS} extents`,
    ),
  );

/** The shapes of what is signed, one for each type of statement. */
export const bodies: { readonly [Kind in StatementKind]: z.ZodMiniType<Bodies[Kind]> } = {
  founding: z.strictObject({
    institutes: z.array(z.strictObject({ id: organisationId, certificateSha256: sha256 })).check(
      z.minLength(1),
      z.maxLength(MAX_INSTITUTES),
      z.refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must not name an institute twice'),
    ),
    policy: policySchema,
  }),
  admission: z.strictObject({ certificateSha256: sha256 }),
  policy: policySchema,
  organisation: z.strictObject({
    kind: z.enum(ORGANISATION_KINDS),
    mspId: z.string().check(z.regex(IDENTIFIER, 'must be an MSP id')),
    name: text,
    country,
    certifier: z.nullable(organisationId),
    certificateSha256: sha256,
    pseudonym: z.exactOptional(pseudonymSchema),
  }),
  accreditation: accreditationGrantSchema,
  reduction: z.strictObject({
    grantor: organisationId,
    accreditation: z.int().check(z.minimum(1)),
    lines: z.nullable(
      z.array(z.int().check(z.minimum(0), z.maximum(MAX_LINES - 1))).check(z.minLength(1), z.maxLength(MAX_LINES)),
    ),
    validTo: date,
  }),
  authorisation: z.strictObject({
    role: z.enum(PERSON_ROLES),
    certificateSha256: sha256,
    quantities: quantities(0),
  }),
  device: z.strictObject({
    kind: z.enum(DEVICE_KINDS),
    serial: text,
    model: text,
    manufacturer: text,
    owner: organisationId,
    intervalDays,
    technician: ownedId,
    certificateSha256: sha256,
    pseudonym: z.exactOptional(pseudonymSchema),
  }),
  transfer: z.strictObject({ to: organisationId, intervalDays }),
  interval: z.strictObject({ intervalDays }),
  requirements: requirementsSchema,
  report: z.strictObject({
    device: ownedId,
    technician: ownedId,
    parents: z.array(parentSchema).check(z.maxLength(MAX_PARENTS)),
    results: summaries(
      z
        .strictObject({
          ...summary,
          sha256,
          rows: z.int().check(z.minimum(1), z.maximum(MAX_RESULTS * MAX_ROWS)),
        })
        .check(
          z.refine(
            ({ sealed, extents, rows }) =>
              !sealed || (extents === undefined && rows >= FEWEST_SEALED && Math.log2(rows) % 1 === 0),
            'must not tell where sealed results hold, and state their rows as a power of two',
          ),
        ),
    ),
    performed: z.strictObject({ begin: date, end: date }),
    issued: date,
    certificateSha256: z.nullable(sha256),
    certificate: z.exactOptional(statedCertificate),
    accredited: z.exactOptional(z.strictObject({ body: z.nullable(text), number: z.nullable(text) })),
    place: z.exactOptional(z.enum(WORK_PLACES)),
    recalibrateBy: z.exactOptional(date),
    adjusted: z.exactOptional(z.literal(true)),
    supersedes: z.nullable(z.strictObject({ report: ownedId, digest: sha256 })),
  }),
  acceptance: z.strictObject({
    report: ownedId,
    digest: sha256,
    performed: date,
    results: summaries(z.strictObject(summary)),
    adjusted: z.exactOptional(z.literal(true)),
    supersedes: z.exactOptional(ownedId),
  }),
  rejection: z.strictObject({ report: ownedId, digest: sha256 }),
  consent: z.strictObject({
    devices: z.nullable(z.array(ownedId).check(z.minLength(1), z.maxLength(100))),
    quantities: z.nullable(quantities(1)),
    until: date,
  }),
  review: z.strictObject({
    digest: sha256,
    reports: z.array(z.strictObject({ report: ownedId, digest: sha256 })).check(
      z.minLength(1),
      z.maxLength(MAX_REVIEWED),
      z.refine((all) => new Set(all.map(({ report }) => report)).size === all.length, 'must not name a report twice'),
    ),
    reason: z.exactOptional(text),
  }),
  confirmation: z.strictObject({ digest: sha256, certificateSha256: sha256, equal: z.boolean() }),
  vouching: z.strictObject({
    digest: sha256,
    opened: z
      .array(z.strictObject({ report: ownedId, quantity, root: sha256 }))
      .check(z.minLength(1), z.maxLength(MAX_OPENED)),
    basis: sha256,
    judged: summaries(
      z.strictObject({
        quantity,
        outcome: z.enum(VOUCHED_OUTCOMES),
        basis: z.exactOptional(z.literal('accreditation')),
        lines: z.array(sha256).check(z.maxLength(MAX_LINES)),
      }),
    ).check(z.minLength(1)),
    policy: sha256,
  }),
  revocation: reasoned,
  suspension: reasoned,
  reinstatement: z.strictObject({ lifts: organisationId, effective: instant }),
  seal: z.strictObject({}),
  heartbeat: z.strictObject({ digest: sha256 }),
};
