import * as z from '../shape/index.js';
import { base64url, date, instant, organisationId, registry } from './shapes.js';
import type { CalendarDate, Instant } from './time.js';

export const READER_KEY_TYPE = 'tracecal-reader-key/1';

/** The public part of a key to which confidential results are encrypted: ECDH over P-256, as a JSON Web Key (RFC 7517). */
export interface PublicReaderKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** The key of an organisation that reads confidential results: canonical JSON, which an officer of the organisation signs. */
export interface ReaderKey {
  readonly type: typeof READER_KEY_TYPE;
  readonly registry: string;
  readonly organisation: string;
  readonly key: PublicReaderKey;
  /** When it was signed, according to its signer. */
  readonly date: Instant;
  /** The last day on which anything is encrypted to it. What was encrypted before, it goes on opening. */
  readonly until: CalendarDate;
}

/** 32 bytes. */
const coordinate = base64url(43).check(z.minLength(43));

export const readerKeyShape: z.ZodMiniType<ReaderKey> = z.strictObject({
  type: z.literal(READER_KEY_TYPE),
  registry,
  organisation: organisationId,
  key: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  date: instant,
  until: date,
});
