import type { common } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
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
import type { Surroundings } from '../places/surroundings.js';

/** The running nodes by which a network is changed. */
interface Nodes {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
}

/** How long a peer that joins may take for all the blocks that the others have. */
const CATCH_UP_MS = 120_000;
/** A peer that hangs is not to hold a change up that needs only one of them. */
const ANSWER_MS = 5000;
const POLL_MS = 100;
/** The configuration by which an organisation enters a channel that exists is never the first one. */
const FIRST = 0;

/** Members come and go while a network runs; its frame is for its whole life. @throws FabricError `OTHER_CONSORTIUM` */
export function checkSameFrame(before: Consortium, next: Consortium): void {
  if (frameOf(before) === frameOf(next)) return;
  throw new FabricError(
    'OTHER_CONSORTIUM',
    'Channels or orderers differ from those of the running network: change members alone, or make a new network.',
  );
}

/** What a change of the channels' configurations is about, and who tells of what it leaves. */
export interface ChannelsChange {
  readonly before: Consortium;
  readonly next: Consortium;
  readonly subject: Subject;
  /** The certificates that the channels shall know: those of the crypto-config tree unless given. */
  readonly material?: ChannelMaterial | undefined;
  readonly log: Log;
}

/** Brings every channel's configuration to what the next description says of the subject, by updates that its administrators sign. */
export async function changeChannels(
  layout: Layout,
  { before, next, subject, material = readChannelMaterial(next, layout.cryptoDir), log }: ChannelsChange,
  nodes: Nodes,
  seen: Surroundings,
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

/** Lets administrators of a channel's readers write while they approve a chaincode definition, or ends that. */
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

/** @param before who the channel's members are, some of whom sign. */
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

/** Waits until every peer has a configuration of its channels in which it is a member. */
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
 * Waits until every peer has the configurations that its channels have now: one that was put out and taken in again may not
 * have heard of either yet, and answers as a member until it has.
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

/** Waits until some peer has all blocks of a channel that its orderers have. @throws AdminError `TIMEOUT` */
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

/** The administrators of a channel's present members, those of its writers first. */
function administrators(name: string, { channels }: Consortium, peers: readonly PeerHandle[]): readonly Signer[] {
  const members = channels.filter((channel) => channel.name === name).flatMap(membersOf);
  return members.flatMap((id) => peers.find(({ organisation }) => organisation.id === id)?.admin ?? []);
}

/** A peer that is in the channel before and after. @throws FabricError `OTHER_CONSORTIUM` when there is none */
export function staying(channel: Channel, before: Consortium, peers: readonly PeerHandle[]): PeerHandle {
  return allStaying(channel, before, peers)[0];
}

/** The one of them with the newest configuration: after an interrupted change some may not be members at the moment. */
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

/** What a node answers; undefined where it refuses, or takes too long. */
function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return Promise.race([answer.catch(() => undefined), pause(ANSWER_MS, undefined, { ref: false })]);
}
