import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../files/index.js';

/** A log is kept in files of so many lines at most. */
export const LINES_OF_A_SEGMENT = 10_000;
/** A longer line is none of ours. */
const MOST_LINE_BYTES = 65_536;
const NEWLINE = 0x0a;

/** A file that begins with the measurement of this number. */
export interface Segment {
  readonly first: number;
  readonly path: string;
}

/** A line, and where the next one begins. */
export interface Line {
  readonly text: string;
  readonly end: number;
  /** It is false if the file ends before the line does. */
  readonly isWhole: boolean;
}

export function segmentAt(folder: string, first: number): Segment {
  return { first, path: join(folder, `measurements-${String(first).padStart(16, '0')}.jsonl`) };
}

/** The files of a log, oldest first. */
export async function segmentsIn(folder: string): Promise<readonly Segment[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) {
      return [];
    }
    throw cause;
  }
  return names
    .flatMap((name) => /^measurements-(\d{16})\.jsonl$/.exec(name)?.[1] ?? [])
    .map((digits) => segmentAt(folder, Number(digits)))
    .sort((one, other) => one.first - other.first);
}

/** The lines of a file; one that is too long is cut and not whole. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      end += at + 1;
      yield { text: rest.toString('utf8', 0, at), end, isWhole: true };
      rest = rest.subarray(at + 1);
    }
    if (rest.length > MOST_LINE_BYTES) {
      break;
    }
  }
  if (rest.length > 0) {
    yield { text: rest.toString('utf8', 0, MOST_LINE_BYTES), end: end + rest.length, isWhole: false };
  }
}
