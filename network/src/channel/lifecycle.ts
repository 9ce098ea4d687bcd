import { msp } from '@hyperledger/fabric-protos';
import type { Channel, Consortium } from '../topology/consortium.js';
import { planChannel } from './plan.js';
import { parsePolicy } from './policy.js';
import { defaultPolicyTemplateFile, readPolicyTemplate } from './template.js';

/**
 * Whether the endorsements of these organisations' peers (MSP ids) make a chaincode definition a channel's own, by the description and the
 * policies of this release. The channel itself decides when it is tried.
 */
export function sufficesForCommit(consortium: Consortium, channel: Channel, mspIds: ReadonlySet<string>): boolean {
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  const { LifecycleEndorsement: policy } = planChannel(consortium, channel, template).application.policies;
  if (policy?.type !== 'Signature') return writers(consortium, channel).every((mspId) => mspIds.has(mspId));
  const envelope = parsePolicy(policy.rule);
  const required = envelope.getRule()?.getNOutOf()?.getN() ?? Number.POSITIVE_INFINITY;
  const endorsing = envelope.getIdentitiesList().filter((principal) => {
    return mspIds.has(msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8()).getMspIdentifier());
  });
  return endorsing.length >= required;
}

function writers({ organisations }: Consortium, channel: Channel): readonly string[] {
  return organisations.filter(({ id }) => channel.writers.includes(id)).map(({ mspId }) => mspId);
}
