import { status } from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import type { WrittenNamespace } from '../ledger/types.js';
import { CONCURRENCY } from '../limits.js';
import { parseRequest, RpcError, type Caller, type ServiceMethods } from '../rpc/index.js';
import { ProposalRefused } from './admission.js';
import { peerFailure, type Endorser, type EndorserAnswer } from './endorser.js';
import { MalformedProposal, unpackProposal } from './proposal.js';

function chaincodeCalls(written: WrittenNamespace): peer.ChaincodeCall[] {
  const calls = written.collections.map((collection) => {
    const call = new peer.ChaincodeCall();
    call.setName(written.namespace);
    call.addCollectionNames(collection);
    return call;
  });
  if (!written.chaincodePolicyApplies && written.keyPolicies.length === 0) return calls;
  const call = new peer.ChaincodeCall();
  call.setName(written.namespace);
  call.setDisregardNamespacePolicy(!written.chaincodePolicyApplies);
  call.setKeyPoliciesList(
    written.keyPolicies.map((policy) => common.SignaturePolicyEnvelope.deserializeBinary(policy)),
  );
  return [call, ...calls];
}

function proposalResponse(answer: EndorserAnswer): peer.ProposalResponse {
  const response = new peer.ProposalResponse();
  response.setResponse(answer.response);
  if (answer.payload) response.setPayload(answer.payload);
  if (answer.endorsement) {
    response.setVersion(1);
    response.setEndorsement(answer.endorsement);
  }
  if (answer.interest.length > 0) {
    const interest = new peer.ChaincodeInterest();
    interest.setChaincodesList(answer.interest.flatMap(chaincodeCalls));
    response.setInterest(interest);
  }
  return response;
}

async function process(
  endorser: Endorser,
  signedProposal: peer.SignedProposal,
  caller: Caller,
): Promise<EndorserAnswer> {
  try {
    return await endorser.process(unpackProposal(signedProposal), true, caller);
  } catch (error) {
    if (error instanceof MalformedProposal || error instanceof ProposalRefused) {
      throw new RpcError(status.UNKNOWN, error.message);
    }
    return peerFailure(error instanceof Error ? error.message : String(error));
  }
}

/** The `protos.Endorser` service: for clients that collect endorsements themselves, and for `peer chaincode`. */
export function endorserService(endorser: Endorser): ServiceMethods {
  return {
    service: 'protos.Endorser',
    limit: CONCURRENCY.endorserService,
    unary: {
      ProcessProposal: async (bytes, caller) => {
        const signedProposal = parseRequest(bytes, (raw) => peer.SignedProposal.deserializeBinary(raw));
        return proposalResponse(await process(endorser, signedProposal, caller)).serializeBinary();
      },
    },
  };
}
