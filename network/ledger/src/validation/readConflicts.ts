import { utf8Bytes, utf8Text } from '@tracecal/core/platform';
import {
  compareBytes,
  QueryReadsMerkleSummary,
  sameBytes,
  TX_CODE,
  type KvRead,
  type KvReadHash,
  type RangeQueryInfo,
  type Version as VersionMessage,
} from '../wire/index.js';
import type { BlockUpdates, KeyUpdate } from './blockUpdates.js';
import { RangeReads } from './rangeReads.js';
import type { NamespaceReadWriteSet } from './rwset.js';
import { hashKey, keyAt, placeOf, stateEnd, stateKey, type CommittedState } from './state.js';
import { fromMessage, sameVersion, type Version } from './version.js';

/**
 * Whether the values that a transaction read are still current after the transactions before it in the block. Keys that it
 * writes without reading them never conflict.
 */
export async function readConflict(
  sets: readonly NamespaceReadWriteSet[],
  committed: CommittedState,
  updates: BlockUpdates,
): Promise<number> {
  const now = { committed, updates };
  for (const { namespace, state, collections } of sets) {
    const isCurrent = ({ key, version }: KvRead): boolean => {
      const named = { namespace, collection: '', key: utf8Bytes(key) };
      return !updates.touches(named) && isAt(placeOf(named), version, committed);
    };
    if (!state.reads.every(isCurrent)) {
      return TX_CODE.MVCC_READ_CONFLICT;
    }
    for (const range of state.rangeQueriesInfo) {
      if (!(await isRepeatable(namespace, range, now))) {
        return TX_CODE.PHANTOM_READ_CONFLICT;
      }
    }
    for (const { collection, hashes } of collections) {
      const isCurrentHash = ({ keyHash, version }: KvReadHash): boolean => {
        // What is written to a collection without a name is public: it is not read as a hash.
        const isWritten = collection !== '' && updates.touches({ namespace, collection, key: keyHash });
        return !isWritten && isAt(hashKey(namespace, collection, keyHash), version, committed);
      };
      if (!hashes.hashedReads.every(isCurrentHash)) {
        return TX_CODE.MVCC_READ_CONFLICT;
      }
    }
  }
  return TX_CODE.VALID;
}

function isAt(place: Uint8Array, version: VersionMessage | undefined, committed: CommittedState): boolean {
  return sameVersion(committed.record(place)?.version, fromMessage(version));
}

/** The state that a transaction finds: the committed one, and what those before it in the block changed. */
interface Now {
  readonly committed: CommittedState;
  readonly updates: BlockUpdates;
}

interface FoundKey {
  /** Of a public key these are UTF-8. */
  readonly key: Uint8Array;
  readonly version: Version;
}

async function isRepeatable(namespace: string, range: RangeQueryInfo, now: Now): Promise<boolean> {
  const found = keysNow(namespace, range, now);
  const summary = range.readsMerkleHashes;
  return summary === undefined ? matchesReads(range, found) : matchesSummary(summary, found);
}

async function matchesReads(range: RangeQueryInfo, found: AsyncIterable<FoundKey>): Promise<boolean> {
  const expected = range.rawReads?.kvReads ?? [];
  let index = 0;
  for await (const { key, version } of found) {
    const read = expected[index++];
    if (
      read === undefined ||
      !sameBytes(utf8Bytes(read.key), key) ||
      !sameVersion(version, fromMessage(read.version))
    ) {
      return false;
    }
  }
  return index === expected.length;
}

const SMALLEST_DEGREE = 2;

async function matchesSummary(summary: QueryReadsMerkleSummary, found: AsyncIterable<FoundKey>): Promise<boolean> {
  if (summary.maxDegree < SMALLEST_DEGREE) {
    // No endorser builds such a tree: it could never be complete.
    return false;
  }
  const reads = new RangeReads(summary.maxDegree);
  for await (const { key, version } of found) {
    const name = utf8Text(key);
    // A hash of a private key, found in the namespace of its collection: it is no text, and no message can name it.
    if (name === undefined) return false;
    reads.add(name, version);
  }
  const result = reads.finish();
  const encode = (value: QueryReadsMerkleSummary): Uint8Array => QueryReadsMerkleSummary.encode(value);
  return 'summary' in result && sameBytes(encode(result.summary), encode(summary));
}

/**
 * Repeats a query as Fabric does: from the first key to the end, which is not part of it (without one, to the end of the namespace).
 * Then, if the query was not read to its end, the end is the last key that was seen: it follows, even if it was there already.
 */
async function* keysNow(
  namespace: string,
  { startKey, endKey, itrExhausted }: RangeQueryInfo,
  now: Now,
): AsyncGenerator<FoundKey, void, undefined> {
  yield* keysBetween(namespace, startKey, endKey, now);
  if (itrExhausted) return;
  const last = { namespace, collection: '', key: utf8Bytes(endKey) };
  const record = now.updates.current(last);
  if (record !== undefined) yield { key: last.key, version: record.version };
}

/** What is in the committed state and in the block's updates, without deleted keys. */
async function* keysBetween(
  namespace: string,
  start: string,
  end: string,
  { committed, updates }: Now,
): AsyncGenerator<FoundKey, void, undefined> {
  const gte = stateKey(namespace, start);
  const lt = end === '' ? stateEnd(namespace) : stateKey(namespace, end);
  if (compareBytes(gte, lt) >= 0) return;
  const isWithin = ({ place }: KeyUpdate): boolean => compareBytes(place, gte) >= 0 && compareBytes(place, lt) < 0;
  const written = updates
    .sorted()
    .filter((update) => update.namespace === namespace && update.collection === '' && isWithin(update));
  let next = 0;
  const writtenBefore = (limit: Uint8Array | undefined): FoundKey[] => {
    const passed: FoundKey[] = [];
    for (; next < written.length; next++) {
      const update = written[next];
      if (update === undefined || (limit !== undefined && compareBytes(update.key, limit) >= 0)) {
        break;
      }
      if (update.record !== undefined) {
        passed.push({ key: update.key, version: update.version });
      }
    }
    return passed;
  };
  for await (const [place, { version }] of committed.records({ gte, lt })) {
    const key = keyAt(place);
    yield* writtenBefore(key);
    if (!updates.touches({ namespace, collection: '', key })) {
      yield { key, version };
    }
  }
  yield* writtenBefore(undefined);
}
