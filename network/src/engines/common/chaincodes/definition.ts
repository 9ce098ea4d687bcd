import { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeDefinition } from '../../../admin/index.js';
import { applicationPolicy, parsePolicy } from '../../../channel/index.js';
import {
  onChannel,
  type ChaincodeDeployment,
  type Channel,
  type ChannelCollection,
  type Consortium,
} from '../../../topology/index.js';
import { FabricError } from '../errors.js';

/** A chaincode's definition on one of its channels. @throws FabricError `BAD_CHAINCODE`; ChannelError for a bad policy */
export function definitionOn(
  channel: Channel,
  deployment: ChaincodeDeployment,
  consortium: Consortium,
): ChaincodeDefinition {
  const { name, version, sequence } = deployment;
  const { endorsement, collections } = onChannel(channel, deployment, consortium);
  if (endorsement === undefined) {
    throw new FabricError('BAD_CHAINCODE', `${name} has no endorsement policy for the channel ${channel.name}.`);
  }
  const definition = { name, version, sequence, endorsement };
  return collections.length === 0 ? definition : { ...definition, collections: collectionPackage(collections) };
}

function collectionPackage(collections: readonly ChannelCollection[]): peer.CollectionConfigPackage {
  const configs = collections.map((collection) => {
    const config = new peer.CollectionConfig();
    config.setStaticCollectionConfig(staticCollection(collection));
    return config;
  });
  const collectionConfigs = new peer.CollectionConfigPackage();
  collectionConfigs.setConfigList(configs);
  return collectionConfigs;
}

function staticCollection(collection: ChannelCollection): peer.StaticCollectionConfig {
  const members = collection.mspIds.map((mspId) => `'${mspId}.member'`);
  const membership = new peer.CollectionPolicyConfig();
  membership.setSignaturePolicy(parsePolicy(`OR(${members.join(', ')})`));
  const config = new peer.StaticCollectionConfig();
  config.setName(collection.name);
  config.setMemberOrgsPolicy(membership);
  config.setRequiredPeerCount(collection.requiredPeerCount);
  config.setMaximumPeerCount(collection.maxPeerCount);
  config.setBlockToLive(collection.blockToLive);
  config.setMemberOnlyRead(collection.memberOnlyRead);
  config.setMemberOnlyWrite(collection.memberOnlyWrite);
  if (collection.endorsement !== undefined) config.setEndorsementPolicy(applicationPolicy(collection.endorsement));
  return config;
}
