import type { Entry, Subject } from '../../model/index.js';
import { readStatement } from './statement.js';

/** As much of a statement as gives it its place among others. */
export interface Numbered {
  readonly author: string;
  readonly subject: Subject;
  readonly number: number;
}

/** The least number of an author's next statement about a subject, after all that these entries hold. */
export function nextNumber(entries: readonly Entry[], author: string, { kind, id }: Subject): number {
  return entries
    .map(({ jws }) => readStatement(jws))
    .filter((said) => said.author === author && said.subject.kind === kind && said.subject.id === id)
    .reduce((next, { number }) => Math.max(next, number + 1), 1);
}

/**
 * The signed order of statements: each of an author about a subject has a higher number than the one before. When the ledger
 * took something in is not signed, so that whoever hands out records could file an older statement behind a newer one.
 */
export class Order {
  readonly #last = new Map<string, number>();

  /** Whether a statement comes after those of its author about the same subject that were taken. */
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
