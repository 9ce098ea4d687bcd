import { canonicalJson, parseJson, refusalText, RegistryError, shapeOf } from '@tracecal/core/model';
import { base64Bytes, base64Text, hexText, sha256 } from '@tracecal/core/platform';
import * as z from '@tracecal/core/shape';
import { BlockError, headerHash, nextConfig, trustConfigBlock, type TrustedConfig } from '@tracecal/ledger/block';
import { Block } from '@tracecal/ledger/wire';
import { CHANNEL_NAME } from '../topology/index.js';
import type { GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { foundingFingerprint } from './founding.js';

export const INVITATION_TYPE = 'tracecal-invitation/1';

/** The configurations of a channel, from its first one on. */
export interface InvitedChannel {
  readonly name: string;
  /** Serialised `common.Block`s in their order, as a peer stores them. Base64. */
  readonly configurations: readonly string[];
}

/**
 * What a new member needs of a running consortium, handed out by any member. It is signed by nobody: each configuration follows from the
 * one before by signatures of orderers and administrators, and the first ones are compared by telephone.
 */
export interface InvitationFile {
  readonly type: typeof INVITATION_TYPE;
  /** In the order of their names. */
  readonly channels: readonly InvitedChannel[];
}

/** Characters of a file: configurations of all channels, for many years. */
export const MAX_INVITATION_CHARACTERS = 67_108_864;
const MAX_CHANNELS = 100;
const MAX_CONFIGURATIONS = 10_000;
const MAX_BLOCK_CHARACTERS = 4_194_304;
const LIMITS = { maxLength: MAX_INVITATION_CHARACTERS, maxDepth: 5, maxValues: 100_000 };

export const invitationShape = z.strictObject({
  type: z.literal(INVITATION_TYPE),
  channels: z
    .array(
      z.strictObject({
        name: z.string().check(z.maxLength(249), z.regex(CHANNEL_NAME, 'must be the name of a channel')),
        configurations: z
          .array(
            z.string().check(z.maxLength(MAX_BLOCK_CHARACTERS), z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64')),
          )
          .check(z.minLength(1), z.maxLength(MAX_CONFIGURATIONS)),
      }),
    )
    .check(z.minLength(1), z.maxLength(MAX_CHANNELS)),
});

/** The configuration blocks of a channel, the first one first. */
export interface ChannelHistory {
  readonly channel: string;
  readonly blocks: readonly Uint8Array[];
}

/** A channel whose configurations were verified from the first one on. */
export interface VerifiedHistory {
  readonly channel: string;
  /** The channel's first block. */
  readonly genesis: Uint8Array;
  /** Its hash, hex. */
  readonly digest: string;
  /** The newest configuration. */
  readonly newest: TrustedConfig;
  /** Its block. */
  readonly newestBlock: Uint8Array;
}

/** An invitation's text. {@link readInvitation} verifies what is in it. */
export function invitationText(histories: readonly ChannelHistory[]): string {
  const channels = histories
    .map(({ channel, blocks }) => ({ name: channel, configurations: blocks.map(base64Text) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const file: InvitationFile = { type: INVITATION_TYPE, channels };
  return `${canonicalJson(file)}\n`;
}

/** Reads an invitation, and verifies every configuration in it. @throws MemberError `FILE_INVALID` */
export function readInvitation({ name, text }: GivenFile): readonly VerifiedHistory[] {
  const { channels } = shapedInvitation({ name, text });
  return channels.map(({ name: channel, configurations }) => {
    const blocks = configurations.map((block) => base64Bytes(block) ?? new Uint8Array());
    return verifiedHistory({ channel, blocks }, name);
  });
}

/** What members compare by telephone: the first blocks of channels. */
export function channelsFingerprint(histories: readonly Pick<VerifiedHistory, 'channel' | 'digest'>[]): string {
  const channels = Object.fromEntries(histories.map(({ channel, digest }) => [channel, digest]));
  return foundingFingerprint(sha256(canonicalJson({ type: 'tracecal-channels/1', channels })));
}

function shapedInvitation({ name, text }: GivenFile): InvitationFile {
  try {
    const file = shapeOf<InvitationFile>(invitationShape, 'invitation', parseJson(text, LIMITS));
    if (`${canonicalJson(file)}\n` === text) return file;
    throw new RegistryError('INPUT_INVALID', 'it is not as `tracecal member invite` writes it, byte for byte.');
  } catch (cause) {
    if (cause instanceof RegistryError) throw refused(name, refusalText(cause), cause);
    throw cause;
  }
}

function verifiedHistory({ channel, blocks: [genesis, ...later] }: ChannelHistory, file: string): VerifiedHistory {
  try {
    if (genesis === undefined) throw new BlockError('MALFORMED_BLOCK', 'The first block is missing.');
    const { header } = Block.decode(genesis);
    const hash = header === undefined ? new Uint8Array() : headerHash(header);
    const first = trustConfigBlock(genesis, hash);
    if (first.number !== 0 || first.channelId !== channel) {
      throw new BlockError('WRONG_CONFIG', `The first block is number ${first.number} of ${first.channelId}.`);
    }
    const newest = later.reduce((trusted, block) => nextConfig(block, trusted), first);
    return { channel, genesis, digest: hexText(hash), newest, newestBlock: later.at(-1) ?? genesis };
  } catch (cause) {
    if (cause instanceof BlockError) throw refused(file, `${channel}: ${cause.message}`, cause);
    throw refused(file, `${channel}: a configuration cannot be read`, cause);
  }
}

function refused(name: string, why: string, cause: unknown): MemberError {
  const text = `${name} is refused: ${why.replace(/\.$/, '')}; ask another member for an invitation.`;
  return new MemberError('FILE_INVALID', text, { cause });
}
