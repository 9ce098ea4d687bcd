import type { ChannelAccess } from '@tracecal/ledger/policy';
import { findCollection, type ChaincodeDefinition, type CollectionDefinition } from '@tracecal/ledger/validation';
import { LedgerError } from './errors.js';

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
