import { gateway, type common } from '@hyperledger/fabric-protos';
import type { NodeConnection } from './node.js';

const CALL_TIMEOUT_MS = 30_000;

/**
 * Hands an envelope to the orderers through a peer's gateway, which knows them. That it was taken does not mean that it is in a block.
 * @throws AdminError `REFUSED` with the orderers' words
 */
export function submitThrough(connection: NodeConnection, channel: string, envelope: common.Envelope): Promise<void> {
  const request = new gateway.SubmitRequest();
  request.setChannelId(channel);
  request.setPreparedTransaction(envelope);
  return new Promise((resolve, reject) => {
    connection.gateway.submit(request, { deadline: Date.now() + CALL_TIMEOUT_MS }, (error) => {
      if (error === null) resolve();
      else reject(connection.failure(error));
    });
  });
}
