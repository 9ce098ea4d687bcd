import { listOrdererChannels, ordererChannel } from '../admin/index.js';
import { listening } from '../embedded/peer/chaincodeProcess.js';
import type { Log, OrganisationEndpoint } from '../embedded/index.js';
import {
  admitNewAuthority,
  connectionProfileFile,
  hostOf,
  memberTree,
  ordererTree,
  renewIdentities,
  renewNode,
  retireOldAuthority,
} from '../pki/index.js';
import type { ChaincodeDeployment, Consortium, MemberOrganisation } from '../topology/index.js';
import type { FabricBinaries } from './binaries.js';
import { joinOrdererToChannels, joinPeerToChannels } from './channels.js';
import { prepareChaincode, type PreparedChaincode } from './chaincodeService.js';
import { deployChaincode } from './deploy.js';
import { writeMaterial } from './material.js';
import { awaitMembership, changeMembers, checkSameFrame } from './members.js';
import { FabricError } from './errors.js';
import type { Layout } from './layout.js';
import { ManagedProcess, waitFor, type ProcessPlan } from './managedProcess.js';
import type { NativeNetwork, NodeProcess } from './network.js';
import { administratorOf, ordererHandle, peerHandle, type OrdererHandle, type PeerHandle } from './nodes.js';
import { keepServices, LOOPBACK, placeAnew, settlePlacement, type Placement } from './placement.js';
import { checkPort, checkPorts } from './portCheck.js';
import { ordererPlan, peerPlan } from './processes.js';
import { waitUntilDiscoverable } from './readiness.js';
import { GRACE_MS, resignSupervisor } from './supervision.js';

/** What a network is made of, written and chosen already. */
export interface NetworkParts {
  readonly layout: Layout;
  readonly placement: Placement;
  readonly binaries: FabricBinaries;
  readonly ports: 'configured' | 'free';
  readonly log?: Log | undefined;
}

const START_TIMEOUT_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;

/** The processes of a network, and the connections by which they are administered. */
export class RunningNetwork implements NativeNetwork {
  readonly cryptoDir: string;
  readonly orderers: readonly OrdererHandle[];
  readonly #parts: NetworkParts;
  readonly #log: Log;
  readonly #orderers: readonly (readonly [ManagedProcess, OrdererHandle])[];
  #placement: Placement;
  #peers: readonly (readonly [ManagedProcess, PeerHandle])[];
  /** The process that serves a chaincode, by the chaincode's name; none when somebody else runs it. */
  readonly #services = new Map<string, ManagedProcess>();
  readonly #chaincodes = new Map<string, ChaincodeDeployment>();
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
    this.#placement = placement;

    const ordererPlans = consortium.orderers.map((orderer) => ordererPlan(layout, placement, binaries, orderer));
    this.#orderers = this.#pair(ordererPlans, orderers);
    this.#peers = this.#pair(this.#peerPlans(consortium.organisations), peers);
    this.orderers = orderers;
  }

  get organisations(): readonly OrganisationEndpoint[] {
    return this.#placement.consortium.organisations.map((organisation) => endpointOf(this.cryptoDir, organisation));
  }

  get peers(): readonly PeerHandle[] {
    return this.#peers.map(([, peer]) => peer);
  }

  get processes(): readonly NodeProcess[] {
    return this.#managed();
  }

  /** Starts everything and resolves when it is ready; on failure nothing is left running. */
  async start(chaincodes: readonly ChaincodeDeployment[]): Promise<void> {
    try {
      await checkPorts(this.#parts.placement);
      process.once('exit', this.#onExit);
      await Promise.all(this.#managed().map((managed) => managed.start()));
      const prepared = await this.#prepare(chaincodes);
      await Promise.all([this.#joinOrderers(), this.#joinPeers(), ...prepared.map((one) => this.#serve(one))]);
      this.#log('info', 'Orderers and peers run and have joined their channels.');
      await Promise.all(prepared.map((chaincode) => this.#define(chaincode)));
      await this.#keepServices();
      await this.ready();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async deploy(chaincode: ChaincodeDeployment): Promise<void> {
    const { name } = chaincode;
    const before = this.#services.get(name);
    try {
      for (const prepared of await this.#prepare([chaincode])) {
        await this.#serve(prepared);
        await this.#define(prepared);
      }
    } catch (error) {
      await this.#restoreService(name, before);
      await this.#keepServices();
      throw error;
    }
    await this.ready();
    if (this.#services.get(name) !== before) await before?.stop(GRACE_MS);
    await this.#keepServices();
  }

  async reconfigure(next: Consortium): Promise<void> {
    const { layout, ports } = this.#parts;
    checkSameFrame(this.#placement.consortium, next);
    const placement = await placeAnew(layout, next, ports);
    await writeMaterial(layout, placement);
    await changeMembers(layout, this.#placement.consortium, placement.consortium, this);
    const before = this.#placement.consortium;
    this.#placement = placement;
    await this.#removePeers();
    await this.#addPeers();
    await this.#joinPeers();
    await awaitMembership(placement.consortium, this.peers);
    const foreign = [...this.#chaincodes.values()].filter(({ name }) => !isDescribed(before, name));
    const prepared = await this.#prepare([...next.chaincodes, ...foreign]);
    for (const chaincode of prepared) await this.#serve(chaincode);
    await Promise.all(prepared.map((chaincode) => this.#define(chaincode)));
    await settlePlacement(layout, next);
    await this.#keepServices();
    await this.ready();
  }

  async rotateAuthority(organisationId: string): Promise<void> {
    const organisation = this.#placement.consortium.organisations.find(({ id }) => id === organisationId);
    if (organisation === undefined) {
      throw new FabricError('OTHER_CONSORTIUM', `The network has no organisation ${organisationId}: name a member.`);
    }
    const tree = memberTree(this.cryptoDir, organisation);
    await admitNewAuthority(tree);
    await this.#updateChannels();
    await renewIdentities(tree);
    await this.#renewPeers(organisationId);
    retireOldAuthority(tree);
    await this.#updateChannels();
    await this.#renewPeers(organisationId);
  }

  async rotateOrderer(name: string): Promise<void> {
    const node = this.#placement.consortium.orderers.find((orderer) => hostOf(orderer, orderer) === name);
    const [managed, handle] = this.#orderers.find(([, orderer]) => orderer.name === name) ?? [];
    if (node === undefined || managed === undefined || handle === undefined) {
      throw new FabricError('OTHER_CONSORTIUM', `The network has no orderer ${name}: name one of its own.`);
    }
    await renewNode(ordererTree(this.cryptoDir, node), node.name, 'orderer');
    // Before it is restarted: with new certificates that the others do not know it would be nobody.
    await this.#updateChannels();
    await managed.stop(GRACE_MS);
    await managed.start();
    await waitFor(managed, () => this.#takesPart(handle), START_TIMEOUT_MS);
  }

  async ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const chaincodes = [...this.#chaincodes.values()];
    await waitUntilDiscoverable(this.#placement.consortium, chaincodes, this.peers, timeoutMs);
    this.#log('info', 'Every organisation is discoverable for every chaincode on its channels.');
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const { connection } of [...this.orderers, ...this.peers]) connection.close();
    // Peers before orderers: a peer whose orderers are gone retries until it is told to end.
    const [services, peers] = [[...this.#services.values()], this.#peers.map(([managed]) => managed)];
    await Promise.all([...services, ...peers].map((managed) => managed.stop(GRACE_MS)));
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

  /** Whether an orderer is active in every channel. */
  async #takesPart({ admin }: OrdererHandle): Promise<boolean> {
    const { channels } = this.#placement.consortium;
    const parts = await Promise.all(channels.map(({ name }) => ordererChannel(admin, name).catch(() => undefined)));
    return parts.every((part) => part?.status === 'active' && part.consensusRelation === 'consenter');
  }

  /** Brings the channels' configurations to what the members' certificates are now. */
  #updateChannels(): Promise<void> {
    const { consortium } = this.#placement;
    return changeMembers(this.#parts.layout, consortium, consortium, this);
  }

  /** Restarts an organisation's peers, which read their certificates at the start alone, and takes its new administrator. */
  async #renewPeers(organisationId: string): Promise<void> {
    this.#peers = await Promise.all(
      this.#peers.map(async ([managed, handle]) => {
        if (handle.organisation.id !== organisationId) return [managed, handle] as const;
        await managed.stop(GRACE_MS);
        await managed.start();
        await waitFor(managed, () => succeeds(handle.connection.ready(1000)), START_TIMEOUT_MS);
        return [managed, { ...handle, admin: administratorOf(this.cryptoDir, handle.organisation) }] as const;
      }),
    );
    await this.ready();
  }

  /** Ends the peers of organisations that are not members any more. */
  async #removePeers(): Promise<void> {
    const members = new Set(this.#placement.consortium.organisations.map(({ id }) => id));
    const leaving = this.#peers.filter(([, { organisation }]) => !members.has(organisation.id));
    this.#peers = this.#peers.filter((pair) => !leaving.includes(pair));
    for (const [, { connection }] of leaving) connection.close();
    await Promise.all(leaving.map(([managed]) => managed.stop(GRACE_MS)));
  }

  /** Starts the peers of organisations that are new. */
  async #addPeers(): Promise<void> {
    const known = new Set(this.#peers.map(([, { organisation }]) => organisation.id));
    const joining = this.#placement.consortium.organisations.filter(({ id }) => !known.has(id));
    const handles = await peerHandles(this.cryptoDir, joining);
    const added = this.#pair(this.#peerPlans(joining), handles);
    this.#peers = [...this.#peers, ...added];
    await Promise.all(added.map(([managed]) => managed.start()));
  }

  #peerPlans(organisations: readonly MemberOrganisation[]): readonly ProcessPlan[] {
    const { layout, binaries } = this.#parts;
    return organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => peerPlan(layout, this.#placement, binaries, organisation, peer)),
    );
  }

  async #joinPeers(): Promise<void> {
    const { layout } = this.#parts;
    await Promise.all(
      this.#peers.map(async ([managed, peer]) => {
        await waitFor(managed, () => succeeds(peer.connection.ready(1000)), START_TIMEOUT_MS);
        await joinPeerToChannels(peer, this.#placement.consortium.channels, layout);
      }),
    );
  }

  /** One after the other: each may take a port and write it down. */
  async #prepare(chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PreparedChaincode[]> {
    const prepared: PreparedChaincode[] = [];
    for (const chaincode of chaincodes) prepared.push(await prepareChaincode(this.#parts.layout, chaincode));
    return prepared;
  }

  /** Starts the service of a chaincode, unless this version's runs already or is not ours to run. */
  async #serve({ deployment, service }: PreparedChaincode): Promise<void> {
    const before = this.#services.get(deployment.name);
    if (service === undefined) {
      this.#services.delete(deployment.name);
      return;
    }
    if (before?.name === service.plan.name && before.running) return;
    await checkPort(service.plan.name, service.port);
    const managed = this.#process(service.plan);
    this.#services.set(deployment.name, managed);
    await managed.start();
    await waitFor(managed, () => listening(LOOPBACK, service.port), START_TIMEOUT_MS);
  }

  async #restoreService(name: string, before: ManagedProcess | undefined): Promise<void> {
    const now = this.#services.get(name);
    if (now === before) return;
    await now?.stop(GRACE_MS);
    if (before === undefined) this.#services.delete(name);
    else this.#services.set(name, before);
  }

  #keepServices(): Promise<void> {
    return keepServices(
      this.#parts.layout,
      Array.from(this.#services.values(), ({ name }) => name),
    );
  }

  async #define(chaincode: PreparedChaincode): Promise<void> {
    const { name, channels } = chaincode.deployment;
    const orderers = this.orderers.map(({ connection }) => connection);
    await deployChaincode(chaincode, this.#placement.consortium, { peers: this.peers, orderers });
    this.#chaincodes.set(name, chaincode.deployment);
    this.#log('info', `Chaincode ${name} (${chaincode.package.id}) is committed on ${channels.join(', ')}.`);
  }

  #managed(): readonly ManagedProcess[] {
    return [...[...this.#orderers, ...this.#peers].map(([managed]) => managed), ...this.#services.values()];
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
  const peers = await peerHandles(layout.cryptoDir, placement.consortium.organisations);
  return new RunningNetwork(parts, orderers, peers);
}

function peerHandles(cryptoDir: string, organisations: readonly MemberOrganisation[]): Promise<readonly PeerHandle[]> {
  return Promise.all(
    organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => peerHandle(cryptoDir, organisation, peer)),
    ),
  );
}

function isDescribed({ chaincodes }: Consortium, name: string): boolean {
  return chaincodes.some((chaincode) => chaincode.name === name);
}

/** How a member's clients reach it. */
export function endpointOf(cryptoDir: string, organisation: MemberOrganisation): OrganisationEndpoint {
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

/** Whether an attempt comes to a good end. */
export function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
