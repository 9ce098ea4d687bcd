import { dateOf, isKind, isOfEarlierEpoch, precedes } from '../../model/index.js';
import type { Acceptance, CalendarDate, DeviceRecord, Instant, OwnerEntry, Registered } from '../../model/index.js';
import { hasReached } from '../moment.js';
import type { When } from '../moment.js';
import type { Opener } from './opener.js';
import { Order } from './order.js';
import { readable } from './statement.js';
import type { Said } from './statement.js';

/** The owners of a device, in order, and their decisions. */
export interface Ownership {
  /** At least one: the last owns the device now. */
  readonly owners: readonly string[];
  /** When each of them came to own it. */
  readonly since: readonly Registered[];
  readonly intervals: readonly IntervalSet[];
  /** What owners accepted or rejected, in order. */
  readonly decisions: readonly Decision[];
  /** Numbers of the last transfers by former owners. */
  readonly handovers: ReadonlyMap<string, number>;
}

/** An owner's recalibration interval, in force from when the ledger took it in. */
export interface IntervalSet {
  readonly days: number | null;
  readonly from: Instant;
}

/** An owner's acceptance or rejection of a report. */
export interface Decision extends Acceptance {
  readonly accepts: boolean;
  /** Which owner said it, counted from 0. */
  readonly tenure: number;
  readonly said: Said<'acceptance' | 'rejection' | 'consent'>;
  /** Why it does not count. */
  readonly flaws: readonly string[];
}

type OwnersWord = Said<'transfer' | 'interval' | 'acceptance' | 'rejection' | 'consent'>;

/** Replays the owners' statements in the order of their numbers: a statement counts only if its author owned the device by then. */
export async function ownershipOf(opener: Opener, record: DeviceRecord, imprint: Said<'device'>): Promise<Ownership> {
  const replay = new Replay(record.id, imprint);
  const registry = await opener.registry();
  for (const entry of record.ownership) {
    const [word] = readable([entry], registry, 'transfer', 'interval', 'acceptance', 'rejection', 'consent');
    if (word && replay.isTheirs(word)) {
      replay.take(word, await flawsOfOwnersWord(opener, word), entry);
    }
  }
  return replay;
}

class Replay implements Ownership {
  readonly owners: string[];
  readonly since: Registered[];
  readonly intervals: IntervalSet[];
  readonly decisions: Decision[] = [];
  readonly handovers = new Map<string, number>();
  readonly #device: string;
  readonly #order = new Order();
  readonly #decided = new Decided();

  constructor(device: string, { statement, registered }: Said<'device'>) {
    const { owner, intervalDays } = statement.body;
    this.#device = device;
    this.owners = [owner];
    this.since = [registered];
    this.intervals = [{ days: intervalDays, from: registered.date }];
  }

  isTheirs({ statement }: OwnersWord): boolean {
    const { author, subject } = statement;
    return (
      author === this.owners.at(-1) &&
      (isKind(statement, 'consent')
        ? this.#order.repeatsOrFollows(statement)
        : subject.id === this.#device && this.#order.follows(statement))
    );
  }

  take(word: OwnersWord, flaws: readonly string[], { applied }: OwnerEntry): void {
    const { statement, registered } = word;
    if (flaws.length === 0) {
      this.#order.take(statement);
    }
    if (isKind(statement, 'transfer') || isKind(statement, 'interval')) {
      if (flaws.length === 0) {
        this.intervals.push({ days: statement.body.intervalDays, from: registered.date });
        if (isKind(statement, 'transfer')) {
          this.owners.push(statement.body.to);
          this.handovers.set(statement.author, statement.number);
          this.since.push(registered);
        }
      }
    } else {
      this.#decide(word as Decision['said'], flaws, applied);
    }
  }

  /** @param applied The report that a consent was applied to: not signed, so the check `acceptance` compares it with both. */
  #decide(said: Decision['said'], flaws: readonly string[], applied: Acceptance | undefined): void {
    const { statement } = said;
    const tenure = this.owners.length - 1;
    if (isKind(statement, 'rejection')) {
      this.#add({ ...statement.body, performed: '', results: [], accepts: false, tenure, said, flaws });
      return;
    }
    const accepted = isKind(statement, 'consent') ? applied : statement.body;
    const isOld = accepted && isKind(statement, 'consent') && this.#decided.isOutdone(accepted);
    if (accepted && !isOld && !this.#decided.isRejected(accepted.report)) {
      this.#add({ ...accepted, accepts: true, tenure, said, flaws });
    }
  }

  #add(decision: Decision): void {
    this.decisions.push(decision);
    this.#decided.add(decision);
  }
}

/**
 * Acceptances of a report that left its device's record: no trace starts from that report any more, but earlier work with the device
 * rests on it. An owner's statement counts unless it is newer than the owner's transfer of the device.
 */
export async function settledDecisions(
  opener: Opener,
  device: Ownership & { readonly id: string },
  report: string,
  entries: readonly OwnerEntry[],
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (const entry of entries) {
    const [said] = readable([entry], await opener.registry(), 'acceptance', 'consent');
    const accepted = said && (isKind(said.statement, 'consent') ? entry.applied : said.statement.body);
    if (said && accepted?.report === report && wasTheirs(device, said)) {
      const tenure = tenureOf(device, said);
      decisions.push({ ...accepted, accepts: true, tenure, said, flaws: await flawsOfOwnersWord(opener, said) });
    }
  }
  return decisions;
}

function tenureOf(device: Ownership, { statement, registered }: Said): number {
  const own = tenuresThen(device, registered).findLast((tenure) => device.owners[tenure] === statement.author);
  return own ?? device.owners.indexOf(statement.author);
}

/** Why an owner's statement does not count; for a standing consent, also because a newer one had replaced it by then. */
async function flawsOfOwnersWord(opener: Opener, word: OwnersWord): Promise<readonly string[]> {
  const { statement, registered } = word;
  const flaws = await opener.flawsOf(word);
  if (flaws.length > 0 || !isKind(statement, 'consent')) {
    return flaws;
  }
  const { author, subject } = statement;
  const given = readable(await opener.consents(author, subject.id), await opener.registry(), 'consent').filter(
    (each) => each.statement.author === author && each.statement.subject.id === subject.id,
  );
  const before = given.findLastIndex((each) => isOfEarlierEpoch(each.registered, registered));
  const possible = given.slice(Math.max(0, before)).filter((each) => !isOfEarlierEpoch(registered, each.registered));
  return possible.some(({ digest }) => digest === word.digest)
    ? []
    : [`It was not the standing consent of ${author} to what ${subject.id} reports on ${dateOf(registered.date)}.`];
}

function wasTheirs(
  device: Ownership & { readonly id: string },
  { statement, registered }: Said<'acceptance' | 'consent'>,
): boolean {
  const { author, subject, number } = statement;
  if (isKind(statement, 'consent')) {
    return author === ownerThen(device, registered);
  }
  return subject.id === device.id && (author === device.owners.at(-1) || number < (device.handovers.get(author) ?? 0));
}

/** The owner of the device when something was registered. */
export function ownerThen(
  { owners, since }: Pick<Ownership, 'owners' | 'since'>,
  then: Registered,
): string | undefined {
  return owners[since.findLastIndex((registered) => precedes(registered, then))] ?? owners[0];
}

/** Accepted calibrations by the last day of the work, each as last amended. */
export function calibrationsOf({ decisions }: Pick<Ownership, 'decisions'>): readonly Decision[] {
  const accepted = decisions.filter(({ accepts }) => accepts);
  const amended = new Set(accepted.map(({ supersedes }) => supersedes));
  return accepted
    .filter(({ report }) => !amended.has(report))
    .sort((a, b) => (a.performed < b.performed ? -1 : a.performed > b.performed ? 1 : 0));
}

/** The owner of the device at a moment. */
export function ownerOn(device: Pick<Ownership, 'owners' | 'since'>, when: When): string | undefined {
  return device.owners[tenureOn(device, when)];
}

/** The owner at that moment, counted from 0; before the registration, the first owner. */
export function tenureOn({ since }: Pick<Ownership, 'since'>, when: When): number {
  return Math.max(
    0,
    since.findLastIndex(({ date }) => hasReached(when, date)),
  );
}

/** The possible owners of the device when something was registered: two, if the device was transferred in that second. */
export function tenuresThen(
  { owners, since }: Pick<Ownership, 'owners' | 'since'>,
  then: Registered,
): readonly number[] {
  return [...owners.keys()].filter((tenure) => {
    const [from, to] = [since[tenure], since[tenure + 1]];
    return (tenure === 0 || (from && precedes(from, then))) && (!to || precedes(then, to));
  });
}

/** Whether an owner's statement counts for work at a moment: it does not reach back to before they owned the device. */
export function reaches({ since }: Pick<Ownership, 'since'>, { tenure }: Decision, when: When): boolean {
  return tenure === 0 || hasReached(when, since[tenure]?.date ?? '');
}

/** What was decided so far. No decision is compared with all others: a record from outside may hold any number of them. */
export class Decided {
  readonly #rejected = new Set<string>();
  /** The last day of the accepted work, by kind of quantity. */
  readonly #newest = new Map<string, CalendarDate>();

  constructor(decisions: readonly Decision[] = []) {
    decisions.forEach((each) => {
      this.add(each);
    });
  }

  add({ report, accepts, flaws, performed, results }: Decision): void {
    if (!accepts && flaws.length === 0) {
      this.#rejected.add(report);
    }
    for (const { quantity } of accepts ? results : []) {
      if (performed > (this.#newest.get(quantity) ?? '')) {
        this.#newest.set(quantity, performed);
      }
    }
  }

  /** Whether an owner has rejected a report; a rejection is final. */
  isRejected(report: string): boolean {
    return this.#rejected.has(report);
  }

  /** Whether a newer calibration was accepted: a standing consent does not replace it with an older one. */
  isOutdone({ performed, results }: Acceptance): boolean {
    return results.some(({ quantity }) => (this.#newest.get(quantity) ?? '') > performed);
  }
}

/** See {@link Decided.isRejected}. */
export function isRejected({ decisions }: Pick<Ownership, 'decisions'>, report: string): boolean {
  return new Decided(decisions).isRejected(report);
}

/** See {@link Decided.isOutdone}. */
export function isOutdone({ decisions }: Pick<Ownership, 'decisions'>, accepted: Acceptance): boolean {
  return new Decided(decisions).isOutdone(accepted);
}
