import { createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { verifyP256 } from '@tracecal/core/signing';
import { TraceCalError } from '../../client/errors.js';
import { readTicket } from './decode.js';
import { sameBytes, shortRegistry, ticketKeyId } from './format.js';
import type { Ticket } from './format.js';

/** Why a reader refuses a ticket: the first that applies, in this order. API, and the same in the reader in C. */
export const TICKET_REFUSALS = {
  /** It is no ticket in its one form. */
  malformed: 1,
  /** It names another key than the one that is burnt in. */
  'other-key': 2,
  /** The signature does not verify, or its s is high. */
  signature: 3,
  'other-device': 4,
  'other-registry': 5,
  /** Its counter is not above the highest that was accepted here. */
  replayed: 6,
  /** Its end has come. Not asked without a clock. */
  ended: 7,
} as const;

export type TicketRefusal = keyof typeof TICKET_REFUSALS;

/** What a reader knows. */
export interface TicketReader {
  /** The gate's public key: 65 bytes, uncompressed. */
  readonly publicKey: Uint8Array;
  readonly device: string;
  readonly registry: string;
  /** The highest counter that it has accepted; 0 before the first. */
  readonly lastCounter: number;
  /** Unix seconds; null for a reader without a clock. */
  readonly now: number | null;
}

export type TicketAnswer =
  { readonly accepted: true; readonly ticket: Ticket } | { readonly accepted: false; readonly refusal: TicketRefusal };

/**
 * Whether a reader accepts a ticket, by the rules of docs/ticket.md. It has to remember the ticket's counter, durably, before it acts.
 *
 * @throws RangeError unless the public key is a point of P-256 in 65 bytes
 */
export async function checkTicket(bytes: Uint8Array, reader: TicketReader): Promise<TicketAnswer> {
  const keyId = ticketKeyId(reader.publicKey);
  const key = p256Of(reader.publicKey);
  const read = await readTicket(bytes).catch(undefinedIfInvalid);
  if (!read) {
    return { accepted: false, refusal: 'malformed' };
  }
  const { ticket, toBeSigned, signature } = read;
  const fails: readonly (readonly [TicketRefusal, () => boolean])[] = [
    ['other-key', () => !sameBytes(ticket.keyId, keyId)],
    ['signature', () => !verifyP256(key, toBeSigned, signature)],
    ['other-device', () => ticket.device !== reader.device],
    ['other-registry', () => !sameBytes(ticket.registry, shortRegistry(reader.registry))],
    ['replayed', () => ticket.counter <= reader.lastCounter],
    ['ended', () => reader.now !== null && reader.now >= ticket.end],
  ];
  const refusal = fails.find(([, applies]) => applies())?.[0];
  return refusal === undefined ? { accepted: true, ticket } : { accepted: false, refusal };
}

function undefinedIfInvalid(error: unknown): undefined {
  if (!(error instanceof TraceCalError)) {
    throw error;
  }
}

function keyOf(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new RangeError('the public key is not a point of P-256', { cause });
  }
}

function p256Of(point: Uint8Array): Parameters<typeof verifyP256>[0] {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => Buffer.from(part).toString('base64url'));
  const key = keyOf({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' });
  return {
    verifies: (data, signature) => verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  };
}
