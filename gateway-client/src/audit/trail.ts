import { instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant, Subject } from '@tracecal/core/model';
import { Block } from '@tracecal/ledger/wire';
import type { CheckedBlock } from '../replica/keptBlock.js';
import { AUDIT_TYPE } from './audit.js';
import type { Audit, AuditedChain, AuditedEpoch, AuditedStatement, AuditedTransaction, SealSeen } from './audit.js';
import { concernsOf, isReportOn } from './concern.js';
import { textIn } from './content.js';
import { provenanceOf } from './provenance.js';
import { readTransaction } from './readTransaction.js';
import type { ReadStatement } from './readStatements.js';
import type { ReadTransaction } from './readTransaction.js';

/** The part of a block that an audit reads. */
export type AuditedBlock = Pick<CheckedBlock, 'number' | 'hash' | 'codes'> & {
  readonly envelopes: readonly Uint8Array[];
};

/** A transaction that concerns the subject, and where it is. */
interface Kept {
  readonly transaction: ReadTransaction;
  readonly statements: readonly AuditedStatement[];
  readonly block: number;
  readonly blockHash: string;
  readonly place: number;
}

/**
 * Reads the blocks of a channel, one after the other, and keeps what concerns one subject.
 *
 * @example
 * const trail = new AuditTrail({ kind: 'device', id: 'oem-a/sensor-17' });
 * for await (const block of replica.blocks()) trail.take(auditedBlock(block));
 * const audit = trail.audit(chain);
 */
export class AuditTrail {
  readonly subject: Subject;
  readonly #chaincode: string;
  readonly #kept: Kept[] = [];
  /** Of a device: the reports about it. */
  readonly #reports = new Set<string>();
  /** By the number of the epoch that each closed. */
  readonly #seals = new Map<number, SealSeen>();

  constructor(subject: Subject, chaincode = 'registry') {
    this.subject = subject;
    this.#chaincode = chaincode;
  }

  /**
   * The next block. Blocks may be left out; they come in order.
   *
   * @returns Whether the audit may follow from it: it concerns the subject, or seals an epoch.
   */
  take({ number, hash, codes, envelopes }: AuditedBlock): boolean {
    const before = this.#kept.length + this.#seals.size;
    envelopes.forEach((envelope, place) => {
      const transaction = readTransaction(envelope, codes[place] ?? NOT_VALIDATED, this.#chaincode);
      if (transaction === undefined) return;
      if (transaction.validity === 'VALID') this.#learn(transaction, number);
      const statements = transaction.statements.flatMap((statement) => this.#concerning(statement));
      if (statements.length > 0) {
        this.#kept.push({ transaction, statements, block: number, blockHash: hash, place });
      }
    });
    return this.#kept.length + this.#seals.size > before;
  }

  /** The epoch that is open after the blocks so far. */
  get openEpoch(): number {
    return Math.max(-1, ...this.#seals.keys()) + 1;
  }

  /** The blocks from which this audit follows: of its transactions, and of the seals around them. */
  blocks(): readonly number[] {
    const numbers = this.#kept.flatMap(({ block, transaction: { epoch } }) => {
      const { opened = null, sealed = null } = this.#epoch(epoch) ?? {};
      return [block, ...[opened, sealed].flatMap((seal) => (seal ? [seal.block] : []))];
    });
    return [...new Set(numbers)].sort((one, other) => one - other);
  }

  /** What was found so far. */
  audit(chain: AuditedChain, { withProvenance = false } = {}): Audit {
    return {
      type: AUDIT_TYPE,
      subject: this.subject,
      chain,
      transactions: this.#kept.map((kept) => this.#shown(kept)),
      known: null,
      provenance:
        withProvenance && this.subject.kind === 'device'
          ? provenanceOf(
              this.subject.id,
              this.#kept.map(({ transaction }) => transaction),
            )
          : null,
    };
  }

  #learn({ txId, statements }: ReadTransaction, block: number): void {
    for (const statement of statements) {
      if (isReportOn(statement, this.subject.kind, this.subject.id)) this.#reports.add(statement.subject.id);
      if (statement.what !== 'seal') continue;
      const { number, author, date } = statement;
      this.#seals.set(number, { block, txId, date: dateOf(date), by: author });
    }
  }

  #concerning(statement: ReadStatement): readonly AuditedStatement[] {
    const concerns = concernsOf(statement, this.subject, this.#reports);
    if (concerns.length === 0) return [];
    const { what, subject, author, number, date, digest, signers } = statement;
    return [{ what, concerns, subject, author, number, date, digest, signers, details: detailsOf(statement) }];
  }

  #epoch(number: number | null): AuditedEpoch | null {
    if (number === null) return null;
    return { number, opened: this.#seals.get(number - 1) ?? null, sealed: this.#seals.get(number) ?? null };
  }

  #shown({ transaction, statements, ...where }: Kept): AuditedTransaction {
    const { epoch, statements: all, ...facts } = transaction;
    const { txId, time, validity, submitter, endorsers, called, registered } = facts;
    return {
      txId,
      ...where,
      time,
      validity,
      submitter,
      endorsers,
      called,
      epoch: this.#epoch(epoch),
      registered,
      statements,
      others: all.length - statements.length,
    };
  }
}

const NOT_VALIDATED = 254;

/** A block that a replica has verified. */
export function auditedBlock({ number, hash, codes, bytes }: CheckedBlock): AuditedBlock {
  return { number, hash, codes, envelopes: Block.decode(bytes).data?.data ?? [] };
}

function detailsOf({ body }: ReadStatement): AuditedStatement['details'] {
  const details = {
    device: textIn(body, 'device'),
    report: textIn(body, 'report'),
    owner: textIn(body, 'to') ?? textIn(body, 'owner'),
    begin: textIn(body, 'performed', 'begin'),
    end: textIn(body, 'performed', 'end') ?? textIn(body, 'performed'),
    reason: textIn(body, 'reason'),
    effective: textIn(body, 'effective'),
    supersedes: textIn(body, 'supersedes', 'report') ?? textIn(body, 'supersedes'),
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function dateOf(text: string): Instant {
  return instantOf(millisecondsOf(text));
}
