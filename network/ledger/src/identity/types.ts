import type { Certificate } from './certificate.js';

/**
 * Something that somebody signed: what every policy is evaluated over. `identity` is a serialised `msp.SerializedIdentity`.
 * Its bytes must not change: a channel verifies the same object once, however many policies it is measured against.
 */
export interface SignedData {
  readonly data: Uint8Array;
  readonly identity: Uint8Array;
  readonly signature: Uint8Array;
}

/** An identity that its MSP vouches for at this moment (chain, expiry, revocation list, node OU). */
export interface Identity {
  readonly mspId: string;
  readonly certificate: Certificate;
  readonly role: 'client' | 'peer' | 'orderer' | 'admin' | 'member';
  readonly serialized: Uint8Array;
}
