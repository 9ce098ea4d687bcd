import { ServerCredentials, type Server } from '@grpc/grpc-js';
import { hostOf, loadSigningIdentity, loadTls, memberTree } from '../../pki/index.js';
import { LOOPBACK, portTaken } from '../../system/ports.js';
import type { MemberOrganisation, OrdererNode, PeerNode } from '../../topology/index.js';
import type { OrganisationEndpoint } from '../../running/startedNetwork.js';
import { DeploymentError } from '../../channel/definitions.js';
import { deliverService, type BlockFeed } from './deliver/index.js';
import { gatewayService } from './gateway/index.js';
import type { ChannelLedger } from './ledger/index.js';
import type { Log } from '../../system/log.js';
import type { Orderer } from './orderer/index.js';
import {
  Endorser,
  endorserService,
  peerSigner,
  type ChaincodeService,
  type EndorserChannel,
  type PeerSigner,
} from './peer/index.js';
import { addService, serverWithin, type MessageBudget } from './rpc/index.js';

/** Time limit for open streams at a stop. */
const DRAIN_MS = 1000;

/** Data shared by the peers of all members. */
export interface Neighbours {
  /** Endorsers of the peers that listen. */
  readonly endorsers: Set<Endorser>;
  /** Time limit for an evaluation of another peer than the gateway's own. */
  readonly endorsementTimeoutMs: number;
  readonly orderer: Orderer;
  readonly ordererNodes: readonly OrdererNode[];
  /** Shared limit for messages of callers whose signatures are not checked yet. */
  readonly budget: MessageBudget;
  readonly clock: () => number;
  readonly log: Log;
}

/** A peer of a member: an endorser, the channels that it has joined, and its Gateway, Deliver and Endorser services on one port. */
export class MemberPeer {
  readonly organisation: MemberOrganisation;
  readonly endorser: Endorser;
  readonly #cryptoDir: string;
  readonly #peer: PeerNode;
  readonly #channels = new Map<string, EndorserChannel>();
  readonly #feeds = new Map<string, BlockFeed>();
  #server: Server | undefined;
  #port: number;

  constructor(organisation: MemberOrganisation, peer: PeerNode, cryptoDir: string, clock: () => number) {
    this.organisation = organisation;
    this.#cryptoDir = cryptoDir;
    this.#peer = peer;
    this.#port = peer.port;
    this.endorser = new Endorser({
      mspId: organisation.mspId,
      address: `${this.host}:${peer.port}`,
      signer: this.#signer(),
      channels: this.#channels,
      clock,
    });
  }

  /** The name in its TLS certificate. */
  get host(): string {
    return hostOf(this.#peer, this.organisation);
  }

  get listens(): boolean {
    return this.#server !== undefined;
  }

  /** Its port; the one in the consortium until it listens. */
  get port(): number {
    return this.#port;
  }

  /** Joins a channel, with the chaincodes that run there. */
  join(ledger: ChannelLedger, feed: BlockFeed, chaincodes: ReadonlyMap<string, ChaincodeService>): void {
    this.#channels.set(ledger.channelId, { ledger, chaincodes });
    this.#feeds.set(ledger.channelId, feed);
  }

  leave(channelId: string): void {
    this.#channels.delete(channelId);
    this.#feeds.delete(channelId);
  }

  /** Listens on a port of the loopback interface. @throws DeploymentError when it is taken */
  async open(neighbours: Neighbours, port: number): Promise<void> {
    const { endorser } = this;
    const { endorsers, endorsementTimeoutMs, orderer, clock, log } = neighbours;
    const server = serverWithin(neighbours.budget);
    const feeds = this.#feeds;
    const ordererNodes = neighbours.ordererNodes.map((node) => ({
      address: `${hostOf(node, node)}:${node.port}`,
      mspId: node.mspId,
    }));
    const context = { local: endorser, endorsers, endorsementTimeoutMs, orderer, ordererNodes, feeds };
    addService(server, gatewayService(context, log), log);
    addService(server, deliverService({ mspId: endorser.mspId, feeds, clock }), log);
    addService(server, endorserService(endorser), log);
    await this.#bind(server, port);
    this.#server = server;
    this.#port = port;
  }

  /** Loads its present certificate for signing, and reopens its port with the present TLS certificate. */
  async renew(neighbours: Neighbours): Promise<void> {
    this.endorser.signer = this.#signer();
    await this.close();
    await this.open(neighbours, this.#port);
  }

  /** Lets running calls finish, and ends streams that would never end. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
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

  /** The endpoint for its applications. */
  endpoint(profile: string): OrganisationEndpoint {
    const { id, mspId } = this.organisation;
    return {
      id,
      mspId,
      gatewayEndpoint: `localhost:${this.#port}`,
      tlsHostName: this.host,
      tlsCaCert: memberTree(this.#cryptoDir, this.organisation).tlsCaCertificate,
      profile,
    };
  }

  #signer(): PeerSigner {
    const { mspId } = this.organisation;
    const { msp } = memberTree(this.#cryptoDir, this.organisation).node(this.#peer.name);
    const { certificate, privateKey } = loadSigningIdentity(msp, mspId);
    return peerSigner(mspId, certificate, privateKey);
  }

  #bind(server: Server, port: number): Promise<void> {
    const tls = loadTls(memberTree(this.#cryptoDir, this.organisation).node(this.#peer.name).tls);
    const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
    // Give the server its own roots: by default each server loads the more than hundred roots of Node.
    const credentials = ServerCredentials.createSsl(Buffer.from(tls.ca), [pair]);
    return new Promise<void>((resolve, reject) => {
      server.bindAsync(`${LOOPBACK}:${port}`, credentials, (error) => {
        if (error) {
          reject(new DeploymentError(portTaken(this.host, { port }), { cause: error }));
        } else resolve();
      });
    });
  }
}
