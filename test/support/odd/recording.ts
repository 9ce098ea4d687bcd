import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The prefix of the keys in the recording. */
export const PREFIX = 'odd';
export const FILE = join(__dirname, '..', '..', '..', 'support', 'odd', 'recorded.json');

/** What a peer of Fabric 3.1.5 said of the odd transactions: `record.ts` wrote it, and has to write it again if they change. */
export interface Recording {
  /** The commit hash before the first of these blocks, in hexadecimal. */
  readonly before: string;
  readonly blocks: readonly RecordedBlock[];
}

export interface RecordedBlock {
  readonly number: number;
  readonly transactions: readonly { readonly name: string; readonly code: number }[];
  readonly commitHash: string;
}

export function readRecording(): Recording {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Recording;
}
