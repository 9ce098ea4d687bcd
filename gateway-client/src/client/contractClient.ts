import type { Page } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { answerOf } from './answer.js';
import { requireShape, transactionIdShape } from './arguments.js';
import { TraceCalError } from './errors.js';
import { inputOf } from './input.js';
import type { BeforeSending, Ledger } from './ledger.js';
import type { Committed, Outcome } from './outcome.js';
import { itemsOf } from './pages.js';

/** A contract, as one member uses it: documents are sent and received as JSON, and every failure is a `TraceCalError`. */
export abstract class ContractClient {
  protected readonly ledger: Ledger;
  readonly #close: () => void;

  constructor(ledger: Ledger, close: () => void) {
    this.ledger = ledger;
    this.#close = close;
  }

  /**
   * The outcome of a transaction: use it after `OUTCOME_UNKNOWN`. If the transaction is still being processed, it waits until
   * this member's own peer has it.
   *
   * @example
   * const outcome = await tracecal.outcome(error.txId);
   * if (outcome.state === 'refused') await again(); // only now it is safe to repeat it
   * if (outcome.state === 'unknown') console.error(outcome.error?.message); // why nobody could tell: ask again later
   */
  async outcome(txId: string): Promise<Outcome> {
    requireShape(transactionIdShape, 'transaction', txId);
    return this.ledger.outcome(txId);
  }

  /**
   * Size of the channel's configuration in bytes. A configuration as large as the orderers' largest message cannot grow.
   *
   * @throws TraceCalError
   * @example
   * if ((await tracecal.configurationBytes()) > 5_000_000) console.warn('The configuration is large.');
   */
  async configurationBytes(): Promise<number> {
    return (await this.ledger.configuration()).length;
  }

  /** Ends the connection and every call in progress; then the program can end in any state of the network. */
  close(): void {
    this.#close();
  }

  /** @param argument - Text is passed unchanged; a document becomes JSON. */
  protected async submit<T>(
    transaction: string,
    argument: string | object,
    beforeSending?: BeforeSending,
  ): Promise<Committed<T>> {
    const options = { arguments: [textOf(argument)] };
    const { result, ...committed } = await this.ledger.submit(transaction, options, beforeSending);
    return { ...committed, result: answerOf(result, committed.txId) as T };
  }

  /** @param args - Text is passed unchanged; a document becomes JSON. */
  protected async ask<T>(transaction: string, ...args: readonly (string | object)[]): Promise<T> {
    return answerOf(await this.ledger.evaluate(transaction, ...args.map(textOf))) as T;
  }

  /** A list that is answered page by page; a page is requested when its first item is needed. */
  protected pages<T>(transaction: string, question: object): AsyncGenerator<T, void, undefined> {
    return itemsOf((bookmark) => this.ask<Page<T>>(transaction, { ...question, bookmark }));
  }
}

/** Refuses values without a JSON form (NaN, an undefined member) here instead of at the registry. */
function textOf(argument: string | object): string {
  // In JavaScript an argument can be missing.
  if (typeof argument !== 'string' && (typeof argument !== 'object' || (argument as unknown) === null)) {
    const given = (argument as unknown) === null ? 'null' : typeof argument;
    throw new TraceCalError('INPUT_INVALID', `An id or an object is expected, not ${given}.`);
  }
  return typeof argument === 'string' ? argument : inputOf(() => canonicalJson(argument));
}
