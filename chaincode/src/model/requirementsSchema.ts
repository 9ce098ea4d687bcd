import { z } from 'zod';
import { MAX_INTERVALS } from './bounds.js';
import { ACCREDITATION_POLICIES, STRICT_CHECKS } from './requirements.js';
import type { Requirements } from './requirements.js';
import { finite, quantity } from './shapes.js';

const days = z.int().min(1).max(36_500);
const YEAR_SECONDS = 31_536_000;

/** Names in order, each once: one content has one text. */
function inOrder(names: readonly string[]): boolean {
  return names.every((name, place) => place === 0 || (names[place - 1] ?? '') < name);
}

export const requirementsSchema: z.ZodType<Requirements> = z.strictObject({
  intervals: z
    .array(z.strictObject({ quantity, days }))
    .min(1)
    .max(MAX_INTERVALS)
    .refine((all) => inOrder(all.map((each) => each.quantity)), 'must name each kind of quantity once, in order')
    .exactOptional(),
  intervalDays: days.exactOptional(),
  graceDays: z.int().min(1).max(3660).exactOptional(),
  dueSoonDays: z.int().min(1).max(3660).exactOptional(),
  accreditation: z.enum(ACCREDITATION_POLICIES).exactOptional(),
  conformity: z.enum(['stated', 'conforms']).exactOptional(),
  minimumTur: finite.gt(0).lte(1000).exactOptional(),
  strict: z.array(z.enum(STRICT_CHECKS)).min(1).refine(inOrder, 'must name each check once, in order').exactOptional(),
  maxAgeSeconds: z.int().min(60).max(YEAR_SECONDS).exactOptional(),
});
