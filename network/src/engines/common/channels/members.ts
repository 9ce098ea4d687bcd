import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import { accessFromConfig } from '@tracecal/ledger/policy';
import {
  AdminError,
  changeChannel,
  channelConfig,
  channelHeight,
  configReached,
  ordererChannel,
  type Signer,
} from '../../../admin/index.js';
import {
  defaultPolicyTemplateFile,
  describedConfig,
  otherBatch,
  partsLeft,
  readChannelMaterial,
  readPolicyTemplate,
  withApproving,
  withDescribed,
  type ChannelMaterial,
  type Subject,
} from '../../../channel/index.js';
import type { Log } from '../../../system/log.js';
import { frameOf, membersOf, type Channel, type Consortium } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import type { Layout } from '../places/layout.js';
import type { OrdererHandle, PeerHandle } from '../nodes/nodes.js';
import type { NodeEnvironment } from '../places/nodeEnvironment.js';

/** The running nodes through which a network is changed. */
interface Nodes {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
}

/** Time limit for a joining peer to fetch all existing blocks. */
const CATCH_UP_MS = 120_000;
/** A peer that hangs must not delay a change that needs only one of the peers. */
const ANSWER_MS = 5000;
const POLL_MS = 100;
/** The configuration by which an organisation enters an existing channel is never the first one. */
const FIRST = 0;

/**
 * Members may change while a network runs; its frame (orderers and channels) may not.
 * @throws FabricError `OTHER_CONSORTIUM`
 */
export function checkSameFrame(before: Consortium, next: Consortium): void {
  if (frameOf(before) === frameOf(next)) return;
  throw new FabricError(
    'OTHER_CONSORTIUM',
    'Channels or orderers differ from those of the running network: change members alone, or make a new network.',
  );
}

/** The subject of a configuration change, and a receiver of notes about parts that stay. */
export interface ChannelsChange {
  readonly before: Consortium;
  readonly next: Consortium;
  readonly subject: Subject;
  /** The certificates for the channels; by default those of the crypto-config tree. */
  readonly material?: ChannelMaterial | undefined;
  readonly log: Log;
}

/** Updates every channel's configuration to the next description of the subject, signed by the channel's administrators. */
export async function changeChannels(
  layout: Layout,
  { before, next, subject, material = readChannelMaterial(next, layout.cryptoDir), log }: ChannelsChange,
  nodes: Nodes,
  seen: NodeEnvironment,
): Promise<void> {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  for (const channel of next.channels) {
    const described = describedConfig(next, channel, template, material, seen);
    let left: string | undefined;
    await change(channel, before, nodes, (current) => {
      const wanted = withDescribed(current, described, subject);
      left = partsLeft(channel.name, wanted, described);
      return wanted;
    });
    if (left !== undefined) log('warn', left);
  }
}

/**
 * Checks that the channels cut blocks as described: another batch takes the signatures of those who run orderers.
 * @throws FabricError `OTHER_CONSORTIUM`
 */
export async function checkBatches(consortium: Consortium, peers: readonly PeerHandle[]): Promise<void> {
  for (const channel of consortium.channels) {
    const { connection, admin } = await bestInformed(channel, consortium, peers);
    const config = await channelConfig(connection, admin, channel.name);
    const difference = otherBatch(channel, accessFromConfig(channel.name, config.serializeBinary()).batch);
    if (difference !== undefined) throw new FabricError('OTHER_CONSORTIUM', difference);
  }
}

/** Lets administrators of a channel's readers write while they approve a chaincode definition, or ends this. */
export async function setApproving(
  channel: Channel,
  isApproving: boolean,
  consortium: Consortium,
  nodes: Nodes,
): Promise<void> {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  await change(channel, consortium, nodes, (current) =>
    withApproving(current, { consortium, channel, template }, isApproving),
  );
}

/** @param before The channel's present members, some of whom sign. */
async function change(
  channel: Channel,
  before: Consortium,
  { peers, orderers }: Nodes,
  wanted: (current: common.Config) => common.Config,
): Promise<void> {
  await changeChannel({
    channel: channel.name,
    wanted,
    admins: [...administrators(channel.name, before, peers), ...orderers.map(({ signer }) => signer)],
    witness: await bestInformed(channel, before, peers),
    orderers: orderers.map(({ connection }) => connection),
  });
}

/** Waits until every peer has a configuration of its channels that includes its organisation as a member. */
export async function awaitMembership({ channels }: Consortium, peers: readonly PeerHandle[]): Promise<void> {
  await Promise.all(
    peers.flatMap((peer) =>
      channels
        .filter((channel) => membersOf(channel).includes(peer.organisation.id))
        .map(({ name }) => configReached(peer, name, FIRST, CATCH_UP_MS)),
    ),
  );
}

/**
 * Waits until every peer has the current configurations of its channels. A peer whose organisation was removed and added again may know of
 * neither change yet, and answers as a member until it does.
 */
export async function awaitPresentConfig(consortium: Consortium, peers: readonly PeerHandle[]): Promise<void> {
  await Promise.all(
    consortium.channels.map(async (channel) => {
      const { connection, admin } = await bestInformed(channel, consortium, peers);
      const sequence = (await channelConfig(connection, admin, channel.name)).getSequence();
      const members = peers.filter(({ organisation }) => membersOf(channel).includes(organisation.id));
      await Promise.all(members.map((peer) => configReached(peer, channel.name, sequence, CATCH_UP_MS)));
    }),
  );
}

/**
 * Waits until one peer has all blocks of a channel that its orderers have.
 * @throws AdminError `TIMEOUT`
 */
export async function awaitBlocks(channel: Channel, { peers, orderers }: Nodes): Promise<void> {
  const { name } = channel;
  const known = await Promise.all(orderers.map(({ admin }) => ordererChannel(admin, name).catch(() => undefined)));
  const height = Math.max(...known.map((part) => part?.height ?? 0));
  const members = peers.filter(({ organisation }) => membersOf(channel).includes(organisation.id));
  const deadline = Date.now() + CATCH_UP_MS;
  for (;;) {
    const heights = await Promise.all(
      members.map(async ({ connection, admin }) => (await inTime(channelHeight(connection, admin, name))) ?? 0),
    );
    if (Math.max(...heights) >= height) return;
    if (Date.now() > deadline) throw new AdminError('TIMEOUT', `No peer has all ${height} blocks of ${name}.`);
    await pause(POLL_MS);
  }
}

/** The administrators of a channel's present members; those of writers come first. */
function administrators(name: string, { channels }: Consortium, peers: readonly PeerHandle[]): readonly Signer[] {
  const members = channels.filter((channel) => channel.name === name).flatMap(membersOf);
  return members.flatMap((id) => peers.find(({ organisation }) => organisation.id === id)?.admin ?? []);
}

/** A peer that is in the channel before and after. @throws FabricError `OTHER_CONSORTIUM` when there is none */
export function staying(channel: Channel, before: Consortium, peers: readonly PeerHandle[]): PeerHandle {
  return allStaying(channel, before, peers)[0];
}

/** The peer with the newest configuration: after an interrupted change, some may not be members at the moment. */
async function bestInformed(channel: Channel, before: Consortium, peers: readonly PeerHandle[]): Promise<PeerHandle> {
  const sequences = await Promise.all(
    allStaying(channel, before, peers).map(async (peer) => {
      const config = await inTime(channelConfig(peer.connection, peer.admin, channel.name));
      return [peer, config?.getSequence() ?? -1] as const;
    }),
  );
  return sequences.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function allStaying(
  channel: Channel,
  before: Consortium,
  peers: readonly PeerHandle[],
): readonly [PeerHandle, ...PeerHandle[]] {
  const earlier = before.channels.filter(({ name }) => name === channel.name).flatMap(membersOf);
  const [first, ...others] = peers.filter(
    ({ organisation: { id } }) => earlier.includes(id) && membersOf(channel).includes(id),
  );
  if (first !== undefined) return [first, ...others];
  throw new FabricError('OTHER_CONSORTIUM', `Nobody of the channel ${channel.name} stays: make a new network.`);
}

/** A node's answer; undefined if it refuses, or takes too long. */
function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return Promise.race([answer.catch(() => undefined), pause(ANSWER_MS, undefined, { ref: false })]);
}
