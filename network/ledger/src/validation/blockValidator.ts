import { TX_CODE } from '../wire/index.js';
import { BlockUpdates } from './blockUpdates.js';
import { checkEndorsement, type Examined, type ValidationContext } from './examine.js';
import { readConflict } from './readConflicts.js';
import type { NamespaceReadWriteSet } from './rwset.js';

/** The result for a block: one code per transaction, and the new state. */
export interface ValidatedBlock {
  readonly codes: readonly number[];
  readonly updates: BlockUpdates;
  /** Read and write sets of the valid endorser transactions, by position. */
  readonly valid: ReadonlyMap<number, readonly NamespaceReadWriteSet[]>;
}

/**
 * Endorsements first, all against the state before the block; then duplicates; then reads, in order, each against what
 * the valid transactions before it wrote. The order is a peer's: the codes depend on it.
 * @param pause lets other work in: signature checks take long
 */
export async function validateBlock(
  block: number,
  transactions: readonly Examined[],
  isKnown: (txId: string) => boolean,
  context: ValidationContext,
  pause: () => Promise<void> | undefined = () => undefined,
): Promise<ValidatedBlock> {
  const codes = transactions.map(({ code }) => code);
  const endorsed = new Map<number, readonly NamespaceReadWriteSet[]>();
  for (const [index, { txId, bound }] of transactions.entries()) {
    if (bound === undefined) continue;
    const result = isKnown(txId) ? { code: TX_CODE.DUPLICATE_TXID } : checkEndorsement(bound, context);
    if ('code' in result) {
      codes[index] = result.code;
    } else {
      context.changed.note(result.sets);
      endorsed.set(index, result.sets);
    }
    await pause();
  }
  for (const index of repetitions(transactions, endorsed)) {
    codes[index] = TX_CODE.DUPLICATE_TXID;
    endorsed.delete(index);
  }
  const updates = new BlockUpdates(context.committed);
  const valid = new Map<number, readonly NamespaceReadWriteSet[]>();
  for (const [index, sets] of endorsed) {
    const code = await readConflict(sets, context.committed, updates);
    codes[index] = code;
    if (code === TX_CODE.VALID) {
      updates.apply(sets, { block, transaction: index });
      valid.set(index, sets);
    }
  }
  return { codes, updates, valid };
}

/** Positions of transactions whose id belongs to an earlier transaction that is valid so far. */
function repetitions(transactions: readonly Examined[], endorsed: ReadonlyMap<number, unknown>): number[] {
  const seen = new Set<string>();
  return [...endorsed.keys()].filter((index) => {
    const txId = transactions[index]?.txId ?? '';
    const repeated = seen.has(txId);
    seen.add(txId);
    return repeated;
  });
}
