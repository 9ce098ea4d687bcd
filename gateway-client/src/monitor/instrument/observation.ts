import { RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { requireFinite } from '../statistics/index.js';

/** What an instrument showed where a reference says what was there: a check standard, another instrument, a simulated input. */
export interface Observation {
  readonly time: Instant;
  readonly value: number;
  /** Expanded uncertainty of the value, with its coverage factor; absent: nobody knows. */
  readonly uncertainty?: { readonly expanded: number; readonly coverageFactor: number };
  /** What the value should be. */
  readonly reference: { readonly value: number; readonly expanded: number; readonly coverageFactor: number };
}

const DAY_MS = 86_400_000;

/** An observation as statistics see it. */
export interface Deviation {
  /** In days since 1970. */
  readonly day: number;
  /** Value minus reference. */
  readonly error: number;
  /** En and zeta of the value and its reference; absent without an uncertainty. */
  readonly score?: { readonly en: number; readonly zeta: number };
}

export const daysOf = (time: Instant): number => Date.parse(time) / DAY_MS;

/** @throws RegistryError `INPUT_INVALID` if observations are not in their order, or hold no finite number */
export function requireInOrder(observations: readonly Observation[]): void {
  requireFinite(observations.flatMap(({ value, reference }) => [value, reference.value]));
  const days = observations.map(({ time }) => daysOf(time));
  const at = days.findIndex((day, index) => !(day >= (days[index - 1] ?? Number.NEGATIVE_INFINITY)));
  if (at < 0) return;
  const { time = '' } = observations[at] ?? {};
  throw new RegistryError(
    'INPUT_INVALID',
    `Observation ${at + 1}, of ${time}, is before the one ahead of it: sort them by time.`,
  );
}
