export {
  checkAgreement,
  foundingSignature,
  keepAgreement,
  readMemberSignature,
  requireAgreement,
  requireAssembled,
} from './agreement.js';
export type { Agreement, MemberWord, ReadMemberSignature, Word } from './agreement.js';
export { assembledFounding, assembleFounding } from './assemble.js';
export { descriptionDigest } from './description.js';
export { MAX_MEMBER_CHARACTERS, type Envelope, type GivenFile } from './envelope.js';
export { MemberError, type MemberErrorCode } from './errors.js';
export {
  MEMBER_SIGNATURE_TYPE,
  MEMBER_TYPE,
  type MemberFile,
  type MemberSignature,
  type PublicMsp,
  type PublicOrderer,
} from './formats.js';
export { foundersOf, type Founders } from './founders.js';
export { foundingFingerprint, foundingOf, type Founding, type FoundingBlock } from './founding.js';
export { initMember } from './init.js';
export {
  channelsFingerprint,
  INVITATION_TYPE,
  invitationText,
  MAX_INVITATION_CHARACTERS,
  readInvitation,
  type ChannelHistory,
  type InvitationFile,
  type InvitedChannel,
  type VerifiedHistory,
} from './invitation.js';
export { acceptInvitations, type Joined } from './accept.js';
export { MemberDirectory, openOwnPart, type OwnPart } from './memberDirectory.js';
export { readMemberFile, typeOfFile, type ReadMemberFile } from './memberFile.js';
export { joinedSince, materialWith, newcomersOf, type Newcomers } from './newcomers.js';
export { memberFileText } from './request.js';
export { partInNext } from './nextPart.js';
export { newChannelBlock, requireOneAuthority } from './newChannels.js';
export { mergedMaterial, othersIn } from './others.js';
export { beginRotation, renewOwnPart, retireAuthority, type ChannelConfigs } from './rotation.js';
