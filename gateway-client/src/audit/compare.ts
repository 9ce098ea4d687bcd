import { canonicalJson, RegistryError } from '@tracecal/core/model';
import type { Audit, AuditedTransaction } from './audit.js';

/** A place in which two audits contradict each other. */
export interface AuditDifference {
  readonly block: number;
  readonly txId: string;
  /** `missing`: the later audit lacks it; `added`: the earlier one lacks it; `changed`: they show it differently. */
  readonly what: 'missing' | 'added' | 'changed' | 'other-block' | 'other-chain';
  /** One sentence. */
  readonly says: string;
}

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
  const chains = ofChains(before, after);
  const differences = chains.length > 0 ? chains : ofTransactions(before, after);
  const since = after.transactions.filter(({ block }) => block >= before.chain.height).length;
  return { consistent: differences.length === 0, earlier, since, differences };
}

function ofChains({ chain: before }: Audit, { chain: after }: Audit): readonly AuditDifference[] {
  const none = { block: 0, txId: '' };
  if (before.genesis !== after.genesis) {
    const says = `they begin with different blocks: ${before.genesis} and ${after.genesis}`;
    return [{ ...none, what: 'other-chain', says }];
  }
  if (before.height === after.height && before.newest !== after.newest) {
    const block = before.height - 1;
    return [{ ...none, block, what: 'other-chain', says: `they have different blocks ${block}` }];
  }
  return [];
}

function ofTransactions(before: Audit, after: Audit): readonly AuditDifference[] {
  const later = new Map(after.transactions.map((each) => [placeOf(each), each]));
  const earlier = new Set(before.transactions.map(placeOf));
  const hashes = new Map(after.transactions.map(({ block, blockHash }) => [block, blockHash]));
  const lost = before.transactions.flatMap((own): readonly AuditDifference[] => {
    const { block, txId, blockHash } = own;
    const hash = hashes.get(block);
    if (hash !== undefined && hash !== blockHash) {
      return [{ block, txId, what: 'other-block', says: `block ${block} has two hashes: ${blockHash} and ${hash}` }];
    }
    const theirs = later.get(placeOf(own));
    if (theirs === undefined) {
      return [
        { block, txId, what: 'missing', says: `the later audit lacks what the earlier one shows in block ${block}` },
      ];
    }
    const changed = changedIn(own, theirs);
    return changed.length === 0
      ? []
      : [{ block, txId, what: 'changed', says: `they show different things in block ${block}: ${changed.join(', ')}` }];
  });
  const added = after.transactions
    .filter((each) => each.block < before.chain.height && !earlier.has(placeOf(each)))
    .map(({ block, txId }): AuditDifference => {
      const says = `the earlier audit lacks what the later one shows in block ${block}, which it had read`;
      return { block, txId, what: 'added', says };
    });
  return [...lost, ...added].sort((a, b) => a.block - b.block);
}

function placeOf({ block, place, txId }: AuditedTransaction): string {
  return `${block} ${place} ${txId}`;
}

/** The members that differ. An epoch that was open may have been sealed since. */
function changedIn(before: AuditedTransaction, after: AuditedTransaction): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof AuditedTransaction)[];
  const { epoch } = before;
  const wasOpen = epoch?.sealed === null;
  return names.filter((name) => {
    const [own, theirs] =
      name === 'epoch' && wasOpen
        ? [epoch, after.epoch && { ...after.epoch, sealed: null }]
        : [before[name], after[name]];
    return canonicalJson(own) !== canonicalJson(theirs);
  });
}
