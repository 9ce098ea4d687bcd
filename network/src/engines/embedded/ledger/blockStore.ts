import { common, peer } from '@hyperledger/fabric-protos';
import { blockDataHash, blockHeaderHash } from '../../../channel/block.js';
import { sameBytes } from '@tracecal/ledger/wire';
import { codesOf } from './blockMetadata.js';
import { LedgerError } from './errors.js';
import { blockHashKey, blockKey, decodePlace, encodePlace, envelopeKey, everything, transactionKey } from './keys.js';
import type { Reads, Write } from './store.js';
import type { CommittedTransaction } from './types.js';

const CACHE_BYTES = 16 * 1024 * 1024;
/** For more envelopes than this, a scan is faster than single reads. */
const POINT_READS = 32;

/** Blocks by number and transactions by id. Envelopes are stored apart from their block's header, so that one can be read alone. */
export class BlockStore {
  readonly #reads: Reads;
  readonly #recent = new RecentBlocks();

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  async block(number: number): Promise<common.Block | undefined> {
    const recent = this.#recent.get(number);
    if (recent !== undefined) {
      return recent;
    }
    const bytes = this.#reads.get(blockKey(number));
    if (bytes === undefined) {
      return undefined;
    }
    const block = common.Block.deserializeBinary(bytes);
    const data = new common.BlockData();
    data.setDataList(await this.#envelopes(number, codesOf(block).length));
    block.setData(data);
    return block;
  }

  async blockByHash(hash: Uint8Array): Promise<common.Block | undefined> {
    const place = this.#reads.get(blockHashKey(hash));
    return place === undefined ? undefined : this.block(decodePlace(place).block);
  }

  /** Caches a durable block for readers that follow the chain. */
  remember(block: common.Block, number: number): void {
    this.#recent.add(number, block);
  }

  isKnown(txId: string): boolean {
    return this.#reads.get(transactionKey(txId)) !== undefined;
  }

  transaction(txId: string): CommittedTransaction | undefined {
    const bytes = this.#reads.get(transactionKey(txId));
    if (bytes === undefined) {
      return undefined;
    }
    const place = decodePlace(bytes);
    const envelope = this.#reads.get(envelopeKey(place.block, place.transaction));
    const code = bytes.at(-1) ?? peer.TxValidationCode.NOT_VALIDATED;
    return envelope && { txId, blockNumber: BigInt(place.block), code, envelope };
  }

  /** @throws LedgerError `CORRUPT_STORE` at the first block that does not continue the one before it. */
  async verify(height: number, tipHash: Uint8Array): Promise<void> {
    let previous: Uint8Array = Buffer.alloc(0);
    let number = 0;
    for await (const [, bytes] of this.#reads.scan(everything('b'))) {
      const block = common.Block.deserializeBinary(bytes);
      previous = await this.#verifyBlock(block, number, previous);
      number++;
    }
    if (number !== height || !sameBytes(previous, tipHash)) {
      throw corruptAt(Math.min(number, height) - 1, 'the chain does not end where its checkpoint says');
    }
  }

  async #verifyBlock(block: common.Block, number: number, previous: Uint8Array): Promise<Buffer> {
    const header = block.getHeader();
    if (header?.getNumber() !== number || !sameBytes(header.getPreviousHash_asU8(), previous)) {
      throw corruptAt(number, 'its header does not continue the block before it');
    }
    const envelopes = await this.#envelopes(number, codesOf(block).length);
    if (!sameBytes(blockDataHash(envelopes), header.getDataHash_asU8())) {
      throw corruptAt(number, 'its transactions are not those that its header was made for');
    }
    return blockHeaderHash(header);
  }

  async #envelopes(number: number, count: number): Promise<Uint8Array[]> {
    const envelopes: Uint8Array[] = [];
    if (count <= POINT_READS) {
      for (let index = 0; index < count; index++) {
        const envelope = this.#reads.get(envelopeKey(number, index));
        if (envelope !== undefined) {
          envelopes.push(envelope);
        }
      }
      return envelopes;
    }
    const range = { gte: envelopeKey(number, 0), lt: envelopeKey(number + 1, 0) };
    for await (const [, envelope] of this.#reads.scan(range)) {
      envelopes.push(envelope);
    }
    return envelopes;
  }
}

/** The first transaction with an id keeps it: a later duplicate must not hide it. */
export function blockWrites(
  block: common.Block,
  number: number,
  txIds: readonly string[],
  isKnown: (txId: string) => boolean,
): Write[] {
  const head = new common.Block();
  head.setHeader(block.getHeader());
  head.setMetadata(block.getMetadata());
  const codes = codesOf(block);
  const writes: Write[] = [{ key: blockKey(number), value: head.serializeBinary() }];
  const header = block.getHeader();
  if (header) writes.push({ key: blockHashKey(blockHeaderHash(header)), value: encodePlace(number, 0) });
  const indexed = new Set<string>();
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  envelopes.forEach((envelope, index) => {
    writes.push({ key: envelopeKey(number, index), value: envelope });
    const txId = txIds[index] ?? '';
    if (txId !== '' && !indexed.has(txId) && !isKnown(txId)) {
      indexed.add(txId);
      const code = Buffer.from([codes[index] ?? peer.TxValidationCode.NOT_VALIDATED]);
      writes.push({ key: transactionKey(txId), value: Buffer.concat([encodePlace(number, index), code]) });
    }
  });
  return writes;
}

export function corruptAt(number: number, why: string): LedgerError {
  return new LedgerError(
    'CORRUPT_STORE',
    `Block ${number} is damaged (${why}): restore the ledger from a copy or start with an empty data directory.`,
  );
}

class RecentBlocks {
  readonly #blocks = new Map<number, { readonly block: common.Block; readonly size: number }>();
  #size = 0;

  get(number: number): common.Block | undefined {
    return this.#blocks.get(number)?.block;
  }

  add(number: number, block: common.Block): void {
    const size = (block.getData()?.getDataList_asU8() ?? []).reduce((sum, envelope) => sum + envelope.length, 0);
    this.#blocks.set(number, { block, size });
    this.#size += size;
    for (const [oldest, entry] of this.#blocks) {
      if (this.#size <= CACHE_BYTES || oldest === number) {
        break;
      }
      this.#blocks.delete(oldest);
      this.#size -= entry.size;
    }
  }
}
