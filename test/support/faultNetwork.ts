import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ordererChannel } from '@tracecal/network/admin';
import { startNative, type FabricNetwork, type NodeProcess } from '@tracecal/network/fabric';
import type { Consortium } from '@tracecal/network/topology';
import type { ApplicationNetwork } from './application.js';
import { eventually } from './eventually.js';
import { KV, scenarioConsortium, SHARED } from './scenarioConsortium.js';

const ORDERERS = 4;

/** A network of real Fabric whose processes can be killed, paused and started again, one by one. */
export class FaultNetwork implements ApplicationNetwork {
  readonly #native: FabricNetwork;
  readonly #dataDir: string;
  readonly consortium: Consortium;

  private constructor(native: FabricNetwork, dataDir: string, consortium: Consortium) {
    this.#native = native;
    this.#dataDir = dataDir;
    this.consortium = consortium;
  }

  /** Four organisations and four orderers on one channel. */
  static async start(): Promise<FaultNetwork> {
    const all = scenarioConsortium();
    const consortium = {
      ...all,
      channels: all.channels.filter(({ name }) => name === SHARED),
      chaincodes: all.chaincodes.filter(({ name }) => name === KV),
    };
    const dataDir = mkdtempSync(join(tmpdir(), 'tracecal-faults-'));
    try {
      return new FaultNetwork(await startNative({ consortium, dataDir, ports: 'free' }), dataDir, consortium);
    } catch (error) {
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

  get chaincode(): NodeProcess {
    return this.processes.find(({ kind }) => kind === 'chaincode')!;
  }

  peerOf(member: string): NodeProcess {
    return this.processes.find(({ kind, name }) => kind === 'peer' && name.endsWith(`.${member}.example`))!;
  }

  /** The orderer that proposes the blocks at present, by what the living ones say. */
  async leader(): Promise<NodeProcess> {
    return eventually(async () => {
      const answers = await Promise.all(this.orderers.filter(({ running }) => running).map(leaderNamedBy));
      const named = answers.find((consenterId) => consenterId > 0);
      const leader = this.consortium.orderers.find(({ consenterId }) => consenterId === named);
      if (leader === undefined) throw new Error('no orderer knows a leader');
      return this.orderers.find(({ name }) => name.startsWith(`${leader.name}.`))!;
    });
  }

  /** Resolves when every orderer has every block: until then one that was away does not count for the next fault. */
  async level(): Promise<void> {
    await eventually(async () => {
      const parts = await Promise.all(this.#native.orderers.map(({ admin }) => ordererChannel(admin, SHARED)));
      const heights = parts.map((part) => part?.height);
      if (new Set(heights).size > 1) throw new Error(`the orderers have ${heights.join(', ')} blocks`);
    });
  }

  /** Resolves when every organisation is discoverable again. */
  ready(): Promise<void> {
    return this.#native.ready();
  }

  async stop(): Promise<void> {
    // A paused process would not hear that it is to end.
    for (const process of this.processes) process.kill('SIGCONT');
    await this.#native.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
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

async function leaderNamedBy({ operations = '' }: NodeProcess): Promise<number> {
  const answer = await fetch(`http://${operations}/metrics`, { signal: AbortSignal.timeout(2000) });
  const [, id = '0'] = /^consensus_\w*leader_id\{[^}]*\} (\d+)/im.exec(await answer.text()) ?? [];
  if (Number(id) > ORDERERS) throw new Error(`there is no orderer ${id}`);
  return Number(id);
}
