import { eventually } from '../support/eventually.js';
import { Hierarchy, temperatureResult } from '../support/hierarchy.js';
import type { Step } from '../support/hierarchy.js';
import { submit } from '../support/submit.js';
import type { BenchNetwork } from './network.js';

const NMI = 'nmi-north';
const LAB = 'lab-alpha';
const OEM = 'oem-a';
const PATIENCE_MS = 30_000;

/** Builds calibration chains in a registry by its own transactions, as members would. */
export class Chains {
  readonly #network: BenchNetwork;
  readonly #hierarchy = new Hierarchy();
  #submitted = 0;
  #filled = 0;

  constructor(network: BenchNetwork) {
    this.#network = network;
  }

  async foundations(): Promise<void> {
    const hierarchy = this.#hierarchy;
    await hierarchy.addOrganisation({ id: NMI, kind: 'NMI' });
    await hierarchy.addOrganisation({ id: LAB, kind: 'LAB', certifiedBy: NMI });
    await hierarchy.addOrganisation({ id: OEM, kind: 'OEM', certifiedBy: LAB });
    for (const organisation of [NMI, LAB, OEM]) {
      await hierarchy.addTechnician({ id: `t-${organisation}`, organisation });
    }
    await this.#submitNew();
  }

  /**
   * A chain of so many reports: an NMI's primary standard, an accredited laboratory's standards, the sensor maker's
   * working standard and its field sensor. Returns the device at its end.
   */
  async chain(levels: number, name: string): Promise<string> {
    let parent: string | undefined;
    let device = '';
    for (let level = levels; level >= 1; level -= 1) {
      const owner = level === levels ? NMI : level <= 2 && levels > 3 ? OEM : LAB;
      const calibratedBy = level === levels || level === levels - 1 ? NMI : level === 1 && levels > 3 ? OEM : LAB;
      device = `${name}-${level}`;
      await this.#hierarchy.addDevice({
        id: device,
        technician: `t-${owner}`,
        kind: level === 1 && levels > 1 ? 'field' : 'standard',
      });
      const id = `${device}-r1`;
      this.#hierarchy.addReport({
        id,
        device,
        technician: `t-${calibratedBy}`,
        results: [temperatureResult(0.001 * (levels - level + 1))],
        ...(parent === undefined ? {} : { parents: [parent] }),
      });
      parent = id;
    }
    await this.#submitNew();
    return device;
  }

  /** Registers further devices until the registry holds so many; returns devices a second. */
  async fill(total: number, workers: number): Promise<number> {
    const template = await this.#hierarchy.addDevice({
      id: `template-${total}`,
      technician: `t-${LAB}`,
      kind: 'field',
    });
    await this.#submitNew();
    const connection = await this.#network.as(LAB);
    const missing = total - this.#hierarchy.devices.size - this.#filled;
    const began = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (next < missing) {
          next += 1;
          const id = `filler-${this.#filled + next}`;
          // The same key for all of them: what a device's key is makes no difference to the registry's size.
          await connection.registerDevice({ ...template, id, serial: id });
        }
      }),
    );
    this.#filled += Math.max(missing, 0);
    return Math.max(missing, 0) / ((performance.now() - began) / 1000);
  }

  /** So many reports of as many devices, signed and ready to be issued. */
  async reports(count: number, name: string, parent: string): Promise<readonly (() => Promise<unknown>)[]> {
    for (let index = 0; index < count; index += 1) {
      await this.#hierarchy.addDevice({ id: `${name}-${index}`, technician: `t-${LAB}`, kind: 'field' });
    }
    await this.#submitNew();
    const connection = await this.#network.as(LAB);
    return Array.from({ length: count }, (_, index) => {
      const device = `${name}-${index}`;
      const jws = this.#hierarchy.addReport({
        id: `${device}-r1`,
        device,
        technician: `t-${LAB}`,
        parents: [parent],
        results: [temperatureResult(0.1)],
      });
      this.#submitted += 1;
      return () => connection.createReport(jws);
    });
  }

  async #submitNew(): Promise<void> {
    const steps = this.#hierarchy.steps.slice(this.#submitted);
    this.#submitted = this.#hierarchy.steps.length;
    for (const step of steps) {
      const member = await this.#network.as(submitterOf(step));
      // Another member's peer may be a block behind the one that told of the last commit.
      await eventually(() => submit(member, step.transaction, step.argument), PATIENCE_MS);
    }
  }
}

/** Institutes admit organisations; a sensor maker may not write at the calibration level, so its laboratory does. */
function submitterOf({ transaction, organisation }: Step): string {
  return transaction === 'createOrganisation' ? NMI : organisation === OEM ? LAB : organisation;
}
