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
  return currentUses(device, { asOf, words }).uses.map(({ report, quantities }) => ({ report, quantities }));
}

type Device = Pick<OpenDevice, 'decisions' | 'since'>;

/**
 * For each kind of quantity: the report that the owner accepted last, among those whose calibration was finished, and older reports at
 * places that it does not cover. A report that was revoked since stays current: it fails, and no older report replaces it. An older
 * report counts beside a newer one until its recalibration is due by the owner's interval, or until the owner rejects it.
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
  // A report without results is current only if no other report is: it replaces none.
  const [first] = accepted;
  if (kinds.size === 0 && first && quantity === null) {
    return { uses: [{ report: first.report, quantities: [], newer: new Map() }], lapsed };
  }
  return {
    uses: [...chosen].map(([report, newer]) => ({ report, quantities: [...newer.keys()].sort(), newer })),
    lapsed,
  };
}

/** The places of a kind at which a report counts, beside newer ones. */
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
    // An older calibration does not replace what an amendment left out.
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

/** Accepted reports of work that was finished by then, each in the order of its last acceptance. */
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
 * Whether the device was adjusted or repaired after a calibration, which then no longer describes it. Several reports of one day after
 * one adjustment do not replace one another. An amendment is about the same work as the report that it amends.
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

/** The amendments of a report, in order. */
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
