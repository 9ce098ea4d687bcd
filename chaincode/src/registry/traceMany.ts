import { MAX_DEVICES } from '@tracecal/core/contracts';
import type { TraceSummaries } from '@tracecal/core/contracts';
import { instant, parseAs } from '@tracecal/core/model';
import { summariesOf } from '@tracecal/core/registry';
import { z } from 'zod';
import { identifier } from '../contract/index.js';
import type { StateReader } from './state.js';

const LIMITS = { maxLength: 131_072, maxDepth: 4 };

const schema = z.strictObject({
  devices: z
    .array(identifier)
    .min(1)
    .max(MAX_DEVICES)
    .refine((devices) => new Set(devices).size === devices.length, 'must not name a device twice'),
  asOf: z.optional(instant),
});

/** Traces many devices over the same records and reads each record once; as of the transaction's time unless given. */
export async function traceMany(state: StateReader, json: string): Promise<TraceSummaries> {
  const { devices, asOf = state.now } = parseAs(schema, 'question', json, LIMITS);
  await state.prefetch(devices);
  return summariesOf(state, devices, asOf);
}
