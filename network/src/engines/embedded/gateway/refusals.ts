import { status } from '@grpc/grpc-js';
import type { Log } from '../../../system/log.js';
import { RpcError } from '../rpc/index.js';

/** Does what a client asks, and says in the log what it was refused and by whom: what the client is told, with the transaction. */
export async function sayRefusals<T>(log: Log, what: string, txId: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof RpcError)
      log('info', `${what} of transaction ${onOneLine(txId)} is refused: ${inWords(error)}`);
    throw error;
  }
}

function inWords({ code, message, details }: RpcError): string {
  const nodes = details.map(({ address, mspId, message: said }) => `${mspId} at ${address}: ${said}`);
  return onOneLine([`${status[code]}, ${message}`, ...nodes].join('; '));
}

const MOST = 2000;

/** Clients and chaincodes wrote it. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, MOST);
}
