import { common, msp } from '@hyperledger/fabric-protos';

/** What a policy asks for: so many signatures out of these, or a rule over the policies of the groups below. */
export type FoundPolicy =
  | { readonly required: number; readonly of: readonly string[] }
  | { readonly over: 'ANY' | 'ALL' | 'MAJORITY'; readonly policies: string };

/** Every policy of a channel's configuration by its path (`/Channel/Application/Readers`), decoded down to the principals. */
export function policiesOf(config: common.Config): ReadonlyMap<string, FoundPolicy> {
  const found = new Map<string, FoundPolicy>();
  walk('/Channel', config.getChannelGroup()!, found);
  return found;
}

function walk(path: string, group: common.ConfigGroup, found: Map<string, FoundPolicy>): void {
  group.getPoliciesMap().forEach((policy: common.ConfigPolicy, name: string) => {
    found.set(`${path}/${name}`, decode(policy.getPolicy()!));
  });
  group.getGroupsMap().forEach((below: common.ConfigGroup, name: string) => {
    walk(`${path}/${name}`, below, found);
  });
}

const RULES = ['ANY', 'ALL', 'MAJORITY'] as const;

function decode(policy: common.Policy): FoundPolicy {
  if (policy.getType() === common.Policy.PolicyType.IMPLICIT_META) {
    const meta = common.ImplicitMetaPolicy.deserializeBinary(policy.getValue_asU8());
    return { over: RULES[meta.getRule()], policies: meta.getSubPolicy() };
  }
  const envelope = common.SignaturePolicyEnvelope.deserializeBinary(policy.getValue_asU8());
  const group = envelope.getRule()!.getNOutOf();
  const identities = envelope.getIdentitiesList();
  const rules = group?.getRulesList() ?? [];
  if (group === undefined || rules.some((rule) => !rule.hasSignedBy())) {
    throw new Error('The policies of a channel are counts of signatures, and this one is not.');
  }
  return { required: group.getN(), of: rules.map((rule) => principal(identities[rule.getSignedBy()]!)).sort() };
}

const ROLES: readonly string[] = ['member', 'admin', 'client', 'peer', 'orderer'];

/** `OemAMSP.member`, or `NmiNorthOrdererMSP.identity` for one certificate. */
function principal(of: msp.MSPPrincipal): string {
  if (of.getPrincipalClassification() === msp.MSPPrincipal.Classification.IDENTITY) {
    return `${msp.SerializedIdentity.deserializeBinary(of.getPrincipal_asU8()).getMspid()}.identity`;
  }
  const role = msp.MSPRole.deserializeBinary(of.getPrincipal_asU8());
  return `${role.getMspIdentifier()}.${ROLES[role.getRole()] ?? '?'}`;
}
