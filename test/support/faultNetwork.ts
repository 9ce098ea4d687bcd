import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ordererChannel } from '@tracecal/network/admin';
import { freePorts, startNative, type FabricNetwork, type NodeProcess } from '@tracecal/network/fabric';
import type { Consortium } from '@tracecal/network/topology';
import type { ApplicationNetwork } from './application.js';
import { eventually } from './eventually.js';
import { askOperations } from './operations.js';
import { LOOPBACK, Partition } from './partition.js';
import { SHARED, sharedChannelAlone } from './scenarioConsortium.js';

const ORDERERS = 4;
const LAST_WORDS = 12;
/** An orderer that is one block behind waits for 10 s before it fetches it. */
const LEVEL_MS = 15_000;
const IN_STEP_MS = 15_000;
/** So many blocks can lie between the answers of two orderers who write the same. */
const APART = 2;
/** After so many blocks, who only fetches them from the others has fallen behind. */
const TOGETHER = 10;

/** A network of real Fabric whose processes can be killed, paused, cut off and started again, one by one. */
export class FaultNetwork implements ApplicationNetwork {
  readonly #native: FabricNetwork;
  readonly #dataDir: string;
  readonly #partition: Partition;
  readonly consortium: Consortium;

  private constructor(native: FabricNetwork, dataDir: string, partition: Partition, consortium: Consortium) {
    this.#native = native;
    this.#partition = partition;
    this.#dataDir = dataDir;
    this.consortium = consortium;
  }

  /** Four organisations and four orderers on one channel; every way to an orderer leads through a relay. */
  static async start(): Promise<FaultNetwork> {
    const partition = new Partition();
    const dataDir = mkdtempSync(join(tmpdir(), 'tracecal-faults-'));
    try {
      const consortium = await relayed(sharedChannelAlone(), partition);
      const native = await startNative({ consortium, dataDir, ports: 'free' });
      return new FaultNetwork(native, dataDir, partition, consortium);
    } catch (error) {
      partition.close();
      rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  get organisations(): FabricNetwork['organisations'] {
    return this.#native.organisations;
  }

  get cryptoDir(): string {
    return this.#native.cryptoDir;
  }

  get processes(): readonly NodeProcess[] {
    return this.#native.processes;
  }

  get orderers(): readonly NodeProcess[] {
    return this.processes.filter(({ kind }) => kind === 'orderer');
  }

  /** The chaincode's processes, one for each member. */
  get chaincodes(): readonly NodeProcess[] {
    return this.processes.filter(({ kind }) => kind === 'chaincode');
  }

  peerOf(member: string): NodeProcess {
    return this.processes.find(({ kind, name }) => kind === 'peer' && name.endsWith(`.${member}.example`))!;
  }

  /** The orderer that proposes the blocks at present, by what most of the living ones say. */
  async leader(): Promise<NodeProcess> {
    return eventually(async () => {
      const living = this.orderers.filter(({ running }) => running);
      const answers = await Promise.all(living.map((orderer) => leaderNamedBy(orderer, this.cryptoDir)));
      const named = answers.find((id) => 2 * answers.filter((other) => other === id).length > living.length);
      const leader = this.consortium.orderers.find(({ consenterId }) => consenterId === named);
      if (leader === undefined) throw new Error(`the orderers do not agree on a leader: ${answers.join(', ')}`);
      return this.orderers.find(({ name }) => name.startsWith(`${leader.name}.`))!;
    });
  }

  /** Lets nothing through between these orderers and the others, the peers and the clients, until {@link heal}. */
  cutOff(...orderers: readonly NodeProcess[]): Promise<void> {
    return this.#partition.separate(...orderers);
  }

  heal(): void {
    this.#partition.heal();
  }

  #heights(): Promise<readonly number[]> {
    return Promise.all(this.orderers.map((orderer) => this.heightOf(orderer)));
  }

  /** How many blocks an orderer has. */
  async heightOf({ name }: NodeProcess): Promise<number> {
    const { admin } = this.#native.orderers.find((orderer) => orderer.name === name)!;
    return (await ordererChannel(admin, SHARED))!.height;
  }

  /** Resolves when all orderers have the same blocks, or after a while: one may hear of the last block only with the next. */
  async level(): Promise<void> {
    const end = Date.now() + LEVEL_MS;
    while (new Set(await this.#heights()).size > 1 && Date.now() < end) await pause(100);
  }

  /** Resolves when all orderers have written blocks at the same time, which only load can show. @throws Error when one lags behind */
  async inStep(): Promise<void> {
    const end = Date.now() + IN_STEP_MS;
    const first = Math.max(...(await this.#heights()));
    for (let lowest = first; lowest < first + TOGETHER;) {
      await pause(100);
      const heights = await this.#heights();
      lowest = Math.min(...heights);
      if (Math.max(...heights) > lowest + APART || Date.now() > end) {
        throw new Error(
          `the orderers have ${heights.join(', ')} blocks, and do not write the same ones from ${first} on`,
        );
      }
    }
  }

  /** What can be said of the orderers when something went wrong: who runs, leads, has how many blocks, and said what last. */
  condition(): Promise<readonly string[]> {
    return Promise.all(
      this.orderers.map(async (orderer) => {
        const [height, leader] = await Promise.allSettled([
          this.heightOf(orderer),
          leaderNamedBy(orderer, this.cryptoDir),
        ]);
        const told = [height, leader].map((answer) => (answer.status === 'fulfilled' ? answer.value : 'unknown'));
        const log = readFileSync(orderer.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_WORDS);
        const state = orderer.running ? 'runs' : 'does not run';
        return [`${orderer.name} ${state}, blocks: ${told[0]}, leader: ${told[1]}`, ...log].join('\n        ');
      }),
    );
  }

  /** Resolves when every organisation is discoverable again. */
  ready(): Promise<void> {
    return this.#native.ready();
  }

  async stop(): Promise<void> {
    // A paused process would not hear that it is to end.
    for (const process of this.processes) process.kill('SIGCONT');
    await this.#native.stop();
    this.#partition.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

/** The scenarios' shared channel, with orderers that are reached through relays alone. */
async function relayed(all: Consortium, partition: Partition): Promise<Consortium> {
  const listenPorts = await freePorts(all.orderers.length);
  const orderers = await Promise.all(
    all.orderers.map(async (orderer, index) => {
      const listenPort = listenPorts[index]!;
      const port = await partition.relay(`${orderer.name}.${orderer.domain}`, { host: LOOPBACK, port: listenPort });
      return { ...orderer, port, listenPort };
    }),
  );
  return { ...all, orderers };
}

/** Ends processes with SIGKILL, all at once, and resolves when they are gone. */
export async function killed(...processes: readonly NodeProcess[]): Promise<void> {
  for (const process of processes) process.kill('SIGKILL');
  await eventually(() => {
    const left = processes.filter(({ running }) => running).map(({ name }) => name);
    return left.length === 0 ? Promise.resolve() : Promise.reject(new Error(`still running: ${left.join(', ')}`));
  });
}

/** Starts processes that were killed. */
export async function started(...processes: readonly NodeProcess[]): Promise<void> {
  await Promise.all(processes.map((process) => process.start()));
}

async function leaderNamedBy(orderer: NodeProcess, cryptoDir: string): Promise<number> {
  const { text } = await askOperations(orderer, cryptoDir, '/metrics');
  const [, id = '0'] = /^consensus_\w*leader_id\{[^}]*\} (\d+)/im.exec(text) ?? [];
  if (Number(id) > ORDERERS) throw new Error(`there is no orderer ${id}`);
  return Number(id);
}
