import { common, type msp as mspProtos } from '@hyperledger/fabric-protos';
import { AccessError } from './errors.js';
import type { Member } from './msp.js';
import { compileSignaturePolicy, isSatisfied, type Rule } from './signaturePolicy.js';
import type { PolicyOutcome } from './types.js';

/** A policy of a channel's configuration. */
export interface ChannelPolicy {
  evaluate(signers: readonly Member[]): PolicyOutcome;
  /** The same, said as a signature policy. */
  toEnvelope(): common.SignaturePolicyEnvelope;
}

export const SATISFIED: PolicyOutcome = { satisfied: true };

/** All policies of a channel by absolute path (`/Channel/Application/Org1MSP/Admins`). */
export function readPolicies(root: common.ConfigGroup): ReadonlyMap<string, ChannelPolicy> {
  const policies = new Map<string, ChannelPolicy>();
  collect(root, '/Channel', policies);
  return policies;
}

export function ruleOutcome(rule: Rule, signers: readonly Member[]): PolicyOutcome {
  return isSatisfied(rule, signers) ? SATISFIED : { satisfied: false, why: 'signature set did not satisfy policy' };
}

function collect(group: common.ConfigGroup, path: string, policies: Map<string, ChannelPolicy>): void {
  const subgroups: string[] = [];
  group.getGroupsMap().forEach((subgroup: common.ConfigGroup, name: string) => {
    subgroups.push(`${path}/${name}`);
    collect(subgroup, `${path}/${name}`, policies);
  });
  group.getPoliciesMap().forEach((configured: common.ConfigPolicy, name: string) => {
    policies.set(`${path}/${name}`, readPolicy(configured.getPolicy(), `${path}/${name}`, subgroups, policies));
  });
}

function readPolicy(
  policy: common.Policy | undefined,
  path: string,
  subgroups: readonly string[],
  policies: ReadonlyMap<string, ChannelPolicy>,
): ChannelPolicy {
  const { SIGNATURE, IMPLICIT_META } = common.Policy.PolicyType;
  try {
    const value = policy?.getValue_asU8() ?? new Uint8Array();
    if (policy?.getType() === SIGNATURE)
      return signaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(value));
    if (policy?.getType() === IMPLICIT_META) {
      return implicitMetaPolicy(common.ImplicitMetaPolicy.deserializeBinary(value), subgroups, policies);
    }
  } catch (cause) {
    throw new AccessError('MALFORMED_CONFIG', `The policy ${path} did not compile.`, { cause });
  }
  throw new AccessError('MALFORMED_CONFIG', `The policy ${path} is of an unknown type.`);
}

function signaturePolicy(envelope: common.SignaturePolicyEnvelope): ChannelPolicy {
  const rule = compileSignaturePolicy(envelope);
  return { evaluate: (signers) => ruleOutcome(rule, signers), toEnvelope: () => envelope.clone() };
}

function implicitMetaPolicy(
  definition: common.ImplicitMetaPolicy,
  subgroups: readonly string[],
  policies: ReadonlyMap<string, ChannelPolicy>,
): ChannelPolicy {
  const name = definition.getSubPolicy();
  const parts = subgroups.map((path) => policies.get(`${path}/${name}`));
  const required = threshold(definition.getRule(), parts.length);
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

function threshold(
  rule: common.ImplicitMetaPolicy.RuleMap[keyof common.ImplicitMetaPolicy.RuleMap],
  total: number,
): number {
  if (total === 0) return 0;
  switch (rule) {
    case common.ImplicitMetaPolicy.Rule.ANY:
      return 1;
    case common.ImplicitMetaPolicy.Rule.ALL:
      return total;
    case common.ImplicitMetaPolicy.Rule.MAJORITY:
      return Math.floor(total / 2) + 1;
    default:
      // The enum is open on the wire.
      throw new Error('the rule of an implicit meta policy is unknown');
  }
}

function mergeEnvelopes(
  required: number,
  parts: readonly (ChannelPolicy | undefined)[],
): common.SignaturePolicyEnvelope {
  const merged = new common.SignaturePolicyEnvelope();
  const group = new common.SignaturePolicy.NOutOf();
  group.setN(required);
  for (const part of parts) {
    // A group without the sub-policy counts towards the total and can never be satisfied, so it adds no rule.
    if (part !== undefined) group.addRules(adopt(part.toEnvelope(), merged));
  }
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(group);
  merged.setRule(rule);
  return merged;
}

/** Takes over another envelope's principals and returns its rule with the positions they have got. */
function adopt(from: common.SignaturePolicyEnvelope, into: common.SignaturePolicyEnvelope): common.SignaturePolicy {
  const known = into.getIdentitiesList().map(principalKey);
  const positions = from.getIdentitiesList().map((principal) => {
    const position = known.indexOf(principalKey(principal));
    if (position >= 0) return position;
    into.addIdentities(principal);
    return known.push(principalKey(principal)) - 1;
  });
  const rule = from.getRule() ?? new common.SignaturePolicy();
  renumber(rule, positions);
  return rule;
}

function principalKey(principal: mspProtos.MSPPrincipal): string {
  return Buffer.from(principal.serializeBinary()).toString('latin1');
}

function renumber(rule: common.SignaturePolicy, positions: readonly number[]): void {
  if (rule.hasSignedBy()) rule.setSignedBy(positions[rule.getSignedBy()] ?? -1);
  for (const inner of rule.getNOutOf()?.getRulesList() ?? []) renumber(inner, positions);
}
