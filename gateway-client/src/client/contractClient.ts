import type { Page } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { answerOf } from './answer.js';
import { TraceCalError } from './errors.js';
import { inputOf } from './input.js';
import type { Ledger } from './ledger.js';
import type { Committed, Outcome } from './outcome.js';
import { itemsOf } from './pages.js';

/** A contract as one member uses it: documents go and come as JSON, and every failure is a `TraceCalError`. */
export abstract class ContractClient {
  protected readonly ledger: Ledger;
  readonly #close: () => void;

  constructor(ledger: Ledger, close: () => void) {
    this.ledger = ledger;
    this.#close = close;
  }

  /**
   * What became of a transaction: the way out of `OUTCOME_UNKNOWN`. Waits until this member's own peer has it, if it is on
   * its way.
   *
   * @example
   * const outcome = await tracecal.outcome(error.txId);
   * if (outcome.state === 'refused') { ... } // only now is doing it again safe
   */
  outcome(txId: string): Promise<Outcome> {
    return this.ledger.outcome(txId);
  }

  /**
   * How many bytes the channel's configuration has. One that fills the orderers' largest message cannot grow any more.
   *
   * @throws TraceCalError
   * @example
   * if ((await tracecal.configurationBytes()) > 5_000_000) { ... }
   */
  async configurationBytes(): Promise<number> {
    return (await this.ledger.configuration()).length;
  }

  /** Ends the connection and every call that is under way; a program can end then, whatever the network does. */
  close(): void {
    this.#close();
  }

  /** @param argument - A word as it is; a document becomes JSON. */
  protected async submit<T>(transaction: string, argument: string | object): Promise<Committed<T>> {
    const committed = await this.ledger.submit(transaction, { arguments: [textOf(argument)] });
    return { ...committed, result: answerOf(committed.result) as T };
  }

  /** @param args - Words as they are; a document becomes JSON. */
  protected async ask<T>(transaction: string, ...args: readonly (string | object)[]): Promise<T> {
    return answerOf(await this.ledger.evaluate(transaction, ...args.map(textOf))) as T;
  }

  /** A list that is answered page by page; each page is asked for when its first item is. */
  protected pages<T>(transaction: string, question: object): AsyncGenerator<T, void, undefined> {
    return itemsOf((bookmark) => this.ask<Page<T>>(transaction, { ...question, bookmark }));
  }
}

/** What has no JSON form (a number that is none, a member without a value) is refused here, not by the registry. */
function textOf(argument: string | object): string {
  // Whoever writes JavaScript can leave an argument out.
  if (typeof argument !== 'string' && (typeof argument !== 'object' || (argument as unknown) === null)) {
    const given = (argument as unknown) === null ? 'null' : typeof argument;
    throw new TraceCalError('INPUT_INVALID', `An id or an object is expected, not ${given}.`);
  }
  return typeof argument === 'string' ? argument : inputOf(() => canonicalJson(argument));
}
