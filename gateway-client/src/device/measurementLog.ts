import { open, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { canonicalJson } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { jwsPayload } from '@tracecal/core/signing';
import { atomicWrite, makeFolder, syncFolder } from '../client/atomicWrite.js';
import { clientError, TraceCalError } from '../client/errors.js';
import { inputOf } from '../client/input.js';
import { signatureOf } from '../client/signer.js';
import type { Signer } from '../client/signer.js';
import { whyUnwritable } from '../files/index.js';
import { FolderLock } from './folderLock.js';
import { damaged, findEnd, nextFile, readLine } from './logEnd.js';
import type { LogEnd } from './logEnd.js';
import { MEASUREMENT_TYPE, measurementOf, momentOf, readMeasurement, unverified } from './measurement.js';
import type { Measurement, Moment, Previous, Reading, SignedMeasurement, VerdictInForce } from './measurement.js';
import { linesOf, LINES_OF_A_SEGMENT, segmentAt, segmentsIn } from './segments.js';
import type { Segment } from './segments.js';

/**
 * When what was written is forced to the disk: after so many measurements, or so many milliseconds after the first that was not. What a
 * power failure takes away is then visible as a gap, because numbers are never used twice.
 */
export type SyncPolicy = { readonly every: number } | { readonly milliseconds: number };

export interface LogOptions {
  readonly folder: string;
  readonly registry: string;
  readonly device: string;
  readonly signer: Signer;
  /** By default every measurement. */
  readonly sync?: SyncPolicy;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What opening a log had to do after an interruption. */
export interface Repaired {
  /** Bytes of a measurement that was being written. */
  readonly cut: number;
  /** Numbers that are not used, because they may have been lost. */
  readonly skipped: number;
}

/** Numbers that a log may use before it says so on the disk again. */
const RESERVED = 1000;
const OWNER_ONLY = 0o600;

interface Waiting {
  readonly reading: Reading;
  readonly verdict: VerdictInForce | null;
  readonly time: Moment | undefined;
  readonly resolve: (signed: SignedMeasurement) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * A device's measurements in files of its own machine, each signed and linked to the one before. It survives a power failure: a torn end
 * is cut, and no number is used for two measurements.
 */
export class MeasurementLog {
  readonly #options: Required<LogOptions>;
  readonly #lock: FolderLock;
  readonly #waiting: Waiting[] = [];
  readonly repaired: Repaired;
  #segment: Segment;
  #file: FileHandle | undefined;
  #size: number;
  #lines: number;
  #last: Previous | null;
  #next: number;
  #reserved: number;
  #unsynced = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #isClosed = false;

  private constructor(options: Required<LogOptions>, lock: FolderLock, found: LogEnd, repaired: Repaired) {
    this.#options = options;
    this.#lock = lock;
    this.#segment = found.segment;
    this.#size = found.size;
    this.#lines = found.lines;
    this.#last = found.last;
    this.#next = found.next;
    this.#reserved = found.next;
    this.repaired = repaired;
  }

  /**
   * Opens a device's log, or begins it.
   *
   * @throws TraceCalError `MEASUREMENTS_DAMAGED`, `MEASUREMENTS_IN_USE`, `FILE_UNWRITABLE`
   */
  static async open(given: LogOptions): Promise<MeasurementLog> {
    const options = { sync: { every: 1 }, now: Date.now, ...given };
    await makeFolder(options.folder, 0o700);
    const lock = await FolderLock.take(options.folder);
    try {
      const found = await findEnd(options.folder, options.device);
      await (found.torn > 0 ? truncate(found.segment.path, found.size) : undefined);
      const repaired = { cut: found.torn, skipped: found.next - ((found.last?.sequence ?? -1) + 1) };
      const log = new MeasurementLog(options, lock, found, repaired);
      await log.#reserve();
      return log;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The last measurement; null: there is none. */
  get last(): Previous | null {
    return this.#last;
  }

  /**
   * Signs a reading as the next measurement and writes it.
   *
   * @param time When it was taken; by default now.
   * @throws TraceCalError `INPUT_INVALID`, `SIGNER_INVALID`, `FILE_UNWRITABLE`, `CLIENT_CLOSED`
   */
  append(reading: Reading, verdict: VerdictInForce | null = null, time?: Moment): Promise<SignedMeasurement> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ reading, verdict, time, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Refuses at once a reading that cannot be signed, before others are appended after it. @throws TraceCalError `INPUT_INVALID` */
  requireReading(reading: Reading, verdict: VerdictInForce | null = null, time?: Moment): void {
    this.#contentOf({ reading, verdict, time });
  }

  /** Forces to the disk what was written. @throws TraceCalError `FILE_UNWRITABLE` */
  async sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsynced === 0 || !this.#file) {
      return;
    }
    const count = this.#unsynced;
    await this.#forced(this.#file);
    this.#unsynced -= count;
  }

  async close(): Promise<void> {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    await this.#writing;
    if (this.#failure === undefined) {
      await this.sync();
      await this.#writeNext(this.#next);
    }
    clearTimeout(this.#timer);
    await this.#file?.close();
    await this.#lock.release();
  }

  /** All that wait are signed one after another, as each names the one before, and forced to the disk together. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0);
      const done: (readonly [Waiting, SignedMeasurement])[] = [];
      for (const each of taken) {
        try {
          done.push([each, await this.#write(each)]);
        } catch (cause) {
          each.reject(cause);
        }
      }
      try {
        await this.#syncAsAgreed();
        done.forEach(([{ resolve }, signed]) => {
          resolve(signed);
        });
      } catch (cause) {
        done.forEach(([{ reject }]) => {
          reject(cause);
        });
      }
    }
    // Before anybody who was waiting goes on: it may append again.
    this.#writing = undefined;
  }

  async #write({ reading, verdict, time }: Waiting): Promise<SignedMeasurement> {
    this.#requireUsable();
    const { signer } = this.#options;
    const content = this.#contentOf({ reading, verdict, time });
    const payload = jwsPayload(content);
    const jws: Jws = { payload, signatures: [await signatureOf(signer, payload)] };
    const signed = inputOf(() => readMeasurement(jws, [signer.certificate]));
    await this.#reserve();
    await this.#appendLine(`${canonicalJson(jws)}\n`);
    this.#last = { sequence: content.sequence, digest: signed.digest };
    this.#next = content.sequence + 1;
    return signed;
  }

  #contentOf({ reading, verdict, time }: Pick<Waiting, 'reading' | 'verdict' | 'time'>): Measurement {
    const { registry, device, now } = this.#options;
    return inputOf(() =>
      measurementOf({
        ...reading,
        type: MEASUREMENT_TYPE,
        registry,
        device,
        sequence: this.#next,
        previous: this.#last,
        time: time ?? momentOf(now()),
        verdict,
      } satisfies Measurement),
    );
  }

  async #appendLine(line: string): Promise<void> {
    if (this.#file && this.#lines >= LINES_OF_A_SEGMENT) {
      await this.#forced(this.#file);
      await this.#file.close();
      this.#file = undefined;
      this.#segment = segmentAt(this.#options.folder, this.#next);
      [this.#size, this.#lines] = [0, 0];
    }
    const bytes = Buffer.from(line, 'utf8');
    try {
      this.#file ??= await this.#opened();
      await this.#file.appendFile(bytes);
    } catch (cause) {
      // Half a line would damage the ones after it.
      await truncate(this.#segment.path, this.#size).catch(() => {
        this.#fail(cause);
      });
      throw unwritable(this.#segment.path, cause);
    }
    this.#size += bytes.length;
    this.#lines += 1;
    this.#unsynced += 1;
  }

  /** A new file is on the disk only with its folder. */
  async #opened(): Promise<FileHandle> {
    const file = await open(this.#segment.path, 'a', OWNER_ONLY);
    await (this.#size === 0 ? syncFolder(this.#options.folder) : undefined);
    return file;
  }

  /** Says on the disk which numbers may be used from now on, before they are: a power failure could take away what used them. */
  async #reserve(): Promise<void> {
    const { sync } = this.#options;
    const isEachSynced = 'every' in sync && sync.every === 1;
    if (!isEachSynced && this.#next >= this.#reserved) {
      this.#reserved = this.#next + RESERVED;
      await this.#writeNext(this.#reserved);
    }
  }

  async #syncAsAgreed(): Promise<void> {
    const { sync } = this.#options;
    if ('every' in sync) {
      await (this.#unsynced >= sync.every ? this.sync() : undefined);
    } else if (this.#unsynced > 0) {
      this.#timer ??= setTimeout(() => {
        this.sync().catch(() => undefined);
      }, sync.milliseconds);
    }
  }

  async #writeNext(next: number): Promise<void> {
    await atomicWrite(nextFile(this.#options.folder), `${JSON.stringify({ next })}\n`, { mode: OWNER_ONLY });
  }

  /** What the system could not force to the disk may be lost, even if it could the next time. */
  async #forced(file: FileHandle): Promise<void> {
    try {
      await file.datasync();
    } catch (cause) {
      this.#fail(cause);
      throw unwritable(this.#segment.path, cause);
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= cause;
  }

  #requireUsable(): void {
    if (this.#isClosed) {
      throw clientError('CLIENT_CLOSED', this.#options.folder);
    }
    if (this.#failure !== undefined) {
      throw unwritable(this.#segment.path, this.#failure);
    }
  }
}

/**
 * All measurements of a log from a number on.
 *
 * @param certificates The device's (DER in base64); null: signatures are not checked, because only its own device writes the log.
 * @throws TraceCalError `MEASUREMENTS_DAMAGED`
 */
export async function* measurementsIn(
  folder: string,
  certificates: readonly string[] | null,
  from = 0,
): AsyncGenerator<SignedMeasurement> {
  const read = certificates === null ? unverified : (jws: unknown) => readMeasurement(jws, certificates);
  const segments = await segmentsIn(folder);
  for (const [index, segment] of segments.entries()) {
    if ((segments[index + 1]?.first ?? Infinity) <= from) {
      continue;
    }
    for await (const { text, isWhole } of linesOf(segment.path)) {
      // The end of the last file may just be written.
      if (!isWhole && index === segments.length - 1) {
        return;
      }
      const signed =
        readLine(text, read) ?? damaged(segment.path, 'holds a line that is no measurement of this device');
      if (signed.content.sequence >= from) {
        yield signed;
      }
    }
  }
}

/** Forces to the disk what stands in a log, whoever wrote it and by whatever policy. @throws TraceCalError `FILE_UNWRITABLE` */
export async function syncLog(folder: string): Promise<void> {
  for (const { path } of await segmentsIn(folder)) {
    try {
      const file = await open(path, 'r');
      await file.datasync().finally(() => file.close());
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }
}

function unwritable(path: string, cause: unknown): TraceCalError {
  return new TraceCalError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause, detail: path });
}
