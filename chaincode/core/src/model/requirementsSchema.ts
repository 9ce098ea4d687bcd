import * as z from '../shape/index.js';
import { MAX_INTERVALS } from './bounds.js';
import { ACCREDITATION_POLICIES, STRICT_CHECKS } from './requirements.js';
import type { Requirements } from './requirements.js';
import { finite, quantity } from './shapes.js';

const days = z.int().check(z.minimum(1), z.maximum(36_500));
const YEAR_SECONDS = 31_536_000;

/** Names in order, each once, so that the same content always has the same text. */
function inOrder(names: readonly string[]): boolean {
  return names.every((name, place) => place === 0 || (names[place - 1] ?? '') < name);
}

export const requirementsSchema: z.ZodMiniType<Requirements> = z.strictObject({
  intervals: z.exactOptional(
    z.array(z.strictObject({ quantity, days })).check(
      z.minLength(1),
      z.maxLength(MAX_INTERVALS),
      z.refine((all) => inOrder(all.map((each) => each.quantity)), 'must name each kind of quantity once, in order'),
    ),
  ),
  intervalDays: z.exactOptional(days),
  graceDays: z.exactOptional(z.int().check(z.minimum(1), z.maximum(3660))),
  dueSoonDays: z.exactOptional(z.int().check(z.minimum(1), z.maximum(3660))),
  accreditation: z.exactOptional(z.enum(ACCREDITATION_POLICIES)),
  conformity: z.exactOptional(z.enum(['stated', 'conforms'])),
  minimumTur: z.exactOptional(finite.check(z.gt(0), z.lte(1000))),
  strict: z.exactOptional(
    z.array(z.enum(STRICT_CHECKS)).check(z.minLength(1), z.refine(inOrder, 'must name each check once, in order')),
  ),
  maxAgeSeconds: z.exactOptional(z.int().check(z.minimum(60), z.maximum(YEAR_SECONDS))),
});
