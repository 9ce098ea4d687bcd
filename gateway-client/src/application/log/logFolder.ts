import { join } from 'node:path';
import { epochFile, HEAD_FILE } from '../../proof/verify/index.js';
import type { LogFiles } from '../../proof/verify/index.js';
import { isMissing } from '../../files/index.js';
import { ApplicationError } from '../errors.js';
import { readExactText } from '../files/inputFile.js';

/** Longest file of an epoch: two million transactions. */
const MOST_BYTES = 268_435_456;

/** The change log in a folder. */
export function logFolder(folder: string): LogFiles {
  return {
    head: () => readExactText(join(folder, HEAD_FILE), MOST_BYTES),
    epoch: (number) => readIfThere(join(folder, epochFile(number))),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readExactText(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof ApplicationError && isMissing(error.cause)) {
      return undefined;
    }
    throw error;
  }
}
