import type { Consortium } from '../topology/index.js';
import { checkMember, type NamedKey } from './checkMember.js';
import { descriptionDigest, partOf } from './description.js';
import { MemberError } from './errors.js';
import type { ReadMemberFile } from './memberFile.js';

/** The files of all members of a consortium, in the order of its description, after they were checked against it and each other. */
export interface Founders {
  readonly consortium: Consortium;
  /** SHA-256 of the description's canonical form. */
  readonly description: string;
  readonly files: readonly ReadMemberFile[];
}

/**
 * Checks that these are the files of all members for this description, in any order.
 *
 * @param now - Certificates must be valid then.
 * @throws MemberError that names the member and what to do
 */
export function foundersOf(consortium: Consortium, given: readonly ReadMemberFile[], now: Date): Founders {
  requireFoundable(consortium);
  const description = descriptionDigest(consortium);
  for (const each of given) requireDescription(each, consortium, description);
  const files = consortium.organisations.map(({ id }) => theOneOf(given, id));
  const keys = files.flatMap((each) => {
    const { member, orderer } = partOf(consortium, each.content.member);
    return checkMember(each, member, orderer, now);
  });
  requireOwnKeys(keys);
  return { consortium, description, files };
}

function requireFoundable({ orderers }: Consortium): void {
  const former = orderers.find(({ formerMember }) => formerMember === true);
  if (former === undefined) return;
  throw new MemberError(
    'NOT_FOUNDABLE',
    `The orderer ${former.name} is run by ${former.runBy}, which is no member and cannot take part in a founding: give it to a member in the description.`,
  );
}

/** Requires that a file was made for this description, and by one of its members. @throws MemberError `OTHER_DESCRIPTION`, `CLAIM_REFUSED` */
export function requireDescription(given: ReadMemberFile, consortium: Consortium, description: string): void {
  const { file, content } = given;
  if (content.description !== description) {
    throw new MemberError(
      'OTHER_DESCRIPTION',
      `${file} of ${content.member} was made for another description of the consortium (${short(content.description)}, not ${short(description)}): compare consortium.yaml with ${content.member}, and whoever has another one begins again with it.`,
    );
  }
  requireOfMember(given, consortium);
}

/** Requires that a file is of one of the members. @throws MemberError `CLAIM_REFUSED` */
export function requireOfMember({ file, content }: ReadMemberFile, consortium: Consortium): void {
  const { member } = content;
  if (content.consortium === consortium.name && consortium.organisations.some(({ id }) => id === member)) return;
  throw new MemberError(
    'CLAIM_REFUSED',
    `${file} is of ${member} in the consortium ${content.consortium}, which is no member of ${consortium.name}: leave it out.`,
  );
}

/** Enough of a digest to see that it is another one. */
function short(digest: string): string {
  return digest.slice(0, 12);
}

function theOneOf(given: readonly ReadMemberFile[], id: string): ReadMemberFile {
  const [first, second] = given.filter(({ content }) => content.member === id);
  if (first === undefined) {
    throw new MemberError(
      'MEMBER_MISSING',
      `The file of ${id} is missing: ask ${id} for it (the command "member request" writes it there), and name the files of all members here.`,
    );
  }
  if (second !== undefined) {
    const why = first.digest === second.digest ? 'are the same file of' : 'are different files of';
    throw new MemberError(
      'MEMBER_DOUBLED',
      `${first.file} and ${second.file} ${why} ${id}: name one, and ask ${id} which if they differ.`,
    );
  }
  return first;
}

/** One key in two places: whoever has it could speak for both. */
function requireOwnKeys(keys: readonly NamedKey[]): void {
  const owners = new Map<string, NamedKey>();
  for (const each of keys) {
    const other = owners.get(each.key);
    owners.set(each.key, each);
    if (other === undefined) continue;
    const whom = other.member === each.member ? each.member : `${other.member} and ${each.member}`;
    throw new MemberError(
      'KEY_SHARED',
      `${capital(other.what)} and ${each.what} have the same key: ask ${whom} which of them it belongs to, and for files with keys of their own.`,
    );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
