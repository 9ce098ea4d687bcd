import type { common } from '@hyperledger/fabric-protos';
import type { Channel, Consortium } from '../topology/consortium.js';
import { configPolicy, encodePolicy } from './configGroup.js';
import { ChannelError } from './errors.js';
import { planChannel, type PlannedPolicies } from './plan.js';
import type { PolicyTemplate } from './template.js';

/** A channel of a description, and the template by which it is configured. */
export interface DescribedChannel {
  readonly consortium: Consortium;
  readonly channel: Channel;
  readonly template: PolicyTemplate;
}

/**
 * Replaces the policies of a channel's configuration that differ while a chaincode definition is being approved.
 *
 * @param isApproving - True for the policies during an approval, false for those at all other times.
 * @throws ChannelError when the configuration lacks a section, or the description and the template do not fit together.
 */
export function withApproving(
  current: common.Config,
  { consortium, channel, template }: DescribedChannel,
  isApproving: boolean,
): common.Config {
  const plan = planChannel(consortium, channel, template, { isApproving });
  const next = current.clone();
  const root = sectionOf(next.getChannelGroup(), 'Channel');
  const below = (name: string): common.ConfigGroup => sectionOf(root.getGroupsMap().get(name), name);
  const { approving } = template;
  replace(root, plan.policies, approving.channel);
  replace(below('Application'), plan.application.policies, approving.application);
  replace(below('Orderer'), plan.orderer.policies, approving.orderer);
  return next;
}

/** Sets the planned policies of these names in a group. */
function replace(group: common.ConfigGroup, planned: PlannedPolicies, names: object = {}): void {
  for (const name of Object.keys(names)) {
    const policy = planned[name];
    const version = group.getPoliciesMap().get(name)?.getVersion() ?? 0;
    if (policy === undefined) continue;
    const configured = configPolicy(encodePolicy(policy));
    configured.setVersion(version);
    group.getPoliciesMap().set(name, configured);
  }
}

function sectionOf(group: common.ConfigGroup | undefined, name: string): common.ConfigGroup {
  if (group === undefined) throw new ChannelError('BAD_UPDATE', `The configuration has no section ${name}.`);
  return group;
}
