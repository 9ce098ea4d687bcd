import type { ProvedTrace } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { base64Bytes, base64Text, utf8Bytes, utf8Text } from '@tracecal/core/platform';
import type { EndorsedQuestion } from '@tracecal/gateway-client';
import type { Bundle, EndorsedAnswer } from '@tracecal/gateway-client/proof';
import { sha256 } from '@tracecal/ledger/crypto';
import {
  ChaincodeAction,
  ChaincodeHeaderExtension,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  ChannelHeader,
  concatenate,
  ProposalResponsePayload,
} from '@tracecal/ledger/wire';
import type { StolenKey, StolenKeys } from './stolenKeys.js';

const SIGNERS: readonly StolenKey[] = ['nmi-north/peer', 'nmi-south/peer', 'nmi-east/peer'];

/** What somebody changes in an endorsed answer who has the keys of peers; the rest stays as it was. */
export interface Forgery {
  readonly by?: readonly StolenKey[];
  readonly channelHeader?: (header: ChannelHeader) => ChannelHeader;
  readonly chaincode?: string;
  readonly args?: (args: readonly string[]) => readonly string[];
  readonly action?: (action: ChaincodeAction) => ChaincodeAction;
  readonly answer?: (answer: ProvedTrace) => object;
}

/** The same bundle with an answer that peers would sign who follow no rules. */
export function forgedAnswer(bundle: Bundle, keys: StolenKeys, forgery: Forgery): Bundle {
  const parts = partsOf(bundle.endorsed!);
  const channelHeader = changedHeader(parts.channelHeader, forgery);
  const proposal = changedProposal(parts.proposal, forgery);
  const { extension } = ProposalResponsePayload.decode(parts.response);
  const response = ProposalResponsePayload.encode({
    proposalHash: sha256(channelHeader, parts.signatureHeader, proposal),
    extension: ChaincodeAction.encode(changedAction(ChaincodeAction.decode(extension), forgery)),
  });
  const { by = SIGNERS } = forgery;
  return {
    ...bundle,
    endorsed: {
      channelHeader: base64Text(channelHeader),
      signatureHeader: base64Text(parts.signatureHeader),
      proposal: base64Text(proposal),
      response: base64Text(response),
      endorsements: by.map((key) => endorsement(keys, key, response)),
    },
  };
}

/** Another answer to the same question, which peers would sign who follow no rules. */
export function forgedQuestion(
  proved: EndorsedQuestion,
  keys: StolenKeys,
  change: (answer: Record<string, unknown>) => object,
  by: readonly StolenKey[] = SIGNERS,
): EndorsedQuestion {
  const { proposalHash, extension } = ProposalResponsePayload.decode(proved.response);
  const action = ChaincodeAction.decode(extension);
  const answer = JSON.parse(utf8Text(action.response!.payload) ?? '') as Record<string, unknown>;
  const result = utf8Bytes(canonicalJson(change(answer)));
  const changed = ChaincodeAction.encode({ ...action, response: { ...action.response!, payload: result } });
  const response = ProposalResponsePayload.encode({ proposalHash, extension: changed });
  const endorsements = by.map((key) => {
    const endorser = keys.identity(key);
    return { endorser, signature: keys.sign(key, concatenate(response, endorser)) };
  });
  return { ...proved, result, response, endorsements };
}

export function endorsement(keys: StolenKeys, key: StolenKey, response: Uint8Array) {
  const endorser = keys.identity(key);
  return { endorser: base64Text(endorser), signature: base64Text(keys.sign(key, concatenate(response, endorser))) };
}

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(base64Bytes(base64)!);
}

function partsOf({ channelHeader, signatureHeader, proposal, response }: EndorsedAnswer) {
  return {
    channelHeader: bytesOf(channelHeader),
    signatureHeader: bytesOf(signatureHeader),
    proposal: bytesOf(proposal),
    response: bytesOf(response),
  };
}

function changedHeader(bytes: Uint8Array, { channelHeader: change, chaincode }: Forgery): Uint8Array {
  const header = ChannelHeader.decode(bytes);
  const { chaincodeId } = ChaincodeHeaderExtension.decode(header.extension);
  const extension = ChaincodeHeaderExtension.encode({
    chaincodeId: { ...chaincodeId!, name: chaincode ?? chaincodeId!.name },
  });
  return ChannelHeader.encode(change?.({ ...header, extension }) ?? { ...header, extension });
}

function changedProposal(bytes: Uint8Array, { args, chaincode }: Forgery): Uint8Array {
  const { chaincodeSpec: spec } = ChaincodeInvocationSpec.decode(ChaincodeProposalPayload.decode(bytes).input);
  const before = spec!.input!.args.map((arg) => utf8Text(arg) ?? '');
  const input = { ...spec!.input!, args: (args?.(before) ?? before).map((arg) => utf8Bytes(arg)) };
  const chaincodeId = { ...spec!.chaincodeId!, name: chaincode ?? spec!.chaincodeId!.name };
  return ChaincodeProposalPayload.encode({
    input: ChaincodeInvocationSpec.encode({ chaincodeSpec: { ...spec!, chaincodeId, input } }),
  });
}

function changedAction(action: ChaincodeAction, { action: change, answer, chaincode }: Forgery): ChaincodeAction {
  const { response, chaincodeId } = action;
  const proved = JSON.parse(utf8Text(response!.payload) ?? '') as ProvedTrace;
  const changed: ChaincodeAction = {
    ...action,
    chaincodeId: { ...chaincodeId!, name: chaincode ?? chaincodeId!.name },
    response: { ...response!, payload: utf8Bytes(canonicalJson(answer?.(proved) ?? proved)) },
  };
  return change?.(changed) ?? changed;
}
