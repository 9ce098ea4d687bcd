/**
 * Why a step of a founding ceremony, or of a member's own part later, is refused:
 * - `ALREADY_THERE`: the data directory has keys or a description that would be replaced.
 * - `NOT_A_MEMBERS`: the data directory was not made by `member init`.
 * - `NOT_FOUNDABLE`: the description cannot be founded by its members.
 * - `UNKNOWN_MEMBER`: the description has no such member.
 * - `FILE_INVALID`: a file is damaged, too large, or of another format.
 * - `PRIVATE_KEY`: a file contains a private key.
 * - `SIGNATURE_INVALID`: a file is not signed with the key that it has to be signed with.
 * - `OTHER_DESCRIPTION`: a file was made for another description of the consortium.
 * - `MEMBER_MISSING`, `MEMBER_DOUBLED`: the files of all members are needed, one of each.
 * - `CLAIM_REFUSED`: a file claims a name that the description gives to somebody else, or to nobody.
 * - `CERTIFICATE_REFUSED`: a certificate is not what it has to be.
 * - `KEY_SHARED`: one key stands in two places.
 * - `NOT_OWN`: a file speaks for the member of this data directory with other keys.
 * - `NOT_ASSEMBLED`: the genesis blocks are missing, or are not those of the assembled files.
 * - `NOT_AGREED`: not all members have signed the genesis blocks, or not the same ones.
 * - `NO_ROTATION`: a step of replacing a CA does not follow from the one before.
 * - `NOT_IN_CHANNELS`: the member's channels do not have its new CA, or still have the old one.
 * - `ALREADY_STARTED`: nodes were started here with the genesis blocks.
 */
export type MemberErrorCode =
  | 'ALREADY_THERE'
  | 'NOT_A_MEMBERS'
  | 'NOT_FOUNDABLE'
  | 'UNKNOWN_MEMBER'
  | 'FILE_INVALID'
  | 'PRIVATE_KEY'
  | 'SIGNATURE_INVALID'
  | 'OTHER_DESCRIPTION'
  | 'MEMBER_MISSING'
  | 'MEMBER_DOUBLED'
  | 'CLAIM_REFUSED'
  | 'CERTIFICATE_REFUSED'
  | 'KEY_SHARED'
  | 'NOT_OWN'
  | 'NOT_ASSEMBLED'
  | 'NOT_AGREED'
  | 'NO_ROTATION'
  | 'NOT_IN_CHANNELS'
  | 'ALREADY_STARTED';

/** A step of a founding ceremony is refused. The message is one sentence that says what to do. Never contains key material. */
export class MemberError extends Error {
  override readonly name = 'MemberError';

  constructor(
    readonly code: MemberErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
