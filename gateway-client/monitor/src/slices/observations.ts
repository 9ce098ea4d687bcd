import { dateOf, instantOf, millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Change, Collection, Store } from '../store/index.js';
import type { Authority } from './authority.js';
import type { PageOf } from './data.js';
import { readObservation, userObservationSchema } from './observation.js';
import { OBSERVED_BY_USERS } from './observedByUsers.js';
import type { ObservedByUsers } from './observedByUsers.js';
import { Refusal } from './refusal.js';
import type { Paged } from './slicedData.js';
import { NO_RECORD, supportOf } from './weight.js';
import type { Record } from './weight.js';

/** Most observations of one user on one device on a UTC day. */
export const MOST_OBSERVATIONS = 20;

const OUTCOMES = ['confirmed', 'refuted'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const filedSchema = z.strictObject({
  id: z.string(),
  jws: z.string(),
  observation: userObservationSchema,
  operator: z.string(),
  by: z.string(),
  path: z.array(z.string()),
  outcome: z.enum(OUTCOMES).exactOptional(),
});
type FiledObservation = z.infer<typeof filedSchema>;
const recordSchema = z.strictObject({ confirmed: z.number(), refuted: z.number() });

/** An observation as it is shown. */
export interface ShownObservation {
  readonly id: string;
  readonly time: string;
  readonly text: string;
  /** The name of the user in the delegation. */
  readonly by: string;
  /** From 0 to 1: how likely it is to be confirmed, by what became of the user's earlier ones. */
  readonly weight: number;
  readonly outcome?: Outcome;
}

/** Observations of a device. */
export interface Feedback extends Paged<ShownObservation> {
  /** From 0 to 1: how much those weigh together that nothing became of yet. */
  readonly support: number;
}

/** What users write about devices. It is shown and weighed, and isolates nobody: all that follows is a proposal to measure. */
export class Observations {
  readonly #store: Store;
  readonly #filed: Collection<FiledObservation>;
  readonly #records: Collection<Record>;
  readonly #counts: Collection<number>;
  readonly #monitor: string;
  readonly #now: () => number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store, monitor: string, now: () => number = Date.now) {
    this.#store = store;
    this.#filed = store.collection('observations', filedSchema);
    this.#records = store.collection('observers', recordSchema);
    this.#counts = store.collection('observations-of-day', z.number());
    this.#monitor = monitor;
    this.#now = now;
  }

  /**
   * Takes an observation in. The caller has looked whether the device is in the user's slice.
   *
   * @returns Its id; the same one again changes nothing.
   * @throws Refusal `SIGNATURE_INVALID`, `CONTENT_INVALID`, `OTHER_MONITOR`, `TIME_WRONG`, `QUOTA_SPENT`
   */
  file(jws: string, device: string, { holder, path, slice }: Authority): Promise<string> {
    return this.#alone(async () => {
      const { content, digest } = await readObservation(jws, holder.key);
      if (content.monitor !== this.#monitor) throw new Refusal('OTHER_MONITOR');
      if (content.device !== device)
        throw new Refusal('CONTENT_INVALID', 'The observation is about a different device.');
      const names = path.slice(1).map((each) => each.id);
      // Two users can write the same.
      const id = createHash('sha256').update(`${holder.id} ${digest}`).digest('hex');
      const filed = { id, jws, observation: content, operator: slice.operator, by: holder.name, path: names };
      const key = `${device} ${placeOf(filed)}`;
      if (await this.#filed.get(key)) return id;
      if (Math.abs(millisecondsOf(content.time) - this.#now()) > TIME_WINDOW_MS) throw new Refusal('TIME_WRONG');
      await this.#store.write([this.#filed.put(key, filed), await this.#counted(device, holder.id)]);
      return id;
    });
  }

  /** Of one device, oldest first. */
  async on(device: string, operator: string, { after = '', limit }: PageOf): Promise<Feedback> {
    const [filed, records] = await this.#weighed(device, operator);
    const behind = filed.filter((each) => placeOf(each) > after);
    const items = behind.slice(0, limit).map(({ id, observation: { time, text }, by, path, outcome }) => ({
      id,
      time,
      text,
      by,
      weight: supportOf([path], (holder) => records.get(holder) ?? NO_RECORD),
      ...(outcome && { outcome }),
    }));
    const last = behind[limit - 1];
    const next = last && behind.length > limit ? { next: placeOf(last) } : {};
    return { items, support: supportOfOpen(filed, records), ...next };
  }

  /**
   * What follows from observations of a device alone: at most a proposal to measure it.
   *
   * @param least - How much they have to weigh together.
   */
  async findingOn(device: string, operator: string, least = 0.5): Promise<ObservedByUsers | undefined> {
    const [filed, records] = await this.#weighed(device, operator);
    const open = filed.filter(({ outcome }) => outcome === undefined);
    const support = supportOfOpen(filed, records);
    const times = open.map(({ observation }) => observation.time).sort();
    const [from, to] = [times[0], times.at(-1)];
    if (from === undefined || to === undefined || support < least) return undefined;
    return {
      name: OBSERVED_BY_USERS,
      subject: { kind: 'device', id: device },
      says: `${open.length} observations by users weigh ${support.toFixed(2)} of 1 together.`,
      evidence: open.map(({ id }) => id),
      from,
      to,
      proposes: { action: 'measure', devices: [device] },
    };
  }

  /**
   * Says what became of all open observations of a device: one case, which counts once for each user and each of those above.
   *
   * @throws Refusal `NOT_FOUND` where none is open
   */
  settle(device: string, operator: string, outcome: Outcome): Promise<number> {
    return this.#alone(async () => {
      const changes: Change[] = [];
      const holders = new Set<string>();
      for await (const [key, filed] of this.#entries(device)) {
        if (filed.outcome !== undefined || filed.operator !== operator) continue;
        changes.push(this.#filed.put(key, { ...filed, outcome }));
        filed.path.forEach((holder) => holders.add(holder));
      }
      if (changes.length === 0) throw new Refusal('NOT_FOUND');
      const settled = changes.length;
      for (const holder of holders) {
        const record = (await this.#records.get(holder)) ?? NO_RECORD;
        changes.push(this.#records.put(holder, { ...record, [outcome]: record[outcome] + 1 }));
      }
      await this.#store.write(changes);
      return settled;
    });
  }

  /** Removes how many each user filed on earlier days. What they wrote stays. */
  async forgetBefore(now: number): Promise<void> {
    const today = dateOf(instantOf(now));
    const changes: Change[] = [];
    for await (const [key] of this.#counts.entries()) {
      if (key >= today) break;
      changes.push(this.#counts.remove(key));
    }
    await this.#store.write(changes);
  }

  async #weighed(
    device: string,
    operator: string,
  ): Promise<readonly [FiledObservation[], ReadonlyMap<string, Record>]> {
    const filed: FiledObservation[] = [];
    const records = new Map<string, Record>();
    for await (const [, each] of this.#entries(device)) {
      if (each.operator !== operator) continue;
      filed.push(each);
      for (const holder of each.path) {
        if (!records.has(holder)) records.set(holder, (await this.#records.get(holder)) ?? NO_RECORD);
      }
    }
    return [filed, records];
  }

  async *#entries(device: string): AsyncGenerator<readonly [string, FiledObservation]> {
    for await (const [key, filed] of this.#filed.entries({ from: `${device} ` })) {
      if (!key.startsWith(`${device} `)) return;
      yield [key, filed];
    }
  }

  /** One more of this user on this device today. */
  async #counted(device: string, holder: string): Promise<Change> {
    const place = `${dateOf(instantOf(this.#now()))} ${device} ${holder}`;
    const count = (await this.#counts.get(place)) ?? 0;
    if (count >= MOST_OBSERVATIONS) {
      throw new Refusal(
        'QUOTA_SPENT',
        `A user files at most ${MOST_OBSERVATIONS} observations of a device in a UTC day.`,
      );
    }
    return this.#counts.put(place, count + 1);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** By time; where it stands in the list of a device. */
function placeOf({ observation, id }: FiledObservation): string {
  return `${observation.time} ${id}`;
}

function supportOfOpen(filed: readonly FiledObservation[], records: ReadonlyMap<string, Record>): number {
  const open = filed.filter(({ outcome }) => outcome === undefined);
  return supportOf(
    open.map(({ path }) => path),
    (holder) => records.get(holder) ?? NO_RECORD,
  );
}
