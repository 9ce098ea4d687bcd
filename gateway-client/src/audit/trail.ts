import { instantOf, isInstant, millisecondsOf } from '@tracecal/core/model';
import type { Instant, Json, LoggedTransaction, Subject } from '@tracecal/core/model';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { Block, TX_CODE } from '@tracecal/ledger/wire';
import type { CheckedBlock } from '../replica/keptBlock.js';
import { AUDIT_TYPE } from './audit.js';
import type { Audit, AuditedChain, AuditedEpoch, AuditedStatement, AuditedTransaction, SealSeen } from './audit.js';
import { concernsOf, isReportOn } from './concern.js';
import { listIn, MOST_OF_A_TEXT, partOf, shortened, textIn } from './content.js';
import { provenanceOf } from './provenance.js';
import { readTransaction } from './readTransaction.js';
import type { ReadStatement } from './readStatements.js';
import type { ReadTransaction } from './readTransaction.js';

/** The part of a block that an audit reads. */
export type AuditedBlock = Pick<CheckedBlock, 'number' | 'hash' | 'codes'> & {
  readonly envelopes: readonly Uint8Array[];
  /** Who belonged to the channel then. */
  readonly access?: ChannelAccess;
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
 * for await (const block of replica.blocks()) trail.take(auditedBlock(block, access));
 * const audit = trail.audit(chain);
 */
export class AuditTrail {
  readonly subject: Subject;
  readonly #chaincode: string;
  readonly #kept: Kept[] = [];
  /** Of a device: the reports about it. */
  readonly #reports = new Set<string>();
  /** Whose authorisation was shown: the numbers of these do not tell whether it is the first one. */
  readonly #authorised = new Set<string>();
  /** By the number of the epoch that each closed. */
  readonly #seals = new Map<number, SealSeen>();
  #lastSealed = -1;
  #newestWord: { readonly date: Instant; readonly block: number } | undefined;

  constructor(subject: Subject, chaincode = REGISTRY_CHAINCODE) {
    this.subject = subject;
    this.#chaincode = chaincode;
  }

  /**
   * The next block. Blocks may be left out; they come in order.
   *
   * @returns Whether evidence of the audit may need it whatever follows: something valid in it concerns the subject, or seals an epoch.
   */
  take({ number, hash, codes, envelopes, access }: AuditedBlock): boolean {
    let isNeeded = false;
    envelopes.forEach((envelope, place) => {
      const code = codes[place] ?? TX_CODE.NOT_VALIDATED;
      const transaction = readTransaction(envelope, code, this.#chaincode, access);
      if (transaction === undefined) return;
      const isValid = transaction.validity === 'VALID';
      if (isValid) isNeeded = this.#learn(transaction, number) || isNeeded;
      const statements = transaction.statements.flatMap((statement) => this.#concerning(statement, isValid));
      if (statements.length === 0) return;
      isNeeded ||= isValid;
      this.#kept.push({ transaction, statements, block: number, blockHash: hash, place });
    });
    return isNeeded;
  }

  /** The epoch that is open after the blocks so far. */
  get openEpoch(): number {
    return this.#lastSealed + 1;
  }

  /** The newest date that an institute has signed, by a seal or a heartbeat, and the block with it. */
  get newestWord(): { readonly date: Instant; readonly block: number } | undefined {
    return this.#newestWord;
  }

  /**
   * The blocks that evidence of this audit needs: of its valid transactions, of the seals around them, and of those that show how far it
   * reads. What was refused proves nothing, and anybody can make it large.
   *
   * @param last The number of the last block.
   */
  blocks(last: number): readonly number[] {
    const numbers = this.#kept
      .filter(({ transaction }) => transaction.validity === 'VALID')
      .flatMap(({ block, transaction: { epoch } }) => {
        const { opened = null, sealed = null } = this.#epoch(epoch) ?? {};
        return [block, ...[opened, sealed].flatMap((seal) => (seal ? [seal.block] : []))];
      });
    const ends = [this.#seals.get(this.openEpoch - 1)?.block, this.#newestWord?.block, last];
    return [...new Set([...numbers, ...ends.filter((block) => block !== undefined)])].sort((one, other) => one - other);
  }

  /** What its valid transactions wrote into the change log. */
  logged(): readonly (LoggedTransaction & { readonly epoch: number })[] {
    return this.#kept.flatMap(({ transaction: { logged } }) => logged ?? []);
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

  /** @returns Whether it seals an epoch. */
  #learn({ txId, statements }: ReadTransaction, block: number): boolean {
    const before = this.#seals.size;
    for (const statement of statements) {
      if (isReportOn(statement, this.subject.kind, this.subject.id)) this.#reports.add(statement.subject.id);
      const { what, number, author } = statement;
      const date = dateOfWord(statement);
      if (date === undefined) continue;
      if (date > (this.#newestWord?.date ?? '')) this.#newestWord = { date, block };
      if (what !== 'seal') continue;
      this.#seals.set(number, { block, txId, date, by: author });
      this.#lastSealed = Math.max(this.#lastSealed, number);
    }
    return this.#seals.size > before;
  }

  #concerning(statement: ReadStatement, isValid: boolean): readonly AuditedStatement[] {
    const concerns = concernsOf(statement, this.subject, this.#reports);
    if (concerns.length === 0) return [];
    const { what, subject, author, number, date, digest, signers } = statement;
    const details = detailsOf(statement, this.#renews(statement));
    if (isValid && what === 'authorisation') this.#authorised.add(subject.id);
    return [{ what, concerns, subject, author, number, date, digest, signers, details }];
  }

  /**
   * Whether it brings a further key. A device and an organisation are registered with number 0. Authorisations have any number from 1 on: the
   * first one that is shown registers the person. Only what is shown counts, because evidence holds no other blocks.
   */
  #renews({ what, number, subject }: ReadStatement): boolean {
    if (what === 'authorisation') return this.#authorised.has(subject.id);
    return REGISTRATIONS.includes(what) && number > 0;
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

/** The name under which members install it. */
export const REGISTRY_CHAINCODE = 'registry';
const INSTITUTES_WORDS: readonly string[] = ['seal', 'heartbeat'];

/** The date of a seal or a heartbeat; undefined for all else, and for what is no date. */
export function dateOfWord({ what, date: text }: Pick<ReadStatement, 'what' | 'date'>): Instant | undefined {
  const date = INSTITUTES_WORDS.includes(what) ? instantOf(millisecondsOf(text)) : undefined;
  return date !== undefined && isInstant(date) ? date : undefined;
}

/** A block that a replica has verified. @param access The rules of the channel under which it was made. */
export function auditedBlock({ number, hash, codes, bytes }: CheckedBlock, access?: ChannelAccess): AuditedBlock {
  return { number, hash, codes, envelopes: Block.decode(bytes).data?.data ?? [], ...(access && { access }) };
}

function detailsOf({ body }: ReadStatement, renews: boolean): AuditedStatement['details'] {
  const details = {
    device: textIn(body, 'device'),
    report: textIn(body, 'report'),
    owner: textIn(body, 'to') ?? textIn(body, 'owner'),
    begin: textIn(body, 'performed', 'begin'),
    end: textIn(body, 'performed', 'end') ?? textIn(body, 'performed'),
    reason: textIn(body, 'reason'),
    effective: textIn(body, 'effective'),
    supersedes: textIn(body, 'supersedes', 'report') ?? textIn(body, 'supersedes'),
    renews: renews ? 'true' : undefined,
    ...saidIn(body),
  };
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, shortened(value, MOST_OF_A_TEXT)]],
    ),
  );
}

/** What a statement turns on: without it, one that takes something back looks like one that says it. */
function saidIn(body: Json): AuditedStatement['details'] {
  const equal = partOf(body, 'equal');
  const outcomes = listIn(body, 'judged').map(
    (each) => `${textIn(each, 'quantity') ?? ''} ${textIn(each, 'outcome') ?? ''}`,
  );
  const outOfLimits = listIn(body, 'results').filter((each) => partOf(each, 'foundOutOfLimits') === true);
  const until = textIn(body, 'until') ?? textIn(body, 'validTo');
  return {
    ...(typeof equal === 'boolean' && { equal: equal ? 'true' : 'false' }),
    ...(outcomes.length > 0 && { judged: outcomes.join(', ') }),
    ...(outOfLimits.length > 0 && {
      outOfLimits: outOfLimits.map((each) => textIn(each, 'quantity') ?? '').join(', '),
    }),
    ...(partOf(body, 'adjusted') === true && { adjusted: 'true' }),
    ...(until !== undefined && { until }),
  };
}

const REGISTRATIONS: readonly string[] = ['device', 'organisation'];
