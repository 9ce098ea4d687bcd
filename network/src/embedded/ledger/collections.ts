import type { ChannelAccess } from '../../access/types.js';
import { LedgerError } from './errors.js';
import type { ChaincodeDefinition, CollectionDefinition } from './types.js';

const IMPLICIT = '_implicit_org_';

/** A collection by name; every organisation has one of its own in every chaincode without defining it. */
export function findCollection(
  definition: ChaincodeDefinition | undefined,
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

/** @throws LedgerError `UNKNOWN_COLLECTION` */
export function requireCollection(
  definition: ChaincodeDefinition | undefined,
  chaincode: string,
  name: string,
  access: ChannelAccess,
): CollectionDefinition {
  const collection = findCollection(definition, name, access);
  if (collection === undefined) {
    throw new LedgerError(
      'UNKNOWN_COLLECTION',
      `collection [${name}] not defined in the collection config for chaincode [${chaincode}]`,
    );
  }
  return collection;
}
