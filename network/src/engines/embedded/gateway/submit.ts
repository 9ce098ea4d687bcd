import { status } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import { bftQuorum, type ChannelAccess } from '@tracecal/ledger/policy';
import { Config, ConsensusType } from '@tracecal/ledger/wire';
import type { BroadcastResult } from '../orderer/index.js';
import { RpcError, type Caller } from '../rpc/index.js';
import type { GatewayContext } from './context.js';

const STATUS_NAMES = new Map<number, string>(Object.entries(common.Status).map(([name, value]) => [value, name]));

function isByzantineFaultTolerant({ config }: ChannelAccess): boolean {
  const consensus = Config.decode(config).channelGroup?.groups.get('Orderer')?.values.get('ConsensusType');
  return consensus !== undefined && ConsensusType.decode(consensus.value).type === 'BFT';
}

/** In a real network, a client gets the errors of all orderers that refused before a quorum became impossible. */
function failuresToReport(orderers: number): number {
  return orderers - bftQuorum(orderers) + 1;
}

function refusal(context: GatewayContext, channelId: string, { status: code, info }: BroadcastResult): RpcError {
  const message = `received unsuccessful response from orderer: status=${STATUS_NAMES.get(code) ?? code}, info=${info}`;
  const nodes = context.ordererNodes;
  const access = context.feeds.get(channelId)?.ledger.access;
  if (access && isByzantineFaultTolerant(access)) {
    return new RpcError(
      status.UNAVAILABLE,
      'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
      nodes.slice(0, failuresToReport(nodes.length)).map((node) => ({ ...node, message })),
    );
  }
  if (code >= 400 && code < 500) return new RpcError(status.ABORTED, message);
  return new RpcError(
    status.UNAVAILABLE,
    'no orderers could successfully process transaction',
    nodes.map((node) => ({ ...node, message })),
  );
}

/**
 * Orders a signed transaction.
 * @throws RpcError
 */
export async function submit(
  context: GatewayContext,
  request: gateway.SubmitRequest,
  caller: Caller,
): Promise<gateway.SubmitResponse> {
  const envelope = request.getPreparedTransaction();
  if (!envelope) throw new RpcError(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  if (envelope.getSignature_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  }
  const channelId = request.getChannelId();
  if (!context.feeds.has(channelId)) {
    throw new RpcError(
      status.FAILED_PRECONDITION,
      `failed to get config for channel [${channelId}]: could not get last config for channel ${channelId}`,
    );
  }
  const result = await context.orderer.broadcast(envelope, caller.checked);
  if (result.status !== common.Status.SUCCESS) throw refusal(context, channelId, result);
  return new gateway.SubmitResponse();
}
