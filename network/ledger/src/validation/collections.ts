import type { ChannelAccess } from '../policy/index.js';
import type { CollectionDefinition, DefinedChaincode } from './definition.js';

const IMPLICIT = '_implicit_org_';

/** A collection by name. In every chaincode, each organisation has an implicit collection that nobody has to define. */
export function findCollection(
  definition: DefinedChaincode | undefined,
  name: string,
  access: ChannelAccess,
): CollectionDefinition | undefined {
  const member = name.startsWith(IMPLICIT) ? name.slice(IMPLICIT.length) : undefined;
  if (definition !== undefined && member !== undefined && access.applicationMsps.includes(member)) {
    return {
      name,
      members: [member],
      memberOnlyRead: false,
      memberOnlyWrite: false,
      blockToLive: 0,
      endorsementPolicy: access.endorsementPolicyOf(member),
    };
  }
  return definition?.collections.find((collection) => collection.name === name);
}
