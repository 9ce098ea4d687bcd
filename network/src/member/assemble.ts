import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { canonicalJson } from '@tracecal/core/model';
import { memberTree, ordererTree, writePublicTrees, type PublicOrganisation } from '../pki/index.js';
import { atomicWrite } from '../system/atomicWrite.js';
import { pemOf } from './certificates.js';
import { partOf } from './description.js';
import type { GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import type { PublicMsp } from './formats.js';
import { foundersOf, type Founders } from './founders.js';
import { foundingOf, type Founding } from './founding.js';
import type { OwnPart } from './memberDirectory.js';
import { readMemberFile, type ReadMemberFile } from './memberFile.js';
import { ownContent } from './request.js';

/**
 * Checks the files of all members and writes what follows from them into the member's data directory: the public parts of the others, and the
 * genesis blocks. Nothing is written unless every check passes.
 *
 * @param now - All certificates must be valid then.
 * @throws MemberError that names the member and what to do
 */
export function assembleFounding(own: OwnPart, given: readonly GivenFile[], now: Date = new Date()): Founding {
  const founders = foundersOf(own.consortium, given.map(readMemberFile), now);
  requireOwn(own, founders.files);
  const founding = foundingOf(founders);
  requireNotStarted(own, founding);
  write(own, founders, founding);
  return founding;
}

/**
 * The founding that was assembled in a member's data directory, made again from the members' files there.
 * @throws MemberError `NOT_ASSEMBLED` if its genesis blocks are missing or others
 */
export function assembledFounding(own: OwnPart, now: Date = new Date()): { founders: Founders; founding: Founding } {
  const { directory, consortium } = own;
  const files = consortium.organisations.map(({ id }) => directory.memberFile(id));
  if (!files.every((file) => existsSync(file))) throw notAssembled(own);
  const read = files.map((file) => readMemberFile({ name: file, text: readFileSync(file, 'utf8') }));
  const founders = foundersOf(consortium, read, now);
  requireOwn(own, founders.files);
  const founding = foundingOf(founders);
  if (!hasBlocks(own, founding)) throw notAssembled(own);
  return { founders, founding };
}

function notAssembled({ directory }: OwnPart): MemberError {
  return new MemberError(
    'NOT_ASSEMBLED',
    `${directory.root} has no genesis blocks, or others than follow from the members' files: give the files of all members to \`tracecal member assemble\`.`,
  );
}

/** Somebody else could have made a file in this member's name. */
function requireOwn(own: OwnPart, files: readonly ReadMemberFile[]): void {
  const mine = files.find(({ content }) => content.member === own.member.id);
  if (mine !== undefined && canonicalJson(mine.content) === canonicalJson(ownContent(own))) return;
  throw new MemberError(
    'NOT_OWN',
    `${mine?.file ?? 'A file'} speaks for ${own.member.id} with other keys than those in ${own.directory.root}: whoever sent it may have made it, so ask them where they got it, and give them what \`tracecal member request\` writes.`,
  );
}

/** Nodes that started with other blocks would never agree. */
function requireNotStarted(own: OwnPart, founding: Founding): void {
  const { channelsDir, root } = own.directory;
  if (!existsSync(channelsDir) || hasBlocks(own, founding)) return;
  throw new MemberError(
    'ALREADY_STARTED',
    `Nodes were started in ${root} with other genesis blocks: begin again in an empty data directory, or leave these as they are.`,
  );
}

function hasBlocks({ directory }: OwnPart, { blocks }: Founding): boolean {
  return blocks.every(({ channel, block }) => {
    const file = directory.genesisBlock(channel);
    return existsSync(file) && readFileSync(file).equals(block);
  });
}

function write({ directory, consortium, member }: OwnPart, { files }: Founders, { blocks }: Founding): void {
  const others = files.filter(({ content }) => content.member !== member.id);
  writePublicTrees(
    directory.cryptoDir,
    others.flatMap((each) => publicOrganisations(each, consortium, directory.cryptoDir)),
  );
  for (const folder of [directory.membersDir, directory.genesisDir]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const { content, text } of files) atomicWrite(directory.memberFile(content.member), text);
  for (const { channel, block } of blocks) atomicWrite(directory.genesisBlock(channel), block);
}

/** Paths come from the description, never from a file. */
export function publicOrganisations(
  { content }: ReadMemberFile,
  consortium: OwnPart['consortium'],
  cryptoDir: string,
): readonly PublicOrganisation[] {
  const { member, orderer } = partOf(consortium, content.member);
  const own = { tree: memberTree(cryptoDir, member), ...authoritiesIn(content.msp) };
  if (orderer === undefined || content.orderer === null) return [own];
  const { msp, identity, tls } = content.orderer;
  const node = { name: orderer.name, identity: pemOf(identity), tls: pemOf(tls) };
  return [own, { tree: ordererTree(cryptoDir, orderer), ...authoritiesIn(msp), node }];
}

function authoritiesIn({ ca, tlsCa }: PublicMsp): Pick<PublicOrganisation, 'cas' | 'tlsCas'> {
  return { cas: [pemOf(ca)], tlsCas: [pemOf(tlsCa)] };
}
