import type { SubjectKind } from '@tracecal/chaincode/model';
import { TraceCalError } from '../client/index.js';
import { CliError } from './errors.js';

/** What a question answers, or undefined where nothing of that id is registered. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Stops before anything is made for an id that is taken.
 *
 * @param answer - What the registry says about the id.
 * @throws CliError `ALREADY_EXISTS`
 */
export async function refuseRegistered(kind: SubjectKind, id: string, answer: Promise<unknown>): Promise<void> {
  if ((await ifThere(answer)) !== undefined) {
    throw new CliError('ALREADY_EXISTS', `It is ${kind} ${id}.`);
  }
}
