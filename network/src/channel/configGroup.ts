import { common } from '@hyperledger/fabric-protos';
import { ChannelError } from './errors.js';
import type { PlannedPolicies, PlannedPolicy } from './plan.js';
import { parsePolicy } from './policy.js';

/** Default mod policy of an element: the Admins of the group that holds it. */
const MOD_POLICY = 'Admins';

/** What is in a group: values by name (any protobuf message), policies, and groups below. */
export interface GroupContent {
  readonly values?: Readonly<Record<string, { serializeBinary(): Uint8Array }>>;
  readonly policies?: PlannedPolicies;
  readonly groups?: Readonly<Record<string, common.ConfigGroup>>;
  /** The mod policy of the group and everything in it; by default the group's Admins. */
  readonly changedBy?: string | undefined;
}

/** Assembles a group of a channel's configuration, every element at version 0. */
export function configGroup({ values = {}, policies = {}, groups = {}, changedBy }: GroupContent): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(changedBy ?? MOD_POLICY);
  for (const [name, value] of Object.entries(values))
    group.getValuesMap().set(name, configValue(value.serializeBinary(), changedBy));
  for (const [name, policy] of Object.entries(policies))
    group.getPoliciesMap().set(name, configPolicy(encodePolicy(policy), changedBy));
  for (const [name, below] of Object.entries(groups)) group.getGroupsMap().set(name, below);
  return group;
}

export function configPolicy(policy: common.Policy, changedBy = MOD_POLICY): common.ConfigPolicy {
  const configured = new common.ConfigPolicy();
  configured.setModPolicy(changedBy);
  configured.setPolicy(policy);
  return configured;
}

export function signaturePolicy(envelope: common.SignaturePolicyEnvelope): common.Policy {
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(envelope.serializeBinary());
  return policy;
}

function configValue(bytes: Uint8Array, changedBy = MOD_POLICY): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setModPolicy(changedBy);
  value.setValue(bytes);
  return value;
}

/** @throws ChannelError BAD_POLICY */
export function encodePolicy({ type, rule }: PlannedPolicy): common.Policy {
  return type === 'Signature' ? signaturePolicy(parsePolicy(rule)) : implicitMetaPolicy(rule);
}

function implicitMetaPolicy(text: string): common.Policy {
  const [ruleName = '', subPolicy = ''] = text.split(' ');
  const rules = common.ImplicitMetaPolicy.Rule;
  if (ruleName !== 'ALL' && ruleName !== 'MAJORITY') {
    throw new ChannelError('BAD_POLICY', `'${text}' is not "ALL <policy>" or "MAJORITY <policy>".`);
  }
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(rules[ruleName]);
  meta.setSubPolicy(subPolicy);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(meta.serializeBinary());
  return policy;
}
