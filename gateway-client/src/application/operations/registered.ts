import type { SubjectKind } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import { ApplicationError } from '../errors.js';

/**
 * Stops before anything is made for an id that is taken.
 *
 * @param answer - What the registry says about the id.
 * @throws ApplicationError `ALREADY_EXISTS`
 */
export async function refuseRegistered(kind: SubjectKind, id: string, answer: Promise<unknown>): Promise<void> {
  if ((await undefinedIfNotFound(answer)) !== undefined) {
    throw new ApplicationError(
      'ALREADY_EXISTS',
      `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id} is already registered: choose another id.`,
    );
  }
}
