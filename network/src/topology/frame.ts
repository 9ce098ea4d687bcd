import type { Consortium } from './consortium.js';

/** What stays for a network's whole life, whoever comes and goes: a text, equal where the frames are. */
export function frameOf({ orderers, channels }: Consortium): string {
  return JSON.stringify([
    orderers.map(({ name, mspId, domain, consenterId }) => [name, mspId, domain, consenterId]),
    channels.map(({ name }) => name),
  ]);
}
