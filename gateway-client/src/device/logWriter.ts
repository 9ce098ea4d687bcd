import { open, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { syncFolder } from '../client/atomicWrite.js';
import { TraceCalError } from '../client/errors.js';
import { whyUnwritable } from '../files/index.js';
import type { LogEnd } from './logEnd.js';
import { LINES_OF_A_SEGMENT, segmentAt } from './segments.js';
import type { Segment } from './segments.js';

const OWNER_ONLY = 0o600;

/** A signed measurement as it is written, with its number. */
export interface NumberedLine {
  readonly sequence: number;
  /** With its line end. */
  readonly text: string;
}

/** What became of lines that were to be appended. */
export interface Appended {
  /** So many stand in the files, from the first on. */
  readonly count: number;
  /** Why the others do not; undefined if all do. */
  readonly failure?: TraceCalError;
}

/** Appends lines to the files of a log, many with one write. Half a line never stays. */
export class LogWriter {
  readonly #folder: string;
  #segment: Segment;
  #file: FileHandle | undefined;
  #size: number;
  #lines: number;
  /** Lines that were written since it was opened, and how many of them are surely on the disk. */
  #written = 0;
  #forced = 0;
  /** After a failure that leaves open what stands on the disk, nothing more is written. */
  #failure: TraceCalError | undefined;

  constructor(folder: string, { segment, size, lines }: Pick<LogEnd, 'segment' | 'size' | 'lines'>) {
    this.#folder = folder;
    this.#segment = segment;
    this.#size = size;
    this.#lines = lines;
  }

  /** Lines that a power failure could still take away. */
  get unsynced(): number {
    return this.#written - this.#forced;
  }

  /** Why nothing can be written any more; undefined as long as it can. */
  get failure(): TraceCalError | undefined {
    return this.#failure;
  }

  async append(lines: readonly NumberedLine[]): Promise<Appended> {
    let count = 0;
    while (count < lines.length) {
      try {
        await (this.#lines < LINES_OF_A_SEGMENT ? undefined : this.#next(lines[count]?.sequence ?? 0));
        const room = LINES_OF_A_SEGMENT - this.#lines;
        const part = lines.slice(count, count + room).map(({ text }) => Buffer.from(text, 'utf8'));
        const written = await this.#write(part);
        count += written.count;
        if (written.failure) {
          return { count, failure: written.failure };
        }
      } catch (cause) {
        return { count, failure: this.#unwritable(cause) };
      }
    }
    return { count };
  }

  /** Forces to the disk what was written. @throws TraceCalError `FILE_UNWRITABLE` */
  async sync(): Promise<void> {
    if (this.unsynced > 0 && this.#file) {
      await this.#force(this.#file);
    }
  }

  /** What was not forced to the disk before is not now either. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #next(first: number): Promise<void> {
    await this.sync();
    await this.close();
    this.#segment = segmentAt(this.#folder, first);
    [this.#size, this.#lines] = [0, 0];
  }

  async #write(lines: readonly Buffer[]): Promise<Appended> {
    let failure: TraceCalError | undefined;
    let kept = lines;
    try {
      this.#file ??= await this.#opened();
      await this.#file.appendFile(Buffer.concat(lines));
    } catch (cause) {
      failure = this.#unwritable(cause);
      kept = await this.#whole(lines, failure);
    }
    this.#size += bytesIn(kept);
    this.#lines += kept.length;
    this.#written += kept.length;
    return { count: kept.length, ...(failure && { failure }) };
  }

  /**
   * The lines that were written before it failed: somebody who reads the log meanwhile may have seen them, so they stay. Half a line would
   * damage the ones after it.
   */
  async #whole(lines: readonly Buffer[], failure: TraceCalError): Promise<readonly Buffer[]> {
    try {
      const written = ((await this.#file?.stat())?.size ?? this.#size) - this.#size;
      const whole = lines.filter((_, place) => bytesIn(lines.slice(0, place + 1)) <= written);
      await (written > 0 ? truncate(this.#segment.path, this.#size + bytesIn(whole)) : undefined);
      return whole;
    } catch {
      this.#failure ??= failure;
      return [];
    }
  }

  /** A new file is on the disk only with its folder. */
  async #opened(): Promise<FileHandle> {
    const file = await open(this.#segment.path, 'a', OWNER_ONLY);
    try {
      await (this.#size === 0 ? syncFolder(this.#folder) : undefined);
      return file;
    } catch (cause) {
      this.#failure ??= this.#unwritable(cause);
      await file.close();
      throw cause;
    }
  }

  /** What the system could not force to the disk may be lost, even if it could the next time. */
  async #force(file: FileHandle): Promise<void> {
    const written = this.#written;
    try {
      await file.datasync();
      // Another one may have ended meanwhile, and have found more.
      this.#forced = Math.max(this.#forced, written);
    } catch (cause) {
      this.#failure ??= this.#unwritable(cause);
      throw this.#failure;
    }
  }

  #unwritable(cause: unknown): TraceCalError {
    return cause instanceof TraceCalError ? cause : unwritable(this.#segment.path, cause);
  }
}

export function unwritable(path: string, cause: unknown): TraceCalError {
  return new TraceCalError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause, detail: path });
}

function bytesIn(lines: readonly Buffer[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0);
}
