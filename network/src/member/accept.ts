import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { canonicalJson, parseJson, shapeOf } from '@tracecal/core/model';
import { hexText } from '@tracecal/core/platform';
import * as z from '@tracecal/core/shape';
import {
  blockHeaderHash,
  differingParts,
  isAsDescribed,
  materialIn,
  releasedConfig,
  type ChannelMaterial,
} from '../channel/index.js';
import { loadMsp, memberTree, writePublicTrees } from '../pki/index.js';
import { atomicWrite } from '../system/atomicWrite.js';
import { channelsOf, type Channel } from '../topology/index.js';
import type { GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { channelsFingerprint, readInvitation, type VerifiedHistory } from './invitation.js';
import type { OwnPart } from './memberDirectory.js';
import { mergedMaterial, othersIn } from './others.js';

/** What a new member has joined. */
export interface Joined {
  readonly channels: readonly VerifiedHistory[];
  /** To compare by telephone. */
  readonly fingerprint: string;
}

/**
 * Checks invitations to a running consortium, and writes what follows from them into a new member's data directory: the public parts of the
 * others, and the first blocks of its channels. Nothing is written unless every check passes.
 *
 * @throws MemberError that says what to do
 */
export function acceptInvitations(own: OwnPart, given: readonly GivenFile[]): Joined {
  const { directory, consortium, member } = own;
  if (own.orderer !== undefined) {
    throw new MemberError(
      'NOT_FOUNDABLE',
      `The description gives ${member.id} the orderer ${own.orderer.name}, and no orderer can be added to a running consortium yet: leave it out of the description.`,
    );
  }
  if (existsSync(directory.membersDir) || existsSync(directory.channelsDir)) {
    throw new MemberError(
      'ALREADY_STARTED',
      `${directory.root} has taken part in a founding, or its nodes were started: join with a new data directory.`,
    );
  }
  const shown = newestOf(given.flatMap(readInvitation));
  const channels = channelsOf(consortium, member.id).map((channel) => historyFor(own, channel, shown));
  const material = mergedMaterial(channels.map(({ newest }) => materialIn(configOf(newest.config))));
  write(own, channels, material);
  return { channels, fingerprint: channelsFingerprint(channels) };
}

/** Whether the channels' first blocks here are those of invitations, which the member took. */
export function hasJoined({ directory, consortium, member }: OwnPart): boolean {
  if (!existsSync(directory.joinedFile)) return false;
  const text = readFileSync(directory.joinedFile, 'utf8');
  const { channels } = shapeOf<JoinedFile>(joinedShape, 'list of joined channels', parseJson(text));
  return channelsOf(consortium, member.id).every(({ name }) => {
    const file = directory.genesisBlock(name);
    return existsSync(file) && digestOf(readFileSync(file)) === channels[name];
  });
}

/** The hash of each channel's first block, hex. */
interface JoinedFile {
  readonly channels: Readonly<Record<string, string>>;
}

const joinedShape = z.strictObject({ channels: z.record(z.string(), z.string()) });

function digestOf(block: Uint8Array): string | undefined {
  const header = common.Block.deserializeBinary(block).getHeader();
  return header && hexText(blockHeaderHash(header));
}

/** Several members may invite: the longest history of each channel, if all begin alike. */
function newestOf(histories: readonly VerifiedHistory[]): ReadonlyMap<string, VerifiedHistory> {
  const found = new Map<string, VerifiedHistory>();
  for (const each of histories) {
    const other = found.get(each.channel);
    if (other !== undefined && other.digest !== each.digest) {
      throw new MemberError(
        'FILE_INVALID',
        `The invitations show two channels ${each.channel} with different first blocks: one of them is forged, so ask who sent them, and compare the fingerprints by telephone.`,
      );
    }
    if (other === undefined || other.newest.sequence < each.newest.sequence) found.set(each.channel, each);
  }
  return found;
}

function historyFor(own: OwnPart, channel: Channel, shown: ReadonlyMap<string, VerifiedHistory>): VerifiedHistory {
  const { consortium, member, directory } = own;
  const history = shown.get(channel.name);
  if (history === undefined) {
    throw new MemberError(
      'MEMBER_MISSING',
      `No invitation shows the channel ${channel.name}, of which ${member.id} is a member by the description: ask a member of it for one.`,
    );
  }
  const current = configOf(history.newest.config);
  const ownMsp = loadMsp(memberTree(directory.cryptoDir, member).msp, member.mspId);
  const others = materialIn(current);
  const material = { ...others, msps: new Map([...others.msps, [member.mspId, ownMsp]]) };
  const described = describedOrRefused(channel, () => releasedConfig(consortium, channel, material));
  if (!isAsDescribed(channel.name, current, described)) {
    throw new MemberError(
      'OTHER_DESCRIPTION',
      `The channel ${channel.name} has other members, policies or batches in the invitation than in the description of ${directory.root}: compare consortium.yaml with the other members, and ask for an invitation after the change was applied.`,
    );
  }
  if (differingParts(current, described).includes(`Application/${member.mspId}`)) {
    throw new MemberError(
      'NOT_OWN',
      `The channel ${channel.name} has other certificates of ${member.id} than ${directory.root}: whoever proposed them used another file than \`tracecal member request\` writes here.`,
    );
  }
  return history;
}

function describedOrRefused<T>({ name }: Channel, describe: () => T): T {
  try {
    return describe();
  } catch (cause) {
    throw new MemberError(
      'OTHER_DESCRIPTION',
      `The channel ${name} lacks members or orderers of the description in the invitation: ask for one after the change was applied.`,
      { cause },
    );
  }
}

function configOf(bytes: Uint8Array): common.Config {
  return common.Config.deserializeBinary(bytes);
}

function write(own: OwnPart, channels: readonly VerifiedHistory[], material: ChannelMaterial): void {
  const { directory } = own;
  writePublicTrees(directory.cryptoDir, othersIn(own, material));
  rmSync(directory.genesisDir, { recursive: true, force: true });
  mkdirSync(directory.genesisDir, { recursive: true });
  for (const { channel, genesis } of channels) atomicWrite(directory.genesisBlock(channel), genesis);
  mkdirSync(directory.ceremonyDir, { recursive: true });
  const digests = Object.fromEntries(channels.map(({ channel, digest }) => [channel, digest]));
  // Last: with it, nodes may start.
  atomicWrite(directory.joinedFile, `${canonicalJson({ channels: digests })}\n`);
}
