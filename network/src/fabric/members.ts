import { setTimeout as pause } from 'node:timers/promises';
import { changeChannel, channelConfig, configReached, type Signer } from '../admin/index.js';
import {
  defaultPolicyTemplateFile,
  describedConfig,
  readChannelMaterial,
  readPolicyTemplate,
} from '../channel/index.js';
import { membersOf, type Channel, type Consortium } from '../topology/index.js';
import { FabricError } from './errors.js';
import type { Layout } from './layout.js';
import type { OrdererHandle, PeerHandle } from './nodes.js';
import type { Surroundings } from './surroundings.js';

/** The running nodes by which a network is changed. */
interface Nodes {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
}

/** How long a peer that joins may take for all the blocks that the others have. */
const CATCH_UP_MS = 120_000;
/** A peer that hangs is not to hold a change up that needs only one of them. */
const ANSWER_MS = 5000;
/** The configuration by which an organisation enters a channel that exists is never the first one. */
const FIRST = 0;

/** Members come and go while a network runs; its frame is for its whole life. @throws FabricError `OTHER_CONSORTIUM` */
export function checkSameFrame(before: Consortium, next: Consortium): void {
  const frame = ({ orderers, channels }: Consortium): string =>
    JSON.stringify([
      orderers.map(({ name, mspId, domain, consenterId }) => [name, mspId, domain, consenterId]),
      channels.map(({ name }) => name),
    ]);
  if (frame(before) === frame(next)) return;
  throw new FabricError(
    'OTHER_CONSORTIUM',
    'Channels or orderers differ from those of the running network: change members alone, or make a new network.',
  );
}

/** Brings every channel's configuration to what the next description says, by updates that its administrators sign. */
export async function changeMembers(
  layout: Layout,
  before: Consortium,
  next: Consortium,
  { peers, orderers }: Nodes,
  seen: Surroundings,
  material = readChannelMaterial(next, layout.cryptoDir),
): Promise<void> {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  for (const channel of next.channels) {
    await changeChannel({
      channel: channel.name,
      wanted: describedConfig(next, channel, template, material, seen),
      admins: [...administrators(channel.name, before, peers), ...orderers.map(({ signer }) => signer)],
      witness: await bestInformed(channel, before, peers),
      orderers: orderers.map(({ connection }) => connection),
    });
  }
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
      const asked = channelConfig(peer.connection, peer.admin, channel.name).catch(() => undefined);
      const config = await Promise.race([asked, pause(ANSWER_MS, undefined, { ref: false })]);
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
