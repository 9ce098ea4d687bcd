import { isKind, isOfEarlierEpoch } from '../../model/index.js';
import type { Registered } from '../../model/index.js';
import { impedimentsOf } from '../impediments.js';
import type { Impediment, ImpedimentKind, Say } from '../impediments.js';
import type { Known } from './authority.js';
import type { Said } from './statement.js';

/** Valid statements against a subject, in order, and why their authors may object. */
export type Heard = ReadonlyMap<Said<ImpedimentKind>, Say>;

/** What was said against a subject, by what the ledger held at one registration after another. */
export class Against {
  readonly #words: readonly Said<ImpedimentKind>[];
  readonly #says: Heard | undefined;
  /** The same words by when they are held, the earliest first. */
  readonly #inTime: readonly Said<ImpedimentKind>[];
  /** By the number of words that the ledger held: acts of any number of moments ask. */
  readonly #known = new Map<number, readonly Impediment[]>();

  /** @param says Absent if it does not matter in whose name the authors speak. */
  constructor(heard: Heard, says?: Heard) {
    this.#words = [...heard.keys()];
    this.#says = says;
    this.#inTime = this.#words.toSorted((one, other) => heldFrom(one) - heldFrom(other));
  }

  get isAny(): boolean {
    return this.#words.length > 0;
  }

  by(known: Known): readonly Impediment[] {
    const count = known === 'today' ? this.#words.length : this.#countBy(known);
    const impediments = this.#known.get(count) ?? impedimentsOf(this.#heldBy(known), this.#says);
    this.#known.set(count, impediments);
    return impediments;
  }

  #heldBy(known: Known): readonly Said<ImpedimentKind>[] {
    return known === 'today' ? this.#words : this.#words.filter((word) => isHeld(word, known));
  }

  #countBy(known: Registered): number {
    let [from, to] = [0, this.#inTime.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const word = this.#inTime[middle];
      if (word && isHeld(word, known)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}

/** An objection undoes nothing of its own epoch; what lifts one counts in that epoch already: what rests on it came after it. */
function isHeld({ statement, registered }: Said<ImpedimentKind>, known: Registered): boolean {
  return isKind(statement, 'reinstatement')
    ? !isOfEarlierEpoch(known, registered)
    : isOfEarlierEpoch(registered, known);
}

/** In the order in which {@link isHeld} comes true. */
function heldFrom({ statement, registered: { epoch } }: Said<ImpedimentKind>): number {
  return isKind(statement, 'reinstatement') ? epoch : epoch + 0.5;
}
