import { canonicalJson, instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { DeviceStanding } from '@tracecal/core/directives';
import { relianceOn } from '../../client/index.js';
import type { Trust, Wish } from '../../client/index.js';
import { Elapsed } from '../../client/elapsed.js';
import { SupportOfValues } from '../../device/index.js';
import type { KnownDevice, SignedMeasurement, Support } from '../../device/index.js';
import { MOST_BUNDLE_BYTES } from '../../proof/verify/index.js';
import type { FreshnessAsked, HeadSeen, LogFiles } from '../../proof/verify/index.js';
import { readSeen, writeSeen } from '../../proof/seenFile.js';
import { readExactText } from '../files/inputFile.js';
import { KnownDirectives } from './knownDirectives.js';
import { provenCalibration } from './provenCalibration.js';
import type { ProvenCalibration } from './provenCalibration.js';
import { whyFailed, withoutStop } from './whyFailed.js';

export interface KnownDevicesOptions extends Wish {
  /** Files of bundles, one a device. */
  readonly bundles: readonly string[];
  readonly trust: Trust;
  /** The change log, how old its heartbeats may be, and the file where the newest head is remembered over restarts. */
  readonly log?: { readonly files: LogFiles; readonly maxAgeSeconds: number; readonly seen?: string };
  /** After how long the files are read again: they may have been replaced by newer ones. */
  readonly recheckMs?: number;
  /** The operator's directives, whose they are, and how old their export may be: a folder, and the text of a pin file. */
  readonly directives?: { readonly folder: string; readonly pin: string; readonly ageSeconds?: number };
  /** Milliseconds since 1970; null on a machine without a clock, where the log's heartbeats tell the time. */
  readonly now?: (() => number) | null;
  /** Milliseconds of a clock that only goes forward. */
  readonly steady?: () => number;
}

const RECHECK_MS = 60_000;

interface Entry {
  readonly text: string;
  readonly proven: ProvenCalibration;
  readonly values: SupportOfValues;
  readonly refused: string | null;
  /** Whether it would not be refused where ATTESTED is accepted. */
  readonly isAttested: boolean;
}

/**
 * What files say about devices whose measurements come: for a filter, which asks for every measurement and cannot wait. Call `ready` before
 * a measurement is judged.
 */
export class KnownDevices {
  readonly #options: KnownDevicesOptions;
  readonly #now: (() => number) | undefined;
  readonly #byFile = new Map<string, Entry>();
  readonly #judged = new WeakMap<object, Support>();
  readonly #directives: KnownDirectives | undefined;
  #byDevice: ReadonlyMap<string, Entry> = new Map();
  #checked: Elapsed;
  #seen: HeadSeen | null = null;
  /** Why nothing passes of any device. */
  #closed: string | null = null;

  private constructor(options: KnownDevicesOptions) {
    this.#options = options;
    const { now = Date.now, directives } = options;
    this.#now = now ?? undefined;
    this.#directives = directives && new KnownDirectives({ ...directives, ...(now && { now }) });
    this.#checked = this.#begun();
  }

  /** @throws ApplicationError `FILE_UNREADABLE`; TraceCalError `FILE_UNWRITABLE`; RegistryError for a bundle that cannot be used */
  static async read(options: KnownDevicesOptions): Promise<KnownDevices> {
    const known = new KnownDevices(options);
    await known.#readAll((error) => {
      throw error;
    });
    return known;
  }

  /** The registry that all bundles are of; undefined if they are of several. */
  get registry(): string | undefined {
    const all = new Set([...this.#byFile.values()].map(({ proven }) => proven.report.verdict.registry));
    return all.size === 1 ? [...all][0] : undefined;
  }

  get devices(): readonly string[] {
    return [...this.#byDevice.keys()];
  }

  /** Finds out what a measurement needs, and reads the files again if that is due. */
  async ready(measurement: Pick<SignedMeasurement, 'content'>): Promise<void> {
    if (this.#checked.ms >= (this.#options.recheckMs ?? RECHECK_MS)) {
      await this.#readAll((error, file) => {
        const old = file === undefined ? undefined : this.#byFile.get(file);
        if (file !== undefined && old) {
          this.#byFile.set(file, {
            ...old,
            isAttested: false,
            refused: `its bundle cannot be checked any more: ${whyFailed(error)}`,
          });
        } else {
          this.#closed = whyFailed(error);
        }
      });
    }
    const entry = this.#byDevice.get(measurement.content.device);
    if (entry?.refused === null) {
      this.#judged.set(measurement.content, await entry.values.of(measurement));
    }
  }

  /** What the operator has directed about a device; undefined if nobody says where that stands. */
  get standing(): ((device: string, at: Instant) => DeviceStanding) | undefined {
    const directives = this.#directives;
    return directives && ((device, at) => directives.standing(device, at));
  }

  /** For a measurement that is ready. */
  device(id: string, { content }: Pick<SignedMeasurement, 'content'>): KnownDevice | undefined {
    const entry = this.#byDevice.get(id);
    return (
      entry && {
        certificates: entry.proven.calibration.certificates,
        refused: this.#closed ?? entry.refused,
        uncovered: () => this.#uncovered(content),
      }
    );
  }

  /** Whether a measurement that was dropped for its calibration would pass with `acceptAttested`. */
  isOnlyAttested({ content }: Pick<SignedMeasurement, 'content'>): boolean {
    const entry = this.#byDevice.get(content.device);
    const support = this.#judged.get(content);
    return this.#closed === null && (entry?.isAttested === true || (support !== undefined && isAttested(support)));
  }

  #uncovered(content: object): string | null {
    const support = this.#judged.get(content);
    if (!support) {
      return 'nobody has judged it';
    }
    return support.isSupported ? null : whyUnsupported(support);
  }

  #begun(): Elapsed {
    return new Elapsed(this.#now, this.#options.steady);
  }

  #moment(): Instant | null {
    return this.#now ? instantOf(this.#now()) : null;
  }

  /** @param failed - Gets what went wrong, with the file of a bundle if it was one. */
  async #readAll(failed: (error: unknown, bundle?: string) => void): Promise<void> {
    this.#checked = this.#begun();
    this.#closed = null;
    try {
      const written = await this.#remembered();
      for (const file of this.#options.bundles) {
        try {
          this.#byFile.set(file, await this.#entryOf(file));
        } catch (error) {
          failed(error, file);
        }
      }
      this.#byDevice = this.#rebuilt();
      await this.#directives?.read(this.devices, this.#moment());
      await this.#remember(written);
    } catch (error) {
      failed(error);
    }
  }

  /** By device what the files say now. What was known before of a device that no file is about any more counts no longer. */
  #rebuilt(): ReadonlyMap<string, Entry> {
    const found = new Map([...this.#byFile.values()].map((entry) => [entry.proven.bundle.device, entry]));
    const former = [...this.#byDevice].filter(([device]) => !found.has(device));
    const refused = 'none of the files is about it any more: give its bundle';
    return new Map([
      ...former.map(([device, entry]) => [device, { ...entry, refused, isAttested: false }] as const),
      ...found,
    ]);
  }

  /** What stands in the file about the newest head of the log. */
  async #remembered(): Promise<HeadSeen | null> {
    const path = this.#options.log?.seen;
    const written = path === undefined ? null : await readSeen(path);
    this.#seen = newer(this.#seen, written);
    return written;
  }

  async #remember(written: HeadSeen | null): Promise<void> {
    const path = this.#options.log?.seen;
    if (path !== undefined && this.#seen && canonicalJson(this.#seen) !== canonicalJson(written)) {
      await writeSeen(path, this.#seen);
    }
  }

  async #entryOf(file: string): Promise<Entry> {
    const { trust, acceptAttested = false } = this.#options;
    const text = await readExactText(file, MOST_BUNDLE_BYTES);
    const now = this.#moment();
    const fresh = this.#freshness(now);
    const proven = await provenCalibration(text, { trust, asOf: now, ...(fresh && { fresh }) });
    // The next bundle may not be judged by an older log, either.
    this.#seen = proven.report.fresh?.seen ?? this.#seen;
    const before = this.#byFile.get(file);
    const isOld = before?.text === text;
    return {
      text,
      // What was judged already stays judged.
      proven: isOld ? { ...proven, calibration: before.proven.calibration } : proven,
      values: isOld ? before.values : new SupportOfValues(proven.calibration, { acceptAttested }),
      refused: refusalOf(proven, { acceptAttested }),
      isAttested: isOnlyAttested(proven, { acceptAttested }),
    };
  }

  #freshness(now: Instant | null): FreshnessAsked | undefined {
    const { log, trust } = this.#options;
    return (
      log && {
        log: log.files,
        k: trust.heartbeats.k,
        clock: now === null ? null : { now, maxAgeSeconds: log.maxAgeSeconds },
        seen: this.#seen,
      }
    );
  }
}

function newer(own: HeadSeen | null, written: HeadSeen | null): HeadSeen | null {
  if (!own || !written) {
    return own ?? written;
  }
  return written.registry === own.registry && written.epoch > own.epoch ? written : own;
}

/** Why nothing of a device may be relied on now; null if it may. */
function refusalOf({ report: { verdict, fresh, tiers } }: ProvenCalibration, wish: Wish): string | null {
  if (!relianceOn(verdict, wish).mayRely) {
    return withoutStop(verdict.reason);
  }
  return fresh && !tiers.fresh.holds ? `it is not shown to be sound now: ${tiers.fresh.shows}` : null;
}

function isOnlyAttested(proven: ProvenCalibration, wish: Wish): boolean {
  return refusalOf(proven, wish) !== null && refusalOf(proven, { acceptAttested: true }) === null;
}

function isAttested({ status }: Pick<Support, 'status'>): boolean {
  return status === 'ATTESTED';
}

function whyUnsupported({ status, reason }: Pick<Support, 'status' | 'reason'>): string {
  const why = withoutStop(reason);
  return status === null
    ? why
    : isAttested({ status })
      ? `it is ATTESTED, which passes only where that is accepted: ${why}`
      : `it is ${status}: ${why}`;
}
