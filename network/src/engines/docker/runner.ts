import type { ChildProcess } from 'node:child_process';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaincodePackage } from '../../admin/index.js';
import { environmentOf, serviceName, type ChaincodeEnvironment } from '../../chaincode/index.js';
import type { ChaincodeDeployment, Consortium, MemberOrganisation } from '../../topology/index.js';
import { keepPackage, packageForeign, packageOwn } from '../common/chaincodes/chaincodeService.js';
import {
  CHAINCODE_PORT,
  chaincodeServiceName,
  composeFile,
  SERVICE_FILES,
  type ChaincodeContainer,
  type ContainerUsers,
} from './compose.js';
import { ImageContexts } from './image.js';
import type { DockerLayout } from './layout.js';
import type { Compose } from './tool.js';
import { FabricError } from '../common/errors.js';
import type { NodeProcess } from '../common/network.js';
import { nodesOf, type Placement } from '../common/places/placement.js';
import { checkPorts } from '../common/places/portCheck.js';
import { prepareChaincodes } from '../common/chaincodes/prepareChaincodes.js';
import type { PackagedChaincode, Runner } from '../common/processes/runner.js';
import { tlsFolder } from '../common/chaincodes/serviceTls.js';

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 200;
/** Interval for asking Docker whether a container still runs; the node itself is asked more often. */
const LOOK_MS = 3000;

/** A chaincode prepared for one member, with the container to start if the network runs the service itself. */
interface PreparedService {
  readonly package: ChaincodePackage;
  readonly container?: ChaincodeContainer;
}

/** Runs a network in containers: the compose file describes them, and Compose starts and stops them. */
export class DockerRunner implements Runner {
  /** Docker itself restarts containers. */
  readonly supervised = [];
  readonly #layout: DockerLayout;
  readonly #compose: Compose;
  readonly #users: ContainerUsers;
  readonly #environment: ChaincodeEnvironment;
  readonly #containers = new Map<string, Container>();
  readonly #images: ImageContexts;
  /** What the chaincodes' containers were made from: code that is rebuilt meanwhile does not change them. */
  #prepared: ReadonlyMap<string, PreparedService> = new Map();
  readonly #followers: ChildProcess[] = [];
  /** The compose file that was applied last. */
  #described = '';

  constructor(layout: DockerLayout, compose: Compose, users: ContainerUsers, environment: ChaincodeEnvironment) {
    this.#layout = layout;
    this.#compose = compose;
    this.#users = users;
    this.#environment = environment;
    this.#images = new ImageContexts(layout);
  }

  get processes(): readonly NodeProcess[] {
    return [...this.#containers.values()];
  }

  async package(consortium: Consortium, deployment: ChaincodeDeployment): Promise<PackagedChaincode> {
    const { packaged } = await prepareChaincodes(consortium, [deployment], async (one, member) => ({
      package: await this.#package(one, member),
    }));
    return packaged[0] ?? { deployment, packages: new Map() };
  }

  async run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    const nodes = nodesOf(placement.consortium);
    const joining = nodes.filter(({ name }) => !this.#containers.has(name));
    await checkPorts(placement, joining);
    const { packaged, services } = await prepareChaincodes(placement.consortium, chaincodes, (deployment, member) =>
      this.#packaged(deployment, member),
    );
    const own = [...services].filter(([, { container }]) => container !== undefined);
    const containers = own.flatMap(([, { container }]) => container ?? []);
    const wanted = [...nodes, ...containers.map(({ service: name }) => ({ name, kind: 'chaincode' as const }))];
    await this.#describe(await composeFile(this.#layout, placement, containers, this.#users));
    await this.#keep(wanted);
    await this.#images.keep(containers.map(({ staged }) => staged));
    this.#prepared = new Map(own);
    return packaged;
  }

  async restart(name: string): Promise<void> {
    await this.#compose.restart(name);
  }

  whileStopped(): Promise<void> {
    const why = 'A network in containers cannot be copied while it runs: stop it with `tracecal down` first.';
    return Promise.reject(new FabricError('NOT_COPIED', why));
  }

  async waitFor(name: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    let look = Date.now() + LOOK_MS;
    while (!(await check())) {
      const now = Date.now();
      if (now > deadline) {
        throw new FabricError(
          'NOT_READY',
          `${name} does not answer after ${START_TIMEOUT_MS} ms${await this.#last(name)}`,
        );
      }
      if (now > look && !(await this.#compose.runs(name))) {
        throw new FabricError('PROCESS_ENDED', `${name} ended${await this.#last(name)}`);
      }
      if (now > look) look = now + LOOK_MS;
      await pause(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#compose.down();
    } finally {
      for (const follower of this.#followers) follower.kill();
      for (const container of this.#containers.values()) container.running = false;
    }
  }

  /** Applies a compose file. */
  async #describe(file: string): Promise<void> {
    if (file === this.#described) return;
    this.#described = '';
    await writeFile(this.#layout.composeFile, file);
    await this.#compose.do('up', '--detach', '--build', '--remove-orphans');
    this.#described = file;
  }

  /** Records the running containers, and drops those that were removed. */
  async #keep(wanted: readonly Pick<NodeProcess, 'name' | 'kind'>[]): Promise<void> {
    const names = new Set(wanted.map(({ name }) => name));
    const leaving = [...this.#containers.keys()].filter((name) => !names.has(name));
    const joining = wanted.filter(({ name }) => !this.#containers.has(name));
    for (const name of leaving) this.#containers.delete(name);
    if (leaving.length > 0) await this.#compose.removeImages();
    for (const { name, kind } of joining) {
      const container = new Container(name, kind, this.#compose, this.#layout.containerLog);
      this.#containers.set(name, container);
    }
    if (joining.length > 0) {
      const { containerLog, logDir } = this.#layout;
      this.#followers.push(
        this.#compose.follow(
          containerLog,
          logDir,
          joining.map(({ name }) => name),
        ),
      );
    }
  }

  /** A member's chaincode, as it runs now or newly prepared, with its package in the data directory. */
  async #packaged(deployment: ChaincodeDeployment, member: MemberOrganisation): Promise<PreparedService> {
    const known = this.#prepared.get(serviceName(deployment, member));
    const prepared = known ?? (await this.#prepare(deployment, member));
    await keepPackage(this.#folder(deployment, member), prepared.package);
    return prepared;
  }

  async #prepare(deployment: ChaincodeDeployment, member: MemberOrganisation): Promise<PreparedService> {
    const packaged = await this.#package(deployment, member);
    const { service } = deployment;
    if ('address' in service) return { package: packaged };
    const staged = await this.#images.stage(service.package);
    const tls = tlsFolder(this.#folder(deployment, member));
    await giveTo(
      this.#users.chaincode,
      SERVICE_FILES.map((file) => join(tls, file)),
    );
    const environment = environmentOf(deployment, member.mspId, this.#environment);
    const container = {
      service: chaincodeServiceName(deployment, member),
      packageId: packaged.id,
      staged,
      tls,
      environment,
    };
    return { package: packaged, container };
  }

  #package(deployment: ChaincodeDeployment, member: MemberOrganisation): Promise<ChaincodePackage> {
    if ('address' in deployment.service) return packageForeign(deployment);
    const host = chaincodeServiceName(deployment, member);
    return packageOwn(this.#folder(deployment, member), deployment, `${host}:${CHAINCODE_PORT}`, [host]);
  }

  /** Each version has its own certificates, for its own name. */
  #folder({ name, version, service }: ChaincodeDeployment, member: MemberOrganisation): string {
    return this.#layout.chaincodeDir('address' in service ? name : `${name}@${version}`, member);
  }

  /** The reason of a container's end from its log, in one line. */
  async #last(name: string): Promise<string> {
    const text = await this.#compose.do('logs', '--no-color', '--tail', '60', name).catch(() => '');
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    // After a panic, Go prints the stacks of all goroutines.
    const line = lines.find((one) => /panic|fatal/i.test(one)) ?? lines.at(-1) ?? '';
    return `: ${line.trim()} (more in ${this.#layout.containerLog})`;
  }
}

/** One container of the network; tests cause faults with it. */
class Container implements NodeProcess {
  readonly pid = undefined;
  running = true;
  readonly #compose: Compose;

  constructor(
    readonly name: string,
    readonly kind: NodeProcess['kind'],
    compose: Compose,
    readonly logFile: string,
  ) {
    this.#compose = compose;
  }

  async start(): Promise<void> {
    await this.#compose.do('start', this.name);
    this.running = true;
  }

  kill(signal: NodeJS.Signals): void {
    this.running = false;
    void this.#compose.do('kill', '-s', signal, this.name).catch(() => undefined);
  }
}

/** Makes files readable for a container's user. Only root can change owners, and only root needs to. */
async function giveTo(user: string, files: readonly string[]): Promise<void> {
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  if (process.getuid?.() !== 0 || uid === 0) return;
  await Promise.all(files.map((file) => chown(file, uid, gid)));
}
