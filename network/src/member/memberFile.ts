import { CertificateFault, fileCertificate } from './certificates.js';
import { isSignedByMember, readEnvelope, shaped, type GivenFile } from './envelope.js';
import { MemberError } from './errors.js';
import { memberFileShape, type MemberFile } from './formats.js';

/** A member's file whose form and signature have been checked: whether it is that member's, only they and their certificates can say. */
export interface ReadMemberFile {
  /** Name of the file. */
  readonly file: string;
  readonly content: MemberFile;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  readonly text: string;
}

/**
 * Reads a member's file: `tracecal-member/1`, signed with the key of the administrator whose certificate it contains.
 * @throws MemberError `FILE_INVALID`, `PRIVATE_KEY`, `CERTIFICATE_REFUSED`, `SIGNATURE_INVALID`
 */
export function readMemberFile(given: GivenFile): ReadMemberFile {
  const envelope = readEnvelope(given);
  const content = shaped<MemberFile>(envelope, memberFileShape, 'member file');
  const { member, administrator } = content;
  if (!isSignedByMember(envelope, member, administratorKey(given.name, administrator))) {
    throw new MemberError(
      'SIGNATURE_INVALID',
      `${given.name} is not signed with the key of the administrator of ${member} whose certificate it contains: ask ${member} to send it again.`,
    );
  }
  return { file: given.name, content, digest: envelope.digest, text: given.text };
}

function administratorKey(name: string, certificate: string): Uint8Array {
  try {
    return fileCertificate(certificate).publicKeyInfo;
  } catch (cause) {
    if (!(cause instanceof CertificateFault)) throw cause;
    throw new MemberError(
      'CERTIFICATE_REFUSED',
      `${name} is refused: the certificate of its administrator ${cause.message}; ask its author to send it again.`,
      { cause },
    );
  }
}

/** Which of the ceremony's files it claims to be; undefined if it says nothing of the kind. @throws MemberError `FILE_INVALID` or `PRIVATE_KEY` */
export function typeOfFile(given: GivenFile): unknown {
  const { content } = readEnvelope(given);
  return typeof content === 'object' && content !== null && 'type' in content ? content['type'] : undefined;
}
