import { common, peer } from '@hyperledger/fabric-protos';
import { configGroup } from './configGroup.js';
import type { ChannelMaterial } from './material.js';
import { mspConfig } from './mspConfig.js';
import { ordererGroup } from './ordererGroup.js';
import { capabilities, mspOf } from './parts.js';
import { CAPABILITIES, type ChannelPlan, type PlannedMember } from './plan.js';

/** Width of the hash tree over a block's data: Fabric supports only a flat one. */
const FLAT_HASHING = 0xffffffff;

/**
 * The whole configuration tree of a channel.
 * @throws ChannelError MISSING_MATERIAL when an organisation's certificates are missing.
 */
export function channelGroup(plan: ChannelPlan, material: ChannelMaterial): common.ConfigGroup {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(FLAT_HASHING);
  return configGroup({
    values: {
      HashingAlgorithm: hashing,
      BlockDataHashingStructure: structure,
      Capabilities: capabilities(CAPABILITIES.channel),
    },
    policies: plan.policies,
    groups: { Orderer: ordererGroup(plan, material), Application: applicationGroup(plan, material) },
  });
}

function applicationGroup({ application }: ChannelPlan, material: ChannelMaterial): common.ConfigGroup {
  return configGroup({
    values: { ACLs: aclsValue(application.acls), Capabilities: capabilities(CAPABILITIES.application) },
    policies: application.policies,
    groups: Object.fromEntries(application.members.map((member) => [member.mspId, memberGroup(member, material)])),
  });
}

function memberGroup(member: PlannedMember, material: ChannelMaterial): common.ConfigGroup {
  const anchors = new peer.AnchorPeers();
  for (const { host, port } of member.anchorPeers) {
    const anchor = new peer.AnchorPeer();
    anchor.setHost(host);
    anchor.setPort(port);
    anchors.addAnchorPeers(anchor);
  }
  const identity = { MSP: mspConfig(mspOf(member.mspId, material)) };
  return configGroup({
    values: member.anchorPeers.length > 0 ? { ...identity, AnchorPeers: anchors } : identity,
    policies: member.policies,
  });
}

function aclsValue(acls: Readonly<Record<string, string>>): peer.ACLs {
  const value = new peer.ACLs();
  for (const [resource, policy] of Object.entries(acls)) {
    const reference = new peer.APIResource();
    reference.setPolicyRef(policy);
    value.getAclsMap().set(resource, reference);
  }
  return value;
}
