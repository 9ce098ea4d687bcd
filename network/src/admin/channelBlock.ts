import type { NodeConnection } from './node.js';
import { query } from './proposal.js';
import type { Signer } from './signer.js';

/** A block of a channel as a peer stores it, a serialised `common.Block`. @throws AdminError */
export function channelBlock(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  number: number,
): Promise<Uint8Array> {
  const args = ['GetBlockByNumber', channel, String(number)].map((text) => Buffer.from(text));
  return query(connection, signer, { channel: '', chaincode: 'qscc', args });
}
