import { VERDICT_STATUSES } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import { millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { Observed } from '../../model/index.js';
import { isBefore } from './comparison.js';
import type { VerdictFrom } from './input.js';

/** `UNKNOWN`: nobody had traced the device yet. */
export const IN_FORCE = [...VERDICT_STATUSES, 'UNKNOWN'] as const;
export type InForce = VerdictStatus | 'UNKNOWN';

/** How far the values of a period were traceable when they were measured. */
export interface Traceability {
  readonly values: number;
  /** Values by the verdict that was in force at their time. */
  readonly inForce: Readonly<Record<InForce, number>>;
  /** Share of values that were TRACEABLE, and TRACEABLE or ATTESTED; absent without values. */
  readonly traceable?: number;
  readonly relied?: number;
  /** Steps to the farthest institute by the newest verdict, if it says so. */
  readonly levels?: number;
  readonly now: InForce;
  /** Digests of the values that were neither TRACEABLE nor ATTESTED. */
  readonly untraceable: readonly string[];
}

export interface Due {
  readonly date?: Instant;
  readonly state: 'overdue' | 'soon' | 'in time' | 'unknown';
  /** Until it is due; negative: since. Absent without a date. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;
const USUAL_SOON = 30;

/** @param to The end of the period: `now` and `levels` are of this time. */
export function traceabilityOf(
  values: readonly Observed[],
  verdicts: readonly VerdictFrom[],
  to: Instant,
): Traceability {
  const sorted = [...verdicts].sort((one, other) => millisecondsOf(one.from) - millisecondsOf(other.from));
  const at = (time: Instant): VerdictFrom | undefined => sorted.findLast(({ from }) => !isBefore(time, from));
  const statuses = values.map(({ time }) => at(time)?.status ?? 'UNKNOWN');
  const counted = (status: InForce): number => statuses.filter((each) => each === status).length;
  const inForce = Object.fromEntries(IN_FORCE.map((status) => [status, counted(status)])) as Record<InForce, number>;
  const newest = at(to);
  const count = values.length;
  return {
    values: count,
    inForce,
    ...(count > 0 && {
      traceable: inForce.TRACEABLE / count,
      relied: (inForce.TRACEABLE + inForce.ATTESTED) / count,
    }),
    ...(newest?.levels !== undefined && { levels: newest.levels }),
    now: newest?.status ?? 'UNKNOWN',
    untraceable: values.flatMap(({ evidence }, index) => (isRelied(statuses[index]) ? [] : [evidence])),
  };
}

export function isRelied(status: InForce | undefined): boolean {
  return status === 'TRACEABLE' || status === 'ATTESTED';
}

export function dueOf(date: Instant | undefined, now: Instant, soon = USUAL_SOON): Due {
  if (date === undefined) return { state: 'unknown' };
  const left = (millisecondsOf(date) - millisecondsOf(now)) / DAY_MS;
  const days = Math.floor(left);
  if (left < 0) return { date, state: 'overdue', days };
  return { date, state: left <= soon ? 'soon' : 'in time', days };
}
