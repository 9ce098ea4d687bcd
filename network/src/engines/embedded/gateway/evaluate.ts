import { status } from '@grpc/grpc-js';
import { gateway, type peer } from '@hyperledger/fabric-protos';
import { MalformedProposal, unpackProposal, type Endorser, type UnpackedProposal } from '../peer/index.js';
import { RpcError, type Caller, type ErrorDetail } from '../rpc/index.js';
import { attempt, attemptWithin } from './attempt.js';
import { endorsersInOrder, type GatewayContext } from './context.js';

function unpack(signedProposal: peer.SignedProposal | undefined): UnpackedProposal {
  const fail = (why: string): never => {
    throw new RpcError(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${why}`);
  };
  if (!signedProposal || signedProposal.getProposalBytes_asU8().length === 0) {
    return fail('a signed proposal is required');
  }
  try {
    const proposal = unpackProposal(signedProposal);
    return proposal.channelId === '' ? fail('no channel id provided') : proposal;
  } catch (error) {
    if (error instanceof MalformedProposal) return fail(error.message);
    throw error;
  }
}

/**
 * Peers that may be asked, the gateway's own first, then those of its organisation.
 * @throws RpcError when there are none
 */
function candidates(
  context: GatewayContext,
  proposal: UnpackedProposal,
  targets: readonly string[],
): readonly Endorser[] {
  const { local } = context;
  const { channelId, chaincode } = proposal;
  if (!local.channel(channelId)) {
    throw new RpcError(
      status.UNAVAILABLE,
      `failed to get config for channel [${channelId}]: could not get last config for channel ${channelId}`,
    );
  }
  const transientProtected = proposal.hasTransientData && targets.length === 0;
  const allowed = transientProtected ? [local.mspId] : targets;
  const able = endorsersInOrder(context).filter(
    (endorser) =>
      (allowed.length === 0 || allowed.includes(endorser.mspId)) && endorser.hasChaincode(channelId, chaincode),
  );
  if (able.length > 0) return able;
  const why = `no peers available to evaluate chaincode ${chaincode} in channel ${channelId}`;
  throw new RpcError(
    status.FAILED_PRECONDITION,
    transientProtected
      ? `no endorsers found in the gateway's organization; retry specifying target organization(s) to protect transient data: ${why}`
      : why,
  );
}

/**
 * Runs a transaction on one peer and returns its result; nothing is ordered.
 * @throws RpcError
 */
export async function evaluate(
  context: GatewayContext,
  request: gateway.EvaluateRequest,
  caller: Caller,
): Promise<gateway.EvaluateResponse> {
  const proposal = unpack(request.getProposedTransaction());
  const details: ErrorDetail[] = [];
  let lastCode = status.UNAVAILABLE;
  for (const endorser of candidates(context, proposal, request.getTargetOrganizationsList())) {
    const outcome =
      endorser === context.local
        ? await attempt(endorser, endorser, proposal, false, caller)
        : await attemptWithin(context.endorsementTimeoutMs, endorser, context.local, proposal, caller);
    if (outcome.ok) {
      const response = new gateway.EvaluateResponse();
      response.setResult(outcome.answer.response);
      return response;
    }
    details.push(outcome.detail);
    lastCode = outcome.code;
    if (!outcome.retry) {
      throw new RpcError(lastCode, `evaluate call to endorser returned error: ${outcome.detail.message}`, details);
    }
  }
  throw new RpcError(lastCode, 'failed to evaluate transaction, see attached details for more info', details);
}
