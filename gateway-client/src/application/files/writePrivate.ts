import { dirname } from 'node:path';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';

/** Writes a file that only its owner can read, in a folder that only they can enter. A key is never half-written. @throws TraceCalError `FILE_UNWRITABLE` */
export async function writePrivate(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  await atomicWrite(path, text, { mode: 0o600 });
}
