import { utf8Bytes } from '@tracecal/core/platform';
import type { Version } from '@tracecal/ledger/validation';
import { toMessage, VALIDATION_PARAMETER } from '@tracecal/ledger/validation';
import { HashedRwSet, KvRwSet, NO_BYTES, TxReadWriteSet, type RangeQueryInfo } from '@tracecal/ledger/wire';
import { KV } from '../scenarioConsortium.js';

/** What a transaction writes; without a value the key is deleted, without a policy its metadata is. */
interface OddWrites {
  readonly writes?: readonly (readonly [key: string, value: string | undefined])[];
  readonly policies?: readonly (readonly [key: string, policy: Uint8Array | undefined])[];
}

interface OddReads {
  readonly reads?: readonly (readonly [key: string, version: Version | undefined])[];
}

/** In place of a hash, the collections have the text of a key: nobody compares it with a key that hashes to it. */
export interface OddSet extends OddWrites, OddReads {
  /** {@link KV} unless it is said. */
  readonly namespace?: string;
  readonly ranges?: readonly RangeQueryInfo[];
  readonly collections?: readonly (OddWrites & OddReads & { readonly name: string })[];
}

/** A serialised `rwset.TxReadWriteSet`, with everything in the order in which it is said. */
export function resultsOf(sets: readonly OddSet[]): Uint8Array {
  const nsRwset = sets.map(({ namespace = KV, reads, ranges, collections = [], ...written }) => ({
    namespace,
    rwset: KvRwSet.encode({
      reads: (reads ?? []).map(([key, version]) => ({ key, version: toMessage(version) })),
      rangeQueriesInfo: ranges ?? [],
      writes: (written.writes ?? []).map(([key, value]) => ({ key, ...valueWrite(value) })),
      metadataWrites: (written.policies ?? []).map(([key, policy]) => ({ key, entries: entriesOf(policy) })),
    }),
    collectionHashedRwset: collections.map((collection) => ({
      collectionName: collection.name,
      hashedRwset: HashedRwSet.encode({
        hashedReads: (collection.reads ?? []).map(([key, version]) => ({
          keyHash: utf8Bytes(key),
          version: toMessage(version),
        })),
        hashedWrites: (collection.writes ?? []).map(([key, value]) => {
          const { value: valueHash, isDelete } = valueWrite(value);
          return { keyHash: utf8Bytes(key), valueHash, isDelete, isPurge: false };
        }),
        metadataWrites: (collection.policies ?? []).map(([key, policy]) => ({
          keyHash: utf8Bytes(key),
          entries: entriesOf(policy),
        })),
      }),
      pvtRwsetHash: NO_BYTES,
    })),
  }));
  return TxReadWriteSet.encode({ dataModel: 0, nsRwset });
}

function valueWrite(value: string | undefined) {
  return { isDelete: value === undefined, value: value === undefined ? NO_BYTES : utf8Bytes(value) };
}

function entriesOf(policy: Uint8Array | undefined) {
  return policy === undefined ? [] : [{ name: VALIDATION_PARAMETER, value: policy }];
}
