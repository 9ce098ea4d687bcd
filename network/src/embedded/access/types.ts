import type { common } from '@hyperledger/fabric-protos';
import type { X509Certificate } from 'node:crypto';

/** Something that somebody signed: what every policy is evaluated over. `identity` is a serialised `msp.SerializedIdentity`. */
export interface SignedData {
  readonly data: Uint8Array;
  readonly identity: Uint8Array;
  readonly signature: Uint8Array;
}

/** An identity that its MSP vouches for at this moment (chain, expiry, revocation list, node OU). */
export interface Identity {
  readonly mspId: string;
  readonly certificate: X509Certificate;
  readonly role: 'client' | 'peer' | 'orderer' | 'admin' | 'member';
  readonly serialized: Uint8Array;
}

export type AccessErrorCode =
  | 'MALFORMED_IDENTITY'
  | 'UNKNOWN_MSP'
  | 'UNTRUSTED_CERTIFICATE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'REVOKED'
  | 'BAD_SIGNATURE'
  | 'HIGH_S';

/** What a channel's current configuration says about who may do what. Rebuilt whenever a config block commits. */
export interface ChannelAccess {
  readonly channelId: string;
  readonly config: common.Config;
  /** MSP ids of the Application group. */
  readonly applicationMsps: readonly string[];
  /** @throws AccessError when no MSP of this channel vouches for it. */
  identity(serialized: Uint8Array): Identity;
  /** Checks the identity and the (low-S) signature. @throws AccessError */
  authenticate(signed: SignedData): Identity;
  /** Evaluates a policy by its path, e.g. `/Channel/Application/Writers`. Invalid or duplicate signers do not count. */
  satisfies(policyPath: string, signed: readonly SignedData[]): PolicyOutcome;
  /** Evaluates a serialised `common.SignaturePolicyEnvelope`. */
  satisfiesSignaturePolicy(envelope: Uint8Array, signed: readonly SignedData[]): PolicyOutcome;
  /** The policy path that guards a resource (`peer/Propose`, `event/Block`, ...): the channel's ACL or Fabric's default. */
  policyFor(resource: string): string;
  /** Sets of MSP ids, smallest first, any of which satisfies the signature policy (for endorsement planning). */
  layouts(envelope: Uint8Array): readonly (readonly string[])[];
  readonly batch: { readonly maxMessages: number; readonly timeoutMs: number; readonly maxBytes: number };
}

export type PolicyOutcome = { readonly satisfied: true } | { readonly satisfied: false; readonly why: string };
