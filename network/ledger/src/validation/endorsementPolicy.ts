import type { SignedData } from '../identity/index.js';
import type { ChannelAccess } from '../policy/index.js';
import { keyOf } from '../wire/index.js';
import { findCollection } from './collections.js';
import type { DefinedChaincode } from './definition.js';
import type { NamespaceReadWriteSet } from './rwset.js';
import { keyPolicy, placeOf, stateKey, type CommittedState } from './state.js';

/**
 * Keys whose policies were changed by earlier transactions of the same block: nobody may write these keys until the block is
 * committed.
 */
export class ChangedPolicies {
  readonly #places = new Set<string>();

  has(place: Uint8Array): boolean {
    return this.#places.has(keyOf(place));
  }

  /** Notes the changes of a transaction with sufficient endorsements, even if its reads turn out to conflict. */
  note(sets: readonly NamespaceReadWriteSet[]): void {
    for (const place of sets.flatMap((set) => policyWrites(set))) {
      this.#places.add(keyOf(place));
    }
  }
}

function policyWrites({ namespace, state, collections }: NamespaceReadWriteSet): Uint8Array[] {
  return [
    ...state.metadataWrites.map(({ key }) => stateKey(namespace, key)),
    ...collections.flatMap(({ collection, hashes }) =>
      hashes.metadataWrites.map(({ keyHash }) => placeOf({ namespace, collection, key: keyHash })),
    ),
  ];
}

/** Input of the endorsement check of one transaction. */
export interface EndorsementContext {
  readonly access: ChannelAccess;
  readonly committed: CommittedState;
  readonly changed: ChangedPolicies;
  readonly endorsements: readonly SignedData[];
}

/**
 * Whether the endorsements are sufficient for the writes in one namespace. Every written key needs its own policy if it has
 * one, else its collection's, else the chaincode's. A transaction that needs none of them needs the chaincode's.
 */
export function endorsementsSuffice(
  definition: DefinedChaincode,
  set: NamespaceReadWriteSet | undefined,
  context: EndorsementContext,
): boolean {
  const policies = set === undefined ? [] : requiredPolicies(definition, set, context);
  if (policies === undefined) {
    return false;
  }
  const asked = policies.length > 0 ? policies : [agreed(definition.endorsementPolicy)];
  return distinct(asked).every((policy) => isSatisfied(policy, context));
}

/** A stored policy: of a chaincode's definition, or of a key. */
interface RequiredPolicy {
  readonly form: 'application' | 'signature';
  readonly bytes: Uint8Array;
}

/** Evaluated with the present configuration: the policy of a definition may refer to a channel policy. */
function isSatisfied({ form, bytes }: RequiredPolicy, { access, endorsements }: EndorsementContext): boolean {
  const outcome =
    form === 'application'
      ? access.satisfiesApplicationPolicy(bytes, endorsements)
      : access.satisfiesSignaturePolicy(bytes, endorsements);
  return outcome.satisfied;
}

function agreed(bytes: Uint8Array): RequiredPolicy {
  return { form: 'application', bytes };
}

/** Undefined if no endorsements could be sufficient. */
function requiredPolicies(
  definition: DefinedChaincode,
  set: NamespaceReadWriteSet,
  context: EndorsementContext,
): RequiredPolicy[] | undefined {
  const policies: RequiredPolicy[] = [];
  for (const { place, collection } of writtenPlaces(set)) {
    const fallback =
      collection === '' ? definition.endorsementPolicy : collectionPolicy(definition, collection, context);
    if (fallback === undefined || context.changed.has(place)) {
      return undefined;
    }
    const own = keyPolicy(context.committed.record(place));
    policies.push(own === undefined ? agreed(fallback) : { form: 'signature', bytes: own });
  }
  return policies;
}

function collectionPolicy(
  definition: DefinedChaincode,
  name: string,
  context: EndorsementContext,
): Uint8Array | undefined {
  const collection = findCollection(definition, name, context.access);
  return collection && (collection.endorsementPolicy ?? definition.endorsementPolicy);
}

interface WrittenPlace {
  readonly place: Uint8Array;
  /** Empty: public, also if it is written as the hash of a private key, to a collection without a name. */
  readonly collection: string;
}

function writtenPlaces({ namespace, state, collections }: NamespaceReadWriteSet): WrittenPlace[] {
  return [
    ...[...state.writes, ...state.metadataWrites].map(({ key }) => ({
      place: stateKey(namespace, key),
      collection: '',
    })),
    ...collections.flatMap(({ collection, hashes }) =>
      [...hashes.hashedWrites, ...hashes.metadataWrites].map(({ keyHash }) => ({
        place: placeOf({ namespace, collection, key: keyHash }),
        collection,
      })),
    ),
  ];
}

function distinct(policies: readonly RequiredPolicy[]): RequiredPolicy[] {
  return [...new Map(policies.map((policy) => [policy.form + keyOf(policy.bytes), policy])).values()];
}
