import { status } from '@grpc/grpc-js';
import type { Log } from '../../../system/log.js';
import { RpcError } from '../rpc/index.js';

/** Runs a client's request and logs a refusal, with the transaction, the error that the client gets, and the refusing nodes. */
export async function sayRefusals<T>(log: Log, what: string, txId: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof RpcError)
      log('debug', `${what} of transaction ${onOneLine(txId)} is refused: ${inWords(error)}`);
    throw error;
  }
}

function inWords({ code, message, details }: RpcError): string {
  const nodes = details.map(({ address, mspId, message: said }) => `${mspId} at ${address}: ${said}`);
  return onOneLine([`${status[code]}, ${message}`, ...nodes].join('; '));
}

const MOST = 2000;

/** The text comes from clients and chaincodes, so keep it on one line. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, MOST);
}
