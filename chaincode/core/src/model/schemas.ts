import * as z from 'zod/mini';
import {
  MAX_EXTENTS,
  MAX_INSTITUTES,
  MAX_ITEMS,
  MAX_LINES,
  MAX_PAPER_RESULTS,
  MAX_PARENTS,
  MAX_RESULTS,
  MAX_REVIEWED,
  MAX_ROWS,
  MAX_SEAL_CERTIFICATES,
  MAX_KINDS,
} from './bounds.js';
import { WORK_PLACES } from './cmc.js';
import { accreditationGrantSchema } from './cmcSchema.js';
import { RegistryError } from './errors.js';
import { IDENTIFIER } from './identifiers.js';
import { issueText } from './issueText.js';
import { DEFAULT_JSON_LIMITS, parseJson } from './json.js';
import type { JsonLimits } from './json.js';
import { requirementsSchema } from './requirementsSchema.js';
import { extentSchema, resultSchema, uncertainty } from './resultSchema.js';
import {
  base64url,
  certificate,
  date,
  finite,
  identifier,
  instant,
  optionalText,
  organisationId,
  ownedId,
  quantity,
  registry,
  sha256,
  text,
  unit,
  unitOfKind,
} from './shapes.js';
import * as statements from './statements.js';
import type { Bodies, StatementKind, SubjectKind } from './statements.js';

/** The shape of all input from outside. Inside, the types of statements.ts and records.ts are trusted. */

const intervalDays = z.nullable(z.int().check(z.minimum(1), z.maximum(36_500)));

/** Limits of one transaction's input: a hundred reports of some pages each, with their signatures. */
export const SUBMISSION_LIMITS: JsonLimits = {
  maxLength: 2_097_152,
  maxDepth: 12,
  maxValues: 200_000,
  maxMembers: MAX_ROWS,
};

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
  .strictObject({ algorithm: z.enum(statements.DIGEST_ALGORITHMS), value: z.string().check(z.regex(/^[0-9a-f]*$/)) })
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

const reasoned = z.strictObject({ reason: z.enum(statements.REVOCATION_REASONS), effective: instant });

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

const bodies: { readonly [Kind in StatementKind]: z.ZodMiniType<Bodies[Kind]> } = {
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
    kind: z.enum(statements.ORGANISATION_KINDS),
    mspId: z.string().check(z.regex(IDENTIFIER, 'must be an MSP id')),
    name: text,
    country,
    certifier: z.nullable(organisationId),
    certificateSha256: sha256,
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
    role: z.enum(statements.PERSON_ROLES),
    certificateSha256: sha256,
    quantities: quantities(0),
  }),
  device: z.strictObject({
    kind: z.enum(statements.DEVICE_KINDS),
    serial: text,
    model: text,
    manufacturer: text,
    owner: organisationId,
    intervalDays,
    technician: ownedId,
    certificateSha256: sha256,
  }),
  transfer: z.strictObject({ to: organisationId, intervalDays }),
  interval: z.strictObject({ intervalDays }),
  requirements: requirementsSchema,
  report: z.strictObject({
    device: ownedId,
    technician: ownedId,
    parents: z.array(parentSchema).check(z.maxLength(MAX_PARENTS)),
    results: summaries(
      z.strictObject({
        ...summary,
        sha256,
        rows: z.int().check(z.minimum(1), z.maximum(MAX_RESULTS * MAX_ROWS)),
      }),
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
  revocation: reasoned,
  suspension: reasoned,
  reinstatement: z.strictObject({ lifts: organisationId, effective: instant }),
  seal: z.strictObject({}),
  heartbeat: z.strictObject({ digest: sha256 }),
};

const subjectKinds: Readonly<Record<StatementKind, readonly SubjectKind[]>> = {
  founding: ['registry'],
  admission: ['organisation'],
  policy: ['registry'],
  organisation: ['organisation'],
  accreditation: ['organisation'],
  reduction: ['organisation'],
  authorisation: ['person'],
  device: ['device'],
  transfer: ['device'],
  interval: ['device'],
  requirements: ['organisation'],
  report: ['report'],
  acceptance: ['device'],
  rejection: ['device'],
  consent: ['organisation'],
  review: ['report'],
  confirmation: ['report'],
  revocation: ['organisation', 'person', 'device', 'report'],
  suspension: ['organisation', 'person', 'device', 'report'],
  reinstatement: ['organisation', 'person', 'device', 'report'],
  seal: ['registry'],
  heartbeat: ['registry'],
};

function statementSchemaOf<Kind extends StatementKind>(kind: Kind): z.ZodMiniType<statements.StatementOf<Kind>> {
  return z.strictObject({
    type: z.literal(statements.STATEMENT_TYPES[kind]),
    registry,
    author: organisationId,
    date: instant,
    number: z.int().check(z.minimum(0)),
    subject: z.strictObject({ kind: z.enum(subjectKinds[kind]), id: identifier }),
    body: bodies[kind],
  }) as unknown as z.ZodMiniType<statements.StatementOf<Kind>>;
}

const kinds = Object.keys(statements.STATEMENT_TYPES) as readonly StatementKind[];
const kindByType = new Map<string, StatementKind>(kinds.map((kind) => [statements.STATEMENT_TYPES[kind], kind]));
const schemas = Object.fromEntries(kinds.map((kind) => [kind, statementSchemaOf(kind)])) as unknown as Readonly<
  Record<StatementKind, z.ZodMiniType<statements.Statement>>
>;

/** The shape of statements of each kind. */
export function schemaOf(kind: StatementKind): z.ZodMiniType<statements.Statement> {
  return schemas[kind];
}

/**
 * A statement out of parsed JSON. @throws RegistryError `VERSION_UNKNOWN` or `INPUT_INVALID`
 */
export function statementOf(value: unknown): statements.Statement {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const kind = typeof type === 'string' ? kindByType.get(type) : undefined;
  if (kind === undefined) {
    throw typeof type === 'string' && TYPE.test(type)
      ? unknownType(type)
      : new RegistryError('INPUT_INVALID', 'the statement has no type like "tracecal-report/1".');
  }
  return shapeOf(schemaOf(kind), kind, value);
}

/** The short name of a statement's type. */
export function kindOf({ type }: statements.Statement): StatementKind {
  const kind = kindByType.get(type);
  if (kind === undefined) {
    throw unknownType(type);
  }
  return kind;
}

/** The form of a type, in any version. */
const TYPE = /^tracecal-[a-z-]{1,40}\/\d{1,9}$/;

/** Names the known versions: those of this type or, for an unknown name, those of all types. */
function unknownType(type: string): RegistryError {
  const known = Object.values<string>(statements.STATEMENT_TYPES);
  const [name] = type.split('/', 1);
  const versions = known.filter((each) => each.startsWith(`${name ?? ''}/`));
  return new RegistryError(
    'VERSION_UNKNOWN',
    `the statement's type is "${type}"; this version of TraceCal knows ${(versions.length > 0 ? versions : known).join(', ')}.`,
  );
}

export function isKind<S extends statements.Statement, Kind extends StatementKind>(
  statement: S,
  kind: Kind,
): statement is Extract<S, { readonly type: (typeof statements.STATEMENT_TYPES)[Kind] }> {
  return statement.type === statements.STATEMENT_TYPES[kind];
}

export const jwsSchema = z.strictObject({
  payload: base64url(32_768),
  signatures: z
    .array(z.strictObject({ protected: base64url(1024), signature: base64url(256) }))
    .check(z.minLength(1), z.maxLength(MAX_INSTITUTES + 2)),
});

/** An item to register: a statement, and the documents that it names by digest or needs with it. */
export const itemSchema = z.strictObject({
  statement: jwsSchema,
  /** The certificate that the statement names. */
  certificate: z.optional(certificate),
  /** Of a founding: the institutes' certificates in its order. */
  certificates: z.optional(z.array(certificate).check(z.maxLength(MAX_INSTITUTES))),
  /** Of a founding: each institute's own statement of what it is; of an admission: the newcomer's. */
  memberships: z.optional(z.array(jwsSchema).check(z.maxLength(MAX_INSTITUTES))),
  /** Of a report. */
  results: z.optional(z.array(resultSchema).check(z.maxLength(MAX_RESULTS))),
  /** Of a report: its owner's acceptance, to be registered together with it. */
  acceptance: z.optional(jwsSchema),
  /** Of a report: that its digest was anchored earlier. */
  anchor: z.optional(
    z.strictObject({
      root: sha256,
      index: z.int().check(z.minimum(0)),
      size: z.int().check(z.minimum(1)),
      path: z.array(sha256).check(z.maxLength(64)),
    }),
  ),
});

export const submissionSchema = z.strictObject({
  items: z.array(itemSchema).check(z.minLength(1), z.maxLength(MAX_ITEMS)),
});

export type Item = z.infer<typeof itemSchema>;
export type Submission = z.infer<typeof submissionSchema>;

/**
 * Strict JSON text of a given shape.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE` or `INPUT_INVALID`, naming the first thing that is wrong.
 */
export function parseAs<T>(schema: z.ZodMiniType<T>, what: string, json: string, limits?: JsonLimits): T {
  return shapeOf(schema, what, parseJson(json, limits ?? DEFAULT_JSON_LIMITS));
}

/** A value of a given shape. @throws RegistryError `INPUT_INVALID` */
export function shapeOf<T>(schema: z.ZodMiniType<T>, what: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.map(String).join('.')}` : '';
  throw new RegistryError(
    'INPUT_INVALID',
    `the ${what} is not accepted${where}: ${issue ? issueText(issue) : 'has the wrong shape'}.`,
  );
}
