import { peer } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../channel/index.js';
import { onChannel, type ChaincodeDeployment, type ChannelCollection, type Consortium } from '../topology/index.js';
import type { ChannelAccess } from '../access/index.js';
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
  { name, mspIds, memberOnlyRead, memberOnlyWrite, blockToLive, endorsement }: ChannelCollection,
  access: ChannelAccess,
): CollectionDefinition {
  const common = { name, members: mspIds, memberOnlyRead, memberOnlyWrite, blockToLive };
  return endorsement === undefined ? common : { ...common, endorsementPolicy: policyBytes(endorsement, access) };
}

/** A deployment as one channel's ledger validates by it. @throws DeploymentError when it does not fit the channel */
export function chaincodeDefinition(
  deployment: ChaincodeDeployment,
  consortium: Consortium,
  access: ChannelAccess,
): ChaincodeDefinition {
  const { name, version, sequence } = deployment;
  const channel = consortium.channels.find((candidate) => candidate.name === access.channelId);
  const here = channel && onChannel(channel, deployment, consortium);
  if (here?.endorsement === undefined) {
    throw new DeploymentError(`The chaincode ${name} has no endorsement policy for the channel ${access.channelId}.`);
  }
  return {
    name,
    version,
    sequence,
    endorsementPolicy: policyBytes(here.endorsement, access),
    collections: here.collections.map((collection) => collectionDefinition(collection, access)),
  };
}
