import type { Entry, Subject } from '../../model/index.js';
import { readStatement } from './statement.js';

/** The part of a statement that determines its order. */
export interface Numbered {
  readonly author: string;
  readonly subject: Subject;
  readonly number: number;
}

/** The least number of an author's next statement about a subject, after these entries. */
export function nextNumber(entries: readonly Entry[], author: string, { kind, id }: Subject): number {
  return entries
    .map(({ jws }) => readStatement(jws))
    .filter((said) => said.author === author && said.subject.kind === kind && said.subject.id === id)
    .reduce((next, { number }) => Math.max(next, number + 1), 1);
}

/**
 * The signed order of statements: an author's statements about a subject have increasing numbers. The time of registration is not
 * signed, so without numbers somebody who hands out records could place an older statement after a newer one.
 */
export class Order {
  readonly #last = new Map<string, number>();

  /** Whether a statement follows the accepted statements of its author about the same subject. */
  follows(statement: Numbered): boolean {
    return statement.number > this.#lastOf(statement);
  }

  /** Like {@link follows}, for a standing consent: it applies to one report after another. */
  repeatsOrFollows(statement: Numbered): boolean {
    return statement.number >= this.#lastOf(statement);
  }

  take(statement: Numbered): void {
    this.#last.set(nameOf(statement), statement.number);
  }

  #lastOf(statement: Numbered): number {
    return this.#last.get(nameOf(statement)) ?? -1;
  }
}

function nameOf({ author, subject }: Numbered): string {
  return `${author} ${subject.kind} ${subject.id}`;
}
