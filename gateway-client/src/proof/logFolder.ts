import { join } from 'node:path';
import { exactText } from '../client/exactText.js';
import { isMissing } from '../files/index.js';
import { epochFile, HEAD_FILE } from './verify/log/files.js';
import type { LogFiles } from './verify/log/files.js';

/** Longest file of an epoch: two million transactions. */
export const MOST_LOG_FILE_BYTES = 268_435_456;

/** The change log in a folder. @param read Says in its own error why a file cannot be read, with the cause. */
export function logFolder(folder: string, read = exactText): LogFiles {
  return {
    head: () => read(join(folder, HEAD_FILE), MOST_LOG_FILE_BYTES),
    async epoch(number) {
      try {
        return await read(join(folder, epochFile(number)), MOST_LOG_FILE_BYTES);
      } catch (error) {
        if (error instanceof Error && isMissing(error.cause)) {
          return undefined;
        }
        throw error;
      }
    },
  };
}
