/** What a bundle may show, one thing after another, from the weakest to the strongest. */
export const TIER_NAMES = ['chain', 'fresh', 'endorsed', 'recorded'] as const;
export type TierName = (typeof TIER_NAMES)[number];

export interface Tier {
  readonly holds: boolean;
  /** What it shows, or why it does not. */
  readonly shows: string;
}

const ABSENT = { holds: false, shows: 'the bundle brings nothing for it' } as const;

/** Before anything was checked. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  chain: ABSENT,
  fresh: ABSENT,
  endorsed: ABSENT,
  recorded: ABSENT,
};

/** What signed statements alone cannot show. */
export const CHAIN_LEAVES_OPEN: readonly string[] = [
  'whether the ledger holds more about these devices, people and organisations, a revocation above all: the maker of the bundle may have left it out',
  'when the ledger registered each statement: nobody signs that',
  'whether anything has changed since the bundle was made',
];
