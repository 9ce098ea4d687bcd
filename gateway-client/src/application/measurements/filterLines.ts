import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { canonicalJson, parseJson, RegistryError } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { attempt } from '../../device/attempt.js';
import { FolderLock } from '../../device/folderLock.js';
import { whyUnwritable } from '../../files/index.js';
import { DROP_REASONS, MeasurementFilter, unverified } from '../../device/index.js';
import type { DropReason, Irregularity, SignedMeasurement } from '../../device/index.js';
import { ApplicationError } from '../errors.js';
import { linesIn } from '../files/inputLines.js';
import { Remembered } from './remembered.js';
import type { KnownDevices } from './knownDevices.js';

const LIMITS = { maxLength: 65_536, maxDepth: 4 };
/** More bytes than the longest measurement has. */
export const MOST_MEASUREMENT_BYTES = LIMITS.maxLength;

export interface Dropped {
  /** The line of the input, from 1 on. */
  readonly line: number;
  readonly reason: DropReason;
  readonly why: string;
  /** Of an equivocation or a fork: both measurements, as evidence for anybody. */
  readonly evidence: readonly unknown[];
}

export interface Filtered {
  /** Lines that were read. */
  readonly read: number;
  readonly passed: number;
  /** Lines that had passed before a restart, and are not passed again. */
  readonly before: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Numbers that are missing among those that passed, by device: lost on their way, or declared as lost. */
  readonly missing: Readonly<Record<string, number>>;
}

export interface FilteringOptions {
  readonly registry: string;
  readonly devices: KnownDevices;
  /** Takes what passes; the next line is read when it is done. */
  readonly pass: (line: string) => Promise<void>;
  /** Told of what is dropped; the next line is read when it is done. */
  readonly onDrop?: (dropped: Dropped) => Promise<void> | void;
  /** Milliseconds since 1970; null on a machine without a clock. */
  readonly now?: (() => number) | null;
}

/** What has passed before a restart is told from replays at least as far back as this. */
const MOST_PASSED_BEFORE = 250_000;

/** Stands in the data path of signed measurements, one a line: passes what verifies, drops and counts the rest. */
export class LineFilter {
  readonly #options: FilteringOptions;
  readonly #filter: MeasurementFilter;
  readonly #missing = new Map<string, number>();
  /** What has passed before a restart and has not come again, by digest. */
  readonly #passedBefore = new Remembered(MOST_PASSED_BEFORE);
  #before = 0;
  #attested = 0;
  #current: SignedMeasurement | undefined;
  #line = 0;

  constructor(options: FilteringOptions) {
    this.#options = options;
    const now = options.now === undefined ? Date.now : options.now;
    const { standing } = options.devices;
    this.#filter = new MeasurementFilter({
      registry: options.registry,
      device: (id) => this.#current && options.devices.device(id, this.#current),
      ...(now && { now }),
      ...(standing && { standing }),
    });
  }

  /** Of those that were dropped: how many would have passed where ATTESTED is accepted. */
  get attested(): number {
    return this.#attested;
  }

  /** What happened so far. */
  get filtered(): Filtered {
    const { passed, dropped } = this.#filter.counts;
    const inOrder = DROP_REASONS.flatMap((reason) => {
      const count = dropped[reason];
      return count === undefined ? [] : [[reason, count] as const];
    });
    return {
      read: this.#line,
      passed,
      before: this.#before,
      dropped: Object.fromEntries(inOrder),
      missing: Object.fromEntries(this.#missing),
    };
  }

  /**
   * What has passed before a restart, in its order: it does not pass again, and is no replay where the source begins earlier. A torn end is
   * left out.
   */
  async remember(lines: AsyncIterable<string>): Promise<number> {
    let count = 0;
    for await (const line of lines) {
      const claimed = readLine(line);
      if (!(claimed instanceof RegistryError)) {
        this.#countMissing(claimed, this.#filter.rememberRead(claimed));
        this.#passedBefore.add(nameOf(claimed));
        count += 1;
      }
    }
    return count;
  }

  /** Filters lines until they end, or until this signal; a line that was begun is finished. The source is closed then, also after a failure. */
  async through(lines: AsyncIterable<string>, signal?: AbortSignal): Promise<Filtered> {
    const each = lines[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<string> | undefined> => unlessAborted(() => each.next(), signal);
    let line: IteratorResult<string> | undefined;
    try {
      for (line = await next(); line?.done === false; line = await next()) {
        await this.#take(line.value);
      }
      return this.filtered;
    } finally {
      if (line?.done !== true) {
        const closing = Promise.resolve(each.return?.()).catch(() => undefined);
        // After the signal a line may still be waited for, and a source closes only when it comes.
        await (line === undefined ? undefined : closing);
      }
    }
  }

  async #take(line: string): Promise<void> {
    this.#line += 1;
    const claimed = readLine(line);
    if (!(claimed instanceof RegistryError) && this.#passedBefore.delete(nameOf(claimed))) {
      this.#before += 1;
      return;
    }
    this.#current = claimed instanceof RegistryError ? undefined : claimed;
    if (this.#current) {
      await this.#options.devices.ready(this.#current);
    }
    const judged = this.#filter.judgeRead(claimed);
    if ('passed' in judged) {
      this.#countMissing(judged.passed, judged.irregularities);
      await this.#options.pass(canonicalJson(judged.passed.jws));
    } else {
      const { dropped: reason, why, irregularities } = judged;
      const isForCalibration = reason === 'not-traceable' || reason === 'not-covered';
      if (isForCalibration && this.#current && this.#options.devices.isOnlyAttested(this.#current)) this.#attested += 1;
      const evidence = irregularities.flatMap((each) => ('evidence' in each ? each.evidence : []));
      await this.#options.onDrop?.({ line: this.#line, reason, why, evidence });
    }
  }

  #countMissing({ content: { device } }: SignedMeasurement, irregularities: readonly Irregularity[]): void {
    const missing = irregularities.reduce(
      (sum, each) => sum + (each.kind === 'gap' ? each.to - each.from + 1 : each.kind === 'late' ? -1 : 0),
      0,
    );
    const count = (this.#missing.get(device) ?? 0) + missing;
    if (count > 0) {
      this.#missing.set(device, count);
    } else {
      this.#missing.delete(device);
    }
  }
}

/** Of the very same line: the signature, too. */
function nameOf({ jws }: SignedMeasurement): string {
  return sha256(canonicalJson(jws));
}

/**
 * What comes of it, or undefined if the signal came before: nobody waits for a line that may never come. Nothing is left of the wait: a filter
 * waits for millions of lines.
 */
async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal?.aborted === true) {
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      resolve(undefined);
    };
    signal?.addEventListener('abort', stop, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', stop));
  });
}

/** What a filter has passed, in a file that it continues after an interruption. */
export interface PassedFile {
  /** The measurements that it held, in their order. */
  readonly before: AsyncIterable<string>;
  append(line: string): Promise<void>;
  /** Forces it to the disk. */
  close(): Promise<void>;
}

const SYNC_EVERY = 1000;

/**
 * Opens the output of a filter, and cuts a torn end. One process at a time has it.
 *
 * @throws ApplicationError `FILE_UNWRITABLE`, and `INPUT_INVALID` for a file that holds something else: nothing of that is cut
 */
export async function openPassed(path: string): Promise<PassedFile> {
  if (path === '-') {
    throw new ApplicationError('INPUT_INVALID', 'A file is continued, and stdout is not: leave the output out.');
  }
  const lock = await FolderLock.beside(path);
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'a+', 0o600);
    await cutTornEnd(path, file);
    return passedFile(path, file, lock);
  } catch (cause) {
    await (file?.close() ?? Promise.resolve()).catch(() => undefined).finally(() => lock.release());
    throw cause instanceof ApplicationError ? cause : unwritable(path, cause);
  }
}

function passedFile(path: string, file: FileHandle, lock: FolderLock): PassedFile {
  let unsynced = 0;
  return {
    before: linesIn(path, MOST_MEASUREMENT_BYTES),
    append: async (line) => {
      try {
        await file.appendFile(`${line}\n`);
        unsynced += 1;
        if (unsynced >= SYNC_EVERY) {
          unsynced = 0;
          await file.datasync();
        }
      } catch (cause) {
        throw notWritten(path, cause);
      }
    },
    close: async () => {
      try {
        await file.datasync().finally(() => file.close());
      } catch (cause) {
        throw notWritten(path, cause);
      } finally {
        await lock.release();
      }
    },
  };
}

/** A file that is not one of measurements was named by mistake. */
async function cutTornEnd(path: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const whole = await wholeLines(file, size);
  const first = await textFrom(file, 0, Math.min(whole, MOST_MEASUREMENT_BYTES));
  const torn = await textFrom(file, whole, Math.min(size - whole, MOST_MEASUREMENT_BYTES + 1));
  const isTorn = torn.length <= MOST_MEASUREMENT_BYTES && mayBegin(torn);
  if (!isTorn || !(whole === 0 || isMeasurement(first.slice(0, first.indexOf('\n'))))) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path} holds something other than measurements that have passed: name another file.`,
    );
  }
  await (whole < size ? file.truncate(whole) : undefined);
}

const BEGINNING = '{"payload":"';

/** Whether a measurement may have begun so. */
function mayBegin(text: string): boolean {
  // A power failure may leave zeros where a line was to be.
  return BEGINNING.startsWith(text.slice(0, BEGINNING.length)) || /^\0*$/.test(text);
}

/** What a line claims to be, with nothing checked of who signed it. */
function readLine(line: string): SignedMeasurement | RegistryError {
  return attempt(() => unverified(parseJson(line, LIMITS)));
}

function isMeasurement(line: string): boolean {
  return !(readLine(line) instanceof RegistryError);
}

async function textFrom(file: FileHandle, from: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

/** The bytes up to the end of the last whole line. */
async function wholeLines(file: FileHandle, size: number): Promise<number> {
  const NEWLINE = 0x0a;
  const chunk = Buffer.alloc(MOST_MEASUREMENT_BYTES);
  let end = size;
  while (end > 0) {
    const from = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - from, from);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) {
      return from + at + 1;
    }
    end = from;
  }
  return 0;
}

function unwritable(path: string, cause: unknown): ApplicationError {
  return new ApplicationError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause });
}

/** It could be written before. */
function notWritten(path: string, cause: unknown): ApplicationError {
  return new ApplicationError('WRITING_FAILED', whyUnwritable(path, cause), { cause });
}
