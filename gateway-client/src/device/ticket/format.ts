import { hexBytes, sha256 } from '@tracecal/core/platform';

/** No ticket is longer. Within the bounds below none can be: the longest has 332 bytes. */
export const MOST_TICKET_BYTES = 512;
/** Of counters and ends: what every language holds exactly. */
export const MOST_TICKET_NUMBER = Number.MAX_SAFE_INTEGER;

export const TICKET_VERSION = 1;
export const TICKET_CONTENT_TYPE = 'application/vnd.tracecal.ticket+cbor';

/** COSE_Sign1 (RFC 9052, 4.2). */
export const COSE_SIGN1_TAG = 18;
/** Labels of the protected header, and ES256 (RFC 9053, 2.1). */
export const HEADER = { algorithm: 1, contentType: 3, keyId: 4 } as const;
export const ES256 = -7;
/** Labels of the payload. */
export const FIELD = { version: 1, device: 2, registry: 3, verdict: 4, end: 5, counter: 6 } as const;

export const KEY_ID_BYTES = 8;
export const REGISTRY_BYTES = 16;
export const DIGEST_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const POINT_BYTES = 65;

/** Ids of devices, as far as a reader checks them: it compares with its own anyway. */
export const TICKET_DEVICE = /^[A-Za-z0-9._:+/-]{3,128}$/;

/** What a ticket says: this device was soundly calibrated, by that verdict, and may be used until then. */
export interface Ticket {
  readonly device: string;
  /** The first 16 bytes of the SHA-256 of the registry's name: {@link shortRegistry}. */
  readonly registry: Uint8Array;
  /** SHA-256 of the verdict's canonical JSON. */
  readonly verdict: Uint8Array;
  /** Unix seconds. At this second it no longer counts. */
  readonly end: number;
  /** Rises with each ticket of a key. */
  readonly counter: number;
  /** Of the key that signed it: {@link ticketKeyId}. */
  readonly keyId: Uint8Array;
}

/** A name of up to 193 characters, short enough for a ticket. */
export function shortRegistry(registry: string): Uint8Array {
  return firstBytes(REGISTRY_BYTES, registry);
}

/**
 * The id of a gate's key: the first 8 bytes of the SHA-256 of its point.
 *
 * @param point - 65 bytes, uncompressed: 04, x, y.
 */
export function ticketKeyId(point: Uint8Array): Uint8Array {
  if (point.length !== POINT_BYTES || point[0] !== 4) {
    throw new RangeError('A public key of a gate is a point of P-256: 65 bytes that begin with 04.');
  }
  return firstBytes(KEY_ID_BYTES, point);
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function firstBytes(count: number, content: Uint8Array | string): Uint8Array {
  return (hexBytes(sha256(content)) ?? new Uint8Array()).slice(0, count);
}
