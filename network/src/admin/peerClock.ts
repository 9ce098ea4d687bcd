import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';
import { propose, signInvocation } from './proposal.js';
import type { Signer } from './signer.js';

/** Outside of every peer's time window, so that nothing is executed. */
const LONG_AGO = new Date(0);
/** As Go writes times: `2026-03-01T09:30:00Z`, or `2026-03-01 09:30:00.25 +0100 CET m=+3.5`. */
const PEER_TIME = /peer time (\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)/;

/**
 * By how many milliseconds a peer's clock is ahead of this machine's; negative where it is behind. The peer refuses a proposal of long ago and says
 * what time it has. It signs nothing of that, and the way there and back makes it uncertain by half its duration, and by a second of rounding.
 *
 * @param now This machine's clock.
 * @returns undefined if the peer does not say its time
 */
export async function peerClockAhead(
  connection: NodeConnection,
  signer: Signer,
  now: () => number = Date.now,
): Promise<number | undefined> {
  const invocation = { channel: '', chaincode: 'qscc', args: [Buffer.from('GetChainInfo')] };
  const asked = now();
  try {
    await propose(connection, signInvocation(invocation, signer, LONG_AGO).signed);
    return undefined;
  } catch (error) {
    const told = error instanceof AdminError ? timeIn(error.message) : undefined;
    return told === undefined ? undefined : told - (asked + now()) / 2;
  }
}

function timeIn(message: string): number | undefined {
  const [, day, time, zone = 'Z'] = PEER_TIME.exec(message) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const parsed = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
