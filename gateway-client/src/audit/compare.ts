import { canonicalJson, RegistryError } from '@tracecal/core/model';
import type { Audit, AuditedTransaction } from './audit.js';
import {
  backwards,
  changedIn,
  otherBlocks,
  otherProvenance,
  otherSeals,
  otherVerdicts,
  withinOne,
} from './differences.js';
import type { AuditDifference } from './differences.js';

export interface AuditComparison {
  /** Whether the later audit contains the earlier one unchanged. */
  readonly consistent: boolean;
  /** Which of the two was made of fewer blocks: 0 or 1. */
  readonly earlier: 0 | 1;
  /** Transactions that the later one has besides. */
  readonly since: number;
  readonly differences: readonly AuditDifference[];
}

/**
 * Compares two audits of one subject. A ledger only grows: what the earlier one shows, the later one must show unchanged. If not, one of
 * them is forged, and their evidence shows which.
 *
 * @throws RegistryError `INPUT_INVALID` if they are about different things
 */
export function compareAudits(one: Audit, two: Audit): AuditComparison {
  if (canonicalJson(one.subject) !== canonicalJson(two.subject) || one.chain.channel !== two.chain.channel) {
    const named = ({ subject: { kind, id }, chain }: Audit) => `${kind} ${id} on ${chain.channel}`;
    throw new RegistryError(
      'INPUT_INVALID',
      `the audits are of ${named(one)} and of ${named(two)}: compare two of one.`,
    );
  }
  const earlier = one.chain.height <= two.chain.height ? 0 : 1;
  const [before, after] = earlier === 0 ? [one, two] : [two, one];
  const differences = isOtherChain(before, after)
    ? [otherChain(before, after)]
    : CHECKS.flatMap((check) => check(before, after)).sort((a, b) => a.block - b.block);
  const since = after.transactions.filter(({ block }) => block >= before.chain.height).length;
  return { consistent: differences.length === 0, earlier, since, differences };
}

const CHECKS = [withinOne, otherBlocks, backwards, otherSeals, otherVerdicts, otherProvenance, ofTransactions];

function isOtherChain({ chain: before }: Audit, { chain: after }: Audit): boolean {
  return before.genesis !== after.genesis || (before.height === after.height && before.newest !== after.newest);
}

function otherChain({ chain: before }: Audit, { chain: after }: Audit): AuditDifference {
  const none = { txId: '', what: 'other-chain' } as const;
  if (before.genesis !== after.genesis) {
    return { ...none, block: 0, says: `they begin with different blocks: ${before.genesis} and ${after.genesis}` };
  }
  const block = before.height - 1;
  return { ...none, block, says: `they have different blocks ${block}: ${before.newest} and ${after.newest}` };
}

function ofTransactions(before: Audit, after: Audit): readonly AuditDifference[] {
  const later = new Map(after.transactions.map((each) => [placeOf(each), each]));
  const earlier = new Set(before.transactions.map(placeOf));
  const hashes = new Map(after.transactions.map(({ block, blockHash }) => [block, blockHash]));
  const validLater = new Map(after.transactions.filter(isValid).map((each) => [each.txId, each]));
  const moved = new Set<string>();
  const lost = before.transactions.flatMap((own): readonly AuditDifference[] => {
    const { block, txId, blockHash } = own;
    // Blocks with two hashes are told as such.
    if ((hashes.get(block) ?? blockHash) !== blockHash) return [];
    const theirs = later.get(placeOf(own));
    if (theirs !== undefined) return ofOne(own, theirs);
    const elsewhere = isValid(own) ? validLater.get(txId) : undefined;
    if (elsewhere === undefined) {
      const says = `the later audit lacks what the earlier one shows in block ${block}`;
      return [{ block, txId, what: 'missing', says }];
    }
    moved.add(placeOf(elsewhere));
    const says = `it stands in block ${block} at place ${own.place}, and in block ${elsewhere.block} at place ${elsewhere.place}`;
    return [{ block, txId, what: 'moved', says }];
  });
  const added = after.transactions
    .filter((each) => each.block < before.chain.height && !earlier.has(placeOf(each)) && !moved.has(placeOf(each)))
    .map(({ block, txId }): AuditDifference => {
      const says = `the earlier audit lacks what the later one shows in block ${block}, which it had read`;
      return { block, txId, what: 'added', says };
    });
  return [...lost, ...added];
}

function ofOne(own: AuditedTransaction, theirs: AuditedTransaction): readonly AuditDifference[] {
  const { block, txId } = own;
  const changed = changedIn(own, theirs);
  const says = `they show different things in block ${block}: ${changed.join(', ')}`;
  return changed.length === 0 ? [] : [{ block, txId, what: 'changed', says }];
}

function isValid({ validity }: AuditedTransaction): boolean {
  return validity === 'VALID';
}

function placeOf({ block, place, txId }: AuditedTransaction): string {
  return `${block} ${place} ${txId}`;
}
