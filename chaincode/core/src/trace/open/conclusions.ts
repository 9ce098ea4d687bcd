import { MOST_REMEMBERED, weigh, weightOf } from '../../model/index.js';
import type { CalendarDate, CertifiedEntry, Disclosure, Instant } from '../../model/index.js';
import { disclosedIn } from '../disclosures.js';
import { at } from '../moment.js';
import type { Moment, When } from '../moment.js';
import type { RecordSource } from '../source.js';

/** Something that was read, and how to read it again. */
interface Look {
  readonly name: string;
  readonly again: (grounds: Grounds) => unknown;
  readonly found: unknown;
}

/** What conclusions rest on: records and the moment of the question. Remembers in order what was read. */
export class Grounds implements RecordSource, Moment {
  readonly channel: string;
  readonly #source: RecordSource;
  readonly #moment: When;
  readonly #looks = new Map<string, Look>();
  readonly #records = new Map<string, Promise<unknown>>();
  /** Conclusions of this transaction, from any records. */
  readonly drawn: Drawn;
  /** Whether something could not be read: then no conclusion may be remembered. */
  failed = false;

  /** @param moment The moment of the question; or the outer grounds, which know it. */
  constructor(source: RecordSource, moment: When) {
    this.channel = source.channel;
    this.#source = source;
    this.#moment = moment;
    this.drawn = source.drawn ?? new Drawn();
  }

  /** Grounds of a conclusion that other conclusions use: everything that it reads counts as read by them. */
  get part(): Grounds {
    return new Grounds(this, this);
  }

  get looks(): readonly Look[] {
    return [...this.#looks.values()];
  }

  get asOf(): Instant {
    return this.#ask('asOf', ({ asOf }) => asOf);
  }

  get day(): CalendarDate {
    return this.#ask('day', ({ day }) => day);
  }

  get hindsight(): boolean {
    return this.#ask('hindsight', ({ hindsight }) => hindsight);
  }

  hasReached(time: Instant): boolean {
    return this.#ask(`has reached ${time}`, (moment) => moment.hasReached(time));
  }

  /** What was read under this name before, here or in the outer grounds; it counts as read here as well. */
  seen(name: string): Look | undefined {
    const own = this.#looks.get(name);
    const known = own ?? (this.#source instanceof Grounds ? this.#source.seen(name) : undefined);
    if (known && !own) {
      this.#looks.set(name, known);
    }
    return known;
  }

  founding() {
    return this.#look('founding', (source) => source.founding());
  }

  organisation(id: string) {
    return this.#look(`organisation ${id}`, (source) => source.organisation(id));
  }

  person(id: string) {
    return this.#look(`person ${id}`, (source) => source.person(id));
  }

  device(id: string) {
    return this.#look(`device ${id}`, (source) => source.device(id));
  }

  /** The statements that registered a device. Its keys rest on them alone, whatever its owner says about the device later. */
  imprints(id: string): Promise<readonly CertifiedEntry[]> {
    return this.#look(`imprints ${id}`, (source) =>
      source instanceof Grounds ? source.imprints(id) : imprintsIn(source, id),
    );
  }

  report(id: string) {
    return this.#look(`report ${id}`, (source) => source.report(id));
  }

  results(report: string, quantity: string) {
    return this.#look(`results ${report} ${quantity}`, (source) => source.results(report, quantity));
  }

  settled(device: string, report: string) {
    return this.#look(`settled ${device} ${report}`, (source) => source.settled(device, report));
  }

  consents(owner: string, laboratory: string) {
    return this.#look(`consents ${owner} ${laboratory}`, (source) => source.consents(owner, laboratory));
  }

  reviews(amendment: string, laboratory: string) {
    return this.#look(`reviews ${amendment} ${laboratory}`, (source) => source.reviews(amendment, laboratory));
  }

  confirmations(report: string) {
    return this.#look(`confirmations ${report}`, (source) => source.confirmations(report));
  }

  vouchings(report: string) {
    return this.#look(`vouchings ${report}`, (source) => source.vouchings(report));
  }

  disclosed(report: string, quantity: string): Promise<Disclosure | undefined> {
    return this.#look(`disclosed ${report} ${quantity}`, (source) => disclosedIn(source, report, quantity));
  }

  heartbeat(institute: string) {
    return this.#look(`heartbeat ${institute}`, (source) => source.heartbeat(institute));
  }

  #ask<T>(name: string, again: (moment: Moment) => T): T {
    const moment = this.#moment;
    const found = again(typeof moment === 'string' ? at(moment) : moment);
    this.#looks.set(name, { name, again, found });
    return found;
  }

  #look<T>(name: string, again: (source: RecordSource) => Promise<T>): Promise<T> {
    const known = this.#records.get(name) as Promise<T> | undefined;
    if (known) {
      return known;
    }
    const looking = again(this.#source).then(
      (found) => {
        this.#looks.set(name, { name, again, found });
        return found;
      },
      (error: unknown) => {
        this.failed = true;
        throw error;
      },
    );
    this.#records.set(name, looking);
    return looking;
  }
}

async function imprintsIn(source: RecordSource, id: string): Promise<readonly CertifiedEntry[]> {
  const record = await source.device(id);
  weigh(record?.imprints, weightOf(record));
  return record?.imprints ?? NOTHING;
}

const NOTHING: readonly never[] = Object.freeze([]);

interface Conclusion {
  readonly answer: unknown;
  readonly looks: readonly Look[];
}

/** Recent conclusions by their names, a few for each name: a transaction reads a record before and after its change. */
export class Drawn {
  readonly #byName = new Map<string, readonly Conclusion[]>();

  get(name: string): readonly Conclusion[] {
    return this.#byName.get(name) ?? NONE;
  }

  add(name: string, conclusion: Conclusion): void {
    this.#byName.set(name, [conclusion, ...this.get(name)].slice(0, VERSIONS));
  }
}

const NONE: readonly Conclusion[] = [];
const VERSIONS = 3;
/** A single large answer must not displace all the others. */
const HEAVIEST_REMEMBERED = MOST_REMEMBERED / 8;

/**
 * Remembers conclusions from records, with everything that was read for them. A conclusion is valid as long as all of that is
 * unchanged. This changes speed, never an answer and never the reads: everything is read again, in order, up to the first difference.
 */
export class Conclusions {
  readonly #known = new Map<string, Conclusion>();
  /** Records that remembered conclusions rest on, with the number of these conclusions. */
  readonly #held = new Map<unknown, number>();
  #bytes = 0;

  /** @param isWorthIt Whether an answer is remembered. Answers about missing records are not: anybody could ask for any number of them. */
  constructor(
    readonly limit: number,
    readonly isWorthIt: (answer: unknown) => boolean = (answer) => answer !== undefined,
  ) {}

  async get<T>(name: string, grounds: Grounds, conclude: (grounds: Grounds) => Promise<T>): Promise<T> {
    const key = `${grounds.channel} ${name}`;
    const remembered = this.#known.get(key);
    for (const known of remembered ? [...grounds.drawn.get(key), remembered] : grounds.drawn.get(key)) {
      if (isSeen(known.looks, grounds) ?? (await isSame(known.looks, grounds))) {
        return known.answer as T;
      }
    }
    const { part } = grounds;
    const answer = await conclude(part);
    if (!part.failed) {
      const conclusion = { answer, looks: part.looks };
      grounds.drawn.add(key, conclusion);
      this.#remember(key, conclusion);
    }
    return answer;
  }

  #remember(key: string, conclusion: Conclusion): void {
    const { answer, looks } = conclusion;
    const isLight = weightOf(answer) <= HEAVIEST_REMEMBERED;
    if (!isLight || !this.isWorthIt(answer) || !looks.every(({ found }) => isLasting(found))) {
      return;
    }
    this.#forget(key);
    this.#known.set(key, conclusion);
    this.#holdAll(conclusion, 1);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.limit && this.#bytes <= MOST_REMEMBERED) {
        break;
      }
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const known = this.#known.get(key);
    if (known) {
      this.#holdAll(known, -1);
      this.#known.delete(key);
    }
  }

  #holdAll({ answer, looks }: Conclusion, step: 1 | -1): void {
    [answer, ...looks.map(({ found }) => found)].forEach((each) => {
      this.#hold(each, step);
    });
  }

  /** Counts each record once, however many conclusions rest on it. */
  #hold(found: unknown, step: 1 | -1): void {
    const weight = weightOf(found);
    const count = (this.#held.get(found) ?? 0) + step;
    if (weight > 0 && count === 0) {
      this.#held.delete(found);
      this.#bytes -= weight;
    } else if (weight > 0) {
      this.#held.set(found, count);
      this.#bytes += step === 1 && count === 1 ? weight : 0;
    }
  }
}

/** {@link isSame} for what was read before: that does not have to wait. Undefined if something else comes first. */
function isSeen(looks: readonly Look[], grounds: Grounds): boolean | undefined {
  for (const { name, found } of looks) {
    const seen = grounds.seen(name);
    if (seen === undefined) {
      return undefined;
    }
    if (seen.found !== found) {
      return false;
    }
  }
  return true;
}

async function isSame(looks: readonly Look[], grounds: Grounds): Promise<boolean> {
  for (const { name, again, found } of looks) {
    const seen = grounds.seen(name);
    if ((seen ? seen.found : await again(grounds)) !== found) {
      return false;
    }
  }
  return true;
}

/** Shared records are deeply frozen, so an identical object always has the same content. */
function isLasting(found: unknown): boolean {
  return typeof found !== 'object' || Object.isFrozen(found);
}

/** Of all that is opened, and of the keys with which it is. */
export const conclusions = new Conclusions(16_384);
