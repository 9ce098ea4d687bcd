import { peer } from '@hyperledger/fabric-protos';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { BlockUpdates } from './blockUpdates.js';
import type { Examined, ValidationContext } from './examine.js';
import { checkEndorsement } from './examine.js';
import { readConflict } from './readConflicts.js';
import type { NamespaceReadWriteSet } from './rwset.js';

const Code = peer.TxValidationCode;

/** How a block turned out: one code a transaction, and the new state. */
export interface ValidatedBlock {
  readonly codes: readonly number[];
  readonly updates: BlockUpdates;
  /** Read and write sets of the valid endorser transactions, by position. */
  readonly valid: ReadonlyMap<number, readonly NamespaceReadWriteSet[]>;
}

/** Signature checks take long: between slices the process answers others. */
const SLICE_MS = 10;

/** Runs `step` for each position in order, letting other work in between. */
export async function inSlices(count: number, step: (index: number) => void): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (let index = 0; index < count; index++) {
    step(index);
    if (performance.now() > sliceEnd) {
      await yieldToEvents();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
}

/**
 * Endorsements first, all against the state before the block; then duplicates; then reads, in order, each against what
 * the valid transactions before it wrote. The order is a peer's: the codes depend on it.
 */
export async function validateBlock(
  block: number,
  transactions: readonly Examined[],
  isKnown: (txId: string) => boolean,
  context: ValidationContext,
): Promise<ValidatedBlock> {
  const codes = transactions.map(({ code }) => code);
  const endorsed = new Map<number, readonly NamespaceReadWriteSet[]>();
  await inSlices(transactions.length, (index) => {
    const transaction = transactions[index];
    if (transaction?.bound !== undefined) {
      const result = isKnown(transaction.txId)
        ? { code: Code.DUPLICATE_TXID }
        : checkEndorsement(transaction.bound, context);
      if ('code' in result) {
        codes[index] = result.code;
      } else {
        context.changed.note(result.sets);
        endorsed.set(index, result.sets);
      }
    }
  });
  for (const index of repetitions(transactions, endorsed)) {
    codes[index] = Code.DUPLICATE_TXID;
    endorsed.delete(index);
  }
  const updates = new BlockUpdates(context.committed);
  const valid = new Map<number, readonly NamespaceReadWriteSet[]>();
  for (const [index, sets] of endorsed) {
    const code = await readConflict(sets, context.committed, updates);
    codes[index] = code;
    if (code === Code.VALID) {
      updates.apply(sets, { block, transaction: index });
      valid.set(index, sets);
    }
  }
  return { codes, updates, valid };
}

/** Positions of transactions that carry the id of an earlier, so far valid one. */
function repetitions(transactions: readonly Examined[], endorsed: ReadonlyMap<number, unknown>): number[] {
  const seen = new Set<string>();
  return [...endorsed.keys()].filter((index) => {
    const txId = transactions[index]?.txId ?? '';
    const repeated = seen.has(txId);
    seen.add(txId);
    return repeated;
  });
}
