import type { Consortium } from './consortium.js';

/** The frame of a network, which no change of its members touches (orderers, channels and their batches), as a text: equal frames give equal texts. */
export function frameOf({ orderers, channels }: Consortium): string {
  return JSON.stringify([
    orderers.map(({ name, mspId, domain, consenterId }) => [name, mspId, domain, consenterId]),
    channels.map(({ name, batch }) => [name, batch.maxMessages, batch.timeoutMs]),
  ]);
}
