import { writeFileSync } from 'node:fs';
import { canonicalJson } from '@tracecal/core/model';
import { eventually } from './eventually.js';
import { presentDates, unsealedCountries, type Hierarchy } from './hierarchy.js';
import type { MemberMachines } from './memberMachines.js';
import { submitAll } from './submit.js';

const PATIENCE_MS = 120_000;

/** A registry of members who each run their own nodes, written through the peer of the northern institute. */
export class MemberRegistry {
  readonly hierarchy: Hierarchy;
  readonly #machines: MemberMachines;

  private constructor(hierarchy: Hierarchy, machines: MemberMachines) {
    this.hierarchy = hierarchy;
    this.#machines = machines;
  }

  /** Starts the nodes of the founders, and founds it. */
  static async founded(machines: MemberMachines, founders: readonly string[]): Promise<MemberRegistry> {
    const hierarchy = await unsealedCountries(undefined, presentDates());
    writeFileSync(machines.file('founding.json'), canonicalJson(hierarchy.steps[0]!.item));
    for (const id of founders) await machines.up(id);
    await machines.areWhole(...founders);
    const registry = new MemberRegistry(hierarchy, machines);
    await registry.submitted(0);
    return registry;
  }

  /** Submits the steps of the hierarchy from this one on. */
  submitted(from: number): Promise<void> {
    const { hierarchy } = this;
    return this.#machines.as('nmi-north', (north) => submitAll(hierarchy, hierarchy.submissions(from), () => north));
  }

  /** A new technician of the north: whether it is taken in depends on the nodes that run. */
  async isWritten(id: string): Promise<void> {
    const before = this.hierarchy.steps.length;
    await this.hierarchy.addTechnician({ id, organisation: 'nmi-north' });
    await eventually(() => this.submitted(before), PATIENCE_MS);
  }
}
