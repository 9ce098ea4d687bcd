import type { Jws } from '@tracecal/core/model';

/** What an instrument answered. */
export interface Answer {
  readonly value: number;
  /** What it was asked: `READ?`, or a function code with addresses. */
  readonly asked: string;
  /** What it answered, as text or in hexadecimal digits. */
  readonly answered: string;
  /** An answer that the instrument has signed, and the nonce that it was asked with. */
  readonly signed?: { readonly nonce: string; readonly measurement: Jws };
}

/** One way to read one instrument. */
export interface Probe {
  /** Where it connects to: one connection at a time is made to each. */
  readonly address: string;
  /** @throws ProbeFailed */
  read(): Promise<Answer>;
}

/** What can go wrong with a probe. */
export const PROBE_FAILURES = {
  unreachable: 'no connection could be made, or it was closed',
  unanswered: 'no answer came in time',
  refused: 'the instrument refused the question',
  unreadable: 'the answer is no value, or too long',
  replayed: 'the instrument has signed an answer, and to another question',
  forged: 'the answer is not signed by the instrument',
} as const;

export type ProbeFailure = keyof typeof PROBE_FAILURES;

/** A probe that brought no value. Its message is one sentence. */
export class ProbeFailed extends Error {
  override readonly name = 'ProbeFailed';

  constructor(
    readonly failure: ProbeFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Bounds of a probe. */
export interface ProbeLimits {
  /** For the whole of one read: 5,000 by default. */
  readonly timeoutMs?: number;
  /** The longest answer: 4,096 bytes by default. */
  readonly mostBytes?: number;
}

export const USUAL_TIMEOUT_MS = 5000;
export const USUAL_MOST_BYTES = 4096;
