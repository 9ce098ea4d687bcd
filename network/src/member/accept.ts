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
import {
  loadIdentityCertificate,
  loadMsp,
  loadServerCertificate,
  memberTree,
  ordererTree,
  writePublicTrees,
} from '../pki/index.js';
import { atomicWrite } from '../system/atomicWrite.js';
import { channelsRunBy, membersOf, type Channel } from '../topology/index.js';
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
  const { consortium, member } = own;
  const isMember = hasTakenPart(own);
  if (isMember) requireNewOrderer(own);
  const shown = newestOf(given.flatMap(readInvitation));
  const channels = channelsRunBy(consortium, member.id).map((channel) => historyFor(own, channel, shown));
  if (isMember) for (const each of channels) requireSameChannel(own, each);
  if (!isMember) {
    const material = mergedMaterial(channels.map(({ newest }) => materialIn(configOf(newest.config))));
    writePublicTrees(own.directory.cryptoDir, othersIn(own, material));
  }
  write(own, channels, isMember);
  return { channels, fingerprint: channelsFingerprint(channels) };
}

/** Whether the member is in the consortium already, as one that founded it or joined it. */
function hasTakenPart({ directory }: OwnPart): boolean {
  return existsSync(directory.membersDir) || existsSync(directory.channelsDir);
}

function requireNewOrderer({ directory, orderer }: OwnPart): void {
  if (orderer !== undefined && !existsSync(directory.ordererDir(orderer))) return;
  throw new MemberError(
    'ALREADY_STARTED',
    `${directory.root} has taken part in a founding, or its nodes were started, and it has no orderer that could join: join with a new data directory.`,
  );
}

/** Who has a channel already follows no other one of that name. */
function requireSameChannel({ directory }: OwnPart, { channel, digest }: VerifiedHistory): void {
  const known = [directory.joinedBlock(channel), directory.genesisBlock(channel)].find((file) => existsSync(file));
  if (known === undefined || digestOf(readFileSync(known)) === digest) return;
  throw new MemberError(
    'FILE_INVALID',
    `The invitation shows another channel ${channel} than the one of ${directory.root}: ask another member for one.`,
  );
}

/** Whether the channels' first blocks here are those of invitations, which the member took. */
export function hasJoined({ directory, consortium, member }: OwnPart): boolean {
  if (!existsSync(directory.joinedFile)) return false;
  const text = readFileSync(directory.joinedFile, 'utf8');
  const { channels } = shapeOf<JoinedFile>(joinedShape, 'list of joined channels', parseJson(text));
  return channelsRunBy(consortium, member.id).every(({ name }) => {
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
      `No invitation shows the channel ${channel.name}, which nodes of ${member.id} join by the description: ask a member of it for one.`,
    );
  }
  const current = configOf(history.newest.config);
  const others = materialIn(current);
  const ownMsp = loadMsp(memberTree(directory.cryptoDir, member).msp, member.mspId);
  const isIn = membersOf(channel).includes(member.id);
  const material = isIn ? { ...others, msps: new Map([...others.msps, [member.mspId, ownMsp]]) } : others;
  const described = describedOrRefused(channel, () => releasedConfig(consortium, channel, material));
  if (!isAsDescribed(channel.name, current, described)) {
    throw new MemberError(
      'OTHER_DESCRIPTION',
      `The channel ${channel.name} has other members, orderers, policies or batches in the invitation than in the description of ${directory.root}: compare consortium.yaml with the other members, and ask for an invitation after the change was applied.`,
    );
  }
  const parts = differingParts(current, described);
  if (parts.includes(`Application/${member.mspId}`) || !hasOwnOrderer(own, others)) {
    throw new MemberError(
      'NOT_OWN',
      `The channel ${channel.name} has other certificates of ${member.id} than ${directory.root}: whoever proposed them used another file than \`tracecal member request\` writes here.`,
    );
  }
  return history;
}

/** Whether the channel knows the member's orderer, if it runs one, by the certificates here. */
function hasOwnOrderer({ directory, orderer }: OwnPart, { consenters }: ChannelMaterial): boolean {
  if (orderer === undefined) return true;
  const { msp, tls } = ordererTree(directory.cryptoDir, orderer).node(orderer.name);
  const known = consenters.get(orderer.mspId);
  const isSame = (one: string | undefined, other: string): boolean => one?.trim() === other.trim();
  return isSame(known?.identity, loadIdentityCertificate(msp)) && isSame(known?.serverTls, loadServerCertificate(tls));
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

function write({ directory, orderer }: OwnPart, channels: readonly VerifiedHistory[], isMember: boolean): void {
  if (!isMember) rmSync(directory.genesisDir, { recursive: true, force: true });
  mkdirSync(directory.genesisDir, { recursive: true });
  for (const { channel, genesis, newestBlock } of channels) {
    atomicWrite(directory.genesisBlock(channel), genesis);
    if (orderer !== undefined) atomicWrite(directory.newestBlock(channel), newestBlock);
  }
  mkdirSync(directory.ceremonyDir, { recursive: true });
  const digests = Object.fromEntries(channels.map(({ channel, digest }) => [channel, digest]));
  // Last: with it, nodes may start.
  if (!isMember) atomicWrite(directory.joinedFile, `${canonicalJson({ channels: digests })}\n`);
}
