import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The signal by which a network's process is told that a request waits for it. */
export const SIGNAL = 'SIGHUP';

/** Where the request waits, in the network's data directory. */
export function requestFile(dataDir: string): string {
  return join(dataDir, 'request.json');
}

/** Where the process says what became of it. */
export function answerFile(dataDir: string): string {
  return join(dataDir, 'answer.json');
}

/** Whole or not at all: the other side may read at any moment. */
export function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
