export { checkAcl, ProposalRefused } from './admission.js';
export { ChaincodeStartError, packageIdOf } from '../../chaincodePackage.js';
export { ChaincodeService, type ChaincodeServiceOptions } from './chaincodeService.js';
export { STREAM_TERMINATED } from './chaincodeStream.js';
export { Endorser, peerFailure, type EndorserAnswer, type EndorserChannel } from './endorser.js';
export { MalformedProposal, payloadWithoutTransient, unpackProposal, type UnpackedProposal } from './proposal.js';
export { endorserService } from './service.js';
export { peerSigner, type PeerSigner } from './signer.js';
