import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the process of a network is asked for: a description, as text, and how to bring it about. */
export const reconfigurationRequest = z.strictObject({
  consortium: z.string(),
  joinFrom: z.enum(['genesis', 'snapshot']),
});
export type ReconfigurationRequest = z.infer<typeof reconfigurationRequest>;

/** The signal by which a network's process is told that a new description waits for it. */
export const SIGNAL = 'SIGHUP';

/** Where the new description waits, in the network's data directory. */
export function requestFile(dataDir: string): string {
  return join(dataDir, 'reconfigure.json');
}

/** Where the process says what became of it. */
export function answerFile(dataDir: string): string {
  return join(dataDir, 'reconfigured.json');
}

/** Whole or not at all: the other side may read at any moment. */
export function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
