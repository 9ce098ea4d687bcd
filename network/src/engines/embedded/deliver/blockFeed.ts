import { setMaxListeners } from 'node:events';
import { status } from '@grpc/grpc-js';
import { peer, type common } from '@hyperledger/fabric-protos';
import type { ChannelLedger } from '../ledger/types.js';
import { RpcError } from '../rpc/index.js';
import { blockTransactions } from './blockTransactions.js';

/** How a transaction ended. */
export interface TransactionStatus {
  /** `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
  readonly blockNumber: bigint;
}

const RECENT_TRANSACTIONS = 10_000;

type Waiter = (status: TransactionStatus | undefined) => void;

/** Commits of one channel, for all who wait for them: block streams and commit statuses. */
export class BlockFeed {
  readonly ledger: ChannelLedger;
  readonly #recentStatuses = new Map<string, TransactionStatus>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  #nextCommit = new Set<() => void>();
  readonly #unsubscribe: () => void;
  readonly #closed = new AbortController();

  constructor(ledger: ChannelLedger) {
    this.ledger = ledger;
    // Every waiting caller listens; this is no leak.
    setMaxListeners(0, this.#closed.signal);
    this.#unsubscribe = ledger.onCommit((block) => {
      this.#committed(block);
    });
  }

  /** Ends every stream and every wait. */
  close(): void {
    this.#unsubscribe();
    this.#closed.abort();
  }

  /**
   * The blocks from `start` on, without end: waits for future ones, until `until` aborts.
   *
   * @throws RpcError `UNAVAILABLE` when the network stops: a stream that simply ended would look complete
   */
  async *blocks(start: bigint, until: AbortSignal): AsyncGenerator<common.Block> {
    const signal = AbortSignal.any([until, this.#closed.signal]);
    for (let number = start; !signal.aborted; number++) {
      while (number >= this.ledger.height) {
        if (!(await this.#commit(signal))) {
          this.#requireOpen(until);
          return;
        }
      }
      const block = await this.ledger.block(number);
      if (!block) return;
      yield block;
    }
    this.#requireOpen(until);
  }

  #requireOpen(until: AbortSignal): void {
    if (this.#closed.signal.aborted && !until.aborted) {
      throw new RpcError(status.UNAVAILABLE, 'the network is stopping');
    }
  }

  /** How a transaction ended; waits for it to commit. Resolves with undefined when `cancelled` aborts first. */
  async status(txId: string, cancelled: () => AbortSignal): Promise<TransactionStatus | undefined> {
    const recent = this.#recentStatuses.get(txId);
    if (recent) return recent;
    // Listen first, then look it up, so that a commit between the two is not missed.
    const waiters = this.#waiters.get(txId) ?? new Set();
    this.#waiters.set(txId, waiters);
    let waiter: Waiter | undefined;
    const heard = new Promise<TransactionStatus | undefined>((resolve) => {
      waiters.add((waiter = resolve));
    });
    const signal = cancelled();
    const giveUp = (): void => waiter?.(undefined);
    for (const end of [signal, this.#closed.signal]) end.addEventListener('abort', giveUp);
    try {
      const committed = await this.ledger.transaction(txId);
      if (signal.aborted || this.#closed.signal.aborted) giveUp();
      return committed ?? (await heard);
    } finally {
      for (const end of [signal, this.#closed.signal]) end.removeEventListener('abort', giveUp);
      if (waiter) waiters.delete(waiter);
      if (waiters.size === 0) this.#waiters.delete(txId);
    }
  }

  /** Resolves with true at the next commit, with false when `signal` aborts. */
  #commit(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (): void => {
        this.#nextCommit.delete(settle);
        signal.removeEventListener('abort', settle);
        resolve(!signal.aborted);
      };
      if (signal.aborted) {
        settle();
        return;
      }
      this.#nextCommit.add(settle);
      signal.addEventListener('abort', settle);
    });
  }

  #committed(block: common.Block): void {
    const blockNumber = BigInt(block.getHeader()?.getNumber() ?? 0);
    for (const { txId, code } of blockTransactions(block)) {
      // The first transaction of an id counts, even if it is too old to be remembered here.
      if (txId === '' || code === peer.TxValidationCode.DUPLICATE_TXID || this.#recentStatuses.has(txId)) continue;
      const status = { code, blockNumber };
      remember(this.#recentStatuses, txId, status, RECENT_TRANSACTIONS);
      for (const settle of this.#waiters.get(txId) ?? []) settle(status);
    }
    const waiting = this.#nextCommit;
    this.#nextCommit = new Set();
    for (const wake of waiting) wake();
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > limit && oldest.done !== true) map.delete(oldest.value);
}
