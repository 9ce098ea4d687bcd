import type { Identity, SignedData } from '../identity/index.js';

/** How an identity's validity period is treated. */
export interface IdentityOptions {
  /**
   * Ignores today's date. Fabric does this wherever every peer must reach the same result: when a block is validated and
   * when a policy is evaluated. A client that asks for access (proposals, broadcasts, streams) is checked against the clock.
   */
  readonly timeless?: boolean;
}

/** The access rules in a channel's current configuration. Rebuilt whenever a config block commits. */
export interface ChannelAccess {
  readonly channelId: string;
  /** A serialised `common.Config`. */
  readonly config: Uint8Array;
  /** Sequence number of that configuration: each update increases it by one. */
  readonly sequence: number;
  /** MSP ids of the Application group. */
  readonly applicationMsps: readonly string[];
  /**
   * The Endorsement policy of an organisation of the Application group, as a serialised `protos.ApplicationPolicy`; if it
   * has none, any member of the organisation.
   */
  endorsementPolicyOf(mspId: string): Uint8Array;
  /** @throws AccessError if no MSP of this channel vouches for it. */
  identity(serialized: Uint8Array, options?: IdentityOptions): Identity;
  /** Checks the identity and the (low-S) signature. @throws AccessError */
  authenticate(signed: SignedData, options?: IdentityOptions): Identity;
  /**
   * Evaluates a policy by its path, e.g. `/Channel/Application/Writers`. Invalid or duplicate signers do not count. Ignores
   * the clock, as in Fabric: call `authenticate` first if expired identities must be refused.
   */
  satisfies(policyPath: string, signed: readonly SignedData[]): PolicyOutcome;
  /** Evaluates a serialised `common.SignaturePolicyEnvelope`. */
  satisfiesSignaturePolicy(envelope: Uint8Array, signed: readonly SignedData[]): PolicyOutcome;
  /** Evaluates a serialised `protos.ApplicationPolicy`: a signature policy or a reference to a channel policy. */
  satisfiesApplicationPolicy(policy: Uint8Array, signed: readonly SignedData[]): PolicyOutcome;
  /**
   * The serialised `common.SignaturePolicyEnvelope` equal to a serialised `protos.ApplicationPolicy` under this
   * configuration (a reference to an ImplicitMeta policy is expanded), for `layouts` and for planning.
   * @throws AccessError MALFORMED_CONFIG if it is malformed or refers to a policy that does not exist.
   */
  signaturePolicyOf(applicationPolicy: Uint8Array): Uint8Array;
  /**
   * The policy path that guards a resource (`peer/Propose`, `event/Block`, ...): the channel's ACL or Fabric's default.
   * Empty for a resource that no channel policy guards: `satisfies('')` refuses everybody.
   */
  policyFor(resource: string): string;
  /**
   * Sets of MSP ids, smallest first, any of which satisfies the signature policy by signatures of their peers (for
   * endorsement planning). An id that appears twice stands for two different peers of that organisation.
   */
  layouts(envelope: Uint8Array): readonly (readonly string[])[];
  /** `maxBytes`: no envelope or block may be larger; `preferredMaxBytes`: a block is cut before it exceeds this size. */
  readonly batch: {
    readonly maxMessages: number;
    readonly timeoutMs: number;
    readonly maxBytes: number;
    readonly preferredMaxBytes: number;
  };
}

export type PolicyOutcome = { readonly satisfied: true } | { readonly satisfied: false; readonly why: string };
