import { canonicalJson } from '@tracecal/core/model';
import { hexBytes, hexText, sha256 } from '@tracecal/core/platform';
import { spokenFingerprint } from '@tracecal/core/signing';
import {
  blockHeaderHash,
  defaultPolicyTemplateFile,
  genesisBlock,
  readPolicyTemplate,
  type PolicyTemplate,
} from '../channel/index.js';
import { reachedAt } from '../topology/index.js';
import { fileCertificate } from './certificates.js';
import type { MemberFile } from './formats.js';
import type { Founders } from './founders.js';
import { materialOf } from './material.js';

/** The first block of a channel. */
export interface FoundingBlock {
  readonly channel: string;
  readonly block: Uint8Array;
  /** The block's hash, with which the second block names it: hex. Trust files pin a channel by it. */
  readonly digest: string;
}

/** What all members have to agree on before anybody starts a node. */
export interface Founding {
  readonly consortium: string;
  /** SHA-256 of the description's canonical form. */
  readonly description: string;
  /** SHA-256 of each member's signed bytes. */
  readonly members: Readonly<Record<string, string>>;
  readonly blocks: readonly FoundingBlock[];
  /** SHA-256 over all of this and the policies. */
  readonly digest: string;
  /** The beginning of the digest, to compare by telephone. */
  readonly fingerprint: string;
}

/**
 * Enough that nobody finds two sets of files with one fingerprint, not even a member who tries its own files: 150 bits, where a search for
 * any two takes the square root.
 */
const GROUPS = 6;
const NONCE_BYTES = 24;

/** How a founding's digest is read out. */
export function foundingFingerprint(digest: string): string {
  return spokenFingerprint(digest, GROUPS);
}

/**
 * The genesis blocks of a consortium, and what to compare. They depend on nothing but the description, the members' files in any order, and
 * the policies that come with this release: every member gets the same bytes.
 */
export function foundingOf(
  { consortium, description, files }: Founders,
  template: PolicyTemplate = readPolicyTemplate(defaultPolicyTemplateFile()),
): Founding {
  const contents = files.map(({ content }) => content);
  const material = materialOf(contents);
  const members = Object.fromEntries(files.map(({ content, digest }) => [content.member, digest]));
  const input = { description, members, policies: sha256(canonicalJson(template)) };
  const timestamp = newestOf(contents);
  const blocks = consortium.channels.map((channel): FoundingBlock => {
    const nonce = hexBytes(sha256(canonicalJson({ ...input, channel: channel.name })))?.subarray(0, NONCE_BYTES);
    const block = genesisBlock(consortium, channel, template, material, {
      ...(nonce !== undefined && { nonce }),
      timestamp,
      hostOf: reachedAt,
    });
    const header = block.getHeader();
    if (header === undefined) throw new Error('A genesis block has no header.');
    return { channel: channel.name, block: block.serializeBinary(), digest: hexText(blockHeaderHash(header)) };
  });
  const channels = Object.fromEntries(
    blocks.map(({ channel, block, digest }) => [channel, { digest, sha256: sha256(block) }]),
  );
  const digest = sha256(
    canonicalJson({ type: 'tracecal-founding/1', consortium: consortium.name, ...input, channels }),
  );
  return {
    consortium: consortium.name,
    description,
    members,
    blocks,
    digest,
    fingerprint: foundingFingerprint(digest),
  };
}

/** When the newest certificate became valid: the files cannot be older, and all members read the same time from them. */
function newestOf(members: readonly MemberFile[]): Date {
  const times = members
    .flatMap(({ msp, administrator, orderer }) => [
      ...[msp.ca, msp.tlsCa, administrator],
      ...(orderer === null ? [] : [orderer.msp.ca, orderer.msp.tlsCa, orderer.identity, orderer.tls]),
    ])
    .map((certificate) => Date.parse(fileCertificate(certificate).x509.validFrom));
  return new Date(Math.max(...times));
}
