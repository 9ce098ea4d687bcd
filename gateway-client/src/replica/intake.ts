import { Block, sameBytes, TX_CODE } from '@tracecal/ledger/wire';
import type { DefinedChaincode, ValidatedBlock } from '@tracecal/ledger/validation';
import { clientError } from '../client/errors.js';
import type { Received } from './blockSource.js';
import { hashOf, rulesOf, verified } from './chain.js';
import type { OrderedBlock, Rules } from './chain.js';
import type { Database, Write } from './database.js';
import { keptBlockKey, keptBlockWrite } from './keptBlock.js';
import type { CheckedBlock } from './keptBlock.js';
import { asThePeerSays, judged } from './judged.js';
import { CONFIG_KEY, hashBytes, headerKey, placeWrite, transactionKey } from './place.js';
import type { Place } from './place.js';
import { refusing } from './refused.js';
import { encodeRecord } from './stateRecord.js';
import { firstBlock, isVouchedFor } from './pin.js';
import type { Pin } from './pin.js';

export interface IntakeOptions {
  readonly channel: string;
  /** The blocks that the asker vouches for. */
  readonly pins: readonly Pin[];
  readonly given: ReadonlyMap<string, DefinedChaincode>;
  /** Folder for blocks that are refused. */
  readonly refused: string;
  /** Keep whole blocks, beside the state that follows from them. */
  readonly keepBlocks?: boolean;
  /** Told of each block, before it is written. */
  readonly onBlock?: (block: CheckedBlock) => void;
}

/** Takes the blocks of a channel into a replica, one after the other. A block that is refused leaves it as it was. */
export class Intake {
  readonly #database: Database;
  readonly #options: IntakeOptions;
  #place: Place | undefined;
  #rules: Rules | undefined;

  constructor(database: Database, place: Place | undefined, options: IntakeOptions) {
    this.#database = database;
    this.#options = options;
    this.#place = place;
  }

  get place(): Place | undefined {
    return this.#place;
  }

  /** Takes the next block, of which every peer has sent a copy. @throws TraceCalError */
  async take(copies: readonly Received[]): Promise<void> {
    const [first] = copies;
    if (first === undefined) return;
    const place = this.#place;
    await (place === undefined ? this.#begin(first, copies) : this.#goOn(place, first, copies));
  }

  /** Compares the newest block with those of the peers. @throws TraceCalError `PEER_FORKED` */
  async compareNewest(copies: readonly Received[]): Promise<void> {
    const { height = 1, newest = '' } = this.#place ?? {};
    for (const copy of copies) {
      if (hashOf(copy.block) === newest) continue;
      await this.#refuse(copy, this.#held(height - 1), () => {
        throw clientError('PEER_FORKED', `The peer of ${copy.peer} has another block ${height - 1} than this replica.`);
      });
    }
  }

  async #begin(first: Received, copies: readonly Received[]): Promise<void> {
    const { channel, pins } = this.#options;
    const { isPinned, hash, txIds } = await this.#refuse(first, undefined, () => ({
      isPinned: isVouchedFor(first, pins),
      ...firstBlock(first, channel),
    }));
    await this.#requireSame(first, copies);
    const place = {
      channel,
      genesis: hash,
      isPinned,
      height: 1,
      newest: hash,
      commitHashes: {},
      configBlock: 0,
    };
    await this.#write(
      place,
      first,
      txIds.map(() => TX_CODE.VALID),
      [{ key: CONFIG_KEY, value: first.bytes }, ...transactionWrites(txIds)],
    );
  }

  async #goOn(place: Place, first: Received, copies: readonly Received[]): Promise<void> {
    const rules = (this.#rules ??= this.#rulesOf(place));
    const held = this.#held(place.height - 1);
    const block = await this.#ordered(place, rules, first, copies);
    const isVouched = await this.#refuse(first, held, () => isVouchedFor(first, this.#options.pins));
    const validated = await judged(place.height, block, {
      rules,
      committed: this.#database,
      isKnown: (txId) => this.#database.get(transactionKey(txId)) !== undefined,
      given: this.#options.given,
    });
    const commitHashes: Record<string, string> = {};
    for (const copy of copies) {
      const before = place.height === 1 ? '' : place.commitHashes[copy.peer];
      commitHashes[copy.peer] = await this.#refuse(copy, held, () => asThePeerSays(copy, validated, before));
    }
    const isConfig = block.next !== rules;
    const configBlock = isConfig ? place.height : place.configBlock;
    const next = {
      ...place,
      isPinned: place.isPinned || isVouched,
      height: place.height + 1,
      newest: block.hash,
      commitHashes,
      configBlock,
    };
    await this.#write(next, first, validated.codes, [
      ...stateWrites(validated),
      ...transactionWrites(block.examined.map(({ txId }) => txId)),
      ...(isConfig ? [{ key: CONFIG_KEY, value: first.bytes }] : []),
    ]);
    this.#rules = block.next;
  }

  /** The one block that all peers have sent, as the orderers signed it after the newest one. */
  async #ordered(place: Place, rules: Rules, first: Received, copies: readonly Received[]): Promise<OrderedBlock> {
    const held = this.#held(place.height - 1);
    for (const copy of copies.slice(1)) {
      await this.#refuse(copy, held, () => verified(copy, rules));
    }
    const block = await this.#refuse(first, held, () => verified(first, rules));
    await this.#requireSame(first, copies);
    await this.#refuse(first, held, () => {
      requireFollows(first, place);
    });
    return block;
  }

  /** All changes of a block, and how far the replica has come with them, at once. */
  async #write(
    place: Place,
    { bytes, block: { header, metadata } }: Received,
    codes: Iterable<number>,
    changes: readonly Write[],
  ): Promise<void> {
    const number = place.height - 1;
    const taken: CheckedBlock = { number, hash: place.newest, codes: [...codes], bytes };
    this.#options.onBlock?.(taken);
    await this.#database.write([
      ...changes,
      { key: headerKey(number), value: Block.encode({ header, metadata }) },
      ...(this.#keepsBlocks(number) ? [keptBlockWrite(taken)] : []),
      placeWrite(place),
    ]);
    this.#place = place;
  }

  /**
   * A replica that was begun with whole blocks goes on with them, so that none is missing.
   * @throws TraceCalError `REPLICA_WITHOUT_BLOCKS` if it is to keep them and lacks those before
   */
  #keepsBlocks(number: number): boolean {
    const isBegun = number > 0 && this.#database.get(keptBlockKey(number - 1)) !== undefined;
    const wanted = this.#options.keepBlocks ?? false;
    if (wanted && number > 0 && !isBegun) throw clientError('REPLICA_WITHOUT_BLOCKS');
    return isBegun || wanted;
  }

  #rulesOf({ genesis, configBlock, channel }: Place): Rules {
    const bytes = this.#database.get(CONFIG_KEY);
    const header = this.#held(configBlock);
    if (bytes === undefined || header === undefined) {
      throw clientError('REPLICA_DAMAGED', `It lacks the configuration of ${channel} that began with ${genesis}.`);
    }
    return rulesOf(bytes, hashBytes(hashOf(Block.decode(header))));
  }

  /** A block that the replica has, without its data. */
  #held(number: number): Uint8Array | undefined {
    return this.#database.get(headerKey(number));
  }

  /** All peers must have sent the same block, and the same word on its transactions. */
  async #requireSame(first: Received, copies: readonly Received[]): Promise<void> {
    for (const copy of copies) {
      if (hashOf(copy.block) === hashOf(first.block)) continue;
      const number = first.block.header?.number ?? 0;
      await this.#refuse(copy, first.bytes, () => {
        throw clientError(
          'PEER_FORKED',
          `The peers of ${first.peer} and ${copy.peer} have different blocks ${number}.`,
        );
      });
    }
  }

  /** Does something with a block; if it is refused, keeps it as evidence beside the block that it contradicts. */
  #refuse<T>(received: Received, held: Uint8Array | undefined, work: () => T | Promise<T>): Promise<T> {
    return refusing(this.#options.refused, { received, held, height: this.#place?.height ?? 0 }, work);
  }
}

const TAKEN = Uint8Array.of(1);

function stateWrites({ updates }: ValidatedBlock): readonly Write[] {
  return updates.sorted().map(({ place, record }) => ({ key: place, value: record && encodeRecord(record) }));
}

/** An id is used once, whether its transaction is valid or not. */
function transactionWrites(txIds: readonly string[]): readonly Write[] {
  return txIds.filter((txId) => txId !== '').map((txId) => ({ key: transactionKey(txId), value: TAKEN }));
}

/** Enough orderers signed it, and they signed another one before. */
function requireFollows({ peer, block: { header } }: Received, { height, newest }: Place): void {
  if (header?.number === height && sameBytes(header.previousHash, hashBytes(newest))) return;
  const why = `Block ${height} from the peer of ${peer} does not continue block ${height - 1} of this replica.`;
  throw clientError('PEER_FORKED', why);
}
