import { applicationPolicy } from './applicationPolicy.js';
import { onChannel, type ChaincodeDeployment, type ChannelCollection, type Consortium } from '../topology/index.js';
import type { ChaincodeDefinition, CollectionDefinition } from '@tracecal/ledger/validation';

/** A deployment that does not fit the consortium; the message says what to change. */
export class DeploymentError extends Error {
  readonly code = 'CHAINCODE_DEPLOYMENT';
}

function collectionDefinition({
  name,
  mspIds,
  memberOnlyRead,
  memberOnlyWrite,
  blockToLive,
  endorsement,
}: ChannelCollection): CollectionDefinition {
  const common = { name, members: mspIds, memberOnlyRead, memberOnlyWrite, blockToLive };
  return endorsement === undefined
    ? common
    : { ...common, endorsementPolicy: applicationPolicy(endorsement).serializeBinary() };
}

/**
 * The definition of a deployment for the validation of one channel.
 * @throws DeploymentError when it does not fit the channel
 */
export function chaincodeDefinition(
  deployment: ChaincodeDeployment,
  consortium: Consortium,
  channelId: string,
): ChaincodeDefinition {
  const { name, version, sequence } = deployment;
  const channel = consortium.channels.find((candidate) => candidate.name === channelId);
  const here = channel && onChannel(channel, deployment, consortium);
  if (here?.endorsement === undefined) {
    throw new DeploymentError(`The chaincode ${name} has no endorsement policy for the channel ${channelId}.`);
  }
  return {
    name,
    version,
    sequence,
    endorsementPolicy: applicationPolicy(here.endorsement).serializeBinary(),
    collections: here.collections.map(collectionDefinition),
  };
}

/** The definitions of all chaincodes on a channel, as the description of the consortium has them. */
export function chaincodeDefinitions(consortium: Consortium, channelId: string): readonly ChaincodeDefinition[] {
  return consortium.chaincodes
    .filter(({ channels }) => channels.includes(channelId))
    .map((deployment) => chaincodeDefinition(deployment, consortium, channelId));
}
