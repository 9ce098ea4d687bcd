import { Server, ServerCredentials } from '@grpc/grpc-js';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  admitNewAuthority,
  hostOf,
  loadSigningIdentity,
  loadTls,
  memberTree,
  ordererTree,
  renewCertificates,
  renewNode,
  retireOldAuthority,
  writeConnectionProfiles,
  writeCryptoConfig,
  type AuthorityKind,
} from '../pki/index.js';
import { organisationOf, ordererOf } from '../rotation.js';
import type {
  ChaincodeDeployment,
  ChangeOptions,
  Consortium,
  MemberOrganisation,
  PeerNode,
} from '../topology/index.js';
import { nextDefinition, upgradable, type Upgrade } from '../upgrade.js';
import { defineChaincodes, openChannels } from './channels.js';
import { lockDataDirectory } from './dataLock.js';
import { chaincodeDefinition, DeploymentError } from './definitions.js';
import { BlockFeed, deliverService } from './deliver/index.js';
import { gatewayService } from './gateway/index.js';
import type { ChannelLedger } from './ledger/index.js';
import type { Log } from './log.js';
import { changeChannels, checkReconfigurable, ordererSigner } from './membership.js';
import { Orderer } from './orderer/index.js';
import {
  ChaincodeService,
  Endorser,
  endorserService,
  packageIdOf,
  peerSigner,
  type EndorserChannel,
  type PeerSigner,
} from './peer/index.js';
import { addService, MAX_RECEIVE_BYTES } from './rpc/index.js';

/** How an embedded network is started. */
export interface EmbeddedOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, ledgers, chaincode logs, lock. Created when missing. */
  readonly dataDir: string;
  /** `configured` listens on the ports of the consortium; `free` lets the system choose (tests, several networks at once). */
  readonly ports: 'configured' | 'free';
  /** Chaincodes beside those of the consortium, usually services that somebody else runs. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  /** The peers' clock, in milliseconds since the epoch; injectable for tests of the time window and of expiry. */
  readonly clock?: () => number;
  readonly log?: Log;
  /** How long a chaincode may take for one transaction; Fabric's 30 seconds unless given. */
  readonly executeTimeoutMs?: number;
}

/** Where an application of one organisation finds the network. */
export interface OrganisationEndpoint {
  readonly id: string;
  readonly mspId: string;
  /** `host:port` of its peer: Gateway, Deliver and Endorser services over TLS. */
  readonly gatewayEndpoint: string;
  /** The name in the peer's TLS certificate, for clients that connect by address. */
  readonly tlsHostName: string;
  /** PEM file of the TLS certification authority that vouches for the endpoint. */
  readonly tlsCaCert: string;
  /** Path of its connection profile (JSON). */
  readonly profile: string;
}

/** A running network. */
export interface EmbeddedNetwork {
  /** Changes with {@link reconfigure}. */
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  /**
   * Makes the running network that of another description: organisations come and go by signed updates of the channels'
   * configurations, chaincodes get their new endorsement policies. When it is interrupted, it may be done again.
   * @throws DeploymentError when channels, orderers or chaincodes differ in more than that, or a new member shall join from a
   * snapshot; ChannelError `UPDATE_REFUSED`
   */
  reconfigure(consortium: Consortium, how?: ChangeOptions): Promise<void>;
  /**
   * Brings a chaincode to another version, policy or collections, by the next sequence. The service of the version before is
   * ended when what runs on it is done.
   * @throws UpgradeError; DeploymentError, ChaincodeStartError: then the chaincode stands as it stood
   */
  upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade>;
  /**
   * Gives a member a new CA: its root enters all channels beside the old one, its peer and users get new certificates, and
   * the old root leaves. When it is interrupted, it may be done again.
   * @throws RotationError, PkiError, ChannelError `UPDATE_REFUSED`
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new certificates. No node of that name runs here, but the channels name it as a consenter, and the first
   * one signs their configurations.
   * @throws RotationError, PkiError, ChannelError `UPDATE_REFUSED`
   */
  rotateOrderer(name: string): Promise<void>;
  /** Refuses new calls, finishes those under way, closes ledgers, ends chaincode processes. Safe to call twice. */
  stop(): Promise<void>;
}

const EXECUTE_TIMEOUT_MS = 30_000;
/** How long open streams may hold up a stop. */
const DRAIN_MS = 1000;

const ONE_LEDGER =
  'The embedded network has one ledger for all its members, so that nobody joins from a snapshot: leave that out.';

/** An organisation's peer before it listens. */
interface Member {
  readonly organisation: MemberOrganisation;
  readonly peer: PeerNode;
  readonly endorser: Endorser;
  readonly channels: Map<string, EndorserChannel>;
  readonly feeds: Map<string, BlockFeed>;
}

type Undo = () => unknown;

function firstPeer(organisation: MemberOrganisation): PeerNode {
  const [peer] = organisation.peers;
  if (!peer)
    throw new DeploymentError(`The organisation ${organisation.id} has no peer: give it one in the consortium.`);
  return peer;
}

function makeMember(organisation: MemberOrganisation, cryptoDir: string, clock: () => number): Member {
  const peer = firstPeer(organisation);
  const channels = new Map<string, EndorserChannel>();
  const endorser = new Endorser({
    mspId: organisation.mspId,
    address: `${hostOf(peer, organisation)}:${peer.port}`,
    signer: signerOfPeer(organisation, peer, cryptoDir),
    channels,
    clock,
  });
  return { organisation, peer, endorser, channels, feeds: new Map() };
}

function signerOfPeer({ mspId, ...organisation }: MemberOrganisation, peer: PeerNode, cryptoDir: string): PeerSigner {
  const { msp } = memberTree(cryptoDir, organisation).node(peer.name);
  const { certificate, privateKey } = loadSigningIdentity(msp, mspId);
  return peerSigner(mspId, certificate, privateKey);
}

/** @throws DeploymentError when a chaincode names a channel that the consortium does not have, or a name twice on one */
function checkDeployments(consortium: Consortium, deployments: readonly ChaincodeDeployment[]): void {
  const taken = new Set<string>();
  for (const { name, channels } of deployments) {
    for (const channel of channels) {
      if (!consortium.channels.some((candidate) => candidate.name === channel)) {
        throw new DeploymentError(`The chaincode ${name} names the channel ${channel}, which does not exist.`);
      }
      const place = `${name} on channel ${channel}`;
      if (taken.has(place)) throw new DeploymentError(`There are two chaincodes ${place}: give one another name.`);
      taken.add(place);
    }
  }
}

/** Members of these channels, on which a chaincode is deployed. */
function endorsersOf(
  names: readonly string[],
  consortium: Consortium,
  members: readonly Member[],
): readonly Endorser[] {
  const channels = consortium.channels.filter(({ name }) => names.includes(name));
  const ids = new Set(channels.flatMap(({ writers, readers }) => [...writers, ...readers]));
  return members.filter(({ organisation }) => ids.has(organisation.id)).map(({ endorser }) => endorser);
}

class NetworkBuilder {
  readonly #options: EmbeddedOptions;
  readonly #undo: Undo[] = [];
  readonly #feeds = new Map<string, BlockFeed>();
  readonly #servers = new Map<Member, Server>();
  readonly #endorsers = new Map<string, Endorser>();
  readonly #ports: Record<string, number> = {};
  #consortium: Consortium;
  #members: readonly Member[] = [];
  #ledgers: readonly ChannelLedger[] = [];
  #services: readonly ChaincodeService[] = [];
  readonly #log: Log;
  readonly #clock: () => number;
  readonly #cryptoDir: string;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#consortium = options.consortium;
    this.#log = options.log ?? (() => undefined);
    this.#clock = options.clock ?? Date.now;
    this.#cryptoDir = join(options.dataDir, 'crypto-config');
  }

  async build(): Promise<EmbeddedNetwork> {
    try {
      return await this.#build();
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #build(): Promise<EmbeddedNetwork> {
    const { dataDir } = this.#options;
    const consortium = this.#consortium;
    const deployments = this.#deployments(consortium);
    checkDeployments(consortium, deployments);
    this.#undo.push(await lockDataDirectory(dataDir));
    await writeCryptoConfig(consortium, this.#cryptoDir);
    this.#members = consortium.organisations.map((organisation) =>
      makeMember(organisation, this.#cryptoDir, this.#clock),
    );
    // The slowest part is the chaincode's own start: the ledgers open meanwhile.
    this.#services = deployments.map((deployment) => this.#startChaincode(deployment));
    this.#ledgers = await openChannels({
      consortium,
      deployments,
      cryptoDir: this.#cryptoDir,
      dataDir,
      clock: this.#clock,
    });
    this.#undo.push(() => Promise.all(this.#ledgers.map((ledger) => ledger.close())));
    for (const ledger of this.#ledgers) this.#feeds.set(ledger.channelId, new BlockFeed(ledger));
    this.#join();
    const orderer = new Orderer(this.#ledgers, () => ordererSigner(consortium, this.#cryptoDir));
    this.#undo.push(() => orderer.close());
    this.#undo.push(() => Promise.all([...this.#servers.values()].map(shutDown)));
    // Endless streams end first, or the servers would wait for them.
    this.#undo.push(() => {
      for (const feed of this.#feeds.values()) feed.close();
    });
    await this.#open(this.#members, orderer);
    await Promise.all(this.#services.map((service) => service.started));
    return this.#network(orderer);
  }

  #deployments({ chaincodes }: Consortium): readonly ChaincodeDeployment[] {
    return [...chaincodes, ...(this.#options.chaincodes ?? [])];
  }

  async #upgrade(wanted: ChaincodeDeployment): Promise<Upgrade> {
    const { chaincodes } = this.#consortium;
    const now = upgradable(wanted.name, new Map(chaincodes.map((chaincode) => [chaincode.name, chaincode])));
    const packageId = packageIdOf(wanted);
    const before = this.#services.find(
      ({ name, channels }) => name === now.name && isDeepStrictEqual(channels, now.channels),
    );
    if (!before) throw new Error(`${now.name} has no service`);
    const next = nextDefinition({ deployment: now, packageId: before.packageId }, wanted, packageId);
    if (!next) return { changed: false, deployment: now, packageId };
    const definitions = this.#ledgers
      .filter(({ channelId }) => next.channels.includes(channelId))
      .map((ledger) => [ledger, chaincodeDefinition(next, this.#consortium, ledger.access)] as const);
    const after = await this.#successor(before, next, packageId);
    // From here to its end nothing is awaited: every transaction sees all of the old, or all of the new.
    for (const [ledger, definition] of definitions) ledger.define(definition);
    this.#consortium = {
      ...this.#consortium,
      chaincodes: chaincodes.map((chaincode) => (chaincode === now ? next : chaincode)),
    };
    this.#services = this.#services.map((service) => (service === before ? after : service));
    this.#join();
    if (after !== before) await before.retire();
    return { changed: true, deployment: next, packageId };
  }

  /** The service of the next version, running and registered; the same one where the package is the same. */
  async #successor(before: ChaincodeService, next: ChaincodeDeployment, packageId: string): Promise<ChaincodeService> {
    if (before.packageId === packageId) {
      before.deployment = next;
      return before;
    }
    const after = this.#startChaincode(next);
    try {
      await after.registered();
      return after;
    } catch (error) {
      await after.stop();
      throw error;
    }
  }

  async #rotateAuthority(organisationId: string, authority: AuthorityKind, orderer: Orderer): Promise<void> {
    const organisation = organisationOf(this.#consortium, organisationId);
    const tree = memberTree(this.#cryptoDir, organisation);
    const member = this.#members.find(({ organisation: { id } }) => id === organisationId);
    await admitNewAuthority(tree, authority);
    await this.#updateChannels(orderer);
    await renewCertificates(tree, authority);
    if (member) await this.#renew(member, orderer);
    retireOldAuthority(tree, authority);
    await this.#updateChannels(orderer);
  }

  async #rotateOrderer(name: string, orderer: Orderer): Promise<void> {
    const node = ordererOf(this.#consortium, name);
    await renewNode(ordererTree(this.#cryptoDir, node), node.name, 'orderer');
    await this.#updateChannels(orderer);
  }

  /** Brings the channels' configurations to what certificates are now. */
  #updateChannels(orderer: Orderer): Promise<void> {
    const consortium = this.#consortium;
    return changeChannels({
      before: consortium,
      next: consortium,
      cryptoDir: this.#cryptoDir,
      ledgers: this.#ledgers,
      orderer,
    });
  }

  /** Has a member's peer sign with its present certificate, and opens its port again with that of TLS. */
  async #renew(member: Member, orderer: Orderer): Promise<void> {
    const { organisation, peer, endorser } = member;
    endorser.signer = signerOfPeer(organisation, peer, this.#cryptoDir);
    const before = this.#servers.get(member);
    if (before) await shutDown(before);
    const server = this.#server(member, orderer);
    this.#servers.set(member, server);
    await this.#bind(server, organisation, peer, this.#ports[hostOf(peer, organisation)]);
  }

  async #reconfigure(next: Consortium, orderer: Orderer): Promise<void> {
    const before = this.#consortium;
    checkReconfigurable(before, next);
    await writeCryptoConfig(next, this.#cryptoDir);
    await changeChannels({ before, next, cryptoDir: this.#cryptoDir, ledgers: this.#ledgers, orderer });
    this.#consortium = next;
    await this.#dismiss(this.#members.filter(({ organisation: { id } }) => !has(next, id)));
    const joining = next.organisations
      .filter(({ id }) => !has(before, id))
      .map((organisation) => makeMember(organisation, this.#cryptoDir, this.#clock));
    this.#members = [...this.#members, ...joining];
    const deployments = this.#deployments(next);
    for (const ledger of this.#ledgers) defineChaincodes(ledger, deployments, next);
    this.#join();
    await Promise.all(
      this.#services.flatMap((service) =>
        endorsersOf(service.channels, next, joining).map((endorser) => service.addEndorser(endorser)),
      ),
    );
    await this.#open(joining, orderer);
  }

  /** Closes the services of organisations that are not members any more. */
  async #dismiss(leaving: readonly Member[]): Promise<void> {
    this.#members = this.#members.filter((member) => !leaving.includes(member));
    await Promise.all(
      leaving.map(async (member) => {
        const server = this.#servers.get(member);
        this.#servers.delete(member);
        this.#endorsers.delete(member.endorser.mspId);
        if (server) await shutDown(server);
      }),
    );
  }

  #startChaincode(deployment: ChaincodeDeployment): ChaincodeService {
    const logs = join(this.#options.dataDir, 'logs');
    mkdirSync(logs, { recursive: true });
    const service = new ChaincodeService({
      deployment,
      endorsers: endorsersOf(deployment.channels, this.#consortium, this.#members),
      logFile: join(logs, `${deployment.name}-${deployment.channels.join('-')}.log`),
      executeTimeoutMs: this.#options.executeTimeoutMs ?? EXECUTE_TIMEOUT_MS,
      log: this.#log,
    });
    this.#undo.push(() => service.stop());
    service.start();
    return service;
  }

  /** Gives every organisation the channels that its MSP is an application member of, and takes the others from it. */
  #join(): void {
    for (const ledger of this.#ledgers) {
      const feed = this.#feeds.get(ledger.channelId);
      const here = this.#services.filter((service) => service.channels.includes(ledger.channelId));
      const chaincodes = new Map(here.map((service) => [service.name, service]));
      for (const { organisation, channels, feeds } of this.#members) {
        const isMember = ledger.access.applicationMsps.includes(organisation.mspId);
        if (isMember && feed) {
          channels.set(ledger.channelId, { ledger, chaincodes });
          feeds.set(ledger.channelId, feed);
        } else {
          channels.delete(ledger.channelId);
          feeds.delete(ledger.channelId);
        }
      }
    }
  }

  #server({ endorser, feeds }: Member, orderer: Orderer): Server {
    const server = new Server({
      'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
      'grpc.max_send_message_length': -1,
    });
    const endorsers = this.#endorsers;
    const ordererNodes = this.#consortium.orderers.map((node) => ({
      address: `${hostOf(node, node)}:${node.port}`,
      mspId: node.mspId,
    }));
    addService(server, gatewayService({ local: endorser, endorsers, orderer, ordererNodes, feeds }), this.#log);
    addService(server, deliverService({ mspId: endorser.mspId, feeds, clock: this.#clock }), this.#log);
    addService(server, endorserService(endorser), this.#log);
    return server;
  }

  /** Opens the ports of organisations. */
  async #open(members: readonly Member[], orderer: Orderer): Promise<void> {
    for (const { endorser } of members) this.#endorsers.set(endorser.mspId, endorser);
    await Promise.all(
      members.map(async (member) => {
        const { organisation, peer } = member;
        const server = this.#server(member, orderer);
        this.#servers.set(member, server);
        this.#ports[hostOf(peer, organisation)] = await this.#bind(server, organisation, peer);
      }),
    );
  }

  #bind(server: Server, organisation: MemberOrganisation, peer: PeerNode, port?: number): Promise<number> {
    const tls = loadTls(memberTree(this.#cryptoDir, organisation).node(peer.name).tls);
    const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
    // Without roots of its own, every server would load the hundred and more that come with Node.
    const credentials = ServerCredentials.createSsl(Buffer.from(tls.ca), [pair]);
    const wanted = port ?? (this.#options.ports === 'free' ? 0 : peer.port);
    return new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${wanted}`, credentials, (error, bound) => {
        if (error) {
          const why = `Port ${wanted}, where ${organisation.id} is to listen, cannot be opened: ${error.message}. Stop what uses it, or use free ports.`;
          reject(new DeploymentError(why));
        } else resolve(bound);
      });
    });
  }

  #network(orderer: Orderer): EmbeddedNetwork {
    let organisations = this.#endpoints();
    let stopped: Promise<void> | undefined;
    return {
      get organisations() {
        return organisations;
      },
      cryptoDir: this.#cryptoDir,
      reconfigure: async (next, { joinFrom } = {}) => {
        if (joinFrom === 'snapshot') throw new DeploymentError(ONE_LEDGER);
        await this.#reconfigure(next, orderer);
        organisations = this.#endpoints();
      },
      upgrade: (chaincode) => this.#upgrade(chaincode),
      rotateAuthority: async (id, authority) => {
        await this.#rotateAuthority(id, authority, orderer);
        organisations = this.#endpoints();
      },
      rotateOrderer: async (name) => {
        await this.#rotateOrderer(name, orderer);
        organisations = this.#endpoints();
      },
      stop: () => (stopped ??= this.#stop()),
    };
  }

  /** Where the members listen, which their connection profiles say too. */
  #endpoints(): readonly OrganisationEndpoint[] {
    const profiles = writeConnectionProfiles(this.#consortium, this.#cryptoDir, this.#ports);
    return this.#members.map(({ organisation, peer }) => ({
      id: organisation.id,
      mspId: organisation.mspId,
      gatewayEndpoint: `localhost:${this.#ports[hostOf(peer, organisation)] ?? peer.port}`,
      tlsHostName: hostOf(peer, organisation),
      tlsCaCert: memberTree(this.#cryptoDir, organisation).tlsCaCertificate,
      profile: profiles[organisation.id] ?? '',
    }));
  }

  /** Undoes what was built, last first: servers before ledgers, ledgers before the lock. */
  async #stop(): Promise<void> {
    const failures: unknown[] = [];
    let step = this.#undo.pop();
    while (step) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
      step = this.#undo.pop();
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The network did not stop cleanly.');
  }
}

function has({ organisations }: Consortium, id: string): boolean {
  return organisations.some((organisation) => organisation.id === id);
}

/** Lets calls under way finish, and cuts off the streams that would go on for ever. */
async function shutDown(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const forced = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(forced);
      resolve();
    });
  });
}

/**
 * Starts a whole consortium in this process: one endorsing peer a member organisation with its Gateway, Deliver and
 * Endorser services, an ordering service, every channel's ledger, and the chaincodes in processes of their own. It is one
 * machine and one process: there is no consensus and no Byzantine tolerance.
 *
 * @example
 * const network = await startEmbedded({ consortium: readConsortium(file), dataDir: '.tracecal', ports: 'free' });
 * console.log(network.organisations[0].gatewayEndpoint);
 * await network.stop();
 * @throws DataDirectoryInUse when another process works on `dataDir`; DeploymentError, ChaincodeStartError
 */
export function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedNetwork> {
  return new NetworkBuilder(options).build();
}
