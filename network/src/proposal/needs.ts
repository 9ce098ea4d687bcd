import { ApplicationPolicy, MSP_ROLE, SignaturePolicyEnvelope } from '@tracecal/ledger/wire';
import { printEnvelope, rolesNamed } from '../channel/policy.js';
import { ChannelError } from '../channel/index.js';
import type { Proposal } from './proposal.js';
import { signedData } from './signatures.js';

/** A policy that a proposal's signatures have to satisfy. */
export interface Need {
  /** Its path: `/Channel/Orderer/Admins`. */
  readonly policy: string;
  /** In the language of signature policies; undefined if that cannot express it. */
  readonly rule: string | undefined;
  readonly isSatisfied: boolean;
  /** MSP ids whose administrators count for it, and have signed. */
  readonly signed: readonly string[];
  /** Those who have not. */
  readonly open: readonly string[];
}

/** Who must sign a proposal, by the configuration for which it was made: the rules of an orderer. */
export function needsOf({ access, effect, update, signatures }: Proposal): readonly Need[] {
  const signed = signatures.map((each) => signedData(update, each));
  return effect.guards.map((policy) => {
    const envelope = SignaturePolicyEnvelope.decode(
      access.signaturePolicyOf(ApplicationPolicy.encode({ channelConfigPolicyReference: policy })),
    );
    const administrators = administratorsIn(envelope);
    const has = (mspId: string): boolean => signatures.some((each) => each.mspId === mspId);
    return {
      policy,
      rule: ruleOf(envelope),
      isSatisfied: access.satisfies(policy, signed).satisfied,
      signed: administrators.filter(has),
      open: administrators.filter((mspId) => !has(mspId)),
    };
  });
}

/** Whether the orderers would accept the signatures. */
export function hasEnough(needs: readonly Need[]): boolean {
  return needs.every(({ isSatisfied }) => isSatisfied);
}

function administratorsIn(envelope: SignaturePolicyEnvelope): readonly string[] {
  const able = rolesNamed(envelope).filter(({ role }) => role === MSP_ROLE.admin || role === MSP_ROLE.member);
  return [...new Set(able.map(({ mspIdentifier }) => mspIdentifier))].sort();
}

function ruleOf(envelope: SignaturePolicyEnvelope): string | undefined {
  try {
    return printEnvelope(envelope);
  } catch (error) {
    if (error instanceof ChannelError) return undefined;
    throw error;
  }
}
