import type {
  ChaincodeDeployment,
  Channel,
  Consortium,
  MemberOrganisation,
  PeerNode,
  PrivateCollection,
} from './consortium.js';
import type { Zone } from './firewall.js';

/** A collection on a channel, with its members by MSP id. */
export interface ChannelCollection extends Omit<PrivateCollection, 'members'> {
  readonly mspIds: readonly string[];
}

/** The channel's part of a chaincode's definition, for any engine. */
export interface OnChannel {
  /** Undefined if the chaincode has a policy for each channel, but none for this one. */
  readonly endorsement: string | undefined;
  readonly collections: readonly ChannelCollection[];
}

/** The ids of the organisations in a channel. */
export function membersOf({ writers, readers }: Channel): readonly string[] {
  return [...writers, ...readers];
}

/** The channels of which an organisation is a member. */
export function channelsOf({ channels }: Consortium, id: string): readonly Channel[] {
  return channels.filter((channel) => membersOf(channel).includes(id));
}

/** The channels that a member's nodes join: an orderer orders every channel. */
export function channelsRunBy(consortium: Consortium, id: string): readonly Channel[] {
  return consortium.orderers.some(({ runBy }) => runBy === id) ? consortium.channels : channelsOf(consortium, id);
}

/** The other organisations with which one shares a channel. */
export function neighboursOf(consortium: Consortium, id: string): readonly MemberOrganisation[] {
  const ids = new Set(channelsOf(consortium, id).flatMap(membersOf));
  return consortium.organisations.filter((each) => each.id !== id && ids.has(each.id));
}

/** The site that a channel belongs to: a channel without a compartment stands for itself. */
export function siteOf({ compartment, name }: Channel): string {
  return compartment ?? name;
}

/** The zones of a site's monitors that receive what the site sends one way. */
export function collectorsOf({ readers }: Channel, zones: readonly Zone[]): readonly Zone[] {
  return zones.filter(({ organisation, collectors = [] }) => readers.includes(organisation) && collectors.length > 0);
}

/** A collection exists on channels with all its members: peers refuse one with a member that is not in the channel. */
export function hasCollection(channel: Channel, { members }: PrivateCollection): boolean {
  const present = membersOf(channel);
  return members.every((id) => present.includes(id));
}

/** A chaincode's policy and collections on one of its channels. */
export function onChannel(
  channel: Channel,
  { endorsement, collections = [] }: ChaincodeDeployment,
  { organisations }: Consortium,
): OnChannel {
  const mspIds = new Map(organisations.map(({ id, mspId }) => [id, mspId]));
  return {
    endorsement: typeof endorsement === 'string' ? endorsement : endorsement[channel.name],
    collections: collections
      .filter((collection) => hasCollection(channel, collection))
      .map(({ members, ...rest }) => ({ ...rest, mspIds: members.map((id) => mspIds.get(id) ?? id) })),
  };
}

/** Whose peers the clients of an organisation use: its own, or those of the NMIs, if its identity is shared by all readers. */
export function peersFor(
  { organisations }: Pick<Consortium, 'organisations'>,
  organisation: MemberOrganisation,
): readonly { readonly owner: MemberOrganisation; readonly peer: PeerNode }[] {
  const owners = organisation.shared === true ? organisations.filter(({ kind }) => kind === 'NMI') : [organisation];
  return owners.flatMap((owner) => owner.peers.map((peer) => ({ owner, peer })));
}
