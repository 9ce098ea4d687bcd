import { open, truncate } from 'node:fs/promises';
import { canonicalBytes, canonicalJson, RegistryError } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { base64urlText, sha256 } from '@tracecal/core/platform';
import { atomicWrite, makeFolder } from '../client/atomicWrite.js';
import { clientError } from '../client/errors.js';
import { inputOf } from '../client/input.js';
import { Signatures } from '../client/signer.js';
import type { Signer } from '../client/signer.js';
import { FolderLock } from './folderLock.js';
import { damaged, findEnd, nextFile, readLine } from './logEnd.js';
import type { LogEnd } from './logEnd.js';
import { LogWriter, unwritable } from './logWriter.js';
import {
  MEASUREMENT_TYPE,
  momentOf,
  readMeasurement,
  unplacedMeasurement,
  unverified,
  wasInForce,
} from './measurement.js';
import type { Measurement, Moment, Previous, Reading, SignedMeasurement, VerdictInForce } from './measurement.js';
import { linesOf, segmentsIn } from './segments.js';

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

/** So many are signed and written together at most. */
const TOGETHER = 256;

interface Waiting {
  /** All but its place in the chain. */
  readonly content: Measurement;
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
  readonly #signatures: Signatures;
  readonly #files: LogWriter;
  readonly #waiting: Waiting[] = [];
  readonly repaired: Repaired;
  #last: Previous | null;
  #next: number;
  #reserved: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** What was promised to be on the disk after a while is not, and nobody was told. */
  #isUntold = false;

  private constructor(options: Required<LogOptions>, lock: FolderLock, found: LogEnd, repaired: Repaired) {
    this.#options = options;
    this.#lock = lock;
    this.#signatures = new Signatures(options.signer);
    this.#files = new LogWriter(options.folder, found);
    this.#last = found.last;
    this.#next = found.next;
    this.#reserved = found.next;
    this.repaired = repaired;
  }

  /**
   * Opens a device's log, or begins it.
   *
   * @throws TraceCalError `MEASUREMENTS_DAMAGED`, `MEASUREMENTS_IN_USE`, `FILE_UNWRITABLE`, `CERTIFICATE_INVALID`
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
      await log.#reserve(1);
      return log;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The last measurement; null in a log that holds none yet. */
  get last(): Previous | null {
    return this.#last;
  }

  /**
   * Signs a reading as the next measurement and writes it.
   *
   * @param verdict The one in force. One that is later than `time` is refused. Where the clock of this machine was put back since it was found,
   * it is left out.
   * @param time When it was taken; by default now.
   * @throws TraceCalError `INPUT_INVALID`, `CERTIFICATE_INVALID`, `SIGNER_INVALID`, `FILE_UNWRITABLE`, `CLIENT_CLOSED`
   */
  async append(reading: Reading, verdict: VerdictInForce | null = null, time?: Moment): Promise<SignedMeasurement> {
    return this.enqueue(reading, verdict, time);
  }

  /**
   * As {@link append}, but refuses at once, and not by its promise, a reading that cannot be signed: before others are appended after it.
   *
   * @throws TraceCalError `INPUT_INVALID`, `CERTIFICATE_INVALID`, `CLIENT_CLOSED`
   */
  enqueue(reading: Reading, verdict: VerdictInForce | null = null, time?: Moment): Promise<SignedMeasurement> {
    if (this.#closing) {
      throw clientError('CLIENT_CLOSED', this.#options.folder);
    }
    const { registry, device, now } = this.#options;
    const { certificate } = this.#signatures;
    const at = time ?? momentOf(now());
    const found = verdict && (time === undefined ? verdictBy(verdict, at) : verdict);
    const content = inputOf(() => {
      const measurement = unplacedMeasurement(
        { ...reading, type: MEASUREMENT_TYPE, registry, device, time: at, verdict: found },
        certificate,
      );
      requireInForce(measurement);
      return measurement;
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ content, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Forces to the disk what was written. @throws TraceCalError `FILE_UNWRITABLE` */
  async sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#files.sync();
  }

  /** Writes what was appended before, and gives the folder free. @throws TraceCalError `FILE_UNWRITABLE` */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#writing;
      if (this.#files.failure === undefined) {
        await this.sync();
        await this.#writeNext(this.#next);
      } else if (this.#isUntold) {
        throw this.#files.failure;
      }
    } finally {
      clearTimeout(this.#timer);
      await this.#files.close().finally(() => this.#lock.release());
    }
  }

  /** All that wait are signed one after another, as each names the one before, and forced to the disk together. */
  async #writeAll(): Promise<void> {
    // What is appended without waiting is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#write(this.#waiting.splice(0, TOGETHER));
    }
    // Before anybody who was waiting goes on: it may append again.
    this.#writing = undefined;
  }

  /** Settles each of them. */
  async #write(taken: readonly Waiting[]): Promise<void> {
    const signed: (readonly [Waiting, SignedMeasurement])[] = [];
    try {
      this.#requireUsable();
      await this.#reserve(taken.length);
      for (const each of taken) {
        try {
          signed.push([each, await this.#signed(each.content, signed.at(-1)?.[1])]);
        } catch (cause) {
          each.reject(cause);
        }
      }
      const lines = signed.map(([, { content, jws }]) => ({
        sequence: content.sequence,
        text: `${canonicalJson(jws)}\n`,
      }));
      const { count, failure } = await this.#files.append(lines);
      this.#continueAfter(signed[count - 1]?.[1]);
      signed.splice(count).forEach(([{ reject }]) => {
        reject(failure);
      });
      await this.#syncAsAgreed();
      signed.forEach(([{ resolve }, measurement]) => {
        resolve(measurement);
      });
    } catch (cause) {
      taken.forEach(({ reject }) => {
        reject(cause);
      });
    }
  }

  /** @param before Signed just now, and not written yet. */
  async #signed(content: Measurement, before: SignedMeasurement | undefined): Promise<SignedMeasurement> {
    const placed = {
      ...content,
      sequence: before ? before.content.sequence + 1 : this.#next,
      previous: before ? placeOf(before) : this.#last,
    };
    const bytes = canonicalBytes(placed);
    const payload = base64urlText(bytes);
    const jws: Jws = { payload, signatures: [await this.#signatures.of(payload)] };
    return { content: placed, digest: sha256(bytes), jws };
  }

  #continueAfter(written: SignedMeasurement | undefined): void {
    if (written) {
      this.#last = placeOf(written);
      this.#next = this.#last.sequence + 1;
    }
  }

  /** Says on the disk which numbers may be used from now on, before they are: a power failure could take away what used them. */
  async #reserve(count: number): Promise<void> {
    const { sync } = this.#options;
    const isEachSynced = 'every' in sync && sync.every === 1;
    if (!isEachSynced && this.#next + count > this.#reserved) {
      const reserved = this.#next + RESERVED;
      await this.#writeNext(reserved);
      this.#reserved = reserved;
    }
  }

  async #syncAsAgreed(): Promise<void> {
    const { sync } = this.#options;
    if ('every' in sync) {
      await (this.#files.unsynced >= sync.every ? this.sync() : undefined);
    } else if (this.#files.unsynced > 0) {
      this.#timer ??= setTimeout(() => {
        this.sync().catch(() => {
          this.#isUntold = true;
        });
      }, sync.milliseconds);
    }
  }

  async #writeNext(next: number): Promise<void> {
    await atomicWrite(nextFile(this.#options.folder), `${JSON.stringify({ next })}\n`, { mode: OWNER_ONLY });
  }

  #requireUsable(): void {
    if (this.#files.failure !== undefined) {
      this.#isUntold = false;
      throw this.#files.failure;
    }
  }
}

/** The verdict, unless it is later by this clock: it was put back, and a device goes on measuring. */
function verdictBy(verdict: VerdictInForce, at: Moment): VerdictInForce | null {
  return wasInForce(verdict, at) ? verdict : null;
}

/** @throws RegistryError `INPUT_INVALID` */
function requireInForce({ verdict, time }: Measurement): void {
  if (verdict && !wasInForce(verdict, time)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the verdict is of ${verdict.asOf}, later than the reading of ${time}: leave the verdict out for readings that were taken before it was found.`,
    );
  }
}

function placeOf({ content: { sequence }, digest }: SignedMeasurement): Previous {
  return { sequence, digest };
}

/**
 * All measurements of a log from a number on.
 *
 * @param certificates The device's (DER in base64). With null signatures are not checked, because only its own device writes the log.
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
