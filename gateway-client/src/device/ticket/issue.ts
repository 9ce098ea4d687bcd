import { canonicalJson, instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { hexBytes, sha256 } from '@tracecal/core/platform';
import type { Verdict } from '@tracecal/core/trace';
import { clientError } from '../../client/errors.js';
import type { SigningKey } from '../../client/signingKey.js';
import { decide, withOneLog } from '../gate/decide.js';
import type { GateAsked, GateDecision, Stapled } from '../gate/decide.js';
import { opens } from '../gate/outcomes.js';
import { checkTicket } from './check.js';
import type { TicketCounter } from './counter.js';
import { ticketBytes, unsignedTicket } from './encode.js';
import { shortRegistry, ticketKeyId } from './format.js';
import type { Ticket } from './format.js';

/** What a gate decides by. Without a clock it cannot say when a ticket ends. */
export interface TicketAsked extends GateAsked {
  readonly clock: NonNullable<GateAsked['clock']>;
}

export interface TicketOptions {
  readonly key: SigningKey;
  readonly counter: TicketCounter;
  /** Why a device is in quarantine at a moment; undefined if it is not. Leave it out where nobody directs anything. */
  readonly quarantinedAt?: (at: Instant) => string | undefined;
  /** How long it is to be valid, if the gate would stay open for so long. */
  readonly validSeconds: number;
}

export interface Issued {
  /** By what the ticket was given, or refused. */
  readonly decision: GateDecision;
  /** It is null if the gate stays closed. */
  readonly ticket: IssuedTicket | null;
}

export interface IssuedTicket extends Ticket {
  readonly bytes: Uint8Array;
  /** Whether it ends before the time that was wished, because from then on the same files no longer open the gate. */
  readonly isShortened: boolean;
}

/**
 * A ticket for a device, if the gate opens for it now: never for longer than the gate would stay open by the same files (the age
 * of the heartbeats, the next calibration, the certificates).
 *
 * @throws TraceCalError `TICKET_COUNTER_INVALID`, `TICKET_COUNTER_IN_USE`, `FILE_UNWRITABLE`, `SIGNER_INVALID`, `TICKET_INVALID`
 */
export async function issueTicket(stapled: Stapled, whole: TicketAsked, options: TicketOptions): Promise<Issued> {
  const asked = withOneLog(whole);
  const decision = await decide([stapled], asked);
  const verdict = decision.devices[0]?.verdict;
  if (!opens(decision.outcome) || !verdict) {
    return { decision, ticket: null };
  }
  const now = secondsOf(asked);
  const wished = now + options.validSeconds;
  const end = await latestEnd(stapled, asked, wished, options);
  return { decision, ticket: { ...(await signedTicket(verdict, end, now, options)), isShortened: end < wished } };
}

/**
 * The last second, of those wished, at which the gate would still open. It looks at the end that is wished, and searches only if that is
 * closed: a stretch in between is not noticed during which the gate would be closed, and which is over by then. Such a stretch has to be
 * known already now, as a gap between two certificates of which the second begins later.
 */
async function latestEnd(
  stapled: Stapled,
  asked: TicketAsked,
  wished: number,
  { quarantinedAt = () => undefined }: TicketOptions,
): Promise<number> {
  const isOpenAt = async (second: number): Promise<boolean> => {
    const now = instantOf(second * 1000);
    const clock = { ...asked.clock, now };
    return quarantinedAt(now) === undefined && opens((await decide([stapled], { ...asked, clock })).outcome);
  };
  if (await isOpenAt(wished)) {
    return wished;
  }
  let [open, closed] = [secondsOf(asked), wished];
  while (closed - open > 1) {
    const between = Math.floor((open + closed) / 2);
    if (await isOpenAt(between)) {
      open = between;
    } else {
      closed = between;
    }
  }
  return open;
}

function secondsOf({ clock }: TicketAsked): number {
  return Math.floor(millisecondsOf(clock.now) / 1000);
}

async function signedTicket(
  verdict: Verdict,
  end: number,
  now: number,
  { key, counter }: TicketOptions,
): Promise<Ticket & { readonly bytes: Uint8Array }> {
  const { device, registry } = verdict;
  const keyId = ticketKeyId(key.publicKey);
  const content = {
    device,
    registry: shortRegistry(registry),
    verdict: hexBytes(sha256(canonicalJson(verdict))) ?? new Uint8Array(),
    end,
    keyId,
  };
  // Everything that could prevent the ticket comes before its number.
  await unsignedTicket({ ...content, counter: 1 });
  const ticket = { ...content, counter: await counter.next(keyId, now) };
  const parts = await unsignedTicket(ticket);
  const bytes = await ticketBytes(parts, await key.sign(parts.toBeSigned));
  const reader = { publicKey: key.publicKey, device, registry, lastCounter: ticket.counter - 1, now: null };
  if (!(await checkTicket(bytes, reader)).accepted) {
    throw clientError('SIGNER_INVALID', 'The ticket that the key signed does not verify.');
  }
  return { ...ticket, bytes };
}
