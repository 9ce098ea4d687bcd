import { clientError } from '../../client/errors.js';
import { cbor, isTicketNumber, partsOf, ticketBytes } from './encode.js';
import {
  COSE_SIGN1_TAG,
  DIGEST_BYTES,
  FIELD,
  HEADER,
  KEY_ID_BYTES,
  MOST_TICKET_BYTES,
  REGISTRY_BYTES,
  SIGNATURE_BYTES,
  TICKET_DEVICE,
  sameBytes,
} from './format.js';
import type { Ticket } from './format.js';

/** A ticket whose form was checked; its signature was not. */
export interface ReadTicket {
  readonly ticket: Ticket;
  readonly signature: Uint8Array;
  /** What the signature covers. */
  readonly toBeSigned: Uint8Array;
}

/** Nothing in a ticket lies deeper: tag, array, strings and an empty map. */
const MOST_DEPTH = 4;

/**
 * Reads a ticket: exactly the bytes that its values have, and nothing else. So there is one form of each ticket, and the reader in C,
 * which knows no other, takes and refuses the same.
 *
 * @throws TraceCalError `TICKET_INVALID`
 */
export async function readTicket(bytes: Uint8Array): Promise<ReadTicket> {
  // Where the library is missing, that is told, and not taken for a ticket that is malformed.
  await cbor();
  const found = bytes.length > MOST_TICKET_BYTES ? undefined : await valuesIn(bytes).catch(() => undefined);
  if (found) {
    const parts = await partsOf(found.ticket);
    // The library reads some values in several forms, such as 1.0 for 1, and labels that are not asked for.
    if (sameBytes(await ticketBytes(parts, found.signature), bytes)) {
      return { ...found, toBeSigned: parts.toBeSigned };
    }
  }
  throw clientError('TICKET_INVALID', 'These bytes are not a ticket in its one form.');
}

type Values = Pick<ReadTicket, 'ticket' | 'signature'>;

async function valuesIn(bytes: Uint8Array): Promise<Values | undefined> {
  const { decode, Tag } = await cbor();
  const read = (part: Uint8Array): unknown =>
    decode(part, {
      cde: true,
      rejectDuplicateKeys: true,
      rejectUndefined: true,
      preferMap: true,
      ignoreGlobalTags: true,
      maxDepth: MOST_DEPTH,
    });
  const message = read(bytes);
  if (!(message instanceof Tag) || message.tag !== COSE_SIGN1_TAG || !Array.isArray(message.contents)) {
    return undefined;
  }
  const [header, , payload, signature] = message.contents as unknown[];
  if (!isBytes(header) || !isBytes(payload) || !isBytes(signature, SIGNATURE_BYTES)) {
    return undefined;
  }
  const ticket = ticketIn(read(header), read(payload));
  return ticket && { ticket, signature };
}

function ticketIn(header: unknown, payload: unknown): Ticket | undefined {
  const keyId = at(header, HEADER.keyId);
  const device = at(payload, FIELD.device);
  const registry = at(payload, FIELD.registry);
  const verdict = at(payload, FIELD.verdict);
  const end = at(payload, FIELD.end);
  const counter = at(payload, FIELD.counter);
  if (typeof device !== 'string' || !TICKET_DEVICE.test(device) || !isTicketNumber(end) || !isTicketNumber(counter)) {
    return undefined;
  }
  const isComplete =
    isBytes(keyId, KEY_ID_BYTES) && isBytes(registry, REGISTRY_BYTES) && isBytes(verdict, DIGEST_BYTES);
  return isComplete ? { device, registry, verdict, end, counter, keyId } : undefined;
}

function at(map: unknown, label: number): unknown {
  return map instanceof Map ? map.get(label) : undefined;
}

function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}
