import { peer } from '@hyperledger/fabric-protos';
import { applicationPolicy, type ChaincodeDefinition } from '../admin/index.js';
import { parsePolicy } from '../channel/index.js';
import type { Channel, ChaincodeDeployment, Consortium, PrivateCollection } from '../topology/index.js';
import { membersOf } from './channels.js';
import { FabricError } from './errors.js';

/** A chaincode's definition on one of its channels. @throws FabricError `BAD_CHAINCODE`; ChannelError for a bad policy */
export function definitionOn(
  channel: Channel,
  deployment: ChaincodeDeployment,
  consortium: Consortium,
): ChaincodeDefinition {
  const { name, version, sequence, endorsement, collections } = deployment;
  const policy = typeof endorsement === 'string' ? endorsement : endorsement[channel.name];
  if (policy === undefined) {
    throw new FabricError('BAD_CHAINCODE', `${name} has no endorsement policy for the channel ${channel.name}.`);
  }
  const definition = { name, version, sequence, endorsement: endorsementOf(policy) };
  // Peers refuse a collection with a member that is not in the channel: it exists where all its members are.
  const present = membersOf(channel);
  const here = (collections ?? []).filter(({ members }) => members.every((id) => present.includes(id)));
  return here.length === 0 ? definition : { ...definition, collections: collectionPackage(here, consortium) };
}

/** A policy in Fabric's language, or the path of one of the channel's. */
function endorsementOf(text: string): ChaincodeDefinition['endorsement'] {
  return text.startsWith('/') ? text : parsePolicy(text);
}

function collectionPackage(
  collections: readonly PrivateCollection[],
  consortium: Consortium,
): peer.CollectionConfigPackage {
  const mspIds = new Map(consortium.organisations.map(({ id, mspId }) => [id, mspId]));
  const configs = collections.map((collection) => {
    const config = new peer.CollectionConfig();
    config.setStaticCollectionConfig(staticCollection(collection, mspIds));
    return config;
  });
  const collectionConfigs = new peer.CollectionConfigPackage();
  collectionConfigs.setConfigList(configs);
  return collectionConfigs;
}

function staticCollection(
  collection: PrivateCollection,
  mspIds: ReadonlyMap<string, string>,
): peer.StaticCollectionConfig {
  const members = collection.members.map((id) => `'${mspIds.get(id) ?? id}.member'`);
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
  if (collection.endorsement !== undefined) {
    const bytes = applicationPolicy({ endorsement: endorsementOf(collection.endorsement) });
    config.setEndorsementPolicy(peer.ApplicationPolicy.deserializeBinary(bytes));
  }
  return config;
}
