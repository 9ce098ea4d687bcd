import { isInstant, itemSchema, OWNED_ID, SHA256_HEX, shapeOf } from '@tracecal/core/model';
import type { Item } from '@tracecal/gateway-client';
import { z } from 'zod';
import { delegationSchema, MOST_SIGNED, sliceSchema } from '../slices/index.js';

/** The shapes of requests and answers. Of an answer, members that are not named here stay inside. */

/** Most items of a page. */
export const MOST_ITEMS = 200;

export const deviceId = z.string().regex(OWNED_ID);
export const digest = z.string().regex(SHA256_HEX);
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .refine(isInstant);
/** A member that may be absent, and as undefined too where code gives it. */
const text = z.string().exactOptional();

export const byDevice = z.strictObject({ device: deviceId });
export const page = z.strictObject({
  /** `next` of the page before. */
  after: z.string().max(300).exactOptional(),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(50),
});
export const traceQuery = z.strictObject({
  quantity: z.string().max(64).exactOptional(),
  at: z.string().max(200).exactOptional(),
  asOf: instant.exactOptional(),
});

export const signed = z.string().max(MOST_SIGNED);
const jws = z.strictObject({
  payload: z.string(),
  signatures: z.array(z.strictObject({ protected: z.string(), signature: z.string() })),
});
/** A statement with what it needs, as files of statements have it: its registry's own shape says the rest. */
const item = z.strictObject({
  statement: jws,
  results: z.array(z.unknown()).exactOptional(),
  acceptance: jws.exactOptional(),
  anchor: z.unknown().optional(),
});
export const submission = z.strictObject({ item });

/** @throws RegistryError `INPUT_INVALID` */
export function itemOf(sent: z.infer<typeof submission>): Item {
  return shapeOf(itemSchema, 'item', sent.item) as Item;
}

export const bundle = z.strictObject({ bundle: z.unknown() });
export const probe = z.strictObject({ output: z.number().exactOptional() });
export const outcome = z.enum(['confirmed', 'refuted']);

export function pagesOf<T extends z.ZodType>(items: T) {
  return z.object({ items: z.array(items).readonly(), next: text });
}

export const registered = z.object({ id: z.string(), transaction: z.string() });
export const traceAnswer = z.object({
  status: z.enum(['TRACEABLE', 'ATTESTED', 'INCOMPLETE', 'FAILED']),
  check: z.string().nullable(),
  reason: z.string(),
  asOf: instant,
  verdict: z.unknown().optional(),
});
export const verifiedBundle = z.object({ isSound: z.boolean(), says: z.string(), report: z.unknown().optional() });

export const instrument = z.object({
  device: deviceId,
  site: z.string(),
  department: text,
  kind: text,
  model: text,
  firmware: text,
  batch: text,
  laboratory: text,
  line: z.object({ name: z.string(), position: z.number() }).exactOptional(),
  largestError: z.number().exactOptional(),
  due: instant.exactOptional(),
  checkStandard: deviceId.exactOptional(),
});

const uncertainty = { expanded: z.number(), coverageFactor: z.number() };
export const observed = z.object({
  device: deviceId,
  source: z.enum(['sent', 'probed']),
  time: instant,
  unit: z.string(),
  value: z.number(),
  uncertainty: z.object(uncertainty).exactOptional(),
  reference: z.object({ value: z.number(), ...uncertainty, device: deviceId.exactOptional() }).exactOptional(),
  evidence: digest,
});

export const health = z.object({
  observations: z.int(),
  last: instant.exactOptional(),
  used: z.number().exactOptional(),
  findings: z.array(z.object({ name: z.string(), says: z.string() })).readonly(),
});

export const finding = z.object({
  name: z.string(),
  subject: z.object({
    kind: z.enum(['device', 'laboratory', 'site', 'cohort', 'reader', 'peer']),
    id: z.string(),
  }),
  says: z.string(),
  evidence: z.array(digest).readonly(),
  from: instant,
  to: instant,
  proposes: z
    .object({
      action: z.enum(['suspend', 'quarantine', 'release', 'recalibrate', 'measure']),
      devices: z.array(deviceId).readonly(),
    })
    .exactOptional(),
});

export const feedback = pagesOf(
  z.object({
    id: digest,
    time: instant,
    text: z.string(),
    by: z.string(),
    weight: z.number(),
    outcome: outcome.exactOptional(),
  }),
).extend({ support: z.number() });

export const givenDelegation = z.object({ digest, delegation: delegationSchema, isRevoked: z.boolean() });

export const me = z.object({
  holder: z.string(),
  name: z.string(),
  slice: sliceSchema,
  delegation: digest.exactOptional(),
  until: instant.exactOptional(),
  /** On this UTC day. */
  used: z.object({ probesPerDay: z.int(), bytesPerDay: z.int(), devices: z.int() }),
});

export const problem = z.object({ code: z.string(), message: z.string() });
