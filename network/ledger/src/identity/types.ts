import type { Certificate } from './certificate.js';

/**
 * A signed message: policies are evaluated over these. `identity` is a serialised `msp.SerializedIdentity`. Its bytes must
 * not change: a channel verifies the same object once, even if several policies are evaluated over it.
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
