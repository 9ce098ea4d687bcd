import { status } from '@grpc/grpc-js';
import { gateway, orderer, type peer } from '@hyperledger/fabric-protos';
import { blockTransactions, chaincodeEvents as eventsOf, type BlockFeed } from '../deliver/index.js';
import { fromStranger } from '../../../system/protobufGuard.js';
import { ProposalRefused } from '../peer/index.js';
import { RpcError, type Caller, type Send } from '../rpc/index.js';
import { authorisedFeed, type GatewayContext } from './context.js';

function parse(bytes: Uint8Array): gateway.ChaincodeEventsRequest {
  if (bytes.length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  }
  try {
    return fromStranger(() => gateway.ChaincodeEventsRequest.deserializeBinary(bytes));
  } catch {
    throw new RpcError(status.INVALID_ARGUMENT, 'invalid chaincode events request: not valid protobuf');
  }
}

function fromPosition(feed: BlockFeed, position: orderer.SeekPosition | undefined): bigint {
  const types = orderer.SeekPosition.TypeCase;
  switch (position?.getTypeCase() ?? types.TYPE_NOT_SET) {
    case types.SPECIFIED:
      return BigInt(position?.getSpecified()?.getNumber() ?? 0);
    case types.NEXT_COMMIT:
    case types.TYPE_NOT_SET:
      return feed.ledger.height;
    default:
      throw new RpcError(status.INVALID_ARGUMENT, 'invalid start position type');
  }
}

async function startBlock(feed: BlockFeed, request: gateway.ChaincodeEventsRequest): Promise<bigint> {
  const after = request.getAfterTransactionId();
  const checkpoint = after === '' ? undefined : await feed.ledger.transaction(after);
  return checkpoint?.blockNumber ?? fromPosition(feed, request.getStartPosition());
}

/** Selects the wanted events. With a checkpoint, events are skipped up to and including the checkpoint's own event. */
function matcher(request: gateway.ChaincodeEventsRequest): (event: peer.ChaincodeEvent) => boolean {
  const chaincode = request.getChaincodeId();
  const after = request.getAfterTransactionId();
  let passed = after === '';
  return (event) => {
    if (passed) return event.getChaincodeId() === chaincode;
    passed = event.getTxId() === after;
    return false;
  };
}

/**
 * Streams the events of a chaincode's valid transactions, one message for each block that has any.
 * @throws RpcError
 */
export async function chaincodeEvents(
  context: GatewayContext,
  signedRequest: gateway.SignedChaincodeEventsRequest,
  send: Send,
  caller: Caller,
): Promise<void> {
  const data = signedRequest.getRequest_asU8();
  const request = parse(data);
  const signed = { data, identity: request.getIdentity_asU8(), signature: signedRequest.getSignature_asU8() };
  let feed;
  try {
    feed = authorisedFeed(context.feeds, request.getChannelId(), 'gateway/ChaincodeEvents', signed);
  } catch (error) {
    if (error instanceof ProposalRefused) throw new RpcError(status.PERMISSION_DENIED, error.message);
    throw error;
  }
  caller.checked();
  const matches = matcher(request);
  for await (const block of feed.blocks(await startBlock(feed, request), caller.gone)) {
    const events = blockTransactions(block)
      .filter(({ code }) => code === 0)
      .flatMap((transaction) => eventsOf(transaction).filter(matches));
    if (events.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(block.getHeader()?.getNumber() ?? 0);
    response.setEventsList(events);
    await send(response.serializeBinary());
  }
}
