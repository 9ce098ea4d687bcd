import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  joinOrderer,
  joinPeer,
  joinPeerFromSnapshot,
  listOrdererChannels,
  listPeerChannels,
} from '../../../admin/index.js';
import { membersOf, type Channel } from '../../../topology/index.js';
import type { Layout } from '../places/layout.js';
import type { OrdererHandle, PeerHandle } from '../nodes/nodes.js';
import type { Snapshots } from './snapshots.js';

/** Joins an orderer to every channel that it has not joined yet. */
export async function joinOrdererToChannels(
  orderer: OrdererHandle,
  channels: readonly Channel[],
  layout: Layout,
): Promise<void> {
  const joined = await listOrdererChannels(orderer.admin);
  for (const { name } of channels.filter((channel) => !joined.includes(channel.name))) {
    const newest = layout.newestBlock(name);
    await joinOrderer(orderer.admin, await readFile(existsSync(newest) ? newest : layout.genesisBlock(name)));
  }
}

/** Joins a peer, with the genesis blocks, to the channels of its organisation that it has not joined yet. */
export async function joinPeerToChannels(
  peer: PeerHandle,
  channels: readonly Channel[],
  layout: Layout,
): Promise<void> {
  for (const { name } of await channelsToJoin(peer, channels)) {
    await joinPeer(peer.connection, peer.admin, await readFile(layout.genesisBlock(name)));
  }
}

/** Joins a peer from snapshots, one after the other: a peer cannot load two at a time. */
export async function joinPeerFromSnapshots(
  peer: PeerHandle,
  channels: readonly Channel[],
  snapshots: Snapshots,
): Promise<void> {
  for (const channel of await channelsToJoin(peer, channels)) {
    await joinPeerFromSnapshot(peer.connection, peer.admin, channel.name, await snapshots.bring(channel, peer));
  }
}

async function channelsToJoin(peer: PeerHandle, channels: readonly Channel[]): Promise<readonly Channel[]> {
  const joined = await listPeerChannels(peer.connection, peer.admin);
  const own = channels.filter((channel) => membersOf(channel).includes(peer.organisation.id));
  return own.filter(({ name }) => !joined.includes(name));
}
