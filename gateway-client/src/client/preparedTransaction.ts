import { gateway } from '@hyperledger/fabric-protos';
import {
  ChaincodeActionPayload,
  ChaincodeAction,
  Payload,
  ProposalResponsePayload,
  Transaction,
} from '@tracecal/ledger/wire';
import type { Endorsement } from '@tracecal/ledger/wire';
import { understood } from './understood.js';

/** What peers endorsed, byte for byte: whoever has it can check it without them. */
export interface EndorsedQuestion {
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  /** The `ChaincodeProposalPayload`, without transient data. */
  readonly proposal: Uint8Array;
  /** The `ProposalResponsePayload` that all endorsers signed. */
  readonly response: Uint8Array;
  readonly endorsements: readonly Endorsement[];
  /** The chaincode's answer. */
  readonly result: Uint8Array;
}

/** The parts of a prepared transaction that its endorsers answer for. @throws TraceCalError `ANSWER_INVALID` */
export function endorsedQuestion(preparedTransaction: Uint8Array): EndorsedQuestion {
  return understood(() => {
    const envelope = gateway.PreparedTransaction.deserializeBinary(preparedTransaction).getEnvelope();
    const { header, data } = Payload.decode(present(envelope).getPayload_asU8());
    const action = present(Transaction.decode(data).actions[0]);
    const { chaincodeProposalPayload: proposal, action: endorsed } = ChaincodeActionPayload.decode(action.payload);
    const { proposalResponsePayload: response, endorsements } = present(endorsed);
    const { extension } = ProposalResponsePayload.decode(response);
    const result = present(ChaincodeAction.decode(extension).response).payload;
    return {
      channelHeader: present(header).channelHeader,
      signatureHeader: action.header,
      proposal,
      response,
      endorsements,
      result,
    };
  });
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part of the prepared transaction is missing');
  return part;
}
