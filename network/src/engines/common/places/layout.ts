import { join } from 'node:path';
import { hostOf } from '../../../pki/index.js';
import type { MemberOrganisation, OrdererNode, PeerNode } from '../../../topology/index.js';

/** Paths of the engine's files in its data directory. */
export class Layout {
  constructor(readonly root: string) {}

  get cryptoDir(): string {
    return join(this.root, 'crypto-config');
  }

  /** The values that must stay the same at every start: above all, ports. */
  get placement(): string {
    return join(this.root, 'native.json');
  }

  get runDir(): string {
    return join(this.root, 'run');
  }

  /** Files that contain the network's ports, and its ledgers. */
  get placed(): readonly string[] {
    return ['channels', 'chaincodes', 'orderers', 'peers'].map((folder) => join(this.root, folder));
  }

  /** The folders in which nodes keep their ledgers. */
  get ledgers(): readonly string[] {
    return ['orderers', 'peers'].map((folder) => join(this.root, folder));
  }

  /** All files that the engine ever writes. */
  get everything(): readonly string[] {
    const folders = ['crypto-config', 'genesis', 'run', 'logs', 'builders'];
    return [this.placement, ...folders.map((folder) => join(this.root, folder)), ...this.placed];
  }

  get logDir(): string {
    return join(this.root, 'logs');
  }

  get builderDir(): string {
    return join(this.root, 'builders', 'ccaas');
  }

  get channelsDir(): string {
    return join(this.root, 'channels');
  }

  genesisBlock(channel: string): string {
    return join(this.channelsDir, `${channel}.block`);
  }

  /** The first block of a channel on which the members agreed before any node was started: `tracecal member assemble` writes it. */
  agreedBlock(channel: string): string {
    return join(this.root, 'genesis', `${channel}.block`);
  }

  /** The configuration with which an orderer joins a channel that runs already, in place of the first one: `tracecal member accept` writes it. */
  newestBlock(channel: string): string {
    return join(this.root, 'genesis', `${channel}.newest.block`);
  }

  /** There if a member joined channels that ran already: `tracecal member accept` writes it. */
  get joinedLater(): string {
    return join(this.root, 'ceremony', 'joined.json');
  }

  /** A member's files of a chaincode: its package, and the keys of its service. */
  chaincodeDir(name: string, { id }: MemberOrganisation): string {
    return join(this.root, 'chaincodes', name, id);
  }

  ordererDir(orderer: OrdererNode): string {
    return join(this.root, 'orderers', hostOf(orderer, orderer));
  }

  peerDir(organisation: MemberOrganisation, peer: PeerNode): string {
    return join(this.root, 'peers', hostOf(peer, organisation));
  }

  /** Where a peer writes the snapshots of its channels. */
  peerSnapshots(name: string): string {
    return join(this.root, 'peers', name, 'snapshots');
  }
}
