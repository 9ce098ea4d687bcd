import { sampleOf, scattersMore, tailOfF } from '../statistics/index.js';
import { digits, findingOf, firstAfter, windows } from './values.js';
import type { ProbeFinding, ProbedValue, SentValue } from './values.js';

type Compared = ProbedValue & Required<Pick<ProbedValue, 'reference'>>;

const WINDOW = 16;
const MOST_LAGS = 5000;

/**
 * Whether an instrument that no longer agrees with its reference agrees with what it showed some time before: old values with some noise, so
 * that nothing is exactly the same. Every time between is tried, and the chance is divided by their number.
 *
 * @param base - How many of the first probes are those of an instrument in order.
 */
export function recorded(
  probed: readonly Compared[],
  sent: readonly SentValue[],
  base: number,
  chance: number,
): ProbeFinding | undefined {
  const errors = (values: readonly Compared[]): number[] =>
    values.map(({ value, reference }) => value - reference.value);
  if (probed.length < base + WINDOW || sent.length < WINDOW) return undefined;
  const before = sampleOf(errors(probed.slice(0, base)));
  if (!(before.deviation > 0)) return undefined;
  const all = windows(probed.slice(base), WINDOW);
  for (const window of all) {
    const now = errors(window).map((error) => error - before.mean);
    const scatter = { deviation: Math.sqrt(meanSquare(now)), freedom: WINDOW };
    if (!scattersMore(scatter, { deviation: before.deviation, freedom: base - 1 }, chance).worse) continue;
    const finding = fromBefore(window, sent, meanSquare(now), chance / all.length);
    if (finding) return finding;
  }
  return undefined;
}

/** The time between that explains a window best, if it explains it far better than what the reference says. */
function fromBefore(
  window: readonly Compared[],
  sent: readonly SentValue[],
  square: number,
  chance: number,
): ProbeFinding | undefined {
  const [first, last] = [sent[0]?.at ?? 0, sent.at(-1)?.at ?? 0];
  const step = (last - first) / (sent.length - 1);
  const longest = (window[0]?.at ?? 0) - first;
  const lags = Math.min(MOST_LAGS, Math.floor(longest / step));
  let best = { square: Number.POSITIVE_INFINITY, lag: 0, used: [] as readonly SentValue[] };
  for (let number = 1; number <= lags; number += 1) {
    const used = window.map(({ at }) => nearest(sent, at - number * step));
    const differences = window.map(({ value }, index) => value - (used[index]?.value ?? Number.NaN));
    const left = meanSquare(differences);
    if (left < best.square) best = { square: left, lag: number * step, used };
  }
  if (!(tailOfF(square / best.square, WINDOW, WINDOW) * lags <= chance)) return undefined;
  const says = `In ${WINDOW} probes it shows what was sent ${digits(best.lag / 3_600_000)} h before, and not what its reference shows.`;
  return findingOf('replay', says, [...best.used, ...window]);
}

function nearest(sent: readonly SentValue[], at: number): SentValue {
  const after = firstAfter(sent, at);
  const [one, other] = [sent[Math.max(0, after - 1)], sent[Math.min(sent.length - 1, after)]];
  if (!one || !other) throw new RangeError('Nothing was sent.');
  return at - one.at <= other.at - at ? one : other;
}

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
