import { meanOf, sampleOf, standardOf, tailsOfT } from '../statistics/index.js';
import { digits, findingOf, firstAfter } from './values.js';
import type { ProbeFinding, ProbedValue, SentValue } from './values.js';

interface Pair {
  readonly sent: SentValue;
  readonly probed: ProbedValue;
  /** What was sent minus what was shown. */
  readonly difference: number;
}

const FEWEST = 10;
/** The median of absolute deviations is this share of a normal distribution's standard deviation. */
const MEDIAN_SHARE = 0.6745;
/** How much a median of deviations knows, beside a standard deviation from as many values. */
const EFFICIENCY = 0.37;

/**
 * Whether a site sends other values than the instrument shows. Each probe is compared with the last value that was sent *before* it: what comes
 * after it may be honest because of it.
 */
export function lies(
  probed: readonly ProbedValue[],
  sent: readonly SentValue[],
  pairSeconds: number,
  chance: number,
): ProbeFinding | undefined {
  const pairs = pairsOf(probed, sent, 1000 * pairSeconds);
  if (pairs.length < FEWEST) return undefined;
  return always(pairs, chance / 2) ?? sometimes(pairs, chance / 2);
}

function pairsOf(probed: readonly ProbedValue[], sent: readonly SentValue[], within: number): readonly Pair[] {
  return probed.flatMap((each) => {
    const last = sent[firstAfter(sent, each.at) - 1];
    if (!last || each.at - last.at > within) return [];
    return [{ sent: last, probed: each, difference: last.value - each.value }];
  });
}

/** A difference on average. One that is small beside the uncertainty may come from a process that moves between the two. */
function always(pairs: readonly Pair[], chance: number): ProbeFinding | undefined {
  const { count, mean, deviation } = sampleOf(pairs.map(({ difference }) => difference));
  if (!(Math.abs(mean) > standardsOf(pairs) / 2)) return undefined;
  if (deviation > 0 && tailsOfT(mean / (deviation / Math.sqrt(count)), count - 1) > chance) return undefined;
  const says = `What is sent differs by ${digits(mean)} on average from what it shows in ${count} probes.`;
  return shownBy(pairs, says);
}

/** Single differences that are too large beside the others, which most of the time are honest. */
function sometimes(pairs: readonly Pair[], chance: number): ProbeFinding | undefined {
  const usual = medianOf(pairs.map(({ difference }) => difference));
  const away = (pair: Pair): number => Math.abs(pair.difference - usual);
  const smallest = standardsOf(pairs) / 4;
  const spread = Math.max(medianOf(pairs.map(away)) / MEDIAN_SHARE, stepOf(pairs), smallest);
  if (!(spread > 0)) return undefined;
  const freedom = EFFICIENCY * pairs.length;
  const far = pairs.filter((pair) => tailsOfT(away(pair) / spread, freedom) * pairs.length <= chance);
  if (far.length === 0) return undefined;
  const largest = Math.max(...far.map(away));
  return shownBy(
    far,
    `In ${far.length} of ${pairs.length} probes what was sent differs from what it shows, by up to ${digits(largest)}.`,
  );
}

function shownBy(pairs: readonly Pair[], says: string): ProbeFinding {
  return findingOf(
    'lies',
    says,
    pairs.flatMap(({ sent, probed }) => [sent, probed]),
  );
}

/** The mean standard uncertainty; 0 if nobody knows it. */
function standardsOf(pairs: readonly Pair[]): number {
  const known = pairs.flatMap(({ probed, sent }) => probed.uncertainty ?? sent.uncertainty ?? []).map(standardOf);
  return known.length === 0 ? 0 : meanOf(known);
}

/** The smallest step between two values that it showed: a difference of one says nothing. */
function stepOf(pairs: readonly Pair[]): number {
  const values = pairs.map(({ probed }) => probed.value).sort((one, other) => one - other);
  const steps = values.flatMap((value, index) => (index > 0 ? [value - (values[index - 1] ?? value)] : []));
  const real = steps.filter((step) => step > 0);
  return real.length === 0 ? 0 : Math.min(...real);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
