import {
  ApplicationPolicy,
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
  CollectionConfigPackage,
  MspRole,
  PRINCIPAL,
  StateData,
  type Message,
  type SignaturePolicyEnvelope,
  type StaticCollectionConfig,
} from '../wire/index.js';
import type { CollectionDefinition, DefinedChaincode } from './definition.js';
import { stateKey, type CommittedState } from './state.js';

/** The chaincode with which members agree on the definitions of all others. Its state holds them. */
export const LIFECYCLE = '_lifecycle';

const OWN: DefinedChaincode = {
  name: LIFECYCLE,
  endorsementPolicy: ApplicationPolicy.encode({
    channelConfigPolicyReference: '/Channel/Application/LifecycleEndorsement',
  }),
  collections: [],
};

/** The only way of validation that peers have without a plugin of their own. */
const BUILT_IN = 'vscc';

/**
 * The definition of a chaincode on which the channel's members have agreed, from the channel's state. Undefined if there is none.
 * @throws Error if it is validated by a plugin, whose rules nobody else knows, or cannot be read
 */
export function agreedDefinition(
  name: string,
  committed: Pick<CommittedState, 'record'>,
): DefinedChaincode | undefined {
  if (name === LIFECYCLE) return OWN;
  const field = <T>(part: string, kind: Message<T>): T | undefined => {
    const stored = committed.record(stateKey(LIFECYCLE, `namespaces/fields/${name}/${part}`));
    return stored && kind.decode(StateData.decode(stored.value).bytes);
  };
  const endorsement = field('EndorsementInfo', ChaincodeEndorsementInfo);
  const validation = field('ValidationInfo', ChaincodeValidationInfo);
  if (endorsement === undefined || validation === undefined) return undefined;
  if (validation.validationPlugin !== BUILT_IN) {
    throw new Error(`Transactions of ${name} are validated by the plugin ${validation.validationPlugin}.`);
  }
  const collections = field('Collections', CollectionConfigPackage)?.config ?? [];
  return {
    name,
    endorsementPolicy: validation.validationParameter,
    collections: collections.flatMap(({ staticCollectionConfig: config }) => (config ? [collectionOf(config)] : [])),
  };
}

function collectionOf(config: StaticCollectionConfig): CollectionDefinition {
  const { name, memberOrgsPolicy, blockToLive, memberOnlyRead, memberOnlyWrite, endorsementPolicy } = config;
  return {
    name,
    members: membersIn(memberOrgsPolicy?.signaturePolicy),
    memberOnlyRead,
    memberOnlyWrite,
    blockToLive,
    ...(endorsementPolicy && { endorsementPolicy: ApplicationPolicy.encode(endorsementPolicy) }),
  };
}

/** MSP ids. */
function membersIn(policy: SignaturePolicyEnvelope | undefined): readonly string[] {
  return (policy?.identities ?? [])
    .filter(({ classification }) => classification === PRINCIPAL.role)
    .map(({ principal }) => MspRole.decode(principal).mspIdentifier);
}
