import { createHash } from 'node:crypto';
import type { EpochDigestAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { readSigned } from '../support/hierarchy.js';
import type { Hierarchy, Item, Submission } from '../support/hierarchy.js';
import type { MemoryLedger } from '../support/memoryLedger.js';
import { ask, callerOf, emptyRegistryOf } from '../support/registry.js';
import type { GoldenTransaction } from './fixtures.js';

/** What was played: all transactions in order, and the ledger that they led to. */
export interface Recorded {
  /** SHA-256 of the founding statement. */
  readonly founding: string;
  readonly transactions: readonly GoldenTransaction[];
  readonly ledger: MemoryLedger;
}

/** Submits what a hierarchy is built of to a registry in memory, and writes down every transaction as it was. */
export class Recorder {
  readonly #hierarchy: Hierarchy;
  readonly #ledger: MemoryLedger;
  readonly #transactions: GoldenTransaction[] = [];
  #submitted = 0;

  /** @param hierarchy Is founded. */
  constructor(hierarchy: Hierarchy) {
    this.#hierarchy = hierarchy;
    this.#ledger = emptyRegistryOf(hierarchy);
  }

  /** Everything that was built since the last time, in order of its dates. */
  async submitNew(beside: Partial<Item> = {}): Promise<void> {
    const submissions = [...this.#hierarchy.submissions(this.#submitted)];
    this.#submitted += submissions.length;
    for (const submission of submissions.sort(byDate)) {
      const item = { ...(await this.#present(submission)), ...beside };
      await this.submit(submission.at, submission.transaction, canonicalJson({ items: [item] }));
    }
  }

  async submit(time: Instant, transaction: string, argument: string): Promise<void> {
    const count = String(this.#transactions.length);
    const txId = createHash('sha256').update(`golden transaction ${count}`).digest('hex');
    const { mspId } = callerOf(this.#hierarchy.institutes[0] ?? '');
    Object.assign(this.#ledger, { now: time, txId });
    const { event } = await this.#ledger.submit({ mspId }, transaction, argument);
    this.#transactions.push({ txId, time, mspId, transaction, argument, event: event?.name ?? '' });
  }

  recorded(): Recorded {
    const [founding] = this.#hierarchy.steps;
    return {
      founding: founding ? payloadDigest(founding.item.statement) : '',
      transactions: this.#transactions,
      ledger: this.#ledger,
    };
  }

  /** A heartbeat signs what stands in the ledger, which only the ledger knows. */
  async #present({ kind, item }: Submission): Promise<Item> {
    if (kind !== 'heartbeat') {
      return item;
    }
    const { number } = readSigned(item.statement);
    const { digest } = await ask<EpochDigestAnswer>(this.#ledger, 'getEpochDigest', String(number));
    return { statement: this.#hierarchy.changed(item.statement, { body: { digest } }) };
  }
}

function byDate(one: Submission, other: Submission): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : 0;
}
