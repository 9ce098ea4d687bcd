/** One error in a consortium description. */
export interface ConsortiumProblem {
  /** Counted from 1; absent if the text as a whole is wrong. */
  readonly line?: number;
  readonly reason: string;
}

export type ConsortiumErrorCode = 'CONSORTIUM_MISSING' | 'CONSORTIUM_INVALID';

/** The consortium description is missing or wrong. The message has one line for each problem: `consortium.yaml:14: reason`. */
export class ConsortiumError extends Error {
  readonly code: ConsortiumErrorCode;
  readonly file: string;
  /** In the order of their lines. */
  readonly problems: readonly ConsortiumProblem[];

  constructor(code: ConsortiumErrorCode, file: string, problems: readonly ConsortiumProblem[], options?: ErrorOptions) {
    const inOrder = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    super(inOrder.map((problem) => sentence(file, problem)).join('\n'), options);
    this.name = 'ConsortiumError';
    this.code = code;
    this.file = file;
    this.problems = inOrder;
  }
}

function sentence(file: string, { line, reason }: ConsortiumProblem): string {
  return line === undefined ? `${file}: ${reason}` : `${file}:${line}: ${reason}`;
}
