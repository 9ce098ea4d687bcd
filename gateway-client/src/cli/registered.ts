import type { SubjectKind } from '@tracecal/core/model';
import { CliError } from './errors.js';
import { undefinedIfNotFound } from '../client/index.js';

/**
 * Stops before anything is made for an id that is taken.
 *
 * @param answer - What the registry says about the id.
 * @throws CliError `ALREADY_EXISTS`
 */
export async function refuseRegistered(kind: SubjectKind, id: string, answer: Promise<unknown>): Promise<void> {
  if ((await undefinedIfNotFound(answer)) !== undefined) {
    throw new CliError('ALREADY_EXISTS', `It is ${kind} ${id}.`);
  }
}
