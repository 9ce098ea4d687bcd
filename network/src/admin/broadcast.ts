import type { ServiceError } from '@grpc/grpc-js';
import { common, type orderer as ordering } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';

const RETRY_MS = 250;

/**
 * Sends an envelope to every orderer, as SmartBFT requires of clients: any single orderer may be faulty and drop it. While none accepts it
 * (during a leader election, or a start) it is sent again; the same envelope commits only once.
 *
 * @throws AdminError with the first refusal when no orderer accepted it. Acceptance does not mean that it is ordered: wait for the commit.
 */
export async function broadcast(
  envelope: common.Envelope,
  orderers: readonly NodeConnection[],
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const errors = await refusals(orderers.map((orderer) => send(envelope, orderer, deadline)));
    if (errors === undefined) return;
    const refusal = errors.find(({ code }) => code !== 'UNREACHABLE');
    if (refusal !== undefined) throw refusal;
    if (Date.now() + RETRY_MS > deadline) throw errors[0] ?? noOrderers();
    await pause(RETRY_MS);
  }
}

/** All refusals; undefined as soon as one orderer accepts, so that one that hangs does not delay the others. */
async function refusals(answers: readonly Promise<void>[]): Promise<readonly AdminError[] | undefined> {
  try {
    await Promise.any(answers);
    return undefined;
  } catch (error) {
    return (error as AggregateError).errors as readonly AdminError[];
  }
}

function noOrderers(): AdminError {
  return new AdminError('BAD_INPUT', 'No orderer was named to send the transaction to.');
}

/** Resolves when the orderer has accepted the envelope. @throws AdminError */
function send(envelope: common.Envelope, orderer: NodeConnection, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = orderer.broadcast.broadcast({ deadline });
    stream.on('data', (response: ordering.BroadcastResponse) => {
      const refusal = refusalOf(response, orderer);
      if (refusal === undefined) resolve();
      else reject(refusal);
      stream.end();
    });
    stream.on('error', (error: ServiceError) => {
      reject(orderer.failure(error));
    });
    stream.on('end', () => {
      reject(new AdminError('BAD_RESPONSE', 'closed without an answer', orderer.name));
    });
    stream.write(envelope);
  });
}

function refusalOf(response: ordering.BroadcastResponse, orderer: NodeConnection): AdminError | undefined {
  const [status, info] = [response.getStatus(), response.getInfo()];
  // Under BFT the leader may have ordered the envelope before this orderer got it from us.
  const known = /request already (exists|processed)/.test(info);
  if (status === common.Status.SUCCESS || known) return undefined;
  const code = status === common.Status.SERVICE_UNAVAILABLE ? 'UNREACHABLE' : 'REFUSED';
  return new AdminError(code, `${info} (status ${status})`, orderer.name);
}
