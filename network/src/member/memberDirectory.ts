import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { hostOf } from '../pki/index.js';
import {
  parseConsortium,
  SHORT_NAME,
  type Consortium,
  type MemberOrganisation,
  type OrdererNode,
} from '../topology/index.js';
import { descriptionDigest, partOf } from './description.js';
import { MemberError } from './errors.js';

const OWN_FILE = 'member.yaml';

const ownPart = z.strictObject({ member: z.string().regex(SHORT_NAME) });

/** Paths of a member's data directory, as far as a founding ceremony needs them. */
export class MemberDirectory {
  constructor(readonly root: string) {}

  /** Who the member is: its own part of what the description leaves open. */
  get ownFile(): string {
    return join(this.root, OWN_FILE);
  }

  /** The description, which all members have. */
  get consortiumFile(): string {
    return join(this.root, 'consortium.yaml');
  }

  get cryptoDir(): string {
    return join(this.root, 'crypto-config');
  }

  get ceremonyDir(): string {
    return join(this.root, 'ceremony');
  }

  /** The files of all members, as they were assembled. */
  get membersDir(): string {
    return join(this.ceremonyDir, 'members');
  }

  /** The first blocks of the channels that a member joined when they ran already, by their digests. */
  get joinedFile(): string {
    return join(this.ceremonyDir, 'joined.json');
  }

  memberFile(id: string): string {
    return join(this.membersDir, `${id}.json`);
  }

  /** The signatures of all members, once they have signed the same. */
  get signaturesDir(): string {
    return join(this.ceremonyDir, 'signatures');
  }

  signatureFile(id: string): string {
    return join(this.signaturesDir, `${id}.json`);
  }

  /** The genesis blocks on which the members agreed: engines start channels with them. */
  get genesisDir(): string {
    return join(this.root, 'genesis');
  }

  genesisBlock(channel: string): string {
    return join(this.genesisDir, `${channel}.block`);
  }

  /** The configuration with which an orderer joins a channel that runs already. */
  newestBlock(channel: string): string {
    return join(this.genesisDir, `${channel}.newest.block`);
  }

  /** Made by the first start of an orderer. */
  ordererDir(orderer: OrdererNode): string {
    return join(this.root, 'orderers', hostOf(orderer, orderer));
  }

  /** Made by the first start of nodes. */
  get channelsDir(): string {
    return join(this.root, 'channels');
  }

  /** The block with which nodes joined a channel. */
  joinedBlock(channel: string): string {
    return join(this.channelsDir, `${channel}.block`);
  }
}

/** A member's data directory with its content. */
export interface OwnPart {
  readonly directory: MemberDirectory;
  readonly consortium: Consortium;
  readonly description: string;
  readonly member: MemberOrganisation;
  readonly orderer: OrdererNode | undefined;
}

export function ownPartText(member: string): string {
  return `# Made by \`tracecal member init\`: whose data directory this is.\n${stringify({ member })}`;
}

/**
 * Reads what `member init` made in a data directory.
 * @throws MemberError `NOT_A_MEMBERS`, `UNKNOWN_MEMBER`; ConsortiumError
 */
export function openOwnPart(root: string): OwnPart {
  const directory = new MemberDirectory(root);
  const { member: id } = readOwnFile(directory);
  const consortium = parseConsortium(readFileSync(directory.consortiumFile, 'utf8'), directory.consortiumFile);
  return { directory, consortium, description: descriptionDigest(consortium), ...partOf(consortium, id) };
}

function readOwnFile({ root, ownFile, consortiumFile, cryptoDir }: MemberDirectory): z.infer<typeof ownPart> {
  try {
    if ([consortiumFile, cryptoDir].every((path) => existsSync(path))) {
      return ownPart.parse(parse(readFileSync(ownFile, 'utf8')));
    }
  } catch (cause) {
    throw notMembers(root, cause);
  }
  throw notMembers(root);
}

function notMembers(root: string, cause?: unknown): MemberError {
  return new MemberError(
    'NOT_A_MEMBERS',
    `${root} is not the data directory of a member: name it with --data, or make its keys with \`tracecal member init\`.`,
    { cause },
  );
}
