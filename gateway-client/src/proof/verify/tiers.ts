import { millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';

/** What a bundle may show, one thing after another, from the weakest to the strongest. */
export const TIER_NAMES = ['chain', 'fresh', 'endorsed', 'recorded'] as const;
export type TierName = (typeof TIER_NAMES)[number];

export interface Tier {
  readonly holds: boolean;
  /** What it shows, or why it does not. */
  readonly shows: string;
  /** Whose word it rests on, where it holds: MSP ids of organisations, or numbers of orderers. */
  readonly by?: readonly string[];
  /** The moment that those answer for. */
  readonly asOf?: Instant;
  /** Of the tier recorded: the earliest time, by the word of the endorsers, and the latest, by that of an institute. */
  readonly notBefore?: Instant;
  readonly notAfter?: Instant;
}

const ABSENT = { holds: false, shows: 'the bundle brings nothing for it' } as const;

/** The change log is the same for all bundles, so it comes from elsewhere. */
const WITHOUT_LOG: Tier = { holds: false, shows: 'no change log was given' };

/** Before anything was checked. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  chain: ABSENT,
  fresh: WITHOUT_LOG,
  endorsed: ABSENT,
  recorded: ABSENT,
};

/** What signed statements alone cannot show. */
const CHAIN_LEAVES_OPEN: readonly string[] = [
  'whether the ledger holds more about these devices, people and organisations, a revocation above all: the maker of the bundle may have left it out',
  'when the ledger registered each statement: nobody signs that',
];

/** What nobody has shown, as far as these tiers hold. */
export function leftOpen({ endorsed, fresh }: Readonly<Record<TierName, Tier>>, asOf: Instant): readonly string[] {
  return [
    ...(endorsed.holds ? [] : CHAIN_LEAVES_OPEN),
    `whether anything has changed since ${since(endorsed, fresh)}`,
    ...(isOfNow(asOf, endorsed, fresh) ? [] : [`whether the verdict is the same at another moment than ${asOf}`]),
  ];
}

/** Whether a verdict is of the moment that the log, or the peers, answer for, as far as clocks may differ. */
function isOfNow(asOf: Instant, endorsed: Tier, fresh: Tier): boolean {
  const apart = endorsed.holds && endorsed.asOf ? millisecondsOf(endorsed.asOf) - millisecondsOf(asOf) : Infinity;
  return fresh.holds || Math.abs(apart) <= TIME_WINDOW_MS;
}

function since(endorsed: Tier, fresh: Tier): string {
  if (fresh.holds) {
    return 'the last epoch that the log covers, also before its heartbeats';
  }
  return endorsed.holds ? `the peers answered (${endorsed.asOf ?? ''})` : 'the bundle was made';
}
