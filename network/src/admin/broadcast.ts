import type { ServiceError } from '@grpc/grpc-js';
import { common, type orderer as ordering } from '@hyperledger/fabric-protos';
import { setTimeout as pause } from 'node:timers/promises';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';

type Answer = { readonly accepted: true } | { readonly accepted: false; readonly error: AdminError };

const RETRY_MS = 250;

/**
 * Hands an envelope to every orderer, as SmartBFT asks of a client: any single one may be the faulty one that drops it.
 * While none can take it (they are electing a leader, or starting) it is offered again; the same envelope commits once.
 *
 * @throws AdminError with the first refusal when no orderer took it. Taken is not yet ordered: wait for the commit.
 */
export async function broadcast(
  envelope: common.Envelope,
  orderers: readonly NodeConnection[],
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answers = await Promise.all(orderers.map((orderer) => send(envelope, orderer, deadline)));
    if (answers.some((answer) => answer.accepted)) return;
    const errors = answers.flatMap((answer) => (answer.accepted ? [] : [answer.error]));
    const refusal = errors.find(({ code }) => code !== 'UNREACHABLE');
    if (refusal !== undefined) throw refusal;
    if (Date.now() + RETRY_MS > deadline) throw errors[0] ?? noOrderers();
    await pause(RETRY_MS);
  }
}

function noOrderers(): AdminError {
  return new AdminError('BAD_INPUT', 'No orderer was named to send the transaction to.');
}

function send(envelope: common.Envelope, orderer: NodeConnection, deadline: number): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = orderer.broadcast.broadcast({ deadline });
    stream.on('data', (response: ordering.BroadcastResponse) => {
      resolve(answerOf(response.getStatus(), response.getInfo(), orderer));
      stream.end();
    });
    stream.on('error', (error: ServiceError) => {
      resolve({ accepted: false, error: orderer.failure(error) });
    });
    stream.on('end', () => {
      resolve({ accepted: false, error: new AdminError('BAD_RESPONSE', 'closed without an answer', orderer.name) });
    });
    stream.write(envelope);
  });
}

function answerOf(status: number, info: string, orderer: NodeConnection): Answer {
  // Under BFT the leader may have ordered the envelope before this orderer heard of it from us.
  const known = /request already (exists|processed)/.test(info);
  if (status === common.Status.SUCCESS || known) return { accepted: true };
  const code = status === common.Status.SERVICE_UNAVAILABLE ? 'UNREACHABLE' : 'REFUSED';
  return { accepted: false, error: new AdminError(code, `${info} (status ${status})`, orderer.name) };
}
