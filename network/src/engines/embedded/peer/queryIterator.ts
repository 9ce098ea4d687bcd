import { peer } from '@hyperledger/fabric-protos';

/** Most results in one message to the chaincode. */
const BATCH = 100;
/** Most results of one query, over all batches. */
export const TOTAL_QUERY_LIMIT = 100_000;

/** A running range or history query. It returns one batch for each request of the chaincode. */
export class QueryIterator {
  readonly #source: AsyncIterator<Uint8Array>;
  #pending: Uint8Array[] = [];
  #returned = 0;

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  /** The next batch; `more` is true if another one follows. */
  async next(): Promise<{ readonly results: readonly Uint8Array[]; readonly more: boolean }> {
    while (this.#returned < TOTAL_QUERY_LIMIT) {
      const step = await this.#source.next();
      if (step.done === true) break;
      const full = this.#pending.length === BATCH;
      const batch = this.#pending;
      if (full) this.#pending = [];
      this.#pending.push(step.value);
      this.#returned++;
      if (full) return { results: batch, more: true };
    }
    const results = this.#pending;
    this.#pending = [];
    return { results, more: false };
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** A serialised `protos.QueryResponse`. */
export function queryResponse(
  id: string,
  results: readonly Uint8Array[],
  more: boolean,
  metadata?: Uint8Array,
): Uint8Array {
  const response = new peer.QueryResponse();
  response.setId(id);
  response.setHasMore(more);
  response.setResultsList(
    results.map((result) => {
      const bytes = new peer.QueryResultBytes();
      bytes.setResultbytes(result);
      return bytes;
    }),
  );
  if (metadata) response.setMetadata(metadata);
  return response.serializeBinary();
}
