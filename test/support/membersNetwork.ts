import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaincodeEnvironment, OrganisationEndpoint } from '@tracecal/network/engine';
import { freePorts, startMember, type MemberNetwork, type NodeProcess } from '@tracecal/network/fabric';
import type { Consortium } from '@tracecal/network/topology';
import type { ApplicationNetwork } from './application.js';
import { agree, ceremonyOf, type Ceremony } from './ceremony.js';
import { run } from './ownNetwork.js';
import { Partition } from './partition.js';

/** One member's part of a network: a data directory, keys, nodes and a chaincode service of its own. */
export class Member {
  readonly id: string;
  readonly dataDir: string;
  readonly #environment: ChaincodeEnvironment;
  #network: MemberNetwork | undefined;

  constructor(id: string, dataDir: string, environment: ChaincodeEnvironment) {
    this.id = id;
    this.dataDir = dataDir;
    this.#environment = environment;
  }

  get network(): MemberNetwork {
    if (this.#network === undefined) throw new Error(`${this.id} has not been started.`);
    return this.#network;
  }

  get processes(): readonly NodeProcess[] {
    return this.network.processes;
  }

  get peer(): NodeProcess {
    return this.processes.find(({ kind }) => kind === 'peer')!;
  }

  async start(): Promise<void> {
    this.#network = await startMember({ dataDir: this.dataDir, chaincodeEnvironment: this.#environment });
  }

  async stop(): Promise<void> {
    // A paused process would not hear that it is to end.
    for (const process of this.processes) process.kill('SIGCONT');
    await this.network.stop();
  }
}

/** Where members' machines would be: addresses of loopback, of which each run of tests has its own. */
function addressOf(index: number): string {
  return `127.${64 + ((process.pid >> 8) % 128)}.${process.pid % 256}.${index}`;
}

/** Nodes listen on other addresses than those on which relays forward to them. */
const LISTENING = 100;

/** A consortium whose members each run their own nodes, as `tracecal member up` does. Every way to a node leads through a relay. */
export class MembersNetwork {
  readonly consortium: Consortium;
  readonly members: readonly Member[];
  readonly links: Partition;
  readonly #ceremony: Ceremony;
  readonly #disks: string[] = [];

  private constructor(ceremony: Ceremony, consortium: Consortium, links: Partition, environment: ChaincodeEnvironment) {
    this.consortium = consortium;
    this.links = links;
    this.#ceremony = ceremony;
    this.members = consortium.organisations.map(({ id }) => new Member(id, join(ceremony.root, id), environment));
  }

  /** Founds the consortium and resolves when every member has approved and committed all that it can. */
  static async start(described: Consortium, environment: ChaincodeEnvironment = {}): Promise<MembersNetwork> {
    const links = new Partition();
    const consortium = await relayed(described, links);
    const ceremony = await ceremonyOf(consortium, 'members');
    agree(ceremony);
    const network = new MembersNetwork(ceremony, consortium, links, environment);
    try {
      await network.#start();
      await Promise.all(network.members.map((member) => member.network.settled));
      return network;
    } catch (error) {
      await network.stop();
      throw error;
    }
  }

  get organisations(): readonly OrganisationEndpoint[] {
    return this.members.flatMap(({ network }) => network.organisations);
  }

  get processes(): readonly NodeProcess[] {
    return this.members.flatMap(({ processes }) => processes);
  }

  member(id: string): Member {
    return this.members.find((member) => member.id === id)!;
  }

  /** The network as a member's application sees it: only the member has its keys. */
  seenBy(id: string): ApplicationNetwork {
    return {
      consortium: this.consortium,
      organisations: this.organisations,
      cryptoDir: this.member(id).network.cryptoDir,
    };
  }

  /** Puts a member's peers on a disk of their own. @returns Where it is mounted */
  async ownDisk(member: Member, size: string): Promise<string> {
    const [disk, before] = [join(member.dataDir, 'peers'), join(member.dataDir, 'peers.before')];
    await member.stop();
    renameSync(disk, before);
    mkdirSync(disk);
    run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
    this.#disks.push(disk);
    cpSync(before, disk, { recursive: true });
    rmSync(before, { recursive: true });
    await member.start();
    return disk;
  }

  async restart(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.#start();
  }

  async stop(): Promise<void> {
    this.links.heal();
    await Promise.allSettled(this.members.map((member) => member.stop()));
    this.links.close();
    for (const disk of this.#disks) run('umount', [disk]);
    rmSync(this.#ceremony.root, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const starts = await Promise.allSettled(this.members.map((member) => member.start()));
    // Whoever stops everything because of a failure must not find a member that is still starting.
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  }
}

/** Each member's nodes are reached at its own address, where relays forward to the address on which they listen. */
async function relayed({ organisations, orderers, ...rest }: Consortium, links: Partition): Promise<Consortium> {
  const ids = organisations.map(({ id }) => id);
  const adminPorts = await freePorts(orderers.length);
  const placed = async (name: string, member: string) => {
    const [host, listen] = [0, LISTENING].map((first) => addressOf(first + ids.indexOf(member) + 1)) as [
      string,
      string,
    ];
    const port = portOf(name);
    await links.relay(name, { host: listen, port }, { host, port });
    return { host, listen, port };
  };
  const portOf = (name: string): number => (name.startsWith('orderer') ? 7050 : 7051);
  return {
    ...rest,
    organisations: await Promise.all(
      organisations.map(async (each) => ({
        ...each,
        peers: await Promise.all(
          each.peers.map(async (peer) => ({ ...peer, ...(await placed(`${peer.name}.${each.domain}`, each.id)) })),
        ),
      })),
    ),
    orderers: await Promise.all(
      orderers.map(async (orderer, index) => ({
        ...orderer,
        ...(await placed(`${orderer.name}.${orderer.domain}`, orderer.runBy)),
        adminPort: adminPorts[index]!,
      })),
    ),
  };
}
