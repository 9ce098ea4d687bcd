import { TraceCalError } from './errors.js';

/** The answer to a query, or undefined if nothing is registered under that id. */
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
