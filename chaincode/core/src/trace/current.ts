import { plusDays } from '../model/index.js';
import type { Extent } from '../model/index.js';
import { areWithin } from './extents.js';
import { saidBy, wordsOn } from './intervalWords.js';
import type { WordsThen } from './intervalWords.js';
import { dayOf, hasReached } from './moment.js';
import type { When } from './moment.js';
import type { OpenDevice } from './open/opened.js';
import type { Opener } from './open/opener.js';
import { isRejected, reaches } from './open/ownership.js';
import type { Decision } from './open/ownership.js';

/** A report on which a device relies, for some kinds of quantity. */
export interface CurrentReport {
  readonly report: string;
  readonly quantities: readonly string[];
}

/** A current report, with the places at which newer ones count instead, by kind of quantity: where there are none it counts as a whole. */
export interface CurrentUse extends CurrentReport {
  readonly newer: ReadonlyMap<string, readonly Extent[]>;
}

/** An older report that says something at other places than the newer ones, and does not count there. */
export interface Lapsed {
  readonly report: string;
  readonly quantity: string;
  readonly why: 'overdue' | 'rejected' | 'adjusted';
}

export interface CurrentUses {
  /** Of each kind the newest first. */
  readonly uses: readonly CurrentUse[];
  readonly lapsed: readonly Lapsed[];
}

/** What is asked about a device's reports. */
export interface CurrentQuestion {
  readonly asOf: When;
  /** What counts about its interval then. */
  readonly words: WordsThen;
  /** The kind of quantity; absent: all. */
  readonly quantity?: string | null;
  /** In the place of the owner's interval. */
  readonly intervalDays?: number | null;
  /** Whether a place is asked about: what is overdue there, or was rejected, has to be told. */
  readonly isPlaced?: boolean;
}

/** The reports that a device relied on at a moment. */
export async function currentReports(
  opener: Opener,
  device: OpenDevice,
  asOf: When,
): Promise<readonly CurrentReport[]> {
  const words = await wordsOn(opener, device, asOf);
  return currentUses(device, { asOf, words }).uses.map(({ report, quantities }) => ({ report, quantities }));
}

type Device = Pick<OpenDevice, 'decisions' | 'since'>;

/**
 * For each kind of quantity the report that its owner accepted last, of those whose calibration was finished, and older ones at
 * places of which it says nothing. A report that has fallen since stays: it fails, and no older one takes its place. An older one
 * counts beside a newer one until its recalibration is due by its owner's interval, or until its owner rejects it.
 */
export function currentUses(device: Device, question: CurrentQuestion): CurrentUses {
  const { asOf, quantity = null } = question;
  const accepted = newestFirst(device, asOf);
  const kinds = new Set(accepted.flatMap(({ results }) => results.map((each) => each.quantity)));
  const chosen = new Map<string, Map<string, readonly Extent[]>>();
  const lapsed: Lapsed[] = [];
  for (const kind of quantity === null ? kinds : [quantity]) {
    for (const { report, newer, why } of sharesOf(device, accepted, kind, question)) {
      if (why) {
        lapsed.push({ report, quantity: kind, why });
      } else {
        chosen.set(report, (chosen.get(report) ?? new Map<string, readonly Extent[]>()).set(kind, newer));
      }
    }
  }
  // A report without results is current only where nothing else is: it takes the place of none.
  const [first] = accepted;
  if (kinds.size === 0 && first && quantity === null) {
    return { uses: [{ report: first.report, quantities: [], newer: new Map() }], lapsed };
  }
  return {
    uses: [...chosen].map(([report, newer]) => ({ report, quantities: [...newer.keys()].sort(), newer })),
    lapsed,
  };
}

/** What a report has to say of a kind, beside newer ones. */
interface Share {
  readonly report: string;
  readonly newer: readonly Extent[];
  readonly why: Lapsed['why'] | undefined;
}

function sharesOf(
  device: Device,
  accepted: readonly Decision[],
  kind: string,
  question: CurrentQuestion,
): readonly Share[] {
  const amended = new Set(accepted.flatMap(({ supersedes }) => supersedes ?? []));
  const shares: Share[] = [];
  const newer: Extent[] = [];
  let [isFirst, isWhole] = [true, false];
  for (const { decision, extents } of giving(accepted, kind)) {
    const { report } = decision;
    const isCut = isAdjustedSince(accepted, decision);
    if (isWhole || (extents && areWithin(extents, newer, kind))) {
      continue;
    }
    if (isCut) {
      shares.push({ report, newer: [], why: 'adjusted' });
      continue;
    }
    // What an amendment left out, no older calibration says either.
    if (isFirst || !amended.has(report)) {
      shares.push({
        report,
        newer: [...newer],
        why: isFirst ? undefined : whyLapsed(device, decision, kind, question),
      });
    }
    [isFirst, isWhole] = [false, extents === undefined];
    newer.push(...(extents ?? []));
  }
  return shares;
}

/** Accepted ones of what was finished by then, each by its last acceptance. */
function newestFirst(device: Device, asOf: When): readonly Decision[] {
  const accepted = device.decisions
    .filter((each) => each.accepts && hasReached(asOf, each.performed) && reaches(device, each, asOf))
    .toReversed();
  const named = new Set<string>();
  return accepted.filter(({ report }) => !named.has(report) && named.add(report));
}

function giving(accepted: readonly Decision[], kind: string) {
  return accepted.flatMap((decision) => {
    const own = decision.results.find(({ quantity }) => quantity === kind);
    return own ? [{ decision, extents: own.extents }] : [];
  });
}

/**
 * Whether the device was adjusted or repaired after a calibration: that calibration says nothing about it any more. Several
 * reports of one day after one adjustment do not replace one another, and an amendment is about the same work as what it amends.
 */
function isAdjustedSince(accepted: readonly Decision[], decision: Decision): boolean {
  const place = accepted.indexOf(decision);
  const since = accepted.filter(
    ({ adjusted, performed }, newer) =>
      adjusted &&
      (performed > decision.performed || (performed === decision.performed && newer < place && !decision.adjusted)),
  );
  const amending = since.length > 0 ? amendmentsOf(accepted, decision) : new Set();
  return since.some(({ report }) => !amending.has(report));
}

/** What amends a report, one after another. */
function amendmentsOf(accepted: readonly Decision[], { report }: Decision): ReadonlySet<string> {
  const amending = new Set([report]);
  for (const amended of amending) {
    accepted.filter(({ supersedes }) => supersedes === amended).forEach((each) => amending.add(each.report));
  }
  return amending;
}

function whyLapsed(
  device: Device,
  { report, performed }: Decision,
  kind: string,
  { asOf, words, intervalDays, isPlaced = false }: CurrentQuestion,
): Lapsed['why'] | undefined {
  if (isPlaced) {
    return undefined;
  }
  if (isRejected(device, report)) {
    return 'rejected';
  }
  const said = saidBy(words, kind);
  const days = intervalDays ?? (said && said.days + said.graceDays);
  return days !== undefined && plusDays(performed, days) < dayOf(asOf) ? 'overdue' : undefined;
}
