import { utf8Text } from '@tracecal/core/platform';
import {
  compareBytes,
  concatenate,
  QueryReadsMerkleSummary,
  sameBytes,
  TX_CODE,
  type RangeQueryInfo,
} from '../wire/index.js';
import type { BlockUpdates } from './blockUpdates.js';
import { RangeReads } from './rangeReads.js';
import type { NamespaceReadWriteSet } from './rwset.js';
import { hashKey, stateEnd, stateKey, type CommittedState } from './state.js';
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
  for (const { namespace, state, collections } of sets) {
    const fresh = (place: Uint8Array, version: Version | undefined): boolean =>
      !updates.touches(place) && sameVersion(committed.record(place)?.version, version);
    for (const read of state.reads) {
      if (!fresh(stateKey(namespace, read.key), fromMessage(read.version))) {
        return TX_CODE.MVCC_READ_CONFLICT;
      }
    }
    for (const range of state.rangeQueriesInfo) {
      if (!(await isRepeatable(namespace, range, committed, updates))) {
        return TX_CODE.PHANTOM_READ_CONFLICT;
      }
    }
    for (const { collection, hashes } of collections) {
      const allFresh = hashes.hashedReads.every(({ keyHash, version }) =>
        fresh(hashKey(namespace, collection, keyHash), fromMessage(version)),
      );
      if (!allFresh) {
        return TX_CODE.MVCC_READ_CONFLICT;
      }
    }
  }
  return TX_CODE.VALID;
}

interface FoundKey {
  readonly key: string;
  readonly version: Version;
}

async function isRepeatable(
  namespace: string,
  range: RangeQueryInfo,
  committed: CommittedState,
  updates: BlockUpdates,
): Promise<boolean> {
  const found = keysNow(namespace, range, committed, updates);
  const summary = range.readsMerkleHashes;
  return summary === undefined ? matchesReads(range, found) : matchesSummary(summary, found);
}

async function matchesReads(range: RangeQueryInfo, found: AsyncIterable<FoundKey>): Promise<boolean> {
  const expected = range.rawReads?.kvReads ?? [];
  let index = 0;
  for await (const { key, version } of found) {
    const read = expected[index++];
    if (read?.key !== key || !sameVersion(version, fromMessage(read.version))) {
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
    reads.add(key, version);
  }
  const result = reads.finish();
  const encode = (value: QueryReadsMerkleSummary): Uint8Array => QueryReadsMerkleSummary.encode(value);
  return 'summary' in result && sameBytes(encode(result.summary), encode(summary));
}

/** Repeats the query over the committed state and the block's updates, without deleted keys. */
async function* keysNow(
  namespace: string,
  range: RangeQueryInfo,
  committed: CommittedState,
  updates: BlockUpdates,
): AsyncGenerator<FoundKey, void, undefined> {
  const { gte, lt } = limits(namespace, range);
  if (compareBytes(gte, lt) >= 0) {
    return;
  }
  const prefixLength = stateKey(namespace, '').length;
  const written = updates.sorted().filter(({ place }) => compareBytes(place, gte) >= 0 && compareBytes(place, lt) < 0);
  let next = 0;
  const writtenBefore = (limit: Uint8Array | undefined): FoundKey[] => {
    const passed: FoundKey[] = [];
    for (; next < written.length; next++) {
      const update = written[next];
      if (update === undefined || (limit !== undefined && compareBytes(update.place, limit) >= 0)) {
        break;
      }
      if (update.record !== undefined) {
        passed.push({ key: keyName(update.key), version: update.version });
      }
    }
    return passed;
  };
  for await (const [place, { version }] of committed.records({ gte, lt })) {
    yield* writtenBefore(place);
    if (!updates.touches(place)) {
      yield { key: keyName(place.subarray(prefixLength)), version };
    }
  }
  yield* writtenBefore(undefined);
}

function keyName(bytes: Uint8Array): string {
  const name = utf8Text(bytes);
  if (name === undefined) throw new Error('the state has a key that is no text');
  return name;
}

/** A query that was not read to its end is repeated up to and including the last key that was seen. */
function limits(namespace: string, range: RangeQueryInfo): { gte: Uint8Array; lt: Uint8Array } {
  const gte = stateKey(namespace, range.startKey);
  const end = range.endKey;
  if (end === '') {
    // Not exhausted and without a last key: the query was opened, but nothing was read.
    return { gte, lt: range.itrExhausted ? stateEnd(namespace) : gte };
  }
  const lt = stateKey(namespace, end);
  return { gte, lt: range.itrExhausted ? lt : concatenate(lt, Uint8Array.of(0)) };
}
