import type { ServiceError } from '@grpc/grpc-js';
import { common, type orderer as ordering } from '@hyperledger/fabric-protos';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';

type Answer = { readonly accepted: true } | { readonly accepted: false; readonly error: AdminError };

/**
 * Hands an envelope to every orderer, as SmartBFT asks of a client: any single one may be the faulty one that drops it.
 *
 * @throws AdminError with the first refusal when no orderer took it. Taken is not yet ordered: wait for the commit.
 */
export async function broadcast(
  envelope: common.Envelope,
  orderers: readonly NodeConnection[],
  timeoutMs: number,
): Promise<void> {
  const answers = await Promise.all(orderers.map((orderer) => send(envelope, orderer, timeoutMs)));
  if (answers.some((answer) => answer.accepted)) return;
  const refusals = answers.flatMap((answer) => (answer.accepted ? [] : [answer.error]));
  throw refusals.find(({ code }) => code === 'REFUSED') ?? refusals[0] ?? noOrderers();
}

function noOrderers(): AdminError {
  return new AdminError('BAD_INPUT', 'No orderer was named to send the transaction to.');
}

function send(envelope: common.Envelope, orderer: NodeConnection, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = orderer.broadcast.broadcast({ deadline: Date.now() + timeoutMs });
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
  return { accepted: false, error: new AdminError('REFUSED', `${info} (status ${status})`, orderer.name) };
}
