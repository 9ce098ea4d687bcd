import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeProcess } from '@tracecal/network/fabric';
import { asMember } from './application.js';
import { killed, started } from './faultNetwork.js';
import type { Member, MembersNetwork } from './membersNetwork.js';
import { hasOwnNetwork, run } from './ownNetwork.js';
import type { Random } from './random.js';
import { REGISTRY } from './registryNetwork.js';

/** Something that goes wrong on a network of members, and is over when this resolves. */
type Fault = (network: MembersNetwork, random: Random) => Promise<void>;

/** How long a fault lasts: shorter and longer than what nodes wait for each other. */
const SHORTEST_MS = 300;
const LONGEST_MS = 3000;
/** Of four orderers, agreement needs three. */
const TOO_MANY = 2;
const SLOWEST_MS = 250;
/** A peer's gateway takes 500 calls at once. */
const FLOOD = 800;
/** Of a hundred packets, so many are lost at most. */
const MOST_LOST = 20;
/** Enough for ledgers and logs of a run; what is left of it is filled. */
const DISK = '600m';

const EVERYWHERE: Readonly<Record<string, Fault>> = {
  'a node is killed': async (network, random) => {
    const node = oneOf(network.processes, random);
    await killed(node);
    await lasting(random);
    await started(node);
  },
  'a node stands still': async (network, random) => {
    const node = oneOf(network.processes, random);
    node.kill('SIGSTOP');
    await lasting(random);
    node.kill('SIGCONT');
    // Whoever sends a signal has taken over: from now on, the member starts it again when it ends.
    await started(node);
  },
  "a member's nodes are killed": async (network, random) => {
    const { processes } = oneOf(network.members, random);
    await killed(...processes);
    await lasting(random);
    await started(...processes);
  },
  'a member ends in order, and starts again': async (network, random) => {
    const member = oneOf(network.members, random);
    await member.stop();
    await lasting(random);
    await member.start();
  },
  'as many orderers are killed as stop all agreement': async (network, random) => {
    const orderers = shuffled(ofKind(network.processes, 'orderer'), random).slice(0, TOO_MANY);
    await killed(...orderers);
    await lasting(random);
    await started(...orderers);
  },
  'all nodes of all members are killed': async (network, random) => {
    const { processes } = network;
    await killed(...processes);
    await lasting(random);
    await started(...processes);
  },
  'a member is cut off from all others': async ({ links, members }, random) => {
    await links.separate(...oneOf(members, random).processes);
    await lasting(random);
    links.heal();
  },
  'two members are cut off from the others': async ({ links, members }, random) => {
    await links.separate(
      ...shuffled(members, random)
        .slice(0, TOO_MANY)
        .flatMap(({ processes }) => processes),
    );
    await lasting(random);
    links.heal();
  },
  "all connections of a member's nodes end": async ({ links, members }, random) => {
    const { processes } = oneOf(members, random);
    for (const end = Date.now() + durationOf(random); Date.now() < end;) {
      await links.breakOff(...processes);
      await pause(random.between(20, 500));
    }
  },
  'a member is slow': async ({ links, members }, random) => {
    await links.slowDown(random.between(10, SLOWEST_MS), ...oneOf(members, random).processes);
    await lasting(random);
    links.heal();
  },
  'a peer gets more calls at once than it takes': async (network, random) => {
    const { id } = oneOf(network.members, random);
    await asMember(network.seenBy(id), id, async (application) => {
      const contract = application.contract(REGISTRY.chaincode, REGISTRY.channel);
      await Promise.allSettled(Array.from({ length: FLOOD }, () => contract.evaluateTransaction('ping')));
    });
  },
  'a peer is killed while it appends to its file of blocks': (network, random) => torn(network, 'peer', random),
  'an orderer is killed while it appends to its file of blocks': (network, random) => torn(network, 'orderer', random),
  'a peer loses its disk': async (network, random) => {
    const member = oneOf(network.members, random);
    await member.stop();
    rmSync(join(member.dataDir, 'peers', member.peer.name, 'production'), { recursive: true });
    await member.start();
  },
};

/** Faults that need namespaces of which nobody else is a part. */
const [PACKETS_LOST, DISK_FULL] = ['packets are lost', "a member's disk is full"] as const;

/** The names of all faults. */
export const MEMBER_FAULTS: readonly string[] = [...Object.keys(EVERYWHERE), PACKETS_LOST, DISK_FULL];

const losePackets: Fault = async (_, random) => {
  const rule = `numgen random mod 100 < ${random.between(1, MOST_LOST)} drop`;
  run(
    'nft',
    ['-f', '-'],
    `table inet lossy {\n chain incoming {\n type filter hook input priority 0\n ${rule}\n }\n}\n`,
  );
  await lasting(random);
  run('nft', ['delete', 'table', 'inet', 'lossy']);
};

/** The faults of a run, and how often each of them was there. */
export class MemberFaults {
  readonly #network: MembersNetwork;
  readonly #random: Random;
  readonly #faults: ReadonlyMap<string, Fault>;
  readonly #happened = new Map<string, number>();
  #next: readonly string[] = [];

  private constructor(network: MembersNetwork, random: Random, faults: ReadonlyMap<string, Fault>) {
    this.#network = network;
    this.#random = random;
    this.#faults = faults;
  }

  static async of(network: MembersNetwork, random: Random): Promise<MemberFaults> {
    const faults = new Map(Object.entries(EVERYWHERE));
    if (hasOwnNetwork()) {
      faults.set(PACKETS_LOST, losePackets);
      faults.set(DISK_FULL, await fullDisk(network));
    } else {
      console.warn(
        `        left out: ${PACKETS_LOST}; ${DISK_FULL}. They need namespaces of their own (docs/faults.md)`,
      );
    }
    return new MemberFaults(network, random, faults);
  }

  get summary(): string {
    return [...this.#happened].map(([name, count]) => `${count} x ${name}`).join('; ');
  }

  /** Each kind once before any of them comes again. */
  async one(): Promise<void> {
    if (this.#next.length === 0) this.#next = shuffled([...this.#faults.keys()], this.#random);
    const [name = '', ...others] = this.#next;
    this.#next = others;
    this.#happened.set(name, (this.#happened.get(name) ?? 0) + 1);
    await this.#faults.get(name)!(this.#network, this.#random);
  }
}

async function torn(network: MembersNetwork, kind: NodeProcess['kind'], random: Random): Promise<void> {
  const node = oneOf(ofKind(network.processes, kind), random);
  await killed(node);
  tear(blockFile(ownerOf(network, node), node), random);
  await started(node);
}

/** A member's disk is full for a while. Nodes that end because of it are started again by whoever runs them. */
async function fullDisk(network: MembersNetwork): Promise<Fault> {
  const disk = await network.ownDisk(network.members.at(-1)!, DISK);
  return async (_, random) => {
    const filler = join(disk, 'filler');
    fill(filler);
    await lasting(random);
    rmSync(filler);
  };
}

function fill(file: string): void {
  const piece = Buffer.alloc(1 << 20);
  try {
    for (;;) appendFileSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function durationOf(random: Random): number {
  return random.between(SHORTEST_MS, LONGEST_MS);
}

async function lasting(random: Random): Promise<void> {
  await pause(durationOf(random));
}

function ofKind(processes: readonly NodeProcess[], kind: NodeProcess['kind']): readonly NodeProcess[] {
  return processes.filter((process) => process.kind === kind);
}

function ownerOf({ members }: MembersNetwork, node: NodeProcess): Member {
  return members.find(({ processes }) => processes.includes(node))!;
}

/** The file to which a peer or an orderer appends the blocks of the calibration level. */
function blockFile({ dataDir }: Member, { kind, name }: NodeProcess): string {
  const folder = join(dataDir, `${kind}s`, name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return join(
    folder,
    files
      .filter((file) => /(?:^|\/)chains\/calibration\/blockfile_\d+$/.test(file))
      .sort()
      .at(-1)!,
  );
}

/** The beginning of a block of which not everything reached the disk: its length, and some of its bytes. */
function tear(file: string, random: Random): void {
  const rest = Buffer.from(Array.from({ length: random.between(0, 2000) }, () => random.between(0, 255)));
  // A length in Protobuf's form, that of 5,000 bytes and more.
  appendFileSync(file, Buffer.concat([Buffer.from([0x88, random.between(0x27, 0x7f)]), rest]));
}

function oneOf<T>(things: readonly T[], random: Random): T {
  return things[random.between(0, things.length - 1)]!;
}

function shuffled<T>(things: readonly T[], random: Random): readonly T[] {
  return things
    .map((thing) => ({ thing, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ thing }) => thing);
}
