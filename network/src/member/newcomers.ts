import { readChannelMaterial, type ChannelMaterial } from '../channel/index.js';
import type { Consortium } from '../topology/index.js';
import { checkMember } from './checkMember.js';
import { descriptionDigest, partOf } from './description.js';
import type { GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { requireDescription } from './founders.js';
import { publicMsp } from './material.js';
import { readMemberFile, type ReadMemberFile } from './memberFile.js';

/** Members of a changed description that were none before, by the files that they made for it. */
export interface Newcomers {
  readonly next: Consortium;
  readonly files: readonly ReadMemberFile[];
}

/**
 * Checks the files of those who join with a changed description.
 * @param now - Certificates must be valid then.
 * @throws MemberError that names the member and what to do
 */
export function newcomersOf(
  present: Consortium,
  next: Consortium,
  given: readonly GivenFile[],
  now: Date = new Date(),
): Newcomers {
  const description = descriptionDigest(next);
  const files = given.map(readMemberFile);
  const joining = next.organisations.filter(({ id }) => !present.organisations.some((each) => each.id === id));
  for (const each of files) {
    requireDescription(each, next, description);
    const { member, orderer } = partOf(next, each.content.member);
    checkMember(each, member, orderer, now);
    if (joining.some(({ id }) => id === member.id)) continue;
    throw new MemberError('CLAIM_REFUSED', `${each.file} is of ${member.id}, which is a member already: leave it out.`);
  }
  for (const { id } of joining) requireOne(files, id);
  return { next, files };
}

function requireOne(files: readonly ReadMemberFile[], id: string): void {
  const [first, second] = files.filter(({ content }) => content.member === id);
  if (first === undefined) {
    throw new MemberError(
      'MEMBER_MISSING',
      `The changed description has the new member ${id}, whose file is missing: ask ${id} for it (the command "member request" writes it there), and name it with --newcomer.`,
    );
  }
  if (second === undefined) return;
  throw new MemberError('MEMBER_DOUBLED', `${first.file} and ${second.file} are both of ${id}: name one.`);
}

/** All certificates of a changed description: those of the newcomers from their files, the others from a crypto-config tree. @throws PkiError */
export function materialWith({ next, files }: Newcomers, cryptoDir: string): ChannelMaterial {
  const isNew = (id: string): boolean => files.some(({ content }) => content.member === id);
  const known = { ...next, organisations: next.organisations.filter(({ id }) => !isNew(id)) };
  const { msps, consenters } = readChannelMaterial(known, cryptoDir);
  const joining = files.map(({ content }) => [content.msp.id, publicMsp(content.msp)] as const);
  return { msps: new Map([...msps, ...joining]), consenters };
}
