import { liarOf } from '@tracecal/gateway-client/monitor';
import type { ProbeFindingName } from '@tracecal/gateway-client/monitor';
import { LIARS, LIAR_KINDS, population } from './population.js';
import type { LiarKind, Member } from './population.js';

/** So many of so many, with an interval that holds the true share with a probability of 0.95. */
export interface Rate {
  readonly found: number;
  readonly of: number;
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/** Exceeded on either side with a probability of 0.05. */
const Z = 1.959964;

/** Wilson's interval: it is right for shares near 0 and 1 too. */
export function rateOf(found: number, of: number): Rate {
  const share = found / of;
  const square = (Z * Z) / of;
  const centre = (share + square / 2) / (1 + square);
  const half = (Z * Math.sqrt((share * (1 - share) + square / 4) / of)) / (1 + square);
  return { found, of, share, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

export interface Rates {
  /** Of liars of each kind: with any finding, and with the one that says what they do. */
  readonly kinds: ReadonlyMap<LiarKind, { readonly found: Rate; readonly named: Rate }>;
  /** Of all liars with any finding. */
  readonly liars: Rate;
  /** Of honest instruments: with any finding, and with each. */
  readonly honest: Rate;
  readonly falseAlarms: ReadonlyMap<ProbeFindingName, Rate>;
  /** Of instruments with a finding: how many lie. */
  readonly right: Rate;
  /** The share of all instruments that have a finding: an alarm that is raised at random as often finds that share of liars. */
  readonly chance: number;
  /** The share of liars: that many alarms raised at random would be right. */
  readonly base: number;
}

/** @param jitter - How much of the time between two probes is random. */
export function ratesOf(seeds: readonly number[], size: number, jitter?: number): Rates {
  const found = new Map(LIAR_KINDS.map((kind) => [kind, { all: 0, found: 0, named: 0 }]));
  const alarms = new Map<ProbeFindingName, number>();
  let [honest, suspected] = [0, 0];
  for (const { kind, shown } of members(seeds, size, jitter)) {
    const names = new Set(liarOf(shown).map(({ name }) => name));
    if (kind === 'honest') {
      honest += 1;
      suspected += Number(names.size > 0);
      for (const name of names) alarms.set(name, (alarms.get(name) ?? 0) + 1);
    } else {
      const count = found.get(kind)!;
      count.all += 1;
      count.found += Number(names.size > 0);
      count.named += Number(names.has(LIARS[kind]));
    }
  }
  const total = (member: 'all' | 'found') => [...found.values()].reduce((sum, each) => sum + each[member], 0);
  const [liars, hits] = [total('all'), total('found')];
  return {
    kinds: new Map(
      [...found].map(([kind, each]) => [
        kind,
        { found: rateOf(each.found, each.all), named: rateOf(each.named, each.all) },
      ]),
    ),
    liars: rateOf(hits, liars),
    honest: rateOf(suspected, honest),
    falseAlarms: new Map([...alarms].map(([name, count]) => [name, rateOf(count, honest)])),
    right: rateOf(hits, hits + suspected),
    chance: (hits + suspected) / (liars + honest),
    base: liars / (liars + honest),
  };
}

function* members(seeds: readonly number[], size: number, jitter?: number): Generator<Member> {
  for (const seed of seeds) yield* population(seed, size, jitter);
}
