import * as z from '../shape/index.js';
import { MAX_INSTITUTES, MAX_ITEMS, MAX_RESULTS, MAX_ROWS } from './bounds.js';
import { RegistryError } from './errors.js';
import { bodies } from './bodySchemas.js';
import { issueText } from './issueText.js';
import { DEFAULT_JSON_LIMITS, parseJson } from './json.js';
import type { JsonLimits } from './json.js';
import { whyNoPseudonym } from './pseudonym.js';
import { resultSchema } from './resultSchema.js';
import { base64url, certificate, identifier, instant, organisationId, registry, sha256 } from './shapes.js';
import * as statements from './statements.js';
import type { StatementKind, SubjectKind } from './statements.js';

/** The shape of all input from outside. Inside, the types of statements.ts and records.ts are trusted. */

/** Limits of one transaction's input: a hundred reports of some pages each, with their signatures. */
export const SUBMISSION_LIMITS: JsonLimits = {
  maxLength: 2_097_152,
  maxDepth: 12,
  maxValues: 200_000,
  maxMembers: MAX_ROWS,
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
  vouching: ['report'],
  revocation: ['organisation', 'person', 'device', 'report'],
  suspension: ['organisation', 'person', 'device', 'report'],
  reinstatement: ['organisation', 'person', 'device', 'report'],
  seal: ['registry'],
  heartbeat: ['registry'],
};

function statementSchemaOf<Kind extends StatementKind>(kind: Kind): z.ZodMiniType<statements.StatementOf<Kind>> {
  const shape = z.strictObject({
    type: z.literal(statements.STATEMENT_TYPES[kind]),
    registry,
    author: organisationId,
    date: instant,
    number: z.int().check(z.minimum(0)),
    subject: z.strictObject({ kind: z.enum(subjectKinds[kind]), id: identifier }),
    body: bodies[kind],
  }) as unknown as z.ZodMiniType<statements.StatementOf<Kind>>;
  return kind === 'device' || kind === 'organisation' ? shape.check(soundPseudonym()) : shape;
}

/** Of statements that tell who or what somebody is: a pseudonym binds their id and what they state, not their body alone. */
function soundPseudonym<T>(): z.core.$ZodCheck<T> {
  type Claim = statements.StatementOf<'device' | 'organisation'>;
  return z.refine<T>((statement) => whyNoPseudonym(statement as Claim) === undefined, {
    error: ({ input }) => whyNoPseudonym(input as Claim) ?? '',
  });
}

const kinds = Object.keys(statements.STATEMENT_TYPES) as readonly StatementKind[];
const kindByType = new Map<string, StatementKind>(kinds.map((kind) => [statements.STATEMENT_TYPES[kind], kind]));
const schemas = new Map<StatementKind, z.ZodMiniType<statements.Statement>>();

/** The shape of statements of a kind. */
export function schemaOf(kind: StatementKind): z.ZodMiniType<statements.Statement> {
  const known = schemas.get(kind);
  const schema = known ?? (statementSchemaOf(kind) as z.ZodMiniType<statements.Statement>);
  if (!known) {
    schemas.set(kind, schema);
  }
  return schema;
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

/** What an owner accepts, as its acceptance states it. */
export const acceptanceSchema = bodies.acceptance;

/** That a digest is a leaf below a Merkle root. */
export const inclusionSchema = z.strictObject({
  root: sha256,
  index: z.int().check(z.minimum(0)),
  size: z.int().check(z.minimum(1)),
  path: z.array(sha256).check(z.maxLength(64)),
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
  anchor: z.optional(inclusionSchema),
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
