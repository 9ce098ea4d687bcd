import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a peer of Fabric 3.1.5 said of the odd transactions: `record.ts` wrote it. */
export interface Recording {
  /** The commit hash before the first of these blocks, in hexadecimal. */
  readonly before: string;
  readonly blocks: readonly RecordedBlock[];
}

export interface RecordedBlock {
  readonly number: number;
  readonly transactions: readonly RecordedTransaction[];
  readonly commitHash: string;
}

export interface RecordedTransaction {
  readonly name: string;
  /** Organisations whose peers endorsed it. */
  readonly endorsers: readonly string[];
  readonly version: string;
  /** A serialised `rwset.TxReadWriteSet`, in base64. */
  readonly results: string;
  readonly code: number;
}

export function readRecording(): Recording {
  const file = join(__dirname, '..', '..', '..', 'support', 'odd', 'recorded.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Recording;
}
