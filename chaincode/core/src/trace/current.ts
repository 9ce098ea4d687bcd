import { earliestMomentOf, plusDays } from '../model/index.js';
import type { Extent, Instant } from '../model/index.js';
import { adjustedSince } from './adjustments.js';
import { Budget } from './budget.js';
import { areWithin } from './extents.js';
import { saidBy, wordsOn } from './intervalWords.js';
import type { WordsThen } from './intervalWords.js';
import { dayOf, hasReached } from './moment.js';
import type { When } from './moment.js';
import type { OpenDevice } from './open/opened.js';
import type { Opener } from './open/opener.js';
import { Decided, reaches } from './open/ownership.js';
import type { Decision } from './open/ownership.js';

/** A report on which a device relies, for some kinds of quantity. */
export interface CurrentReport {
  readonly report: string;
  readonly quantities: readonly string[];
}

/**
 * A current report, with the places at which newer ones count instead, by kind of quantity. A kind without such places counts as a
 * whole.
 */
export interface CurrentUse extends CurrentReport {
  readonly newer: ReadonlyMap<string, readonly Extent[]>;
}

/** An older report with results at places that newer ones do not cover, which does not count there. */
export interface Lapsed {
  readonly report: string;
  readonly quantity: string;
  readonly why: 'overdue' | 'rejected' | 'adjusted';
}

export interface CurrentUses {
  /** For each kind, the newest first. */
  readonly uses: readonly CurrentUse[];
  readonly lapsed: readonly Lapsed[];
  /** Whether the budget was not enough to find them. */
  readonly isCut: boolean;
}

/** A question about a device's reports. */
export interface CurrentQuestion {
  readonly asOf: When;
  /** What counts for its interval at that moment. */
  readonly words: WordsThen;
  /** The kind of quantity; absent: all. */
  readonly quantity?: string | null;
  /** Replaces the owner's interval. */
  readonly intervalDays?: number | null;
  /** Whether the question is about a place: reports that are overdue or were rejected there are then named. */
  readonly isPlaced?: boolean;
}

/** The reports that a device relied on at a moment. */
export async function currentReports(
  opener: Opener,
  device: OpenDevice,
  asOf: When,
): Promise<readonly CurrentReport[]> {
  const words = await wordsOn(opener, device, asOf);
  const { uses } = currentUses(device, { asOf, words }, new Budget());
  return uses.map(({ report, quantities }) => ({ report, quantities }));
}

type Device = Pick<OpenDevice, 'decisions' | 'since'>;

/**
 * For each kind of quantity: the report that the owner accepted last, among those whose calibration was finished, and older reports at
 * places that it does not cover. A report that was revoked since stays current: it fails, and no older report replaces it. An older
 * report counts beside a newer one until its recalibration is due by the owner's interval, or until the owner rejects it.
 *
 * @param budget For comparing places: a record from outside may hold any acceptances, which nobody has to have signed.
 */
export function currentUses(device: Device, question: CurrentQuestion, budget: Budget): CurrentUses {
  const { asOf, quantity = null } = question;
  const accepted = newestFirst(device, asOf);
  const history = new History(device, accepted, budget);
  const chosen = new Map<string, Map<string, readonly Extent[]>>();
  const lapsed: Lapsed[] = [];
  for (const kind of quantity === null ? history.kinds : [quantity]) {
    for (const { report, newer, why } of sharesOf(history, kind, question)) {
      if (why) {
        lapsed.push({ report, quantity: kind, why });
      } else {
        chosen.set(report, (chosen.get(report) ?? new Map<string, readonly Extent[]>()).set(kind, newer));
      }
    }
  }
  if (history.isCut) {
    return { uses: [], lapsed: [], isCut: true };
  }
  // A report without results is current only if no other report is: it replaces none.
  const [first] = accepted;
  if (history.kinds.length === 0 && first && quantity === null) {
    return { uses: [{ report: first.report, quantities: [], newer: new Map() }], lapsed, isCut: false };
  }
  return {
    uses: [...chosen].map(([report, newer]) => ({ report, quantities: [...newer.keys()].sort(), newer })),
    lapsed,
    isCut: false,
  };
}

/** An accepted report, and where it gives a kind of quantity. */
interface Giving {
  readonly decision: Decision;
  readonly extents: readonly Extent[] | undefined;
  /** In confidence: it cannot be told at which places it replaces an older one. */
  readonly isSealed: boolean;
}

/** What all kinds of quantity need to know of a device's acceptances, found once. */
class History {
  readonly amended: ReadonlySet<string>;
  /** Those that an adjustment or a repair has ended. */
  readonly adjusted: ReadonlySet<Decision>;
  readonly decided: Decided;
  readonly #giving = new Map<string, Giving[]>();
  readonly #budget: Budget;
  #isCut = false;

  constructor({ decisions }: Device, accepted: readonly Decision[], budget: Budget) {
    this.amended = new Set(accepted.flatMap(({ supersedes }) => supersedes ?? []));
    this.adjusted = adjustedSince(accepted);
    this.decided = new Decided(decisions);
    this.#budget = budget;
    for (const decision of accepted) {
      for (const { quantity, extents, sealed = false } of decision.results) {
        const giving = this.#giving.get(quantity) ?? [];
        this.#giving.set(quantity, giving);
        giving.push({ decision, extents, isSealed: sealed });
      }
    }
  }

  /** In the order in which the newest reports name them. */
  get kinds(): readonly string[] {
    return [...this.#giving.keys()];
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Newest first. */
  giving(kind: string): readonly Giving[] {
    return this.#giving.get(kind) ?? [];
  }

  /** Takes comparisons from the budget. False if it has too few left. */
  take(count: number): boolean {
    this.#isCut ||= !this.#budget.takeComparisons(count);
    return !this.#isCut;
  }
}

/** The places of a kind at which a report counts, beside newer ones. */
interface Share {
  readonly report: string;
  readonly newer: readonly Extent[];
  readonly why: Lapsed['why'] | undefined;
}

function sharesOf(history: History, kind: string, question: CurrentQuestion): readonly Share[] {
  const shares: Share[] = [];
  const newer: Extent[] = [];
  let isFirst = true;
  for (const { decision, extents, isSealed } of history.giving(kind)) {
    const { report } = decision;
    if (extents && areWithin(extents, newer, kind, () => history.take(1))) {
      continue;
    }
    if (history.adjusted.has(decision)) {
      shares.push({ report, newer: [], why: 'adjusted' });
      continue;
    }
    if (!history.take(newer.length)) {
      break;
    }
    // An older calibration does not replace what an amendment left out.
    if (isFirst || !history.amended.has(report)) {
      shares.push({
        report,
        newer: [...newer],
        why: isFirst ? undefined : whyLapsed(history, decision, kind, question),
      });
    }
    if (!extents && !isSealed) {
      break;
    }
    isFirst = false;
    newer.push(...(extents ?? []));
  }
  return shares;
}

/** Accepted reports of work that was finished by then, each in the order of its last acceptance. */
function newestFirst(device: Device, asOf: When): readonly Decision[] {
  const accepted = device.decisions
    .filter((each) => each.accepts && hasReached(asOf, finished(each)) && reaches(device, each, asOf))
    .toReversed();
  const named = new Set<string>();
  return accepted.filter(({ report }) => !named.has(report) && named.add(report));
}

/**
 * When accepted work was finished: on its day by UTC, or when the owner's statement about it was registered, if that day begins earlier
 * at the laboratory. Nobody signs when that was registered, so it counts only within the signed day.
 */
function finished({ performed, said: { registered } }: Decision): Instant {
  return registered.date < performed
    ? [registered.date, earliestMomentOf(performed)].reduce((one, other) => (one > other ? one : other))
    : performed;
}

function whyLapsed(
  { decided }: History,
  { report, performed }: Decision,
  kind: string,
  { asOf, words, intervalDays, isPlaced = false }: CurrentQuestion,
): Lapsed['why'] | undefined {
  if (isPlaced) {
    return undefined;
  }
  if (decided.isRejected(report)) {
    return 'rejected';
  }
  const said = saidBy(words, kind);
  const days = intervalDays ?? (said && said.days + said.graceDays);
  return days !== undefined && plusDays(performed, days) < dayOf(asOf) ? 'overdue' : undefined;
}
