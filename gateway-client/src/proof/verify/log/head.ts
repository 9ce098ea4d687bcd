import { canonicalJson, instant, parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import type { Epoch, JsonLimits } from '@tracecal/core/model';
import type { Evidence } from '@tracecal/core/trace';
import * as z from '@tracecal/core/shape';
import { requireText } from './shapes.js';

export const HEAD_TYPE = 'tracecal-log-head/1';

/** Institutes with their keys and officers, and one heartbeat each. */
const LIMITS: JsonLimits = { maxLength: 8_388_608, maxDepth: 24, maxValues: 1_000_000 };

/** How far a change log is signed, and by whom. */
export interface Head {
  readonly type: typeof HEAD_TYPE;
  /** The epoch that was open when the records were read. Nobody signs it. */
  readonly epoch: Epoch;
  /** The records that show the newest heartbeats. */
  readonly evidence: Evidence;
}

export const headShape = z.strictObject({
  type: z.literal(HEAD_TYPE),
  epoch: z.strictObject({ number: z.int().check(z.minimum(0)), opened: instant }),
  evidence: z.strictObject({ channel: z.string(), exhibits: z.array(z.unknown()) }),
});

export function headText({ epoch, evidence }: Omit<Head, 'type'>): string {
  return canonicalJson({ type: HEAD_TYPE, epoch, evidence });
}

/**
 * Reads a head from anywhere. Its records are checked when they are read.
 *
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE` or `INPUT_INVALID`
 */
export function readHead(text: string): Head {
  requireText('head of the change log', text);
  const head = shapeOf(headShape, 'head of the change log', parseJson(text, LIMITS)) as unknown as Head;
  if (canonicalJson(head) !== text) {
    throw new RegistryError(
      'INPUT_INVALID',
      'the head of the change log is not canonical JSON: take it as it was published.',
    );
  }
  return head;
}
