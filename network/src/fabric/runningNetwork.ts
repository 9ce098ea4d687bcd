import { listOrdererChannels } from '../admin/index.js';
import { listening } from '../embedded/peer/chaincodeProcess.js';
import type { Log, OrganisationEndpoint } from '../embedded/index.js';
import { connectionProfileFile, hostOf, memberTree } from '../pki/index.js';
import type { MemberOrganisation } from '../topology/index.js';
import type { FabricBinaries } from './binaries.js';
import { joinOrdererToChannels, joinPeerToChannels } from './channels.js';
import type { PreparedChaincode } from './chaincodeService.js';
import { deployChaincode } from './deploy.js';
import type { Layout } from './layout.js';
import { ManagedProcess, waitFor, type ProcessPlan } from './managedProcess.js';
import type { NativeNetwork, NodeProcess } from './network.js';
import { ordererHandle, peerHandle, type OrdererHandle, type PeerHandle } from './nodes.js';
import { LOOPBACK, type Placement } from './placement.js';
import { checkPorts } from './portCheck.js';
import { ordererPlan, peerPlan } from './processes.js';
import { waitUntilDiscoverable } from './readiness.js';
import { GRACE_MS, resignSupervisor } from './supervision.js';

/** What a network is made of, written and chosen already. */
export interface NetworkParts {
  readonly layout: Layout;
  readonly placement: Placement;
  readonly binaries: FabricBinaries;
  readonly chaincodes: readonly PreparedChaincode[];
  readonly log?: Log | undefined;
}

const START_TIMEOUT_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;

/** The processes of a network, and the connections by which they are administered. */
export class RunningNetwork implements NativeNetwork {
  readonly organisations: readonly OrganisationEndpoint[];
  readonly cryptoDir: string;
  readonly processes: readonly NodeProcess[];
  readonly #parts: NetworkParts;
  readonly #log: Log;
  readonly #orderers: readonly (readonly [ManagedProcess, OrdererHandle])[];
  readonly #peers: readonly (readonly [ManagedProcess, PeerHandle])[];
  readonly #services: readonly (readonly [ManagedProcess, PreparedChaincode])[];
  /** The last resort when this process ends without having stopped the network. */
  readonly #onExit = (): void => {
    for (const process of this.#managed()) process.kill('SIGTERM');
  };
  #stopped: Promise<void> | undefined;

  constructor(parts: NetworkParts, orderers: readonly OrdererHandle[], peers: readonly PeerHandle[]) {
    this.#parts = parts;
    this.#log = parts.log ?? (() => undefined);
    const { layout, placement, binaries } = parts;
    const { consortium } = placement;
    this.cryptoDir = layout.cryptoDir;
    this.organisations = consortium.organisations.map((organisation) => endpointOf(layout.cryptoDir, organisation));

    const ordererPlans = consortium.orderers.map((orderer) => ordererPlan(layout, binaries, orderer));
    const peerPlans = consortium.organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => peerPlan(layout, binaries, organisation, peer)),
    );
    this.#orderers = this.#pair(ordererPlans, orderers);
    this.#peers = this.#pair(peerPlans, peers);
    this.#services = parts.chaincodes.flatMap((chaincode) =>
      chaincode.process === undefined ? [] : [[this.#process(chaincode.process), chaincode] as const],
    );
    this.processes = [
      ...this.#orderers.map(([process]) => nodeProcess(process, 'orderer')),
      ...this.#peers.map(([process]) => nodeProcess(process, 'peer')),
      ...this.#services.map(([process]) => nodeProcess(process, 'chaincode')),
    ];
  }

  /** Starts everything and resolves when it is ready; on failure nothing is left running. */
  async start(): Promise<void> {
    try {
      await checkPorts(this.#parts.placement);
      process.once('exit', this.#onExit);
      await Promise.all(this.#managed().map((managed) => managed.start()));
      await Promise.all([this.#joinOrderers(), this.#joinPeers(), this.#awaitServices()]);
      this.#log('info', 'Orderers and peers run and have joined their channels.');
      await Promise.all(this.#parts.chaincodes.map((chaincode) => this.#deploy(chaincode)));
      await this.ready();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const deployments = this.#parts.chaincodes.map(({ deployment }) => deployment);
    const peers = this.#peers.map(([, handle]) => handle);
    await waitUntilDiscoverable(this.#parts.placement.consortium, deployments, peers, timeoutMs);
    this.#log('info', 'Every organisation is discoverable for every chaincode on its channels.');
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const [, { connection }] of [...this.#orderers, ...this.#peers]) connection.close();
    // Peers before orderers: a peer whose orderers are gone retries until it is told to end.
    await Promise.all([...this.#services, ...this.#peers].map(([managed]) => managed.stop(GRACE_MS)));
    await Promise.all(this.#orderers.map(([managed]) => managed.stop(GRACE_MS)));
    process.off('exit', this.#onExit);
    await resignSupervisor(this.#parts.layout);
  }

  async #joinOrderers(): Promise<void> {
    const { placement, layout } = this.#parts;
    await Promise.all(
      this.#orderers.map(async ([managed, orderer]) => {
        await waitFor(managed, () => succeeds(listOrdererChannels(orderer.admin)), START_TIMEOUT_MS);
        await joinOrdererToChannels(orderer, placement.consortium.channels, layout);
      }),
    );
  }

  async #joinPeers(): Promise<void> {
    const { placement, layout } = this.#parts;
    await Promise.all(
      this.#peers.map(async ([managed, peer]) => {
        await waitFor(managed, () => succeeds(peer.connection.ready(1000)), START_TIMEOUT_MS);
        await joinPeerToChannels(peer, placement.consortium.channels, layout);
      }),
    );
  }

  async #awaitServices(): Promise<void> {
    await Promise.all(
      this.#services.map(([managed, { address }]) =>
        waitFor(managed, () => listening(LOOPBACK, Number(address.split(':').at(-1))), START_TIMEOUT_MS),
      ),
    );
  }

  async #deploy(chaincode: PreparedChaincode): Promise<void> {
    const peers = this.#peers.map(([, handle]) => handle);
    const orderers = this.#orderers.map(([, { connection }]) => connection);
    await deployChaincode(chaincode, this.#parts.placement.consortium, { peers, orderers });
    const { name, channels } = chaincode.deployment;
    this.#log('info', `Chaincode ${name} (${chaincode.package.id}) is committed on ${channels.join(', ')}.`);
  }

  #managed(): readonly ManagedProcess[] {
    return [...this.#orderers, ...this.#peers, ...this.#services].map(([managed]) => managed);
  }

  #pair<T>(plans: readonly ProcessPlan[], handles: readonly T[]): readonly (readonly [ManagedProcess, T])[] {
    return handles.flatMap((handle, index) => {
      const plan = plans[index];
      return plan === undefined ? [] : [[this.#process(plan), handle] as const];
    });
  }

  #process(plan: ProcessPlan): ManagedProcess {
    return new ManagedProcess(plan, (managed, how) => {
      this.#log('error', `${managed.name} has ended by itself (${how}): see ${managed.logFile}.`);
    });
  }
}

/** A network whose processes have not been started yet. */
export async function assembleNetwork(parts: NetworkParts): Promise<RunningNetwork> {
  const { layout, placement } = parts;
  const orderers = await Promise.all(
    placement.consortium.orderers.map((orderer) => ordererHandle(layout.cryptoDir, orderer)),
  );
  const peers = await Promise.all(
    placement.consortium.organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => peerHandle(layout.cryptoDir, organisation, peer)),
    ),
  );
  return new RunningNetwork(parts, orderers, peers);
}

function nodeProcess(process: ManagedProcess, kind: NodeProcess['kind']): NodeProcess {
  return Object.assign(process, { kind });
}

function endpointOf(cryptoDir: string, organisation: MemberOrganisation): OrganisationEndpoint {
  const [peer] = organisation.peers;
  return {
    id: organisation.id,
    mspId: organisation.mspId,
    gatewayEndpoint: `${LOOPBACK}:${peer?.port ?? 0}`,
    tlsHostName: peer === undefined ? organisation.domain : hostOf(peer, organisation),
    tlsCaCert: memberTree(cryptoDir, organisation).tlsCaCertificate,
    profile: connectionProfileFile(cryptoDir, organisation),
  };
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
