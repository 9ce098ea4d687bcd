import { AccessError, type Member } from '../identity/index.js';
import { folded } from '../wire/folded.js';
import {
  ImplicitMetaPolicy,
  keyOf,
  META_RULE,
  MspPrincipal,
  NO_BYTES,
  POLICY_TYPE,
  SignaturePolicyEnvelope,
  type ConfigGroup,
  type Policy,
  type SignaturePolicy,
} from '../wire/index.js';
import { compileSignaturePolicy, isSatisfied, type Rule } from './signaturePolicy.js';
import type { PolicyOutcome } from './types.js';

/** A policy of a channel's configuration. */
export interface ChannelPolicy {
  evaluate(signers: readonly Member[]): PolicyOutcome;
  /** The same policy, written as a signature policy. */
  toEnvelope(): SignaturePolicyEnvelope;
}

const SATISFIED: PolicyOutcome = { satisfied: true };

/** All policies of a channel by absolute path (`/Channel/Application/Org1MSP/Admins`). */
export function readPolicies(root: ConfigGroup): ReadonlyMap<string, ChannelPolicy> {
  const policies = new Map<string, ChannelPolicy>();
  collect(root, '/Channel', policies);
  return policies;
}

export function ruleOutcome(rule: Rule, signers: readonly Member[]): PolicyOutcome {
  return isSatisfied(rule, signers) ? SATISFIED : { satisfied: false, why: 'signature set did not satisfy policy' };
}

function collect(group: ConfigGroup, path: string, policies: Map<string, ChannelPolicy>): void {
  const subgroups: string[] = [];
  for (const [name, subgroup] of group.groups) {
    subgroups.push(`${path}/${name}`);
    collect(subgroup, `${path}/${name}`, policies);
  }
  for (const [name, { policy }] of group.policies) {
    policies.set(`${path}/${name}`, readPolicy(policy, `${path}/${name}`, subgroups, policies));
  }
}

function readPolicy(
  policy: Policy | undefined,
  path: string,
  subgroups: readonly string[],
  policies: ReadonlyMap<string, ChannelPolicy>,
): ChannelPolicy {
  try {
    const value = policy?.value ?? NO_BYTES;
    if (policy?.type === POLICY_TYPE.signature) return signaturePolicy(SignaturePolicyEnvelope.decode(value));
    if (policy?.type === POLICY_TYPE.implicitMeta) {
      return implicitMetaPolicy(ImplicitMetaPolicy.decode(value), subgroups, policies);
    }
  } catch (cause) {
    throw new AccessError('MALFORMED_CONFIG', `The policy ${path} did not compile.`, { cause });
  }
  throw new AccessError('MALFORMED_CONFIG', `The policy ${path} is of an unknown type.`);
}

function signaturePolicy(envelope: SignaturePolicyEnvelope): ChannelPolicy {
  const rule = compileSignaturePolicy(envelope);
  return { evaluate: (signers) => ruleOutcome(rule, signers), toEnvelope: () => envelope };
}

function implicitMetaPolicy(
  definition: ImplicitMetaPolicy,
  subgroups: readonly string[],
  policies: ReadonlyMap<string, ChannelPolicy>,
): ChannelPolicy {
  const name = definition.subPolicy;
  const parts = subgroups.map((path) => policies.get(`${path}/${name}`));
  const required = threshold(definition.rule, parts.length);
  return {
    evaluate: (signers) => {
      const count = parts.filter((part) => part?.evaluate(signers).satisfied === true).length;
      if (count >= required) return SATISFIED;
      return {
        satisfied: false,
        why:
          `implicit policy evaluation failed - ${count} sub-policies were satisfied, ` +
          `but this policy requires ${required} of the '${name}' sub-policies to be satisfied`,
      };
    },
    toEnvelope: () => mergeEnvelopes(required, parts),
  };
}

function threshold(rule: number, total: number): number {
  if (total === 0) return 0;
  switch (rule) {
    case META_RULE.any:
      return 1;
    case META_RULE.all:
      return total;
    case META_RULE.majority:
      return Math.floor(total / 2) + 1;
    default:
      // The enum is open in the wire format.
      throw new Error('the rule of an implicit meta policy is unknown');
  }
}

function mergeEnvelopes(required: number, parts: readonly (ChannelPolicy | undefined)[]): SignaturePolicyEnvelope {
  const identities: MspPrincipal[] = [];
  // A group without the sub-policy counts towards the total and can never be satisfied, so it adds no rule.
  const rules = parts.flatMap((part) => (part === undefined ? [] : [adopt(part.toEnvelope(), identities)]));
  return { version: 0, rule: { signedBy: undefined, nOutOf: { n: required, rules } }, identities };
}

/** Adds the principals of another envelope and returns its rule with their new positions. */
function adopt(from: SignaturePolicyEnvelope, identities: MspPrincipal[]): SignaturePolicy {
  const known = identities.map(principalKey);
  const positions = from.identities.map((principal) => {
    const position = known.indexOf(principalKey(principal));
    if (position >= 0) return position;
    identities.push(principal);
    return known.push(principalKey(principal)) - 1;
  });
  return renumbered(from.rule ?? { signedBy: undefined, nOutOf: undefined }, positions);
}

function principalKey(principal: MspPrincipal): string {
  return keyOf(MspPrincipal.encode(principal));
}

function renumbered(rule: SignaturePolicy, positions: readonly number[]): SignaturePolicy {
  return folded<SignaturePolicy, SignaturePolicy>(
    rule,
    ({ nOutOf }) => nOutOf?.rules ?? [],
    ({ signedBy, nOutOf }, rules) => ({
      signedBy: signedBy === undefined ? undefined : (positions[signedBy] ?? -1),
      nOutOf: nOutOf && { n: nOutOf.n, rules },
    }),
  );
}
