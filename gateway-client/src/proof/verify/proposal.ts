import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { utf8Text } from '@tracecal/core/platform';
import { sha256 } from '@tracecal/ledger/crypto';
import {
  ChaincodeHeaderExtension,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  ChannelHeader,
  HEADER_TYPE,
  SignatureHeader,
} from '@tracecal/ledger/wire';
import { carried, demand } from './shown.js';

/** The three byte strings over which endorsers hash what they were asked. */
export interface ProposalParts {
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  /** A `protos.ChaincodeProposalPayload` without transient data. */
  readonly payload: Uint8Array;
}

/** What was asked of which chaincode, and when, by the asker's clock. */
export interface Proposal {
  readonly channel: string;
  readonly chaincode: string;
  /** The function, without the name of its contract. */
  readonly transaction: string;
  readonly args: readonly string[];
  readonly time: Instant;
  readonly hash: Uint8Array;
}

/** The contract that a bare function name means. */
const REGISTRY_CONTRACT = 'registry:';

/**
 * Reads a proposal. The hash does not mark where one part ends and the next begins, so each must be in its canonical form: otherwise
 * bytes could move from one part to the next, and another question would have the same hash.
 * @throws NotShown
 */
export function readProposal({ channelHeader, signatureHeader, payload }: ProposalParts): Proposal {
  return carried('the question that was endorsed cannot be read', () => {
    const header = ChannelHeader.decodeExact(channelHeader);
    const { creator, nonce } = SignatureHeader.decodeExact(signatureHeader);
    demand(creator.length > 0 && nonce.length > 0, 'nobody is named as the asker of the question that was endorsed');
    demand(header.type === HEADER_TYPE.endorserTransaction, 'what was endorsed is not a question to a chaincode');
    const called = ChaincodeHeaderExtension.decodeExact(header.extension).chaincodeId?.name;
    const { input } = ChaincodeProposalPayload.decodeExact(payload);
    const spec = ChaincodeInvocationSpec.decodeExact(input).chaincodeSpec;
    const chaincode = spec?.chaincodeId?.name;
    demand(chaincode !== undefined && chaincode === called, 'what was endorsed names two chaincodes');
    const [transaction = '', ...args] = (spec?.input?.args ?? []).map(textOf);
    return {
      channel: header.channelId,
      chaincode,
      transaction: transaction.startsWith(REGISTRY_CONTRACT)
        ? transaction.slice(REGISTRY_CONTRACT.length)
        : transaction,
      args,
      time: timeOf(header),
      hash: sha256(channelHeader, signatureHeader, payload),
    };
  });
}

function timeOf({ timestamp }: ChannelHeader): Instant {
  const time = instantOf((timestamp?.seconds ?? NaN) * 1000);
  demand(time !== '', 'what was endorsed names no time');
  return time;
}

function textOf(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  demand(text !== undefined, 'what was endorsed has an argument that is not text');
  return text;
}
