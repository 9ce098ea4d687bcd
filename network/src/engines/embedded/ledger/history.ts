import { committedResults, decodeReadWriteSet, deletes } from '@tracecal/ledger/validation';
import { envelopeKey, placeOfHistoryKey } from './keys.js';
import type { Entry, Reads } from './store.js';
import type { HistoricValue } from './types.js';

/** Reads each historic value from the transaction that wrote it: values are stored only once, in their block. */
export async function* historyOf(
  namespace: string,
  key: string,
  entries: AsyncIterable<Entry>,
  reads: Reads,
): AsyncGenerator<HistoricValue, void, undefined> {
  for await (const [entryKey] of entries) {
    const place = placeOfHistoryKey(entryKey);
    const envelope = reads.get(envelopeKey(place.block, place.transaction));
    const value = envelope && historicValue(envelope, namespace, key);
    if (value !== undefined) {
      yield value;
    }
  }
}

function historicValue(envelope: Uint8Array, namespace: string, key: string): HistoricValue | undefined {
  const committed = committedResults(envelope);
  const set = committed && decodeReadWriteSet(committed.results).find((candidate) => candidate.namespace === namespace);
  const write = set?.state.writes.find((candidate) => candidate.key === key);
  if (committed === undefined || write === undefined) {
    return undefined;
  }
  const time = committed.header.timestamp;
  return {
    txId: committed.header.txId,
    timestamp: { seconds: time?.seconds ?? 0, nanos: time?.nanos ?? 0 },
    value: write.value,
    isDelete: deletes(write),
  };
}
