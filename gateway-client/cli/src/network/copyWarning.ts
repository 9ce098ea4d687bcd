import { restoredFrom } from '@tracecal/network/backup';
import type { DataDirectory } from '../data/dataDirectory.js';
import { word } from '../text/quoted.js';

/** What the user of a restored directory must know, until they confirm that the original is gone; undefined elsewhere. */
export function copyWarning({ root, restoredFile }: DataDirectory): string | undefined {
  const copy = restoredFrom(root);
  if (copy === undefined) return undefined;
  return `${root} was restored from a backup of ${copy.directory} on ${copy.host}, and signs with the same keys. If the original still runs, do not use both: an orderer that signs twice counts as faulty. When the original is gone for good, delete ${word(restoredFile)}.`;
}
