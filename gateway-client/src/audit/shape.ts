import { instant as moment, parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import * as z from '@tracecal/core/shape';
import { AUDIT_TYPE } from './audit.js';
import { MOST_CHARACTERS, MOST_OF_A_TEXT } from './content.js';
import type { Audit } from './audit.js';

/** The longest audit that is read. */
export const MOST_AUDIT_BYTES = 67_108_864;
const LIMITS = { maxLength: MOST_AUDIT_BYTES, maxDepth: 24, maxValues: 4_000_000 };

const text = z.string().check(z.maxLength(MOST_OF_A_TEXT));
const word = z.string().check(z.maxLength(MOST_CHARACTERS));
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'));
const count = z.int().check(z.minimum(0));
const words = z.array(word);

const seal = z.strictObject({ block: count, txId: hash, date: moment, by: word });

const statement = z.strictObject({
  what: word,
  concerns: z.array(z.enum(['subject', 'its-report', 'author', 'signer', 'named'])),
  subject: z.strictObject({ kind: word, id: word }),
  author: word,
  number: z.int(),
  date: word,
  digest: z.string().check(z.maxLength(128)),
  signers: words,
  details: z.record(word, text),
});

const transaction = z.strictObject({
  txId: z.string().check(z.maxLength(256)),
  block: count,
  blockHash: hash,
  place: count,
  time: moment,
  validity: word,
  submitter: z.strictObject({ mspId: word, certificateSha256: word }),
  endorsers: words,
  called: word,
  epoch: z.nullable(z.strictObject({ number: count, opened: z.nullable(seal), sealed: z.nullable(seal) })),
  registered: z.nullable(moment),
  statements: z.array(statement),
  others: count,
});

const seen = z.strictObject({ what: word, by: word, date: word, txId: word });

const verdict = z.strictObject({
  status: z.enum(VERDICT_STATUSES),
  asOf: moment,
  check: z.nullable(word),
  reason: text,
});

const provenance = z.strictObject({
  maker: z.nullable(
    z.strictObject({
      manufacturer: text,
      model: text,
      serial: text,
      pseudonymous: z.exactOptional(z.literal(true)),
      registeredBy: word,
      registered: z.nullable(moment),
      txId: word,
    }),
  ),
  owners: z.array(z.strictObject({ organisation: word, from: z.nullable(moment), txId: word })),
  stays: z.array(
    z.strictObject({
      laboratory: word,
      report: word,
      replaces: z.nullable(word),
      place: word,
      begin: word,
      end: word,
      txId: word,
      checked: z.nullable(seen),
      revoked: z.nullable(seen),
    }),
  ),
});

export const auditShape = z.strictObject({
  type: z.literal(AUDIT_TYPE),
  subject: z.strictObject({
    kind: z.enum(['registry', 'organisation', 'person', 'device', 'report']),
    id: word,
  }),
  chain: z.strictObject({
    channel: word,
    genesis: hash,
    isPinned: z.boolean(),
    height: count,
    newest: hash,
    epoch: count,
    signedUntil: z.nullable(moment),
  }),
  transactions: z.array(transaction),
  known: z.nullable(
    z.strictObject({
      at: moment,
      device: z.nullable(word),
      then: z.nullable(verdict),
      today: z.nullable(verdict),
    }),
  ),
  provenance: z.nullable(provenance),
});

/**
 * Reads an audit from a file.
 *
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `VERSION_UNKNOWN` or `INPUT_INVALID`
 */
export function readAudit(json: string): Audit {
  const value = parseJson(json, LIMITS);
  requireVersion('audit', AUDIT_TYPE, value);
  refuseEvidence(value);
  return shapeOf(auditShape, 'audit', value);
}

function refuseEvidence(value: unknown): void {
  if (!(typeIn(value) ?? '').startsWith('tracecal-evidence/')) return;
  throw new RegistryError(
    'INPUT_INVALID',
    'this is the evidence of an audit, which leaves out what the ledger refused: give the audit itself, as JSON.',
  );
}

function typeIn(value: unknown): string | undefined {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** @throws RegistryError `VERSION_UNKNOWN` for another version of the same type */
export function requireVersion(what: string, known: string, value: unknown): void {
  const type = typeIn(value);
  const [name = ''] = known.split('/', 1);
  if (type !== undefined && type !== known && new RegExp(`^${name}/\\d{1,9}$`).test(type)) {
    throw new RegistryError('VERSION_UNKNOWN', `the ${what} is of type "${type}"; this version knows ${known}.`);
  }
}
