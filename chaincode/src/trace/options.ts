import { z } from 'zod';
import { isInstant, shapeOf } from '../model/index.js';
import type { Instant } from '../model/index.js';

/** Longest chain that is followed; a longer one fails. The paper measured 50. */
export const MAX_LEVELS = 64;
/** Most edges that are followed in one trace, whatever the fan-in. */
export const MAX_EDGES = 1024;

export interface TraceOptions {
  /** The moment the question is about. What is known today about that moment counts. */
  readonly asOf: Instant;
  /** False only to measure what signatures cost; such a verdict says so. */
  readonly signatures: boolean;
  /** Overrides the owner's recalibration interval for the traced device; null: the owner's own. */
  readonly intervalDays: number | null;
  /** How old the newest NMI heartbeat may be at `now`; null: any age, even none. */
  readonly freshness: { readonly now: Instant; readonly maxAgeSeconds: number } | null;
}

const instant = z.string().refine(isInstant, 'must be a UTC instant like 2026-03-01T09:30:00Z');

const schema = z.strictObject({
  asOf: instant,
  signatures: z.boolean().default(true),
  intervalDays: z.int().min(1).max(36_500).nullable().default(null),
  freshness: z
    .strictObject({ now: instant, maxAgeSeconds: z.int().min(1) })
    .nullable()
    .default(null),
});

/** Options from outside, with defaults. @throws RegistryError `INPUT_INVALID` */
export function traceOptions(value: unknown): TraceOptions {
  return shapeOf(schema, 'trace options', value);
}
