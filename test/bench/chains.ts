import { temperatureResult } from '../support/hierarchy.js';
import type { Hierarchy, Item } from '../support/hierarchy.js';
import { filler } from './fillers.js';
import type { BenchNetwork } from './network.js';

const NMI = 'nmi-north';
const LAB = 'lab-alpha';
const OEM = 'oem-a';
/** Items a transaction: on a busy machine, peers of real Fabric may not endorse many more in time. */
const MOST_ITEMS = 50;
/** Transactions of that size under way. */
const AT_ONCE = 2;

/** Builds calibration chains in a registry by its own transactions, as members would. */
export class Chains {
  readonly #network: BenchNetwork;
  #filled = 0;

  constructor(network: BenchNetwork) {
    this.#network = network;
  }

  async foundations(): Promise<void> {
    await this.#hierarchy.addOrganisation({ id: LAB, kind: 'LAB', certifiedBy: NMI });
    await this.#hierarchy.addOrganisation({ id: OEM, kind: 'OEM', certifiedBy: LAB });
    for (const organisation of [NMI, LAB, OEM]) {
      await this.#hierarchy.addTechnician({ id: `t-${organisation}`, organisation });
    }
    await this.#network.registry.submitNew();
  }

  /**
   * A chain of so many reports: an NMI's primary standard, an accredited laboratory's standards, the sensor maker's
   * working standard and its field sensor. Returns the device at its end.
   */
  async chain(levels: number, name: string): Promise<string> {
    const devices: Item[] = [];
    for (let level = levels; level >= 1; level -= 1) {
      const technician = `t-${ownerAt(level, levels)}`;
      const kind = level === 1 && levels > 1 ? 'field' : 'standard';
      devices.push(await this.#hierarchy.addDevice({ id: `${name}-${level}`, technician, kind }));
    }
    await this.#register(devices);
    let parents: readonly string[] = [];
    for (let level = levels; level >= 1; level -= 1) {
      const device = `${name}-${level}`;
      const id = `${device}-r1`;
      const results = [temperatureResult(0.001 * (levels - level + 1))];
      this.#hierarchy.addReport({ id, device, technician: `t-${calibratorAt(level, levels)}`, results, parents });
      parents = [id];
    }
    await this.#network.registry.submitNew();
    return this.#hierarchy.idOf('device', `${name}-1`);
  }

  /** Registers further devices until the registry holds so many; returns devices a second. */
  async fill(total: number): Promise<number> {
    const missing = Math.max(total - this.#hierarchy.devices.size - this.#filled, 0);
    const connection = await this.#network.as(LAB);
    let [next, spent] = [0, 0];
    while (next < missing) {
      const batch: Item[][] = [];
      for (; batch.length < AT_ONCE && next < missing; next += MOST_ITEMS) {
        batch.push(await this.#fillers(this.#filled + next, Math.min(MOST_ITEMS, missing - next)));
      }
      const began = performance.now();
      await Promise.all(batch.map((items) => connection.registerDevice(items)));
      spent += performance.now() - began;
    }
    this.#filled += missing;
    return missing / (spent / 1000);
  }

  /** So many reports of as many devices, signed and accepted, ready to be issued. */
  async reports(count: number, name: string, parent: string): Promise<readonly (() => Promise<unknown>)[]> {
    const devices: Item[] = [];
    for (let index = 0; index < count; index += 1) {
      devices.push(await this.#hierarchy.addDevice({ id: `${name}-${index}`, technician: `t-${LAB}`, kind: 'field' }));
    }
    await this.#register(devices);
    const connection = await this.#network.as(LAB);
    const reports = Array.from({ length: count }, (_, index) =>
      this.#hierarchy.addReport({
        id: `${name}-${index}-r1`,
        device: `${LAB}/${name}-${index}`,
        technician: `t-${LAB}`,
        parents: [parent],
        results: [temperatureResult(0.1)],
      }),
    );
    this.#network.registry.skipNew();
    return reports.map((item) => () => connection.createReport(item));
  }

  get #hierarchy(): Hierarchy {
    return this.#network.registry.hierarchy;
  }

  async #fillers(from: number, count: number): Promise<Item[]> {
    const items: Item[] = [];
    for (let index = from; index < from + count; index += 1) {
      items.push(await filler(this.#hierarchy, LAB, `filler-${index}`));
    }
    return items;
  }

  /** Registers devices of which none rests on another. */
  async #register(devices: readonly Item[]): Promise<void> {
    const connection = await this.#network.as(LAB);
    for (let from = 0; from < devices.length; from += MOST_ITEMS) {
      await connection.registerDevice(devices.slice(from, from + MOST_ITEMS));
    }
    this.#network.registry.skipNew();
  }
}

function ownerAt(level: number, levels: number): string {
  if (level === levels) return NMI;
  return level <= 2 && levels > 3 ? OEM : LAB;
}

function calibratorAt(level: number, levels: number): string {
  if (level >= levels - 1) return NMI;
  return level === 1 && levels > 3 ? OEM : LAB;
}
