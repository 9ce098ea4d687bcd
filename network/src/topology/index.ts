export { editedText } from './editedText.js';
export { listensOn, reachedAt, type NodeLocation } from './addresses.js';
export type * from './consortium.js';
export { ConsortiumError } from './consortiumError.js';
export type { ConsortiumErrorCode, ConsortiumProblem } from './consortiumError.js';
export type { Firewall, FirewallException, Zone } from './firewall.js';
export { frameOf } from './frame.js';
export { defaultConsortiumFile, inFolder, parseConsortium, readConsortium } from './read.js';
export {
  consortiumText,
  parseJoining,
  withChaincode,
  withMembership,
  withOrganisation,
  withoutOrganisation,
} from './membership.js';
export type { ChangeOptions, Endorsements } from './membership.js';
export { isNumeric, isOneAddress, isWithin, overlaps, withoutNested } from './ipv4.js';
export { CHANNEL_NAME, DOMAIN, MSP_ID, SHORT_NAME } from './names.js';
export {
  channelsOf,
  channelsRunBy,
  collectorsOf,
  membersOf,
  neighboursOf,
  onChannel,
  peersFor,
  siteOf,
} from './onChannel.js';
export type { ChannelCollection } from './onChannel.js';
export { chaincodeSchema, membershipChangeSchema, type Joining, type MembershipChange } from './schema.js';
