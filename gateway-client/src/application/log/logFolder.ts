import { logFolder as folderOf } from '../../proof/logFolder.js';
import type { LogFiles } from '../../proof/verify/index.js';
import { readExactText } from '../files/inputFile.js';

/** The change log in a folder. */
export function logFolder(folder: string): LogFiles {
  return folderOf(folder, readExactText);
}
