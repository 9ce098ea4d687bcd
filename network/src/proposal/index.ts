export {
  applyProposal,
  envelopeOf,
  ownConfig,
  presentConfig,
  type Applied,
  type OwnNodes,
  type OwnPeer,
} from './apply.js';
export { consequences, endorsersOf, type Endorsers } from './consequences.js';
export {
  createApproving,
  createAuthorities,
  createProposal,
  requireProposable,
  requireRunning,
  withBatch,
  type WantedChange,
} from './create.js';
export { ProposalError, type ProposalErrorCode } from './errors.js';
export { MAX_PROPOSAL_CHARACTERS, PROPOSAL_TYPE, type ProposalFile, type ProposalSignature } from './formats.js';
export { hasEnough, needsOf, type Need } from './needs.js';
export {
  mergeProposals,
  proposalOf,
  proposalText,
  readProposal,
  type Proposal,
  type ProposalParts,
  type ProposalText,
} from './proposal.js';
export { signProposal, type ProposalSigner } from './sign.js';
export type { AdminSignature } from './signatures.js';
export { stateOf, type ProposalState } from './state.js';
export { changeWords, type ChangeWords } from './words.js';
