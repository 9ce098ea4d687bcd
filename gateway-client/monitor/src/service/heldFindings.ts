import { findingShape } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { z } from 'zod';
import type { Finding } from '../model/index.js';
import type { HeldFinding } from '../slices/index.js';
import type { Change, Collection, Store } from '../store/index.js';

const schema = z.custom<Finding>((value) => findingShape.safeParse(value).success);
const DIGITS = 12;

/** What was found at the sites of one operator, in the order in which it was found. */
export class HeldFindings {
  readonly #operator: string;
  readonly #held: Collection<Finding>;
  #next = 0;

  private constructor(store: Store, operator: string) {
    this.#operator = operator;
    this.#held = store.collection(`held ${operator}`, schema);
  }

  static async open(store: Store, operator: string): Promise<HeldFindings> {
    const held = new HeldFindings(store, operator);
    for await (const [key] of held.#held.entries({ reverse: true, limit: 1 })) {
      held.#next = Number(key.slice(-DIGITS)) + 1;
    }
    return held;
  }

  /** Changes that add findings. @param at - When they were concluded: no earlier than those before. */
  changesFor(findings: readonly Finding[], at: Instant): readonly Change[] {
    const first = this.#next;
    this.#next += findings.length;
    return findings.map((finding, index) =>
      this.#held.put(`${at} ${String(first + index).padStart(DIGITS, '0')}`, finding),
    );
  }

  /** @param after - The key of the last one that is known. */
  async *entries(after?: string): AsyncGenerator<HeldFinding> {
    for await (const [key, finding] of this.#held.entries(after === undefined ? {} : { after })) {
      yield { key, operator: this.#operator, finding };
    }
  }

  /** Those that were concluded at a time or later. */
  async since(time: Instant): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    for await (const [, finding] of this.#held.entries({ from: time })) found.push(finding);
    return found;
  }
}
