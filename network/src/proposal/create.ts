import { common } from '@hyperledger/fabric-protos';
import { Config, ConfigUpdate } from '@tracecal/ledger/wire';
import {
  ChannelError,
  computeConfigUpdate,
  defaultPolicyTemplateFile,
  readPolicyTemplate,
  releasedConfig,
  withApproving,
  withAuthorities,
  withDescribed,
  type ChannelMaterial,
  type Subject,
} from '../channel/index.js';
import type { MspMaterial } from '../pki/index.js';
import { membersOf, type Channel, type Consortium, type OrdererNode } from '../topology/index.js';
import { ProposalError } from './errors.js';
import { proposalOf, type Proposal } from './proposal.js';

/** What a proposal changes: by a changed description, or the way in which blocks are cut alone. */
export interface WantedChange {
  readonly next: Consortium;
  readonly subjects: readonly Subject['of'][];
  /** Certificates of all organisations in the changed description. */
  readonly material: ChannelMaterial;
}

/**
 * Makes an unsigned proposal from a channel's present configuration and a changed description.
 * @throws ProposalError `NO_CHANGE`, `UNKNOWN_CHANNEL`; ChannelError
 */
export function createProposal(name: string, current: Config, { next, subjects, material }: WantedChange): Proposal {
  const channel = channelOf(next, name);
  const described = releasedConfig(next, channel, material);
  return proposalTo(name, current, (before) =>
    subjects.reduce((config, of) => withDescribed(config, described, { of } as Subject), before),
  );
}

/**
 * Makes an unsigned proposal that lets a channel's readers approve definitions of chaincodes, or ends this: at other times they write nothing.
 * @throws ProposalError `NO_CHANGE`, `UNKNOWN_CHANNEL`; ChannelError
 */
export function createApproving(name: string, current: Config, consortium: Consortium, isOpen: boolean): Proposal {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  const described = { consortium, channel: channelOf(consortium, name), template };
  return proposalTo(name, current, (before) => withApproving(before, described, isOpen));
}

/**
 * Makes an unsigned proposal by which a member's part of a channel has these certificate authorities.
 * @throws ProposalError `NO_CHANGE`; ChannelError
 */
export function createAuthorities(channel: string, current: Config, material: MspMaterial): Proposal {
  return proposalTo(channel, current, (before) => withAuthorities(before, material));
}

function proposalTo(channel: string, current: Config, change: (before: common.Config) => common.Config): Proposal {
  const before = common.Config.deserializeBinary(Config.encode(current));
  return proposalOf({
    channel,
    config: current,
    update: updateBetween(channel, before, change(before)),
    signatures: [],
  });
}

/**
 * Requires that a changed description has no difference that a proposal cannot carry yet.
 * @throws ProposalError `NOT_PROPOSABLE`
 */
export function requireProposable(present: Consortium, next: Consortium): void {
  const stays = ({ name, level }: Channel): boolean =>
    next.channels.some((channel) => channel.name === name && channel.level === level);
  if (present.name !== next.name || !present.channels.every(stays)) {
    throw new ProposalError(
      'NOT_PROPOSABLE',
      'The changed description has another name, lacks a channel, or has one of another level: a proposal can change the members, the orderers and the batches of channels, and new channels may be there beside them.',
    );
  }
  requireNobodyEnters(present, next);
  requireOrderersProposable(present.orderers, next.orderers);
}

/** A member's peer joins its channels at its first start, or at the channel's. */
function requireNobodyEnters(present: Consortium, next: Consortium): void {
  const known = new Set(present.organisations.map(({ id }) => id));
  for (const channel of present.channels) {
    const before = membersOf(channel);
    const after = next.channels.filter(({ name }) => name === channel.name).flatMap(membersOf);
    const entering = after.find((id) => known.has(id) && !before.includes(id));
    if (entering === undefined) continue;
    throw new ProposalError(
      'NOT_PROPOSABLE',
      `The changed description has ${entering} in ${channel.name}, which runs already without it: only a new member, or a new channel, can be proposed.`,
    );
  }
}

/** Each change of the orderers must leave a quorum of those that know each other. */
function requireOrderersProposable(present: readonly OrdererNode[], next: readonly OrdererNode[]): void {
  const nameOf = ({ mspId }: OrdererNode): string => mspId;
  const [before, after] = [new Map(present.map((each) => [nameOf(each), each])), new Set(next.map(nameOf))];
  // An orderer stays when its member leaves. Where it serves metrics is its operator's own.
  const content = (orderer: OrdererNode | undefined): string =>
    JSON.stringify({ ...orderer, formerMember: undefined, operationsPort: undefined });
  const changed = next.find((each) => before.has(nameOf(each)) && content(before.get(nameOf(each))) !== content(each));
  if (changed !== undefined) {
    throw new ProposalError(
      'NOT_PROPOSABLE',
      `The changed description has the orderer ${changed.name} at another place or with another number: propose that it goes, and then that another one comes.`,
    );
  }
  const different =
    next.filter((each) => !before.has(nameOf(each))).length +
    [...before.keys()].filter((name) => !after.has(name)).length;
  if (different <= 1) return;
  throw new ProposalError(
    'NOT_PROPOSABLE',
    `The changed description has ${different} orderers more or less: propose one after the other, the next when all orderers have the one before.`,
  );
}

/**
 * Requires that a channel runs already: a new one begins with the description, without a proposal.
 * @throws ProposalError `UNKNOWN_CHANNEL`
 */
export function requireRunning(present: Consortium, name: string): void {
  channelOf(present, name);
}

/** A description with another batch on one channel. @throws ProposalError `UNKNOWN_CHANNEL` */
export function withBatch(present: Consortium, name: string, batch: Partial<Channel['batch']>): Consortium {
  channelOf(present, name);
  const channels = present.channels.map((channel) =>
    channel.name === name ? { ...channel, batch: { ...channel.batch, ...batch } } : channel,
  );
  return { ...present, channels };
}

function channelOf({ channels }: Consortium, name: string): Channel {
  const found = channels.find((channel) => channel.name === name);
  if (found !== undefined) return found;
  const known = channels.map((channel) => channel.name).join(', ');
  throw new ProposalError('UNKNOWN_CHANNEL', `The description has no channel "${name}": name one of ${known}.`);
}

function updateBetween(name: string, before: common.Config, wanted: common.Config): Uint8Array {
  try {
    const update = computeConfigUpdate(name, before, wanted).serializeBinary();
    return ConfigUpdate.encode(ConfigUpdate.decode(update));
  } catch (error) {
    if (!(error instanceof ChannelError && error.code === 'NO_CHANGE')) throw error;
    throw new ProposalError(
      'NO_CHANGE',
      `The channel ${name} is already as the change would have it: there is nothing to propose.`,
      {
        cause: error,
      },
    );
  }
}
