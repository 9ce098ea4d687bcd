import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { atomicWrite } from '../system/atomicWrite.js';
import { channelsRunBy } from '../topology/index.js';
import { fileCertificate } from './certificates.js';
import { assembledFounding } from './assemble.js';
import { isSignedByMember, readEnvelope, shaped, signedText, type Envelope, type GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { MEMBER_SIGNATURE_TYPE, memberSignatureShape, type MemberSignature } from './formats.js';
import type { Founders } from './founders.js';
import type { Founding } from './founding.js';
import { hasJoined } from './accept.js';
import type { OwnPart } from './memberDirectory.js';
import { administratorOf } from './request.js';

/** A signature file whose form has been checked. Whether its member signed it, only that member's own file can say. */
export interface ReadMemberSignature {
  readonly content: MemberSignature;
  readonly envelope: Envelope;
}

/**
 * What a member has said about the founding:
 * - `signed`: the same as what was assembled here.
 * - `missing`: nothing.
 * - `other-founding`: it has assembled something else.
 * - `other-description`: it has another description of the consortium.
 * - `other-key`: the signature is not by the administrator in that member's file here.
 * - `contradicting`: it has signed two different ones.
 */
export type Word = 'signed' | 'missing' | 'other-founding' | 'other-description' | 'other-key' | 'contradicting';

export interface MemberWord {
  readonly member: string;
  readonly word: Word;
  /** The files of this member. */
  readonly files: readonly string[];
  /** The digests of the foundings that they sign. */
  readonly foundings: readonly string[];
}

/** Whether all members have signed the same founding. */
export interface Agreement {
  readonly founding: Founding;
  readonly members: readonly MemberWord[];
  readonly isComplete: boolean;
}

/** The text of a member's signature over what was assembled in its data directory. @throws MemberError; PkiError */
export function foundingSignature(own: OwnPart, now: Date = new Date()): { text: string; founding: Founding } {
  const { founding } = assembledFounding(own, now);
  const content: MemberSignature = {
    type: MEMBER_SIGNATURE_TYPE,
    consortium: founding.consortium,
    description: founding.description,
    member: own.member.id,
    founding: founding.digest,
  };
  return { text: signedText(content, own.member.id, administratorOf(own).privateKey), founding };
}

/** Reads a signature file without checking who signed it. @throws MemberError `FILE_INVALID` or `PRIVATE_KEY` */
export function readMemberSignature(given: GivenFile): ReadMemberSignature {
  const envelope = readEnvelope(given);
  return { envelope, content: shaped<MemberSignature>(envelope, memberSignatureShape, 'signature of a member') };
}

/**
 * Compares the members' signatures with what was assembled in this data directory.
 * @throws MemberError if a file is damaged, or of a stranger
 */
export function checkAgreement(own: OwnPart, given: readonly GivenFile[], now: Date = new Date()): Agreement {
  const { founders, founding } = assembledFounding(own, now);
  const signatures = given.map(readMemberSignature);
  for (const { content, envelope } of signatures) requireMember(founding, content, envelope.file);
  const members = Object.keys(founding.members).map((member) => {
    return wordOf(member, {
      founders,
      founding,
      signatures: signatures.filter(({ content }) => content.member === member),
    });
  });
  return { founding, members, isComplete: members.every(({ word }) => word === 'signed') };
}

/**
 * As {@link checkAgreement}; keeps the signatures in the data directory when all members have signed the same, so that nodes can be started.
 * @throws MemberError
 */
export function keepAgreement(own: OwnPart, given: readonly GivenFile[], now: Date = new Date()): Agreement {
  const agreement = checkAgreement(own, given, now);
  if (!agreement.isComplete) return agreement;
  const { directory } = own;
  mkdirSync(directory.signaturesDir, { recursive: true });
  for (const file of given) atomicWrite(directory.signatureFile(readMemberSignature(file).content.member), file.text);
  return agreement;
}

/**
 * Checks that all members have signed what was assembled here. Not asked again of nodes that have joined their channels: from then on the
 * ledger says who is a member, and certificates may have been replaced.
 *
 * @throws MemberError `NOT_ASSEMBLED`; `NOT_AGREED` that names who has not signed
 */
export function requireAgreement(own: OwnPart, now: Date = new Date()): void {
  if (hasStarted(own) || hasJoined(own)) return;
  const { directory, consortium } = own;
  const files = consortium.organisations.map(({ id }) => directory.signatureFile(id));
  const given = files.filter((name) => existsSync(name)).map((name) => ({ name, text: readFileSync(name, 'utf8') }));
  const { members, isComplete } = checkAgreement(own, given, now);
  if (!isComplete) throw notAgreed(members);
}

/** Checks that the files of all members were assembled here, without which the nodes of others are unknown. @throws MemberError `NOT_ASSEMBLED` */
export function requireAssembled(own: OwnPart, now: Date = new Date()): void {
  if (!hasStarted(own) && !hasJoined(own)) assembledFounding(own, now);
}

/** The first start writes these blocks after the check; an orderer or a channel that comes later has others beside them. */
function hasStarted({ directory, consortium, member }: OwnPart): boolean {
  return channelsRunBy(consortium, member.id).some(({ name }) => existsSync(directory.joinedBlock(name)));
}

function notAgreed(members: readonly MemberWord[]): MemberError {
  const named = (isMissing: boolean): string =>
    members
      .filter(({ word }) => word !== 'signed' && (word === 'missing') === isMissing)
      .map(({ member }) => member)
      .join(', ');
  const [missing, others] = [named(true), named(false)];
  const who = [
    ...(missing === '' ? [] : [`the signature of ${missing} is missing`]),
    ...(others === '' ? [] : [`${others} signed something else`]),
  ].join(', and ');
  return new MemberError(
    'NOT_AGREED',
    `No node is started before all members have signed the genesis blocks: ${who}. Give the signatures of all to \`tracecal member check\`.`,
  );
}

function requireMember({ consortium, members }: Founding, content: MemberSignature, file: string): void {
  if (content.consortium === consortium && members[content.member] !== undefined) return;
  throw new MemberError(
    'CLAIM_REFUSED',
    `${file} is of ${content.member} in the consortium ${content.consortium}, which is no member of ${consortium}: leave it out.`,
  );
}

interface Compared {
  readonly founders: Founders;
  readonly founding: Founding;
  /** Those of the member. */
  readonly signatures: readonly ReadMemberSignature[];
}

function wordOf(member: string, { founders, founding, signatures }: Compared): MemberWord {
  const files = signatures.map(({ envelope }) => envelope.file);
  const foundings = [...new Set(signatures.map(({ content }) => content.founding))];
  return { member, word: wordIn(member, { founders, founding, signatures }, foundings), files, foundings };
}

function wordIn(member: string, { founders, founding, signatures }: Compared, foundings: readonly string[]): Word {
  const file = founders.files.find(({ content }) => content.member === member);
  if (signatures.length === 0 || file === undefined) return 'missing';
  const { publicKeyInfo } = fileCertificate(file.content.administrator);
  // Before anything else: what somebody else signed says nothing about this member.
  if (!signatures.every(({ envelope }) => isSignedByMember(envelope, member, publicKeyInfo))) return 'other-key';
  if (foundings.length > 1) return 'contradicting';
  if (signatures.some(({ content }) => content.description !== founding.description)) return 'other-description';
  return foundings[0] === founding.digest ? 'signed' : 'other-founding';
}
