import { listOrdererChannels, ordererChannel } from '../../../admin/index.js';
import type { Consortium, MemberOrganisation } from '../../../topology/index.js';
import { joinOrdererToChannels, joinPeerFromSnapshots, joinPeerToChannels } from '../channels/channels.js';
import { staying } from '../channels/members.js';
import { Snapshots } from '../channels/snapshots.js';
import type { Layout } from '../places/layout.js';
import type { Nodes } from '../places/placement.js';
import type { NodeEnvironment } from '../places/nodeEnvironment.js';
import type { Runner } from '../processes/runner.js';
import { ordererHandle, peerHandles } from './nodes.js';
import type { OrdererHandle, PeerHandle } from './nodes.js';

type Channels = Consortium['channels'];

/** Where nodes run and keep their files. */
interface Ground {
  readonly layout: Layout;
  readonly runner: Runner;
  readonly seen: NodeEnvironment;
}

/** The orderers and peers of a network, as they join channels, get new certificates, come and go. */
export class ConnectedNodes {
  readonly orderers: readonly OrdererHandle[];
  readonly #ground: Ground;
  #peers: readonly PeerHandle[];

  constructor(ground: Ground, orderers: readonly OrdererHandle[], peers: readonly PeerHandle[]) {
    this.#ground = ground;
    this.orderers = orderers;
    this.#peers = peers;
  }

  get peers(): readonly PeerHandle[] {
    return this.#peers;
  }

  close(): void {
    for (const { connection } of [...this.orderers, ...this.#peers]) connection.close();
  }

  async joinOrderers(channels: Channels): Promise<void> {
    const { layout, runner } = this.#ground;
    await Promise.all(
      this.orderers.map(async (orderer) => {
        await runner.waitFor(orderer.name, () => succeeds(listOrdererChannels(orderer.admin)));
        await joinOrdererToChannels(orderer, channels, layout);
      }),
    );
  }

  /** Waits until an orderer is active in every channel. */
  async awaitOrderer(name: string, channels: Channels): Promise<void> {
    const orderer = this.orderers.find((each) => each.name === name);
    if (orderer !== undefined) await this.#ground.runner.waitFor(name, () => takesPart(orderer, channels));
  }

  /** Waits until a peer answers. */
  async awaitPeer({ name, connection }: PeerHandle): Promise<void> {
    await this.#ground.runner.waitFor(name, () => succeeds(connection.ready(1000)));
  }

  joinPeers(channels: Channels): Promise<void> {
    return this.#eachPeer((peer) => joinPeerToChannels(peer, channels, this.#ground.layout));
  }

  /** @param before The members when the change began: a snapshot comes from one of them. */
  async joinPeersFromSnapshots(channels: Channels, before: Consortium): Promise<void> {
    const { layout, seen } = this.#ground;
    const snapshots = new Snapshots(layout, seen.layout, (channel) => staying(channel, before, this.#peers));
    try {
      await this.#eachPeer((peer) => joinPeerFromSnapshots(peer, channels, snapshots));
    } finally {
      await snapshots.discard();
    }
  }

  /** Restarts an organisation's peers, and connects to them with the present certificates. */
  async renewPeers(organisationId: string): Promise<void> {
    const { layout, runner } = this.#ground;
    this.#peers = await Promise.all(
      this.#peers.map(async (peer) => {
        if (peer.organisation.id !== organisationId) return peer;
        await runner.restart(peer.name);
        peer.connection.close();
        const handles = peerHandles(layout.cryptoDir, [peer.organisation]);
        const renewed = handles.find(({ name }) => name === peer.name) ?? peer;
        await runner.waitFor(peer.name, () => succeeds(renewed.connection.ready(1000)));
        return renewed;
      }),
    );
  }

  /** Drops the peers of former members, and adds those of new ones. */
  changePeers(organisations: readonly MemberOrganisation[]): void {
    const isMember = (id: string): boolean => organisations.some((organisation) => organisation.id === id);
    const remaining = this.#peers.filter(({ organisation }) => isMember(organisation.id));
    for (const peer of this.#peers.filter((one) => !remaining.includes(one))) peer.connection.close();
    const known = new Set(remaining.map(({ organisation }) => organisation.id));
    const joining = organisations.filter(({ id }) => !known.has(id));
    this.#peers = [...remaining, ...peerHandles(this.#ground.layout.cryptoDir, joining)];
  }

  /** Runs an action on every peer as soon as it answers. If one action fails, waits for the others to finish. */
  async #eachPeer(act: (peer: PeerHandle) => Promise<void>): Promise<void> {
    const acts = await Promise.allSettled(
      this.#peers.map(async (peer) => {
        await this.#ground.runner.waitFor(peer.name, () => succeeds(peer.connection.ready(1000)));
        await act(peer);
      }),
    );
    const failed = acts.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** The nodes that run here, with their administrators. Nothing is connected yet. */
export async function connectedNodes(ground: Ground, cryptoDir: string, here: Nodes): Promise<ConnectedNodes> {
  const orderers = await Promise.all(here.orderers.map((orderer) => ordererHandle(cryptoDir, orderer)));
  return new ConnectedNodes(ground, orderers, peerHandles(cryptoDir, here.organisations));
}

/** Whether an orderer is active in every channel. */
async function takesPart({ admin }: OrdererHandle, channels: Channels): Promise<boolean> {
  const parts = await Promise.all(channels.map(({ name }) => ordererChannel(admin, name).catch(() => undefined)));
  return parts.every((part) => part?.status === 'active' && part.consensusRelation === 'consenter');
}

/** Whether an attempt succeeds. */
function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
