import { disclosureSchema, isInstant, issueText, printable } from '@tracecal/core/model';
import { z } from 'zod';
import { TraceCalError } from './errors.js';
import { TimeBudget } from './timeBudget.js';

/**
 * Accepted arguments of the client. JavaScript users have no compiler that reports a misspelt option, and silently ignoring
 * one could skip a check.
 */
const instant = z.string().refine(isInstant, 'must be a UTC instant like "2026-03-01T09:30:00Z"');
const days = z.int('must be a whole number of days').min(1, 'must be 1 or more');

export const questionShape = z.strictObject({
  asOf: instant.optional(),
  knownAt: instant.optional(),
  quantity: z.string().optional(),
  intervalDays: days.optional(),
  maxAgeSeconds: z.int('must be a whole number of seconds').min(1, 'must be 1 or more').optional(),
  roots: z
    .union(
      [
        z.array(z.string()),
        z.looseObject({
          roots: z.array(z.looseObject({ sha256: z.string() })),
          heartbeats: z.looseObject({ k: z.int().min(1) }),
        }),
      ],
      'must be SHA-256 fingerprints, or what `readTrustFile` returns',
    )
    .optional(),
  at: z
    .strictObject({
      value: z.number().optional(),
      arguments: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
    })
    .optional(),
  explain: z.boolean().optional(),
  registry: z.string().optional(),
  disclosures: z.array(disclosureSchema, 'must be a list of disclosures').optional(),
});

export const proofShape = z.strictObject({
  nonce: z.string().optional(),
  endorsers: z.array(z.string(), 'must be a list of MSP ids').optional(),
});

export const subjectShape = z.strictObject({ kind: z.string(), id: z.string() });

export const searchShape = z.union(
  [z.strictObject({ serial: z.string() }), z.strictObject({ owner: z.string() })],
  'give { serial } or { owner }',
);

export const periodShape = z.strictObject({ from: instant.optional(), to: instant.optional() });

export const findingsShape = periodShape.extend({ subject: subjectShape.optional() });

const block = z.bigint('must be a bigint like 0n').min(0n, 'must be 0n or more');

export const streamShape = z.strictObject({
  checkpoint: z.string().optional(),
  startBlock: block.optional(),
  endBlock: block.optional(),
});

export const affectedShape = z.strictObject({ except: z.array(z.string(), 'must be a list of ids').optional() });

export const idsShape = z.array(z.string(), 'must be a list of ids');

const object = z.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object');

const retries = z.int('must be a whole number').min(0, 'must be 0 or more');

const identity = z.looseObject({
  identity: z.looseObject({ mspId: z.string(), credentials: z.instanceof(Uint8Array) }),
  sign: z.custom((value) => typeof value === 'function'),
});

export const connectShape = z.strictObject({
  profile: z.union([z.string(), object], 'must be the path of a connection profile, or its content'),
  user: z.union([z.string(), identity], 'must be the name or the folder of a user, or { identity, sign }').optional(),
  channel: z.string().optional(),
  chaincode: z.string().optional(),
  timeoutMs: z.number().optional(),
  budget: z.instanceof(TimeBudget, { error: 'must be a `TimeBudget`: new TimeBudget(5_000)' }).optional(),
  limits: z.strictObject({ conflictRetries: retries.optional(), endorseRetries: retries.optional() }).optional(),
});

const item = z.looseObject({ statement: object });

/** A single item first: its faults are then named by their place. */
export const itemsShape = z.union(
  [item, z.array(item)],
  'give { statement } with what belongs to it, as `signReport` returns it, or a list of these',
);

export const transactionIdShape = z
  .string('must be the id of a transaction')
  .regex(/^[0-9a-f]{64}$/, 'must be the id of a transaction: 64 hexadecimal digits');

/** A site has no default; the caller must name it. */
export const siteShape = connectShape.extend({ channel: z.string() });

/**
 * Refuses invalid arguments before anything is sent.
 *
 * @param what - Name of the argument in the message: `question`.
 * @throws TraceCalError `INPUT_INVALID`
 */
export function requireShape(shape: z.ZodType, what: string, value: unknown): void {
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  if (issue) {
    throw new TraceCalError('INPUT_INVALID', complaintOf(issue, what, shape));
  }
}

/**
 * The same for an object of options. The compiler asks for a shape with every option of the type: one that is left out would be refused
 * as misspelt.
 */
export function requireOptions<Options extends object>(
  shape: z.ZodType & { readonly shape: Readonly<Record<keyof Options, z.ZodType>> },
  what: string,
  value: Options,
): void {
  requireShape(shape, what, value);
}

function complaintOf(issue: z.core.$ZodIssue, what: string, shape: z.ZodType): string {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = where === '' && shape instanceof z.ZodObject ? `; it has ${Object.keys(shape.shape).join(', ')}` : '';
    const place = where === '' ? `The ${what}` : `${where} of the ${what}`;
    return `${place} has no option ${JSON.stringify(printable(issue.keys[0] ?? ''))}${known}.`;
  }
  return `The ${what} is not accepted${where === '' ? '' : ` at ${where}`}: ${printable(issueText(issue))}.`;
}
