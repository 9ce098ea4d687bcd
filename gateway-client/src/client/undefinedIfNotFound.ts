import { TraceCalError } from './errors.js';

/** What a question answers, or undefined where nothing of that id is registered. */
export async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}
