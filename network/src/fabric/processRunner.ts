import type { Log } from '../log.js';
import type { ChaincodeDeployment } from '../topology/index.js';
import { listening, LOOPBACK } from '../ports.js';
import type { FabricBinaries } from './binaries.js';
import {
  keepPackage,
  prepareChaincode,
  processName,
  type PreparedChaincode,
  type ServicePlan,
} from './chaincodeService.js';
import { FabricError } from './errors.js';
import type { Layout } from './layout.js';
import { ManagedProcess, waitFor, type ProcessPlan } from './managedProcess.js';
import { keepServices, type Placement } from './placement.js';
import { checkPort, checkPorts } from './portCheck.js';
import { nodePlans } from './processes.js';
import type { PackagedChaincode, Runner } from './runner.js';
import { GRACE_MS } from './supervision.js';

const START_TIMEOUT_MS = 30_000;

/** Runs a network as processes of this machine, which end with this one. */
export class ProcessRunner implements Runner {
  readonly #layout: Layout;
  readonly #binaries: FabricBinaries;
  readonly #log: Log | undefined;
  readonly #nodes = new Map<string, ManagedProcess>();
  /** By the name of the process, which has the chaincode's version in it. */
  readonly #services = new Map<string, ManagedProcess>();
  /** What the services were started with: code that is built anew meanwhile is none of theirs. */
  #prepared: ReadonlyMap<string, PreparedChaincode> = new Map();
  /** The last resort when this process ends without having stopped the network. */
  readonly #onExit = (): void => {
    for (const process of this.processes) process.kill('SIGTERM');
  };

  constructor(layout: Layout, binaries: FabricBinaries, log?: Log) {
    this.#layout = layout;
    this.#binaries = binaries;
    this.#log = log;
    process.once('exit', this.#onExit);
  }

  get processes(): readonly ManagedProcess[] {
    return [...this.#nodes.values(), ...this.#services.values()];
  }

  package(deployment: ChaincodeDeployment): Promise<PackagedChaincode> {
    return prepareChaincode(this.#layout, deployment);
  }

  async run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    await this.#runNodes(placement);
    const packaged: PackagedChaincode[] = [];
    const own = new Map<string, PreparedChaincode>();
    const services: ServicePlan[] = [];
    // One after the other: each may take a port and write it down.
    for (const deployment of chaincodes) {
      const name = processName(deployment);
      const prepared = this.#prepared.get(name) ?? (await prepareChaincode(this.#layout, deployment));
      await keepPackage(this.#layout.chaincodeDir(deployment.name), prepared.package);
      packaged.push({ deployment, package: prepared.package });
      if (prepared.service !== undefined) {
        own.set(name, prepared);
        services.push(prepared.service);
      }
    }
    await this.#runServices(services);
    await keepServices(this.#layout, [...own.keys()]);
    this.#prepared = own;
    return packaged;
  }

  restart(name: string, why?: string): Promise<void> {
    return this.#node(name).restart(GRACE_MS, why);
  }

  waitFor(name: string, check: () => Promise<boolean>): Promise<void> {
    return waitFor(this.#node(name), check, START_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    // Peers before orderers: a peer whose orderers are gone retries until it is told to end.
    await stopAll(this.processes.filter(({ kind }) => kind !== 'orderer'));
    await stopAll(this.processes);
    process.off('exit', this.#onExit);
  }

  async #runNodes(placement: Placement): Promise<void> {
    const plans = nodePlans(this.#layout, placement, this.#binaries);
    const described = new Set(plans.map(({ name }) => name));
    const joining = plans.filter(({ name }) => !this.#nodes.has(name));
    await end(this.#nodes, (name) => !described.has(name));
    await checkPorts(placement, joining);
    await Promise.all(joining.map((plan) => this.#start(this.#nodes, plan)));
  }

  async #runServices(plans: readonly ServicePlan[]): Promise<void> {
    const services = new Map(plans.map((plan) => [plan.name, plan]));
    const missing = [...services.values()].filter(({ name }) => this.#services.get(name)?.running !== true);
    await Promise.all(missing.map(({ name, port }) => checkPort(name, port)));
    await Promise.all(
      missing.map(async (service) => {
        const managed = await this.#start(this.#services, service);
        await waitFor(managed, () => listening(LOOPBACK, service.port), START_TIMEOUT_MS);
      }),
    );
    await end(this.#services, (name) => !services.has(name));
  }

  async #start(group: Map<string, ManagedProcess>, plan: ProcessPlan): Promise<ManagedProcess> {
    // One that has ended by itself may be about to be started again, by an older plan.
    await group.get(plan.name)?.stop(GRACE_MS);
    const managed = new ManagedProcess(plan, ({ name, logFile }, how, delayMs) => {
      const when = `in ${delayMs / 1000} s`;
      this.#log?.('error', `${name} has ended by itself (${how}) and is started again ${when}: see ${logFile}.`);
    });
    group.set(plan.name, managed);
    try {
      await managed.start();
      return managed;
    } catch (error) {
      group.delete(plan.name);
      throw error;
    }
  }

  #node(name: string): ManagedProcess {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new FabricError('PROCESS_ENDED', `${name} does not run here any more.`);
    return node;
  }
}

async function end(group: Map<string, ManagedProcess>, leaves: (name: string) => boolean): Promise<void> {
  const leaving = [...group].filter(([name]) => leaves(name));
  for (const [name] of leaving) group.delete(name);
  await stopAll(leaving.map(([, managed]) => managed));
}

async function stopAll(processes: readonly ManagedProcess[]): Promise<void> {
  await Promise.all(processes.map((managed) => managed.stop(GRACE_MS)));
}
