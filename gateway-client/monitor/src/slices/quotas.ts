import { dateOf, instantOf } from '@tracecal/core/model';
import { z } from 'zod';
import type { Change, Collection, Store } from '../store/index.js';
import { Refusal } from './refusal.js';
import type { AllowedProbes, Quotas } from './slice.js';

/** Whose use is counted, and up to what: a user, or somebody above in the chain of delegations, who answers for all below. */
export interface Account {
  readonly id: string;
  readonly quotas: Quotas;
  readonly probeLimits: AllowedProbes;
}

/** What is used on one UTC day. */
export interface Use {
  readonly probesPerDay: number;
  readonly bytesPerDay: number;
  readonly devices: number;
}

/** What is to be used now. */
export interface Taken {
  readonly probes?: number;
  readonly bytes?: number;
  /** Each counts once a day. */
  readonly devices?: readonly string[];
}

const useSchema = z.strictObject({ probesPerDay: z.number(), bytesPerDay: z.number(), devices: z.number() });
const UNUSED: Use = { probesPerDay: 0, bytesPerDay: 0, devices: 0 };
const WHAT = { probesPerDay: 'probes', bytesPerDay: 'bytes', devices: 'devices' } as const;
const NAMES = Object.keys(WHAT) as readonly (keyof Use)[];

/**
 * Counts what users use on a UTC day, durably, so that a restart gives nothing back. All accounts of a chain are charged together, or none:
 * however many delegates somebody makes, together they use at most what their giver may.
 */
export class QuotaCounts {
  readonly #store: Store;
  readonly #uses: Collection<Use>;
  readonly #devices: Collection<true>;
  readonly #probed: Collection<number>;
  /** One at a time: two would read the same count. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
    this.#uses = store.collection('quota-uses', useSchema);
    this.#devices = store.collection('quota-devices', z.literal(true));
    this.#probed = store.collection('quota-probed', z.number());
  }

  /** @throws Refusal `QUOTA_SPENT`; nothing is charged then */
  take(accounts: readonly Account[], taken: Taken, now: number): Promise<void> {
    return this.#alone(async () => {
      await this.#store.write(await this.#charges(accounts, taken, now));
    });
  }

  /**
   * Charges one probe of a device.
   *
   * @throws Refusal `QUOTA_SPENT`, `PROBE_TOO_SOON`, `OUTPUT_TOO_LARGE`; nothing is charged then
   */
  takeProbe(accounts: readonly Account[], device: string, output: number | undefined, now: number): Promise<void> {
    return this.#alone(async () => {
      const charges = await this.#charges(accounts, { probes: 1, devices: [device] }, now);
      const probed = await Promise.all(accounts.map((account) => this.#probe(account, device, output, now)));
      await this.#store.write([...charges, ...probed]);
    });
  }

  async usedBy(account: string, now: number): Promise<Use> {
    return (await this.#uses.get(placeOf(account, now))) ?? UNUSED;
  }

  /** Removes the counts of earlier days. */
  forgetBefore(now: number): Promise<void> {
    return this.#alone(async () => {
      const today = dayOf(now);
      for (const counts of [this.#uses, this.#devices] as readonly Collection<unknown>[]) {
        const changes: Change[] = [];
        for await (const [key] of counts.entries()) {
          if (key >= today) break;
          changes.push(counts.remove(key));
        }
        await this.#store.write(changes);
      }
    });
  }

  async #charges(accounts: readonly Account[], { probes = 0, bytes = 0, devices = [] }: Taken, now: number) {
    const charged = accounts.map(async ({ id, quotas }) => {
      const unseen: string[] = [];
      for (const device of new Set(devices)) {
        const place = `${placeOf(id, now)} ${device}`;
        if ((await this.#devices.get(place)) === undefined) unseen.push(place);
      }
      const used = await this.usedBy(id, now);
      const use: Use = {
        probesPerDay: used.probesPerDay + probes,
        bytesPerDay: used.bytesPerDay + bytes,
        devices: used.devices + unseen.length,
      };
      const spent = NAMES.find((name) => use[name] > quotas[name] && use[name] > used[name]);
      if (spent) {
        throw new Refusal(
          'QUOTA_SPENT',
          `The ${WHAT[spent]} of this UTC day are spent: wait until tomorrow, or ask for more.`,
        );
      }
      return [this.#uses.put(placeOf(id, now), use), ...unseen.map((place) => this.#devices.put(place, true))];
    });
    return (await Promise.all(charged)).flat();
  }

  async #probe({ id, probeLimits }: Account, device: string, output: number | undefined, now: number): Promise<Change> {
    if (output !== undefined && Math.abs(output) > probeLimits.largestOutput) throw new Refusal('OUTPUT_TOO_LARGE');
    const place = `${id} ${device}`;
    const last = await this.#probed.get(place);
    if (last !== undefined && now - last < probeLimits.leastSecondsBetween * 1000) throw new Refusal('PROBE_TOO_SOON');
    return this.#probed.put(place, now);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** The day first: earlier days are removed together. No id has a space. */
function placeOf(account: string, now: number): string {
  return `${dayOf(now)} ${account}`;
}

function dayOf(now: number): string {
  return dateOf(instantOf(now));
}
