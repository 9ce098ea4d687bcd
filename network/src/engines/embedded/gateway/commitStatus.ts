import { status } from '@grpc/grpc-js';
import { gateway, type peer } from '@hyperledger/fabric-protos';
import { fromStranger } from '../../../system/protobufGuard.js';
import { ProposalRefused } from '../peer/index.js';
import { RpcError, type Caller } from '../rpc/index.js';
import { authorisedFeed, type GatewayContext } from './context.js';

function invalid(message: string): never {
  throw new RpcError(status.INVALID_ARGUMENT, message);
}

function parse(bytes: Uint8Array): gateway.CommitStatusRequest {
  if (bytes.length === 0) return invalid('a commit status request is required');
  try {
    return fromStranger(() => gateway.CommitStatusRequest.deserializeBinary(bytes));
  } catch {
    return invalid('invalid status request: the request is not valid protobuf');
  }
}

/** How a transaction ended, at once or as soon as it commits. @throws RpcError */
export async function commitStatus(
  context: GatewayContext,
  signedRequest: gateway.SignedCommitStatusRequest,
  caller: Caller,
): Promise<gateway.CommitStatusResponse> {
  const data = signedRequest.getRequest_asU8();
  const request = parse(data);
  const identity = request.getIdentity_asU8();
  if (identity.length === 0) invalid('no identity provided');
  if (request.getChannelId() === '') invalid('no channel ID provided');
  if (request.getTransactionId() === '') invalid('transaction ID should not be empty');
  const signed = { data, identity, signature: signedRequest.getSignature_asU8() };
  let feed;
  try {
    feed = authorisedFeed(context.feeds, request.getChannelId(), 'gateway/CommitStatus', signed);
  } catch (error) {
    if (error instanceof ProposalRefused) throw new RpcError(status.PERMISSION_DENIED, error.message);
    throw error;
  }
  caller.checked();
  const outcome = await feed.status(request.getTransactionId(), () => caller.gone);
  if (!outcome) throw new RpcError(status.CANCELLED, 'context canceled');
  const response = new gateway.CommitStatusResponse();
  response.setResult(outcome.code as peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap]);
  response.setBlockNumber(Number(outcome.blockNumber));
  return response;
}
