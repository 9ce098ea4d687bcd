import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AdminError } from '../../admin/index.js';
import { ChannelError, readChannelMaterial, type ChannelMaterial, type Subject } from '../../channel/index.js';
import type { Log } from '../../system/log.js';
import type { OrganisationEndpoint, SupervisedProcess } from '../../running/startedNetwork.js';
import {
  admitNewAuthority,
  memberTree,
  ordererTree,
  prepareNode,
  renewCertificates,
  renewNode,
  retireOldAuthority,
  writeConnectionProfiles,
  type AuthorityKind,
} from '../../pki/index.js';
import { type ChaincodeDeployment, type ChangeOptions, type Consortium } from '../../topology/index.js';
import type { Ports } from '../../system/ports.js';
import { organisationOf, ordererOf, sharedUsers } from '../../running/rotation.js';
import type { DirectoryLock } from '../../running/control/index.js';
import { Turns } from '../../system/turns.js';
import { unlessAborted } from '../../system/unlessAborted.js';
import { nextDefinition, upgradable, type OnCommitted, type Upgrade } from '../../running/upgrade.js';
import { ApprovalWindow } from './chaincodes/approvalWindow.js';
import {
  committedEverywhere,
  deployChaincode,
  isCommittedSomewhere,
  type DeploymentRoute,
} from './chaincodes/deploy.js';
import { copyNetwork } from './copyNetwork.js';
import { FabricError } from './errors.js';
import type { Layout } from './places/layout.js';
import { writeMaterial } from './configuration/material.js';
import {
  awaitBlocks,
  awaitMembership,
  awaitPresentConfig,
  changeChannels,
  checkBatches,
  checkSameFrame,
  setApproving,
} from './channels/members.js';
import type { FabricNetwork, NodeProcess } from './network.js';
import { endpointOf } from './endpoint.js';
import { connectedNodes, type ConnectedNodes } from './nodes/connectedNodes.js';
import type { OrdererHandle, PeerHandle } from './nodes/nodes.js';
import { OrdererWatch } from './nodes/ordererWatch.js';
import { placeAnew, settlePlacement, type Placement } from './places/placement.js';
import { waitUntilDiscoverable } from './nodes/readiness.js';
import type { PackagedChaincode, Runner } from './processes/runner.js';
import type { NodeEnvironment } from './places/nodeEnvironment.js';

/** The parts of a network, already written and chosen. */
export interface NetworkParts {
  readonly layout: Layout;
  readonly placement: Placement;
  readonly runner: Runner;
  readonly seen: NodeEnvironment;
  readonly ports: Ports;
  readonly log?: Log | undefined;
  /** Released when the network stops, if the network itself took it. */
  readonly lock: DirectoryLock | undefined;
}

const READY_TIMEOUT_MS = 120_000;
/** Time for calls that a peer sent to a version just before the next one was committed. */
const RETIRE_MS = 2000;

/** A network of real Fabric: the runner of its nodes, and the administrators' connections. */
export class RunningNetwork implements FabricNetwork {
  readonly cryptoDir: string;
  readonly #parts: NetworkParts;
  readonly #log: Log;
  readonly #nodes: ConnectedNodes;
  #placement: Placement;
  readonly #chaincodes = new Map<string, PackagedChaincode>();
  readonly #turns = new Turns();
  readonly #approvals: ApprovalWindow;
  readonly #watch: OrdererWatch;
  #stopped: Promise<void> | undefined;

  constructor(parts: NetworkParts, nodes: ConnectedNodes) {
    this.#parts = parts;
    this.#log = parts.log ?? (() => undefined);
    this.cryptoDir = parts.layout.cryptoDir;
    this.#placement = parts.placement;
    this.#nodes = nodes;
    this.#approvals = new ApprovalWindow(parts.layout.channelsDir, (channel, isApproving) =>
      setApproving(channel, isApproving, this.#placement.consortium, this),
    );
    this.#watch = new OrdererWatch({ orderers: nodes.orderers }, parts);
  }

  get organisations(): readonly OrganisationEndpoint[] {
    const { consortium } = this.#placement;
    return consortium.organisations.map((organisation) => endpointOf(this.cryptoDir, consortium, organisation));
  }

  get orderers(): readonly OrdererHandle[] {
    return this.#nodes.orderers;
  }

  get peers(): readonly PeerHandle[] {
    return this.#nodes.peers;
  }

  get processes(): readonly NodeProcess[] {
    return this.#parts.runner.processes;
  }

  get supervised(): readonly SupervisedProcess[] {
    return this.#parts.runner.supervised;
  }

  /** Starts everything and resolves when it is ready. After a failure or a cancellation, nothing keeps running. */
  async start(chaincodes: readonly ChaincodeDeployment[], signal?: AbortSignal): Promise<void> {
    try {
      await this.#begin(chaincodes, signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#watch.begin(this.#placement.consortium.channels.map(({ name }) => name));
  }

  deploy(chaincode: ChaincodeDeployment): Promise<void> {
    return this.#turns.take(() => this.#deploy(chaincode));
  }

  upgrade(wanted: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade> {
    return this.#turns.take(() => this.#upgrade(wanted, committed));
  }

  reconfigure(next: Consortium, how: ChangeOptions = {}, committed?: () => void): Promise<void> {
    return this.#turns.take(() => this.#reconfigure(next, how, committed));
  }

  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void> {
    return this.#turns.take(() => this.#rotateAuthority(organisationId, authority));
  }

  rotateOrderer(name: string): Promise<void> {
    return this.#turns.take(() => this.#rotateOrderer(name));
  }

  copyTo(folder: string): Promise<void> {
    return this.#turns.take(() => this.#copyTo(folder));
  }

  async ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    await waitUntilDiscoverable(this.#placement.consortium, this.#deployed, this.peers, timeoutMs);
    this.#log('info', 'Every organisation is discoverable for every chaincode on its channels.');
  }

  stop(): Promise<void> {
    // Close at once: a change that waits for its nodes fails when they stop.
    void this.#turns.close();
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Runs everything and makes a network of it. The signal counts for no longer: a network that runs is stopped in order. */
  async #begin(chaincodes: readonly ChaincodeDeployment[], signal: AbortSignal | undefined): Promise<void> {
    let nodesEnd: Promise<void> | undefined;
    const giveUp = (): void => {
      // What waits for a node fails with it. If they cannot be ended, that shows when all is stopped.
      nodesEnd = this.#parts.runner.stop().catch(() => undefined);
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      const packaged = await this.#run(chaincodes);
      signal?.throwIfAborted();
      await unlessAborted(this.#join(packaged, signal), signal);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      await nodesEnd;
    }
    signal?.throwIfAborted();
  }

  async #join(packaged: readonly PackagedChaincode[], signal: AbortSignal | undefined): Promise<void> {
    const { channels } = this.#placement.consortium;
    await Promise.all([this.#nodes.joinOrderers(channels), this.#nodes.joinPeers(channels)]);
    signal?.throwIfAborted();
    this.#log('info', 'Orderers and peers run and have joined their channels.');
    await checkBatches(this.#placement.consortium, this.peers);
    const isSettled = !this.#placement.isChanging || (await this.#bringChannelsBack());
    const confirmClosed = await this.#closeApprovals();
    signal?.throwIfAborted();
    await Promise.all(packaged.map((chaincode) => this.#define(chaincode)));
    signal?.throwIfAborted();
    await this.ready();
    await confirmClosed();
    // The data directory may be somebody else's by now.
    signal?.throwIfAborted();
    if (isSettled) await settlePlacement(this.#parts.layout, this.#placement);
  }

  async #deploy(chaincode: ChaincodeDeployment, committed?: OnCommitted): Promise<void> {
    const before = this.#deployed;
    try {
      const packaged = await this.#run([...new Set([...before, chaincode])]);
      for (const one of packaged.filter(({ deployment }) => deployment === chaincode)) await this.#define(one);
    } catch (error) {
      // A channel that committed the version needs its service. If this check fails too, report the original error.
      const needed = (await isCommittedSomewhere(chaincode, this.#route)) ? [chaincode] : [];
      for (const deployment of needed) committed?.(deployment);
      await this.#run([...new Set([...before, ...needed])]).catch(() => undefined);
      throw error;
    }
    committed?.(chaincode);
    await this.#settle();
  }

  async #upgrade(wanted: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade> {
    const now = upgradable(wanted.name, this.#chaincodes);
    // Check first what no code could change, so that no ports are reserved for services that never start.
    nextDefinition(now.deployment, wanted, false);
    const { packages } = await this.#parts.runner.package(this.#placement.consortium, wanted);
    const packageIds = idsOf(packages);
    const isOtherCode = !isDeepStrictEqual(packageIds, idsOf(now.packages));
    const next = nextDefinition(now.deployment, wanted, isOtherCode);
    if (next === undefined) return { changed: false, deployment: now.deployment, packageIds };
    try {
      await this.#deploy(next, committed);
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      const isDone = this.#deployed.includes(next) || (await isCommittedSomewhere(next, this.#route));
      const stands = isDone
        ? `stands at sequence ${next.sequence} now, but not all is in place for it`
        : `stays at sequence ${now.deployment.sequence}`;
      throw new AdminError(error.code, `${next.name} ${stands}: ${error.message}`, undefined, { cause: error });
    }
    return { changed: true, deployment: next, packageIds };
  }

  async #reconfigure(next: Consortium, { joinFrom = 'genesis' }: ChangeOptions, committed?: () => void): Promise<void> {
    const { layout, seen, ports } = this.#parts;
    const before = this.#placement.consortium;
    checkSameFrame(before, next);
    const placement = await placeAnew(layout, next, ports);
    await writeMaterial(layout, placement, seen);
    const change = { before, next: placement.consortium, subject: { of: 'members' }, log: this.#log } as const;
    await changeChannels(layout, change, this, seen);
    this.#placement = placement;
    committed?.();
    this.#nodes.changePeers(placement.consortium.organisations);
    const known = this.#deployed;
    const wanted = [...next.chaincodes, ...known.filter(({ name }) => !isDescribed(before, name))];
    const packaged = await this.#run([...new Set([...known, ...wanted])]);
    const { channels } = placement.consortium;
    if (joinFrom === 'snapshot') await this.#nodes.joinPeersFromSnapshots(channels, before);
    else await this.#nodes.joinPeers(channels);
    await awaitMembership(placement.consortium, this.peers);
    const defined = packaged.filter(({ deployment }) => wanted.includes(deployment));
    await Promise.all(defined.map((chaincode) => this.#define(chaincode)));
    await this.#settle();
    await settlePlacement(layout, placement);
  }

  async #rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void> {
    const { consortium } = this.#placement;
    const organisation = organisationOf(consortium, organisationId);
    const tree = memberTree(this.cryptoDir, organisation);
    const subject = { of: 'authorities', mspId: organisation.mspId } as const;
    await admitNewAuthority(tree, authority);
    await this.#updateChannels(subject);
    await renewCertificates(tree, authority, sharedUsers(organisation));
    writeConnectionProfiles(consortium, this.cryptoDir);
    await this.#nodes.renewPeers(organisationId);
    await this.ready();
    retireOldAuthority(tree, authority);
    await this.#updateChannels(subject);
    await this.#nodes.renewPeers(organisationId);
    await this.ready();
  }

  async #rotateOrderer(name: string): Promise<void> {
    const { consortium } = this.#placement;
    const node = ordererOf(consortium, name);
    const tree = ordererTree(this.cryptoDir, node);
    await prepareNode(tree, node.name, 'orderer');
    // Announce the certificates before they are in place, where any restart would load them: the others would not know the orderer.
    await this.#updateChannels({ of: 'orderers' }, readChannelMaterial(consortium, this.cryptoDir, node));
    renewNode(tree, node.name);
    await this.#parts.runner.restart(name);
    await this.#nodes.awaitOrderer(name, consortium.channels);
  }

  async #copyTo(folder: string): Promise<void> {
    const { layout, runner } = this.#parts;
    await this.#watch.pausedFor(() => copyNetwork(layout.root, folder, { nodes: this.#nodes, runner, log: this.#log }));
    const { channels } = this.#placement.consortium;
    await Promise.all(this.orderers.map(({ name }) => this.#nodes.awaitOrderer(name, channels)));
    await this.ready();
  }

  async #stop(): Promise<void> {
    await this.#watch.end();
    this.#nodes.close();
    await this.#parts.runner.stop().finally(() => this.#parts.lock?.release());
  }

  #run(chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    // A change that fails because the network is being stopped must not start anything again.
    if (this.#stopped !== undefined) {
      return Promise.reject(new FabricError('PROCESS_ENDED', 'The network is being stopped.'));
    }
    return this.#parts.runner.run(this.#placement, chaincodes);
  }

  /** Stops the services of older definitions once every peer has their successor. */
  async #settle(): Promise<void> {
    const chaincodes = this.#deployed;
    const { consortium } = this.#placement;
    await Promise.all(chaincodes.map((chaincode) => committedEverywhere(chaincode, consortium, this.#route)));
    await this.ready();
    await pause(RETIRE_MS);
    await this.#run(chaincodes);
  }

  get #deployed(): readonly ChaincodeDeployment[] {
    return Array.from(this.#chaincodes.values(), ({ deployment }) => deployment);
  }

  get #route(): DeploymentRoute {
    return {
      peers: this.peers,
      orderers: this.orderers.map(({ connection }) => connection),
      whileApproving: (channel, approve) => this.#approvals.during(channel, approve),
    };
  }

  /** Updates the channels' configurations to the present description and certificates of a subject. */
  #updateChannels(subject: Subject, material?: ChannelMaterial): Promise<void> {
    const { consortium } = this.#placement;
    const change = { before: consortium, next: consortium, subject, material, log: this.#log };
    return changeChannels(this.#parts.layout, change, this, this.#parts.seen);
  }

  /**
   * Completes an interrupted change of members: the channels get the description with which the network is started.
   * @returns Whether this succeeded. The available signers may no longer suffice, but that must not prevent the start.
   */
  async #bringChannelsBack(): Promise<boolean> {
    try {
      await this.#updateChannels({ of: 'members' });
    } catch (error) {
      if (!(error instanceof ChannelError && error.code === 'UPDATE_REFUSED')) throw error;
      this.#log('warn', `A change of members stays interrupted, and the next start tries again: ${error.message}`);
      return false;
    }
    await awaitPresentConfig(this.#placement.consortium, this.peers);
    return true;
  }

  /**
   * Ends interrupted approvals of chaincodes, so that a channel's readers can no longer write there.
   * @returns A function that ends them again once everything is in place.
   */
  async #closeApprovals(): Promise<() => Promise<void>> {
    const { channels } = this.#placement.consortium;
    const open = this.#approvals.leftOpen(channels);
    // The configuration to be replaced may not have reached any peer yet.
    await Promise.all(open.map((channel) => awaitBlocks(channel, this)));
    return this.#approvals.closeAgain(open);
  }

  async #define(chaincode: PackagedChaincode): Promise<void> {
    const { name, channels } = chaincode.deployment;
    await deployChaincode(chaincode, this.#placement.consortium, this.#route);
    this.#chaincodes.set(name, chaincode);
    this.#log('info', `Chaincode ${name} is committed on ${channels.join(', ')}.`);
  }
}

/** A network that has not been started yet. */
export async function assembleNetwork(parts: NetworkParts): Promise<RunningNetwork> {
  const { layout, placement } = parts;
  return new RunningNetwork(parts, await connectedNodes(parts, layout.cryptoDir, placement.here));
}

function idsOf(packages: PackagedChaincode['packages']): Upgrade['packageIds'] {
  return Object.fromEntries(Array.from(packages, ([organisation, { id }]) => [organisation, id]));
}

function isDescribed({ chaincodes }: Consortium, name: string): boolean {
  return chaincodes.some((chaincode) => chaincode.name === name);
}
