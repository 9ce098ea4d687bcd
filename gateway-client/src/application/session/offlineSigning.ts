import { isKind } from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import { readStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';
import type { Session } from './session.js';

/**
 * What signing needs, without a network: the registry and its institutes as they were founded. Institutes that were admitted or revoked later are
 * not known here, and neither are officers, so an organisation signs with its own key.
 *
 * @throws ApplicationError `INPUT_INVALID` if this is not a founding
 */
export function offlineSigning(
  founding: Item,
  keys: CalibrationKeys,
): Pick<Session, 'keys' | 'registry' | 'institutes' | 'officer' | 'reader'> {
  const statement = readStatement(founding.statement);
  if (!isKind(statement, 'founding')) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'This is no founding statement: name the file of the registry that the statement is for.',
    );
  }
  const institutes = statement.body.institutes.map((institute) => ({ ...institute, impediments: [] }));
  return {
    keys,
    registry: () => Promise.resolve(registryName(statement.subject.id, founding.statement)),
    institutes: () => Promise.resolve(institutes),
    officer: () => Promise.resolve(undefined),
    reader: () =>
      Promise.reject(
        new ApplicationError(
          'NETWORK_DOWN',
          `A new key or certificate waits in ${keys.folder}, and nobody can be asked here whether it is registered: sign where the network is reached.`,
        ),
      ),
  };
}
