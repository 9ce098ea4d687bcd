import { copiedResults } from './copied.js';
import { preferredDigits } from './digits.js';
import { tooMuchWork } from './throughput.js';
import { inTwoPlaces } from './twoPlaces.js';
import { neverChanging, tooGood } from './uncertainties.js';
import type { Suspecting, Suspicion, Work } from './work.js';

/**
 * What all detectors notice about one laboratory, the most improbable first.
 *
 * @param works Of all laboratories, for a year: what is usual follows from those of the others.
 */
export function suspicionsOf(
  laboratory: string,
  works: readonly Work[],
  options: Suspecting = {},
): readonly Suspicion[] {
  const own = works.filter((work) => work.laboratory === laboratory);
  const others = works.filter((work) => work.laboratory !== laboratory);
  return [
    ...tooMuchWork(own, others, options),
    ...inTwoPlaces(own),
    ...copiedResults(own, works, options),
    ...preferredDigits(own, options),
    ...tooGood(own, others, options),
    ...neverChanging(own, others, options),
  ].sort((one, other) => one.chance - other.chance);
}
