import { describeFailure } from '../failure.js';

/** A failure as a part of a sentence. */
export function whyFailed(error: unknown): string {
  return withoutStop(describeFailure(error).message);
}

export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
