import { serviceName, type ChaincodeEnvironment } from '../../chaincode/index.js';
import type { Log } from '../../system/log.js';
import type { ChaincodeDeployment, Consortium, MemberOrganisation } from '../../topology/index.js';
import { listening, LOOPBACK } from '../../system/ports.js';
import type { FabricBinaries } from './binaries.js';
import {
  keepPackage,
  prepareService,
  type PreparedService,
  type ServicePlan,
} from '../common/chaincodes/chaincodeService.js';
import { FabricError } from '../common/errors.js';
import type { Layout } from '../common/places/layout.js';
import { ManagedProcess, waitFor, type ProcessPlan } from '../common/processes/managedProcess.js';
import { keepServices, type Placement } from '../common/places/placement.js';
import { checkPort, checkPorts } from '../common/places/portCheck.js';
import { prepareChaincodes } from '../common/chaincodes/prepareChaincodes.js';
import { nodePlans } from './processes.js';
import type { PackagedChaincode, Runner } from '../common/processes/runner.js';
import { GRACE_MS } from '../common/processes/supervision.js';

const START_TIMEOUT_MS = 30_000;
/** The services of all members start at the same time; on a machine with few processors this takes long. */
const SERVICE_TIMEOUT_MS = 120_000;

/** Runs a network as processes of this machine, which end with this process. */
export class ProcessRunner implements Runner {
  readonly #layout: Layout;
  readonly #binaries: FabricBinaries;
  readonly #environment: ChaincodeEnvironment;
  readonly #log: Log | undefined;
  readonly #nodes = new Map<string, ManagedProcess>();
  /** By the name of the process, which contains the member and the chaincode's version. */
  readonly #services = new Map<string, ManagedProcess>();
  #isStopped = false;
  /** What the services were started from: code that is rebuilt meanwhile does not change them. */
  #prepared: ReadonlyMap<string, PreparedService> = new Map();
  /** Last resort if this process ends without having stopped the network. */
  readonly #onExit = (): void => {
    for (const process of this.processes) process.kill('SIGTERM');
  };

  constructor(layout: Layout, binaries: FabricBinaries, environment: ChaincodeEnvironment, log?: Log) {
    this.#layout = layout;
    this.#binaries = binaries;
    this.#environment = environment;
    this.#log = log;
    process.once('exit', this.#onExit);
  }

  get processes(): readonly ManagedProcess[] {
    return [...this.#nodes.values(), ...this.#services.values()];
  }

  get supervised(): readonly ManagedProcess[] {
    return this.processes;
  }

  async package(consortium: Consortium, deployment: ChaincodeDeployment): Promise<PackagedChaincode> {
    const { packaged } = await prepareChaincodes(consortium, [deployment], (one, member) => this.#prepare(one, member));
    return packaged[0] ?? { deployment, packages: new Map() };
  }

  async run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    await this.#runNodes(placement);
    const running = { ...placement.consortium, ...placement.here };
    const { packaged, services } = await prepareChaincodes(running, chaincodes, (deployment, member) =>
      this.#packaged(deployment, member),
    );
    await this.#runServices(
      placement,
      [...services.values()].flatMap(({ service }) => service ?? []),
    );
    const own = new Map([...services].filter(([, { service }]) => service !== undefined));
    await keepServices(this.#layout, [...own.keys()]);
    this.#prepared = own;
    return packaged;
  }

  restart(name: string, why?: string): Promise<void> {
    return this.#node(name).restart(GRACE_MS, why);
  }

  async whileStopped(names: readonly string[], work: () => Promise<void>): Promise<void> {
    const nodes = names.map((name) => this.#node(name));
    await stopAll(nodes);
    try {
      await work();
    } finally {
      // Whoever stops everything meanwhile must not find a node running again.
      if (!this.#isStopped) await Promise.all(nodes.map((node) => node.start()));
    }
  }

  waitFor(name: string, check: () => Promise<boolean>): Promise<void> {
    return waitFor(this.#node(name), check, START_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    // Stop peers before orderers: a peer without orderers retries until it is told to end.
    await stopAll(this.processes.filter(({ kind }) => kind !== 'orderer'));
    await stopAll(this.processes);
    process.off('exit', this.#onExit);
  }

  /** A member's chaincode, as it runs now or newly prepared, with its package in the data directory. */
  async #packaged(deployment: ChaincodeDeployment, member: MemberOrganisation): Promise<PreparedService> {
    const known = this.#prepared.get(serviceName(deployment, member));
    const prepared = known ?? (await this.#prepare(deployment, member));
    await keepPackage(this.#layout.chaincodeDir(deployment.name, member), prepared.package);
    return prepared;
  }

  #prepare(deployment: ChaincodeDeployment, member: MemberOrganisation): Promise<PreparedService> {
    return prepareService(this.#layout, deployment, member, this.#environment);
  }

  async #runNodes(placement: Placement): Promise<void> {
    const plans = nodePlans(this.#layout, placement, this.#binaries);
    const described = new Set(plans.map(({ name }) => name));
    const joining = plans.filter(({ name }) => !this.#nodes.has(name));
    await end(this.#nodes, (name) => !described.has(name));
    await checkPorts(placement, joining);
    await Promise.all(joining.map((plan) => this.#start(this.#nodes, plan)));
  }

  async #runServices({ isNew }: Placement, plans: readonly ServicePlan[]): Promise<void> {
    const services = new Map(plans.map((plan) => [plan.name, plan]));
    const missing = [...services.values()].filter(({ name }) => this.#services.get(name)?.running !== true);
    await Promise.all(missing.map(({ name, port }) => checkPort(name, port, !isNew)));
    await Promise.all(
      missing.map(async (service) => {
        const managed = await this.#start(this.#services, service);
        await waitFor(managed, () => listening(LOOPBACK, service.port), SERVICE_TIMEOUT_MS);
      }),
    );
    await end(this.#services, (name) => !services.has(name));
  }

  async #start(group: Map<string, ManagedProcess>, plan: ProcessPlan): Promise<ManagedProcess> {
    // A process that ended by itself may be about to restart with an older plan.
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
