import { dateOf, instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import type { TraceQuestion } from './traceQuestion.js';
import type { TrustedRoot } from './trust/index.js';

/**
 * Notes for the reader of a verdict that the verdict cannot contain, because the ledger does not know the present time.
 *
 * @param verdict - Of `traceCal`.
 * @param now - The present, in milliseconds since 1970.
 * @returns Sentences; empty if there is nothing to add.
 * @example
 * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', { asOf: '2031-01-01T00:00:00Z' });
 * notesOn(verdict).forEach((note) => console.warn(note)); // This day is in the future: ...
 */
export function notesOn({ asOf }: Pick<Verdict, 'asOf'>, now = Date.now()): readonly string[] {
  // Today ends later than now, but a question about today does not mean the future.
  return dateOf(asOf) > dateOf(instantOf(now))
    ? [
        `${asOf} is in the future: this is the verdict as known today, if nothing is revoked, amended or rejected until then.`,
      ]
    : [];
}

/** The age of an institute's last signature when it was queried. */
export interface HeartbeatAge {
  readonly institute: string;
  /** Null: no heartbeat of this institute was found. */
  readonly time: Instant | null;
  readonly ageSeconds: number | null;
  readonly isFresh: boolean;
}

/** How fresh the records were, compared with what a question requires. */
export interface Freshness {
  readonly maxAgeSeconds: number;
  /** How many of these institutes need a heartbeat of that age. */
  readonly wanted: number;
  readonly institutes: readonly HeartbeatAge[];
}

/**
 * The institutes whose heartbeats count for a question, how old these are, and how many are required: explains a verdict that is
 * not fresh enough. If the question has a trust file, the institutes that it names count; otherwise the institutes where the
 * calibrations end; and if they end at no institute, as with a paper certificate, the institutes above those who vouch for the
 * chain.
 *
 * @param verdict - Of `traceCal`.
 * @param question - The question that the verdict answers.
 * @param now - The present, in milliseconds since 1970.
 * @returns undefined if the question requires no age.
 * @example
 * const question = { maxAgeSeconds: 86_400 };
 * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', question);
 * for (const { institute, time } of freshnessOf(verdict, question)?.institutes ?? []) {
 *   console.log(`${institute}: ${time ?? 'no heartbeat'}`);
 * }
 */
export function freshnessOf(
  { heartbeats, roots: ends, institutes }: Pick<Verdict, 'heartbeats' | 'institutes' | 'roots'>,
  { maxAgeSeconds, roots }: TraceQuestion,
  now = Date.now(),
): Freshness | undefined {
  if (maxAgeSeconds === undefined) {
    return undefined;
  }
  const heard = (ends.length > 0 ? ends : institutes).map(({ organisation }) => organisation);
  const trust = roots && 'roots' in roots ? roots : undefined;
  const idOf = ({ name, sha256 }: TrustedRoot) =>
    institutes.find((each) => each.sha256 === sha256)?.organisation ?? name;
  const names = new Set(trust ? trust.roots.map(idOf) : heard);
  return {
    maxAgeSeconds,
    wanted: trust?.heartbeats.k ?? 1,
    institutes: [...names].sort().map((institute) => {
      const seen = heartbeats.find((each) => each.institute === institute);
      const ageSeconds = seen ? Math.max(0, Math.floor((now - millisecondsOf(seen.time)) / 1000)) : null;
      return {
        institute,
        time: seen?.time ?? null,
        ageSeconds,
        isFresh: ageSeconds !== null && ageSeconds <= maxAgeSeconds,
      };
    }),
  };
}
