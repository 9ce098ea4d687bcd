import { polynomial, sampleOf, standardOf, tailsOfNormal } from '../statistics/index.js';
import { digits, findingOf, windows } from './values.js';
import type { ProbeFinding, ProbedValue } from './values.js';

type Compared = ProbedValue & Required<Pick<ProbedValue, 'reference'>>;

const WINDOW = 10;
/** Who follows less than half of what happens, does not measure it. */
const HALF = 0.5;

/**
 * Whether an instrument follows its reference at all. A liar who knows that repeated values are looked for adds some noise to one value: the slope
 * of a line through values and references is zero all the same. Where nothing has moved by more than uncertainties, nobody can tell.
 */
export function stuck(probed: readonly Compared[], chance: number): ProbeFinding | undefined {
  const all = windows(probed, WINDOW);
  for (const window of all) {
    const slope = slopeOf(window);
    if (slope && slope.chance * all.length <= chance) {
      const says = `Of what its reference moved it followed ${digits(100 * slope.slope)} % in ${WINDOW} probes.`;
      return findingOf('stuck', says, window);
    }
  }
  return undefined;
}

function slopeOf(window: readonly Compared[]): { readonly slope: number; readonly chance: number } | undefined {
  const references = window.map(({ reference }) => reference.value);
  const moved = sampleOf(references).deviation;
  const unsure = Math.max(...window.map(({ reference }) => standardOf(reference)));
  // What the reference itself is unsure of makes slopes flatter, of honest instruments as well.
  const sure = 1 - (unsure / moved) ** 2;
  if (!(sure > HALF)) return undefined;
  const own = Math.max(...window.map(({ uncertainty }) => (uncertainty ? standardOf(uncertainty) : moved)));
  const line = polynomial(
    references,
    window.map(({ value }) => value),
    1,
  );
  const [, slope = Number.NaN] = line.coefficients;
  const deviation = Math.max(line.residual, own) / (moved * Math.sqrt(window.length - 1));
  const away = (HALF * sure - slope) / deviation;
  return { slope, chance: away > 0 ? tailsOfNormal(away) / 2 : 1 };
}
