export { checkAcl, ProposalRefused } from './admission.js';
export { ChaincodeService, type ChaincodeServiceOptions } from './chaincodeService.js';
export { Endorser, peerFailure, type EndorserAnswer } from './endorser.js';
export type { EndorserChannel } from './endorserChannel.js';
export { MalformedProposal, payloadWithoutTransient, unpackProposal, type UnpackedProposal } from './proposal.js';
export { endorserService } from './service.js';
export { ShimConnection } from './shimConnection.js';
export { peerSigner, type PeerSigner } from './signer.js';
