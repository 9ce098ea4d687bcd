import { join } from 'node:path';
import {
  admitNewAuthority,
  hostOf,
  memberTree,
  ordererTree,
  prepareNode,
  renewCertificates,
  renewNode,
  retireOldAuthority,
  writeConnectionProfiles,
  writeCryptoConfig,
  type AuthorityKind,
} from '../../pki/index.js';
import { membersRunning, packageIdOf } from '../../chaincode/index.js';
import { readChannelMaterial, type ChannelMaterial, type Subject } from '../../channel/index.js';
import { ordererOf, organisationOf, sharedUsers } from '../../running/rotation.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from '../../topology/index.js';
import { DirectoryLock } from '../../running/control/index.js';
import { Turns } from '../../system/turns.js';
import { nextDefinition, upgradable, type OnCommitted, type Upgrade } from '../../running/upgrade.js';
import type { OrganisationEndpoint, StartedNetwork } from '../../running/startedNetwork.js';
import type { EmbeddedOptions } from './options.js';
import { Chaincodes, checkDeployments, firstPeers } from './chaincodes.js';
import { defineChaincodes, genesisFile, openChannels } from './channels.js';
import { checkBatches, checkDescription, checkMembers } from './checkDescription.js';
import { chaincodeDefinition, DeploymentError } from '../../channel/definitions.js';
import { copyNetwork } from './copyNetwork.js';
import { BlockFeed } from './deliver/index.js';
import { KeptPorts } from './keptPorts.js';
import type { ChannelLedger } from './ledger/index.js';
import { ENDORSEMENT_TIMEOUT_MS } from './limits.js';
import { MemberPeer, type Neighbours } from './memberPeer.js';
import { changeChannels, checkReconfigurable, ordererSigner } from './membership.js';
import { Orderer } from './orderer/index.js';
import { MessageBudget } from './rpc/index.js';

const EXECUTE_TIMEOUT_MS = 30_000;

const ONE_LEDGER =
  'The embedded network has one ledger for all its members, so there is no snapshot to join from: leave the option out.';

/** The ledgers of the channels, and the feeds of their blocks. */
interface Channels {
  readonly ledgers: readonly ChannelLedger[];
  readonly feeds: ReadonlyMap<string, BlockFeed>;
}

/** A network that is starting, running or stopped. */
class Network implements StartedNetwork {
  readonly cryptoDir: string;
  readonly supervised = [];
  readonly #options: EmbeddedOptions;
  readonly #clock: () => number;
  readonly #chaincodes: Chaincodes;
  readonly #ports: KeptPorts;
  /** Undo steps of everything that was started, run in reverse: servers before ledgers, ledgers before the lock. */
  readonly #undo: (() => unknown)[] = [];
  #consortium: Consortium;
  #peers: readonly MemberPeer[] = [];
  #channels: Channels = { ledgers: [], feeds: new Map() };
  #neighbours: Neighbours | undefined;
  #organisations: readonly OrganisationEndpoint[] = [];
  readonly #turns = new Turns();
  #stopped: Promise<void> | undefined;

  constructor(options: EmbeddedOptions) {
    const { consortium, dataDir, log = () => undefined, clock = Date.now } = options;
    this.#options = options;
    this.#consortium = consortium;
    this.#clock = clock;
    this.cryptoDir = join(dataDir, 'crypto-config');
    this.#ports = new KeptPorts(dataDir, options.ports);
    this.#chaincodes = new Chaincodes({
      logs: join(dataDir, 'logs'),
      keyDir: join(dataDir, 'chaincodes'),
      environment: options.chaincodeEnvironment ?? {},
      executeTimeoutMs: options.executeTimeoutMs ?? EXECUTE_TIMEOUT_MS,
      log,
      peersRunning: (deployment) => this.#peersRunning(deployment),
    });
  }

  get organisations(): readonly OrganisationEndpoint[] {
    return this.#organisations;
  }

  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async reconfigure(next: Consortium, { joinFrom }: ChangeOptions = {}, committed?: () => void): Promise<void> {
    if (joinFrom === 'snapshot') throw new DeploymentError(ONE_LEDGER);
    await this.#turns.take(() => this.#reconfigure(next, committed));
  }

  upgrade(wanted: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade> {
    return this.#turns.take(() => this.#upgrade(wanted, committed));
  }

  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void> {
    return this.#turns.take(() => this.#rotateAuthority(organisationId, authority));
  }

  rotateOrderer(name: string): Promise<void> {
    return this.#turns.take(() => this.#rotateOrderer(name));
  }

  copyTo(folder: string): Promise<void> {
    return this.#turns.take(() => copyNetwork(this.#options.dataDir, this.#channels.ledgers, folder));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#turns.close().then(() => this.#stop());
    return this.#stopped;
  }

  async #reconfigure(next: Consortium, committed?: () => void): Promise<void> {
    const before = this.#consortium;
    checkReconfigurable(before, next);
    await writeCryptoConfig(next, this.cryptoDir);
    await this.#changeChannels({ of: 'members' }, before, next);
    this.#consortium = next;
    committed?.();
    const described = new Set(peersOf(next).map(({ host }) => host));
    await this.#dismiss(this.#peers.filter(({ host }) => !described.has(host)));
    this.#addPeers(next);
    const deployments = this.#deployments(next);
    for (const ledger of this.#channels.ledgers) defineChaincodes(ledger, deployments, next);
    this.#joinChannels();
    // This includes peers that could not be opened by an earlier attempt at this change.
    await this.#open(this.#peers.filter(({ listens }) => !listens));
  }

  async #upgrade(wanted: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade> {
    const { chaincodes } = this.#consortium;
    const now = upgradable(wanted.name, new Map(chaincodes.map((chaincode) => [chaincode.name, chaincode])));
    const packageId = packageIdOf(wanted);
    const before = this.#chaincodes.deployedAs(now);
    const next = nextDefinition(now, wanted, packageId !== before.packageId);
    if (!next) return { changed: false, deployment: now, packageIds: this.#packageIds(now, packageId) };
    const definitions = this.#channels.ledgers
      .filter(({ channelId }) => next.channels.includes(channelId))
      .map((ledger) => [ledger, chaincodeDefinition(next, this.#consortium, ledger.channelId)] as const);
    const after = await this.#chaincodes.successor(before, next, packageId);
    // Do not await anything from here to the end: every transaction sees the whole old or the whole new state.
    for (const [ledger, definition] of definitions) ledger.define(definition);
    this.#consortium = {
      ...this.#consortium,
      chaincodes: chaincodes.map((chaincode) => (chaincode === now ? next : chaincode)),
    };
    this.#chaincodes.replace(before, after);
    this.#joinChannels();
    committed?.(next);
    if (after !== before) await before.retire();
    return { changed: true, deployment: next, packageIds: this.#packageIds(next, packageId) };
  }

  async #rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void> {
    const organisation = organisationOf(this.#consortium, organisationId);
    const tree = memberTree(this.cryptoDir, organisation);
    const subject = { of: 'authorities', mspId: organisation.mspId } as const;
    await admitNewAuthority(tree, authority);
    await this.#changeChannels(subject);
    await renewCertificates(tree, authority, sharedUsers(organisation));
    const peers = this.#peers.filter(({ organisation: { id } }) => id === organisationId);
    for (const peer of peers) await peer.renew(this.#running);
    retireOldAuthority(tree, authority);
    await this.#changeChannels(subject);
    this.#tellWhere();
  }

  async #rotateOrderer(name: string): Promise<void> {
    const node = ordererOf(this.#consortium, name);
    const tree = ordererTree(this.cryptoDir, node);
    await prepareNode(tree, node.name, 'orderer');
    const material = readChannelMaterial(this.#consortium, this.cryptoDir, node);
    await this.#changeChannels({ of: 'orderers' }, this.#consortium, this.#consortium, material);
    renewNode(tree, node.name);
    this.#tellWhere();
  }

  get #running(): Neighbours {
    if (!this.#neighbours) throw new Error('The network has not been started.');
    return this.#neighbours;
  }

  async #start(): Promise<void> {
    const { dataDir, lock, signal, log = () => undefined, budget = new MessageBudget() } = this.#options;
    const consortium = this.#consortium;
    const deployments = this.#deployments(consortium);
    checkDeployments(consortium, deployments);
    const own = lock === undefined ? await DirectoryLock.take(dataDir) : undefined;
    this.#undo.push(() => own?.release());
    checkDescription(consortium, (channel) => genesisFile(dataDir, channel));
    await writeCryptoConfig(consortium, this.cryptoDir);
    signal?.throwIfAborted();
    this.#addPeers(consortium);
    this.#undo.push(() => this.#chaincodes.stop());
    this.#chaincodes.add(deployments);
    const { cryptoDir } = this;
    const clock = this.#clock;
    const ledgers = await openChannels({ consortium, deployments, cryptoDir, dataDir, clock, log });
    this.#undo.push(() => Promise.all(ledgers.map((ledger) => ledger.close())));
    checkMembers(consortium, ledgers);
    checkBatches(consortium, ledgers);
    signal?.throwIfAborted();
    const feeds = new Map(ledgers.map((ledger) => [ledger.channelId, new BlockFeed(ledger)]));
    this.#channels = { ledgers, feeds };
    this.#joinChannels();
    const orderer = new Orderer(ledgers, () => ordererSigner(consortium, cryptoDir));
    this.#undo.push(() => orderer.close());
    this.#neighbours = {
      endorsers: new Set(),
      endorsementTimeoutMs: this.#options.endorsementTimeoutMs ?? ENDORSEMENT_TIMEOUT_MS,
      orderer,
      ordererNodes: consortium.orderers,
      budget,
      clock,
      log,
    };
    this.#undo.push(() => Promise.all(this.#peers.map((peer) => peer.close())));
    // End endless streams first, or the servers would wait for them.
    this.#undo.push(() => {
      for (const feed of feeds.values()) feed.close();
    });
    await this.#open(this.#peers);
    signal?.throwIfAborted();
    void this.#chaincodes.startAhead();
  }

  #deployments({ chaincodes }: Consortium): readonly ChaincodeDeployment[] {
    return [...chaincodes, ...(this.#options.chaincodes ?? [])];
  }

  /** Adds the peers of a description that are not here yet. */
  #addPeers(consortium: Consortium): void {
    const known = new Set(this.#peers.map(({ host }) => host));
    const added = peersOf(consortium)
      .filter(({ host }) => !known.has(host))
      .map(({ organisation, peer }) => new MemberPeer(organisation, peer, this.cryptoDir, this.#clock));
    this.#peers = [...this.#peers, ...added];
  }

  #peersRunning(deployment: ChaincodeDeployment): readonly MemberPeer[] {
    const ids = membersRunning(this.#consortium, deployment).map(({ id }) => id);
    return this.#peers.filter(({ organisation: { id } }) => ids.includes(id));
  }

  /** All members have the same package, although each peer runs it in its own process. */
  #packageIds(deployment: ChaincodeDeployment, packageId: string): Upgrade['packageIds'] {
    return Object.fromEntries(membersRunning(this.#consortium, deployment).map(({ id }) => [id, packageId]));
  }

  /** Updates the channels' configurations to a description and the present certificates of a subject. */
  #changeChannels(
    subject: Subject,
    before = this.#consortium,
    next = before,
    material?: ChannelMaterial,
  ): Promise<void> {
    const { orderer, log } = this.#running;
    const { ledgers } = this.#channels;
    return changeChannels({ before, next, subject, cryptoDir: this.cryptoDir, material, ledgers, orderer, log });
  }

  /** Gives every peer the channels of which its MSP is an application member, and removes the others. */
  #joinChannels(): void {
    for (const ledger of this.#channels.ledgers) {
      const feed = this.#channels.feeds.get(ledger.channelId);
      for (const peer of this.#peers) {
        if (feed && ledger.access.applicationMsps.includes(peer.organisation.mspId)) {
          peer.join(ledger, feed, this.#chaincodes.on(ledger.channelId, peer));
        } else peer.leave(ledger.channelId);
      }
    }
  }

  async #open(peers: readonly MemberPeer[]): Promise<void> {
    const neighbours = this.#running;
    const ports = await this.#ports.choose(peers);
    await Promise.all(peers.map((peer, index) => peer.open(neighbours, ports[index] ?? peer.port)));
    // In the order of the description, in which gateways ask them.
    for (const { endorser } of this.#peers) neighbours.endorsers.add(endorser);
    this.#ports.keep(this.#peers);
    this.#tellWhere();
  }

  /** Stops peers that are described no more. */
  async #dismiss(leaving: readonly MemberPeer[]): Promise<void> {
    this.#peers = this.#peers.filter((peer) => !leaving.includes(peer));
    for (const { endorser } of leaving) this.#running.endorsers.delete(endorser);
    await Promise.all(leaving.map((peer) => peer.close()));
    await this.#chaincodes.part();
  }

  /** Publishes every member's endpoint, its first peer, and all peers in their connection profiles. */
  #tellWhere(): void {
    const ports = Object.fromEntries(this.#peers.map(({ host, port }) => [host, port]));
    const profiles = writeConnectionProfiles(this.#consortium, this.cryptoDir, ports);
    const profileOf = (id: string): string => profiles[id] ?? '';
    const own = firstPeers(this.#peers).map((peer) => peer.endpoint(profileOf(peer.organisation.id)));
    const lender = own.find(({ id }) =>
      this.#consortium.organisations.some((one) => one.id === id && one.kind === 'NMI'),
    );
    const shared = this.#consortium.organisations.filter((organisation) => organisation.shared === true);
    this.#organisations = [
      ...own,
      ...shared.flatMap(({ id, mspId }) => (lender ? [{ ...lender, id, mspId, profile: profileOf(id) }] : [])),
    ];
  }

  async #stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#undo.pop(); step; step = this.#undo.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The network did not stop cleanly.');
  }
}

/** The described peers with their full names. @throws DeploymentError when an organisation has none */
function peersOf({ organisations }: Consortium) {
  return organisations
    .filter(({ shared }) => shared !== true)
    .flatMap((organisation) => {
      if (organisation.peers.length > 0) {
        return organisation.peers.map((peer) => ({ organisation, peer, host: hostOf(peer, organisation) }));
      }
      throw new DeploymentError(`The organisation ${organisation.id} has no peer: give it one in the consortium.`);
    });
}

/**
 * Starts a whole consortium in this process: every member's endorsing peers with their Gateway, Deliver and
 * Endorser services, an ordering service, every channel's ledger, and a process for each peer's chaincodes, started when they
 * are first asked. It is one machine and one process: there is no consensus and no Byzantine tolerance.
 *
 * @example
 * const network = await startEmbedded({ consortium: readConsortium(file), dataDir: '.tracecal', ports: 'free' });
 * console.log(network.organisations[0].gatewayEndpoint);
 * await network.stop();
 * @throws DataDirectoryInUse when another process works on `dataDir`; BrokenLock, DeploymentError, ChaincodeStartError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<StartedNetwork> {
  const network = new Network(options);
  await network.start();
  return network;
}
