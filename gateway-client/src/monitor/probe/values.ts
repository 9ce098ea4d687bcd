import { RegistryError } from '@tracecal/core/model';
import { requireFinite } from '../statistics/index.js';

/** A value that an instrument showed, and what shows it. */
export interface ShownValue {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** SHA-256 in hexadecimal digits. */
  readonly evidence: string;
}

/** What a site sent of an instrument. */
export interface SentValue extends ShownValue {
  /** Expanded uncertainty with its coverage factor; absent: nobody knows. */
  readonly uncertainty?: { readonly expanded: number; readonly coverageFactor: number };
}

/** What an instrument showed when it was probed. */
export interface ProbedValue extends SentValue {
  /** What it should have shown. */
  readonly reference?: { readonly value: number; readonly expanded: number; readonly coverageFactor: number };
}

/** A probe that brought no value. */
export interface FailedProbe {
  readonly at: number;
  readonly evidence: string;
  /** The instrument has signed an answer, but to another question. */
  readonly replayed: boolean;
}

/** All that is known of one instrument in some period, each list in the order of time. */
export interface Shown {
  readonly probed: readonly ProbedValue[];
  readonly sent: readonly SentValue[];
  readonly failed: readonly FailedProbe[];
}

/** What probes can show, with what it means. */
export const PROBE_FINDINGS = {
  stuck: 'it does not follow what it measures',
  drift: 'its error grows with time',
  replay: 'it shows again what it showed before',
  lies: 'its site sends other values than it shows when it is asked',
  silent: 'it does not answer more often than connections fail',
  disagrees: 'it and its reference do not agree within their uncertainties',
} as const;

export type ProbeFindingName = keyof typeof PROBE_FINDINGS;

export interface ProbeFinding {
  readonly name: ProbeFindingName;
  /** One sentence, with numbers. */
  readonly says: string;
  /** Digests of what shows it. */
  readonly evidence: readonly string[];
  /** The time that it is about, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A finding names so many digests at most, spread over all: each has to be kept by everybody who keeps the finding. */
const MOST_EVIDENCE = 64;

export function findingOf(
  name: ProbeFindingName,
  says: string,
  shownBy: readonly { readonly at: number; readonly evidence: string }[],
): ProbeFinding {
  const times = shownBy.map(({ at }) => at);
  const all = [...new Set(shownBy.map((each) => each.evidence))];
  const every = Math.ceil(all.length / MOST_EVIDENCE);
  const evidence = all.filter((_, index) => index % every === 0);
  return { name, says, evidence, from: Math.min(...times), to: Math.max(...times) };
}

/** @throws RegistryError `INPUT_INVALID` for values out of order, or that are no finite numbers */
export function requireSound(values: readonly ShownValue[], what: string): void {
  requireFinite(values.map(({ value }) => value));
  const wrong = values.findIndex(({ at }, index) => !(at >= (values[index - 1]?.at ?? Number.NEGATIVE_INFINITY)));
  if (wrong < 0) return;
  throw new RegistryError(
    'INPUT_INVALID',
    `Number ${wrong + 1} of the ${what} is before the one ahead of it: sort them by time.`,
  );
}

/** Where a list in the order of time has its first value that is later. */
export function firstAfter(values: readonly { readonly at: number }[], at: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stretches of so many values that overlap by half, up to the last one. */
export function windows<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let end = values.length; end >= size; end -= size >> 1) found.push(values.slice(end - size, end));
  return found.reverse();
}

/** With digits for a sentence. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
