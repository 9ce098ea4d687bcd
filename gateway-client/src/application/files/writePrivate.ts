import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWrite } from '../../client/atomicWrite.js';

/** Writes a file that only its owner can read, in a folder that only they can enter. A key is never half-written. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await atomicWrite(path, text, { mode: 0o600 });
}
