/** What an observer has of one read: tokens of any kind. */
export type Observation = readonly string[];

/** An observation of a read whose subject the observer knows. */
export interface Labelled {
  readonly subject: string;
  readonly seen: Observation;
}

/**
 * Guesses what a read is about from what is seen of it: multinomial naive Bayes over tokens, with Laplace's correction. Tokens that no known
 * read had say nothing, so the random parts of messages do not mislead it.
 */
export class Guesser {
  readonly #subjects = new Map<string, { readonly tokens: Map<string, number>; total: number; reads: number }>();
  readonly #vocabulary = new Set<string>();
  #reads = 0;

  constructor(known: readonly Labelled[]) {
    for (const { subject, seen } of known) this.#learn(subject, seen);
  }

  guess(seen: Observation): string {
    const known = seen.filter((token) => this.#vocabulary.has(token));
    let best = { subject: '', score: -Infinity };
    for (const [subject, { tokens, total, reads }] of this.#subjects) {
      const prior = Math.log(reads / this.#reads);
      const score = known.reduce(
        (sum, token) => sum + Math.log(((tokens.get(token) ?? 0) + 1) / (total + this.#vocabulary.size)),
        prior,
      );
      if (score > best.score) best = { subject, score };
    }
    return best.subject;
  }

  #learn(subject: string, seen: Observation): void {
    const known = this.#subjects.get(subject) ?? { tokens: new Map<string, number>(), total: 0, reads: 0 };
    for (const token of seen) {
      known.tokens.set(token, (known.tokens.get(token) ?? 0) + 1);
      this.#vocabulary.add(token);
    }
    known.total += seen.length;
    known.reads += 1;
    this.#reads += 1;
    this.#subjects.set(subject, known);
  }
}

/** How often the guesser was right about reads that it had not learnt from. */
export interface Success {
  readonly right: number;
  readonly of: number;
  /** The share that blind guessing would have: one of so many subjects. */
  readonly chance: number;
}

/** Learns from the first half of the reads of each subject, and guesses the second half. */
export function successOf(reads: readonly Labelled[]): Success {
  const subjects = [...new Set(reads.map(({ subject }) => subject))];
  const halves = subjects.map((subject) => {
    const own = reads.filter((read) => read.subject === subject);
    return { known: own.slice(0, own.length / 2), asked: own.slice(own.length / 2) };
  });
  const guesser = new Guesser(halves.flatMap(({ known }) => known));
  const asked = halves.flatMap((half) => half.asked);
  const right = asked.filter(({ subject, seen }) => guesser.guess(seen) === subject).length;
  return { right, of: asked.length, chance: 1 / subjects.length };
}

/** Most right guesses that blind guessing exceeds with a probability of at most `significance`. */
export function mostByChance({ of, chance }: Success, significance: number): number {
  let term = (1 - chance) ** of;
  let atMost = term;
  let right = 0;
  while (1 - atMost > significance && right < of) {
    term *= ((of - right) / (right + 1)) * (chance / (1 - chance));
    right += 1;
    atMost += term;
  }
  return right;
}
