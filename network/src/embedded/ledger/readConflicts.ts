import { peer, type ledger } from '@hyperledger/fabric-protos';
import type { BlockUpdates } from './blockUpdates.js';
import { sameBytes } from './bytes.js';
import { hashKey, stateEnd, stateKey } from './keys.js';
import { RangeReads } from './rangeReads.js';
import { decodeRecord } from './record.js';
import type { NamespaceReadWriteSet } from './rwset.js';
import type { Reads } from './store.js';
import { fromProto, sameVersion, type Version } from './version.js';

const Code = peer.TxValidationCode;
type RangeQueryInfo = ledger.rwset.kvrwset.RangeQueryInfo;
type MerkleSummary = ledger.rwset.kvrwset.QueryReadsMerkleSummary;

/**
 * Whether what a transaction read is still so, after the transactions before it in the block. Keys that it writes
 * without having read them never conflict.
 */
export async function readConflict(
  sets: readonly NamespaceReadWriteSet[],
  committed: Reads,
  updates: BlockUpdates,
): Promise<number> {
  for (const { namespace, state, collections } of sets) {
    const fresh = (place: Buffer, version: Version | undefined): boolean =>
      !updates.touches(place) && sameVersion(committed.record(place)?.version, version);
    for (const read of state.getReadsList()) {
      if (!fresh(stateKey(namespace, read.getKey()), fromProto(read.getVersion()))) {
        return Code.MVCC_READ_CONFLICT;
      }
    }
    for (const range of state.getRangeQueriesInfoList()) {
      if (!(await isRepeatable(namespace, range, committed, updates))) {
        return Code.PHANTOM_READ_CONFLICT;
      }
    }
    for (const { collection, hashes } of collections) {
      const allFresh = hashes
        .getHashedReadsList()
        .every((read) => fresh(hashKey(namespace, collection, read.getKeyHash_asU8()), fromProto(read.getVersion())));
      if (!allFresh) {
        return Code.MVCC_READ_CONFLICT;
      }
    }
  }
  return Code.VALID;
}

interface FoundKey {
  readonly key: string;
  readonly version: Version;
}

async function isRepeatable(
  namespace: string,
  range: RangeQueryInfo,
  committed: Reads,
  updates: BlockUpdates,
): Promise<boolean> {
  const found = keysNow(namespace, range, committed, updates);
  const summary = range.getReadsMerkleHashes();
  return summary === undefined ? matchesReads(range, found) : matchesSummary(summary, found);
}

async function matchesReads(range: RangeQueryInfo, found: AsyncIterable<FoundKey>): Promise<boolean> {
  const expected = range.getRawReads()?.getKvReadsList() ?? [];
  let index = 0;
  for await (const { key, version } of found) {
    const read = expected[index++];
    if (read?.getKey() !== key || !sameVersion(version, fromProto(read.getVersion()))) {
      return false;
    }
  }
  return index === expected.length;
}

const SMALLEST_DEGREE = 2;

async function matchesSummary(summary: MerkleSummary, found: AsyncIterable<FoundKey>): Promise<boolean> {
  if (summary.getMaxDegree() < SMALLEST_DEGREE) {
    // No endorser builds such a tree, and nobody could: it would never be complete.
    return false;
  }
  const reads = new RangeReads(summary.getMaxDegree());
  for await (const { key, version } of found) {
    reads.add(key, version);
  }
  const result = reads.finish();
  return 'summary' in result && sameBytes(result.summary.serializeBinary(), summary.serializeBinary());
}

/** Runs the query again over the committed state and the block's updates, deleted keys left out. */
async function* keysNow(
  namespace: string,
  range: RangeQueryInfo,
  committed: Reads,
  updates: BlockUpdates,
): AsyncGenerator<FoundKey, void, undefined> {
  const { gte, lt } = limits(namespace, range);
  if (Buffer.compare(gte, lt) >= 0) {
    return;
  }
  const prefixLength = stateKey(namespace, '').length;
  const written = updates
    .sorted()
    .filter(({ place }) => Buffer.compare(place, gte) >= 0 && Buffer.compare(place, lt) < 0);
  let next = 0;
  const writtenBefore = (limit: Buffer | undefined): FoundKey[] => {
    const passed: FoundKey[] = [];
    for (; next < written.length; next++) {
      const update = written[next];
      if (update === undefined || (limit !== undefined && Buffer.compare(update.place, limit) >= 0)) {
        break;
      }
      if (update.record !== undefined) {
        passed.push({ key: update.key.toString(), version: update.version });
      }
    }
    return passed;
  };
  for await (const [place, value] of committed.scan({ gte, lt })) {
    yield* writtenBefore(place);
    if (!updates.touches(place)) {
      yield { key: place.toString('utf8', prefixLength), version: decodeRecord(value).version };
    }
  }
  yield* writtenBefore(undefined);
}

/** A query that was not read to its end is repeated up to and with the last key that was seen. */
function limits(namespace: string, range: RangeQueryInfo): { gte: Buffer; lt: Buffer } {
  const gte = stateKey(namespace, range.getStartKey());
  const end = range.getEndKey();
  if (end === '') {
    // Not exhausted and without a last key: opened, never read.
    return { gte, lt: range.getItrExhausted() ? stateEnd(namespace) : gte };
  }
  const lt = stateKey(namespace, end);
  return { gte, lt: range.getItrExhausted() ? lt : Buffer.concat([lt, Buffer.alloc(1)]) };
}
