import { existsSync } from 'node:fs';
import { atomicWrite, PRIVATE } from '@tracecal/network/engine';
import { readFounding, readText } from '@tracecal/gateway-client/application';
import type { DataDirectory } from '../data/dataDirectory.js';
import { environmentOf, type ServiceEnvironment } from './serviceEnvironment.js';

/** Explains the option `--founding`. */
export const FOUNDING_HELP =
  'founding statement of the registry, for the chaincode services (default: that of the last time here)';

/** The registry that a member's chaincode services serve. */
export interface MemberFounding {
  readonly environment: ServiceEnvironment;
  /** Keeps the statement in the data directory, for later commands. */
  readonly keep: () => void;
}

/** Reads a founding statement: the one that is named, or else the one kept earlier, if there is one. @throws ApplicationError */
export async function memberFounding({ foundingFile }: DataDirectory, named?: string): Promise<MemberFounding> {
  const file = named ?? foundingFile;
  const founding = named === undefined && !existsSync(file) ? undefined : readFounding(file);
  const statement = named === undefined ? undefined : await readText(named);
  return {
    environment: environmentOf(founding),
    keep: () => {
      if (statement !== undefined) atomicWrite(foundingFile, statement, PRIVATE);
    },
  };
}
