import { peer } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../channel/index.js';
import type { ChaincodeDeployment, Consortium, PrivateCollection } from '../topology/consortium.js';
import type { ChannelAccess } from './access/index.js';
import type { ChaincodeDefinition, CollectionDefinition } from './ledger/index.js';

/** A deployment that does not fit the consortium; the message says what to change. */
export class DeploymentError extends Error {
  readonly code = 'CHAINCODE_DEPLOYMENT';
}

/** A signature policy in Fabric's language, or the path of a policy of the channel: `/Channel/Application/Endorsement`. */
function policyBytes(text: string, access: ChannelAccess): Uint8Array {
  if (!text.startsWith('/')) return parsePolicy(text).serializeBinary();
  const reference = new peer.ApplicationPolicy();
  reference.setChannelConfigPolicyReference(text);
  return access.signaturePolicyOf(reference.serializeBinary());
}

function collectionDefinition(
  collection: PrivateCollection,
  consortium: Consortium,
  access: ChannelAccess,
): CollectionDefinition {
  const { name, memberOnlyRead, memberOnlyWrite, blockToLive, endorsement } = collection;
  const members = collection.members.map((id) => {
    const organisation = consortium.organisations.find((candidate) => candidate.id === id);
    if (!organisation) {
      throw new DeploymentError(`The collection ${name} names ${id}, which is no organisation of the consortium.`);
    }
    return organisation.mspId;
  });
  const common = { name, members, memberOnlyRead, memberOnlyWrite, blockToLive };
  return endorsement === undefined ? common : { ...common, endorsementPolicy: policyBytes(endorsement, access) };
}

/** A deployment as one channel's ledger validates by it. @throws DeploymentError when it does not fit the channel */
export function chaincodeDefinition(
  deployment: ChaincodeDeployment,
  consortium: Consortium,
  access: ChannelAccess,
): ChaincodeDefinition {
  const { name, version, sequence, endorsement } = deployment;
  const policy = typeof endorsement === 'string' ? endorsement : endorsement[access.channelId];
  if (policy === undefined) {
    throw new DeploymentError(`The chaincode ${name} has no endorsement policy for the channel ${access.channelId}.`);
  }
  return {
    name,
    version,
    sequence,
    endorsementPolicy: policyBytes(policy, access),
    collections: (deployment.collections ?? []).map((collection) =>
      collectionDefinition(collection, consortium, access),
    ),
  };
}
