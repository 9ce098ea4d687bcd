import type { ChildProcess } from 'node:child_process';
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listOrdererChannels } from '../admin/index.js';
import type { Log, OrganisationEndpoint } from '../embedded/index.js';
import type { ChaincodeDeployment } from '../topology/index.js';
import { joinOrdererToChannels, joinPeerToChannels } from './channels.js';
import { packageForeign, packageOwn, type PreparedChaincode } from './chaincodeService.js';
import { deployChaincode } from './deploy.js';
import { CHAINCODE_PORT, chaincodeServiceName, composeFile, type ChaincodeContainer } from './dockerCompose.js';
import type { ContainerUsers } from './dockerCompose.js';
import { stageChaincode, type StagedChaincode } from './dockerImage.js';
import type { DockerLayout } from './dockerLayout.js';
import type { Compose } from './dockerTool.js';
import { FabricError } from './errors.js';
import type { NativeNetwork, NodeProcess } from './network.js';
import type { OrdererHandle, PeerHandle } from './nodes.js';
import { LOOPBACK, type Placement } from './placement.js';
import { waitUntilDiscoverable } from './readiness.js';
import { endpointOf, succeeds } from './runningNetwork.js';
import { resignSupervisor } from './supervision.js';

const START_TIMEOUT_MS = 120_000;
const READY_TIMEOUT_MS = 120_000;
const GRACE_SECONDS = '10';

/** What a network in containers is made of, written and chosen already. */
export interface DockerParts {
  readonly layout: DockerLayout;
  readonly placement: Placement;
  readonly compose: Compose;
  readonly users: ContainerUsers;
  readonly orderers: readonly OrdererHandle[];
  readonly peers: readonly PeerHandle[];
  readonly log?: Log | undefined;
}

/** A running network in containers. Its members and authorities stay as they are. */
export type ContainerNetwork = Pick<
  NativeNetwork,
  'organisations' | 'cryptoDir' | 'processes' | 'peers' | 'orderers' | 'deploy' | 'ready' | 'reconfigure' | 'stop'
>;

interface Deployed {
  readonly prepared: PreparedChaincode;
  readonly container?: ChaincodeContainer;
}

/** Real Fabric in containers: Docker runs the nodes, this process deploys and administers over published ports. */
export class DockerNetwork implements ContainerNetwork {
  readonly organisations: readonly OrganisationEndpoint[];
  readonly cryptoDir: string;
  readonly orderers: readonly OrdererHandle[];
  readonly peers: readonly PeerHandle[];
  readonly #parts: DockerParts;
  readonly #deployed = new Map<string, Deployed>();
  readonly #containers = new Map<string, Container>();
  readonly #staged = new Map<string, Promise<StagedChaincode>>();
  #follower: ChildProcess | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: DockerParts) {
    const { layout, placement, orderers, peers } = parts;
    this.#parts = parts;
    this.cryptoDir = layout.cryptoDir;
    this.organisations = placement.consortium.organisations.map((member) => endpointOf(layout.cryptoDir, member));
    this.orderers = orderers;
    this.peers = peers;
    for (const { name } of orderers) this.#containers.set(name, this.#container(name, 'orderer'));
    for (const { name } of peers) this.#containers.set(name, this.#container(name, 'peer'));
  }

  get processes(): readonly NodeProcess[] {
    return [...this.#containers.values()];
  }

  /** Starts everything and resolves when it is ready; on failure nothing is left running. */
  async start(chaincodes: readonly ChaincodeDeployment[]): Promise<void> {
    try {
      const deployed: Deployed[] = [];
      for (const chaincode of chaincodes) deployed.push(await this.#prepare(chaincode));
      await this.#run(deployed);
      const { layout } = this.#parts;
      this.#follower = this.#parts.compose.follow(layout.containerLog, layout.logDir);
      await Promise.all([this.#joinOrderers(), this.#joinPeers()]);
      this.#log('info', 'Orderers and peers run and have joined their channels.');
      await Promise.all(deployed.map((one) => this.#define(one)));
      await this.ready();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async deploy(chaincode: ChaincodeDeployment): Promise<void> {
    const deployed = await this.#prepare(chaincode);
    // Both versions serve until the new one is committed and found.
    await this.#run([...this.#deployed.values(), deployed]);
    await this.#define(deployed);
    await this.ready();
    await this.#run([...this.#deployed.values()]);
  }

  async ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const chaincodes = Array.from(this.#deployed.values(), ({ prepared }) => prepared.deployment);
    await waitUntilDiscoverable(this.#parts.placement.consortium, chaincodes, this.peers, timeoutMs);
    this.#log('info', 'Every organisation is discoverable for every chaincode on its channels.');
  }

  /** @throws FabricError `OTHER_CONSORTIUM`: containers keep the members that they were made with. */
  reconfigure(): Promise<void> {
    const message =
      'The members of a network in containers do not change while it runs: use the native engine for that.';
    return Promise.reject(new FabricError('OTHER_CONSORTIUM', message));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const { connection } of [...this.orderers, ...this.peers]) connection.close();
    try {
      await this.#parts.compose.do('down', '--remove-orphans', '--timeout', GRACE_SECONDS);
    } finally {
      this.#follower?.kill();
      for (const container of this.#containers.values()) container.running = false;
      await resignSupervisor(this.#parts.layout);
    }
  }

  /** Brings the containers to what the compose file says. */
  async #run(deployed: readonly Deployed[]): Promise<void> {
    const { layout, placement, compose, users } = this.#parts;
    const own = deployed.flatMap(({ container }) => container ?? []);
    await writeFile(layout.composeFile, await composeFile(layout, placement, own, users));
    await compose.do('up', '--detach', '--build', '--remove-orphans');
    const names = new Set(own.map(({ service }) => service));
    for (const [name, { kind }] of this.#containers) {
      if (kind === 'chaincode' && !names.has(name)) this.#containers.delete(name);
    }
    for (const name of names) {
      this.#containers.set(name, this.#containers.get(name) ?? this.#container(name, 'chaincode'));
    }
    for (const container of this.#containers.values()) container.running = true;
  }

  async #prepare(deployment: ChaincodeDeployment): Promise<Deployed> {
    const { layout, users } = this.#parts;
    const { name, version, service } = deployment;
    if ('address' in service) {
      return { prepared: { deployment, package: await packageForeign(layout.chaincodeDir(name), deployment) } };
    }
    const host = chaincodeServiceName(deployment);
    const folder = layout.chaincodeDir(`${name}@${version}`);
    const packaged = await packageOwn(folder, deployment, `${host}:${CHAINCODE_PORT}`, [host]);
    const staged = await this.#stage(service.package);
    const tls = join(folder, 'tls');
    await giveTo(users.chaincode, tls);
    return {
      prepared: { deployment, package: packaged },
      container: { service: host, packageId: packaged.id, staged, tls },
    };
  }

  /** Once a start: chaincodes of one package share an image. */
  #stage(specifier: string): Promise<StagedChaincode> {
    const staged = this.#staged.get(specifier) ?? stageChaincode(specifier, this.#parts.layout.imageDir(specifier));
    this.#staged.set(specifier, staged);
    return staged;
  }

  async #define(deployed: Deployed): Promise<void> {
    const { deployment, package: packaged } = deployed.prepared;
    const orderers = this.orderers.map(({ connection }) => connection);
    await deployChaincode(deployed.prepared, this.#parts.placement.consortium, { peers: this.peers, orderers });
    this.#deployed.set(deployment.name, deployed);
    this.#log(
      'info',
      `Chaincode ${deployment.name} (${packaged.id}) is committed on ${deployment.channels.join(', ')}.`,
    );
  }

  async #joinOrderers(): Promise<void> {
    const { layout, placement } = this.#parts;
    await Promise.all(
      this.orderers.map(async (orderer) => {
        await this.#answers(orderer.name, () => succeeds(listOrdererChannels(orderer.admin)));
        await joinOrdererToChannels(orderer, placement.consortium.channels, layout);
      }),
    );
  }

  async #joinPeers(): Promise<void> {
    const { layout, placement } = this.#parts;
    await Promise.all(
      this.peers.map(async (peer) => {
        await this.#answers(peer.name, () => succeeds(peer.connection.ready(1000)));
        await joinPeerToChannels(peer, placement.consortium.channels, layout);
      }),
    );
  }

  async #answers(name: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await check())) {
      if (Date.now() > deadline) {
        const words = await this.#parts.compose.do('logs', '--no-color', '--tail', '5', name);
        throw new FabricError('NOT_READY', `${name} does not answer after ${START_TIMEOUT_MS} ms: ${words.trim()}`);
      }
      await pause(200);
    }
  }

  #container(name: string, kind: NodeProcess['kind']): Container {
    const { layout, placement, compose } = this.#parts;
    const port = placement.operations.get(name);
    return new Container(name, kind, compose, layout.containerLog, port === undefined ? {} : { operations: port });
  }

  #log(level: Parameters<Log>[0], message: string): void {
    this.#parts.log?.(level, message);
  }
}

/** One container of the network, as faults are made with it. */
class Container implements NodeProcess {
  readonly operations?: string;
  /** Processes in containers have no id here. */
  readonly pid = undefined;
  running = false;
  readonly #compose: Compose;

  constructor(
    readonly name: string,
    readonly kind: NodeProcess['kind'],
    compose: Compose,
    readonly logFile: string,
    { operations }: { readonly operations?: number },
  ) {
    this.#compose = compose;
    if (operations !== undefined) this.operations = `${LOOPBACK}:${operations}`;
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

/** Lets a container's user read a folder; only root can give things away, and only root needs to. */
async function giveTo(user: string, folder: string): Promise<void> {
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  if (process.getuid?.() !== 0 || uid === 0) return;
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) await chown(join(folder, file), uid, gid);
}
