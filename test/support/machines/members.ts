import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import type { TraceCal } from '@tracecal/gateway-client';
import type { MemberStatus } from '@tracecal/network/engine';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium, type Consortium } from '@tracecal/network/topology';
import { descriptionText } from '../ceremony.js';
import type { CliUser } from '../commandLine.js';
import { eventually } from '../eventually.js';
import { presentDates, twoCountries, type Hierarchy } from '../hierarchy.js';
import { submitAll } from '../submit.js';
import type { Machine } from './machine.js';
import { Machines } from './machines.js';
import { hostOf, NAMES, PLACES } from './placedMembers.js';
import type { RemoteClient } from './remoteClient.js';

const PATIENCE_MS = 120_000;
const CALIBRATION = 'calibration';

/** Members of a consortium, each on its machine, with what they do there. Signatures of the calibration chain are made here, for all. */
export class Members {
  readonly machines = new Machines(PLACES, NAMES);
  readonly #clients = new Map<string, RemoteClient>();

  private constructor(
    readonly founded: Consortium,
    readonly hierarchy: Hierarchy,
  ) {}

  /** Makes the machines, and the two files that all agree on: the description, and the founding statement of the registry. */
  static async prepare(founded: Consortium): Promise<Members> {
    const members = new Members(founded, await twoCountries(undefined, presentDates()));
    members.machines.start();
    writeFileSync(members.file('consortium.yaml'), descriptionText(founded));
    writeFileSync(members.file('founding.json'), canonicalJson(members.hierarchy.steps[0]!.item));
    return members;
  }

  /** Ends and removes everything. */
  stop(): void {
    this.machines.stop();
  }

  get founders(): readonly string[] {
    return this.founded.organisations.map(({ id }) => id);
  }

  machine(id: string): Machine {
    return this.machines.get(id);
  }

  user(id: string): CliUser {
    return this.machine(id).user;
  }

  /** A file that is exchanged. */
  file(name: string): string {
    return this.machines.file(name);
  }

  /** The ceremony up to the signatures of all. @returns The fingerprints that they got. */
  async found(): Promise<readonly string[]> {
    const { founders } = this;
    await everyone(founders, async (id) => {
      await this.user(id).succeed('member', 'init', '--member', id, '--consortium', this.file('consortium.yaml'));
      await this.user(id).succeed('member', 'request', '-o', this.file(`${id}.json`));
    });
    const files = founders.map((id) => this.file(`${id}.json`));
    const fingerprints = await everyone(founders, async (id) => {
      const { fingerprint } = await this.user(id).succeed<{ fingerprint: string }>('member', 'assemble', ...files);
      await this.user(id).succeed('member', 'sign', '-o', this.file(`${id}.signature.json`));
      return fingerprint;
    });
    const signatures = founders.map((id) => this.file(`${id}.signature.json`));
    await everyone(founders, (id) => this.user(id).succeed('member', 'check', ...signatures));
    return fingerprints;
  }

  /** Generates the rules on the machine itself, from its own description, and loads them. */
  async loadRules(id: string): Promise<void> {
    const generate = ['firewall', 'generate', '--host', hostOf(id)];
    const { rulesets } = await this.user(id).succeed<{ rulesets: readonly { ruleset: string }[] }>(...generate);
    this.machine(id).load(rulesets[0]!.ruleset);
  }

  async up(id: string): Promise<void> {
    await this.user(id).succeed('member', 'up', '--detach', '--founding', this.file('founding.json'));
  }

  async statusOf(id: string): Promise<{ readonly code: number; readonly status: MemberStatus }> {
    const { code, document } = await this.user(id).run('member', 'status');
    return { code, status: document as MemberStatus };
  }

  /**
   * Its nodes run, it reaches all others, and every chaincode is committed, and approved by itself.
   * @param isClosed - Whether the calibration channel does not let it approve yet: it only reads there.
   */
  async isWhole(id: string, isClosed = this.#reads(id)): Promise<void> {
    await eventually(async () => {
      const { code, status } = await this.statusOf(id);
      const open = status.chaincodes.filter(({ isApproved }) => !isApproved).map(({ channel }) => channel);
      assert.deepEqual([code, open], isClosed ? [5, [CALIBRATION]] : [0, []], JSON.stringify(status));
      assert.ok(status.chaincodes.every(({ isCommitted }) => isCommitted));
      assert.ok(status.others.every(({ isReached }) => isReached));
    }, PATIENCE_MS);
  }

  /** A client on the machine of a member, with its own identity. */
  async client(id: string): Promise<RemoteClient> {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const { data } = this.machine(id);
    const { organisations } = readConsortium(join(data, 'consortium.yaml'));
    const organisation = organisations.find((each) => each.id === id)!;
    const client = await this.machine(id).connect(connectionProfileFile(join(data, 'crypto-config'), organisation));
    this.#clients.set(id, client);
    return client;
  }

  /** Loses a machine, and its client with it. */
  lose(id: string): void {
    this.#clients.delete(id);
    this.machine(id).lose();
  }

  /** Submits everything from a step on. Any member of the level may submit what is signed, so those who are not there need not be. */
  async submit(from = 0): Promise<void> {
    await submitAll(this.hierarchy, this.hierarchy.submissions(from), async (by): Promise<TraceCal> => {
      const { member } = await this.client(this.founders.includes(by) ? by : 'lab-alpha');
      return member;
    });
  }

  /** Registers a technician of a laboratory by its own client. */
  async register(technician: string, laboratory = 'lab-alpha'): Promise<void> {
    const before = this.hierarchy.steps.length;
    await this.hierarchy.addTechnician({ id: technician, organisation: laboratory });
    const { member } = await this.client(laboratory);
    await submitAll(this.hierarchy, this.hierarchy.submissions(before), () => member);
  }

  async isKnown(to: string, technician: string, laboratory = 'lab-alpha'): Promise<boolean> {
    const { member } = await this.client(to);
    try {
      await member.getTechnician(`${laboratory}/${technician}`);
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'NOT_FOUND', (error as Error).message);
      return false;
    }
  }

  async knows(to: string, technician: string, laboratory?: string): Promise<void> {
    await eventually(async () => {
      assert.equal(await this.isKnown(to, technician, laboratory), true, `${to} ${technician}`);
    }, PATIENCE_MS);
  }

  sensor(side: 'a' | 'b'): string {
    return [...this.hierarchy.devices.keys()].find((id) => id.endsWith(`sensor-${side}`))!;
  }

  async traces(id: string, device: string): Promise<void> {
    const { member } = await this.client(id);
    await eventually(async () => {
      const { status, reason } = await member.traceCal(device, { asOf: instantOf(Date.now()) });
      assert.equal(status, 'TRACEABLE', `${id}: ${reason}`);
    }, PATIENCE_MS);
  }

  /** A change of the calibration channel: proposed, signed and applied by two of the three institutes. */
  async propose(name: string, ...change: readonly string[]): Promise<void> {
    const [made, one, two] = ['', '.north', '.south'].map((end) => this.file(`${name}${end}.json`)) as [
      string,
      string,
      string,
    ];
    const [north, south] = [this.user('nmi-north'), this.user('nmi-south')];
    await north.succeed('proposal', 'create', CALIBRATION, ...change, '-o', made);
    await north.succeed('proposal', 'sign', made, '-o', one);
    await south.succeed('proposal', 'sign', one, '-o', two);
    await south.succeed('proposal', 'apply', two);
  }

  /** Takes a changed description, as soon as its own peer has the change. */
  async adopt(id: string, ...description: readonly string[]): Promise<void> {
    await eventually(() => this.user(id).succeed('member', 'adopt', ...description), PATIENCE_MS);
  }

  #reads(id: string): boolean {
    return this.founded.channels.find(({ name }) => name === CALIBRATION)!.readers.includes(id);
  }
}

/** What all do at the same time. */
export function everyone<T>(ids: readonly string[], act: (id: string) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(ids.map(act));
}
