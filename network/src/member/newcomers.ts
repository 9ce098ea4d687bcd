import { readChannelMaterial, type ChannelMaterial } from '../channel/index.js';
import { loadMsp, memberTree } from '../pki/index.js';
import type { Consortium, MemberOrganisation, OrdererNode } from '../topology/index.js';
import { checkMember } from './checkMember.js';
import { descriptionDigest, partOf } from './description.js';
import type { GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { requireDescription, requireOfMember } from './founders.js';
import { materialOf, publicMsp } from './material.js';
import { readMemberFile, type ReadMemberFile } from './memberFile.js';

/** Members and orderers of a changed description that were not there before, by the files that their members made for it. */
export interface Newcomers {
  readonly next: Consortium;
  readonly files: readonly ReadMemberFile[];
  readonly members: readonly MemberOrganisation[];
  readonly orderers: readonly OrdererNode[];
}

/**
 * Checks the files of those who join with a changed description, or run a further orderer in it: they were made for it.
 * @param now - Certificates must be valid then.
 * @throws MemberError that names the member and what to do
 */
export function newcomersOf(
  present: Consortium,
  next: Consortium,
  given: readonly GivenFile[],
  now: Date = new Date(),
): Newcomers {
  const files = given.map(readMemberFile);
  const description = descriptionDigest(next);
  for (const each of files) requireDescription(each, next, description);
  return checkedNewcomers(present, next, files, now);
}

/**
 * Checks the files of those who have joined since a member took its description. They may have been made for another one, because more may
 * have changed meanwhile: whether the channel has their certificates, `adoptDescription` compares.
 * @throws MemberError as {@link newcomersOf}
 */
export function joinedSince(
  present: Consortium,
  next: Consortium,
  given: readonly GivenFile[],
  now: Date = new Date(),
): Newcomers {
  const files = given.map(readMemberFile);
  for (const each of files) requireOfMember(each, next);
  return checkedNewcomers(present, next, files, now);
}

function checkedNewcomers(
  present: Consortium,
  next: Consortium,
  files: readonly ReadMemberFile[],
  now: Date,
): Newcomers {
  const members = next.organisations.filter(({ id }) => !present.organisations.some((each) => each.id === id));
  const orderers = next.orderers.filter(({ mspId }) => !present.orderers.some((each) => each.mspId === mspId));
  const joining = new Set([...members.map(({ id }) => id), ...orderers.map(({ runBy }) => runBy)]);
  for (const each of files) {
    const { member, orderer } = partOf(next, each.content.member);
    checkMember(each, member, orderer, now);
    if (joining.has(member.id)) continue;
    throw new MemberError('CLAIM_REFUSED', `${each.file} is of ${member.id}, which is a member already: leave it out.`);
  }
  for (const id of joining) requireOne(files, id);
  return { next, files, members, orderers };
}

function requireOne(files: readonly ReadMemberFile[], id: string): void {
  const [first, second] = files.filter(({ content }) => content.member === id);
  if (first === undefined) {
    throw new MemberError(
      'MEMBER_MISSING',
      `The changed description has a new member or orderer, of ${id}, whose file is missing: ask ${id} for it (the command "member request" writes it there), and name it with --newcomer.`,
    );
  }
  if (second === undefined) return;
  throw new MemberError('MEMBER_DOUBLED', `${first.file} and ${second.file} are both of ${id}: name one.`);
}

/**
 * All certificates of a changed description: those of the newcomers from their files, the others from a crypto-config tree.
 * @throws MemberError `NOT_OWN` if a file of a member has another CA than is known of it; PkiError
 */
export function materialWith({ next, files, members, orderers }: Newcomers, cryptoDir: string): ChannelMaterial {
  const known = {
    ...next,
    organisations: next.organisations.filter((each) => !members.includes(each)),
    orderers: next.orderers.filter((each) => !orderers.includes(each)),
  };
  for (const each of files) requireKnownAuthority(each, known, cryptoDir);
  const { msps, consenters } = readChannelMaterial(known, cryptoDir);
  const given = materialOf(files.map(({ content }) => content));
  const joining = new Set([...members, ...orderers].map(({ mspId }) => mspId));
  const isNew = ([mspId]: readonly [string, unknown]): boolean => joining.has(mspId);
  return {
    msps: new Map([...msps, ...[...given.msps].filter(isNew)]),
    consenters: new Map([...consenters, ...[...given.consenters].filter(isNew)]),
  };
}

/** A file is signed with the key that it brings: that of a member counts where this member's CA is behind it. */
function requireKnownAuthority(
  { file, content }: ReadMemberFile,
  { organisations }: Consortium,
  cryptoDir: string,
): void {
  const member = organisations.find(({ id }) => id === content.member);
  if (member === undefined) return;
  const { rootCerts } = loadMsp(memberTree(cryptoDir, member).msp, member.mspId);
  const [claimed = ''] = publicMsp(content.msp).rootCerts;
  if (rootCerts.some((each) => each.trim() === claimed.trim())) return;
  throw new MemberError(
    'NOT_OWN',
    `${file} speaks for ${member.id} with another CA than this member has: ask ${member.id} by telephone which is right, and take its certificates from the channel with \`tracecal member adopt\` if it has replaced them.`,
  );
}
