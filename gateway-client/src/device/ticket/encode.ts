import { OWNED_ID } from '@tracecal/core/model';
import { clientError } from '../../client/errors.js';
import {
  COSE_SIGN1_TAG,
  DIGEST_BYTES,
  ES256,
  FIELD,
  HEADER,
  KEY_ID_BYTES,
  MOST_TICKET_BYTES,
  MOST_TICKET_NUMBER,
  REGISTRY_BYTES,
  SIGNATURE_BYTES,
  TICKET_CONTENT_TYPE,
  TICKET_DEVICE,
  TICKET_VERSION,
} from './format.js';
import type { Ticket } from './format.js';

/** The library is an ES module, and this package is CommonJS, which loads such modules only in this way before Node 20.19. */
export function cbor() {
  return import('cbor2');
}

/** What is signed, and the two parts of a ticket that it covers. */
export interface UnsignedTicket {
  readonly protectedHeader: Uint8Array;
  readonly payload: Uint8Array;
  /** Sig_structure (RFC 9052, 4.4). */
  readonly toBeSigned: Uint8Array;
}

/**
 * What a gate signs for a ticket.
 *
 * @throws TraceCalError `TICKET_INVALID`: a value is out of its bounds
 */
export async function unsignedTicket(ticket: Ticket): Promise<UnsignedTicket> {
  const why = whyOutOfBounds(ticket);
  if (why !== undefined) {
    throw clientError('TICKET_INVALID', why);
  }
  return partsOf(ticket);
}

/** The parts of a ticket whose values are within their bounds. */
export async function partsOf(ticket: Ticket): Promise<UnsignedTicket> {
  const { encode } = await cbor();
  const bytes = (value: unknown) => encode(value, { cde: true });
  const { device, end, counter } = ticket;
  const [keyId, registry, verdict] = [ticket.keyId, ticket.registry, ticket.verdict].map(plain);
  const protectedHeader = bytes(
    new Map<number, unknown>([
      [HEADER.algorithm, ES256],
      [HEADER.contentType, TICKET_CONTENT_TYPE],
      [HEADER.keyId, keyId],
    ]),
  );
  const payload = bytes(
    new Map<number, unknown>([
      [FIELD.version, TICKET_VERSION],
      [FIELD.device, device],
      [FIELD.registry, registry],
      [FIELD.verdict, verdict],
      [FIELD.end, end],
      [FIELD.counter, counter],
    ]),
  );
  const toBeSigned = bytes(['Signature1', protectedHeader, new Uint8Array(), payload]);
  return { protectedHeader, payload, toBeSigned };
}

/**
 * A ticket as it travels: a tagged COSE_Sign1.
 *
 * @param signature - 64 bytes, r and s, with a low s.
 * @throws TraceCalError `TICKET_INVALID`
 */
export async function ticketBytes(parts: UnsignedTicket, signature: Uint8Array): Promise<Uint8Array> {
  const { encode, Tag } = await cbor();
  if (signature.length !== SIGNATURE_BYTES) {
    throw clientError('TICKET_INVALID', `Its signature has ${signature.length} bytes, and 64 are expected.`);
  }
  const message = [plain(parts.protectedHeader), new Map(), plain(parts.payload), plain(signature)];
  const bytes = encode(new Tag(COSE_SIGN1_TAG, message), { cde: true });
  if (bytes.length > MOST_TICKET_BYTES) {
    throw clientError('TICKET_INVALID', `It has ${bytes.length} bytes, and at most ${MOST_TICKET_BYTES} are allowed.`);
  }
  return bytes;
}

/** The library writes a Buffer as it is in JSON: `{ type: 'Buffer', data: [...] }`. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** What each value must be, in a sentence. */
const BOUNDS: readonly (readonly [isWithin: (ticket: Ticket) => boolean, sentence: string])[] = [
  [
    ({ device }) => OWNED_ID.test(device) && TICKET_DEVICE.test(device),
    'The device has an id like lab-alpha/t-1, of at most 128 characters.',
  ],
  [({ registry }) => registry.length === REGISTRY_BYTES, `The short name of the registry has ${REGISTRY_BYTES} bytes.`],
  [({ verdict }) => verdict.length === DIGEST_BYTES, `The digest of the verdict has ${DIGEST_BYTES} bytes.`],
  [({ keyId }) => keyId.length === KEY_ID_BYTES, `The id of the key has ${KEY_ID_BYTES} bytes.`],
  [({ end }) => isTicketNumber(end), 'The end is a whole number of Unix seconds.'],
  [({ counter }) => isTicketNumber(counter), 'The counter is a whole number from 1 on.'],
];

function whyOutOfBounds(ticket: Ticket): string | undefined {
  return BOUNDS.find(([isWithin]) => !isWithin(ticket))?.[1];
}

export function isTicketNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_TICKET_NUMBER;
}
