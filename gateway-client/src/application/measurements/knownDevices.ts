import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { DeviceStanding } from '@tracecal/core/directives';
import { relianceOn } from '../../client/index.js';
import type { Trust, Wish } from '../../client/index.js';
import {
  DirectivesInForce,
  directivesIn,
  operatorPinOf,
  readDirectivesSeen,
  SupportOfValues,
} from '../../device/index.js';
import type { KnownDevice, SignedMeasurement, Support } from '../../device/index.js';
import type { FreshnessAsked, LogFiles } from '../../proof/verify/index.js';
import { describeFailure } from '../failure.js';
import { MOST_BUNDLE_BYTES } from '../../proof/verify/index.js';
import { readExactText } from '../files/inputFile.js';
import { provenCalibration } from './provenCalibration.js';
import type { ProvenCalibration } from './provenCalibration.js';

export interface KnownDevicesOptions extends Wish {
  /** Files of bundles, one a device. */
  readonly bundles: readonly string[];
  readonly trust: Trust;
  /** The change log, and how old its heartbeats may be. */
  readonly log?: { readonly files: LogFiles; readonly maxAgeSeconds: number };
  /** After how long the files are read again: they may have been replaced by newer ones. */
  readonly recheckMs?: number;
  /** The operator's directives, and whose they are: a folder, and the text of a pin file. */
  readonly directives?: { readonly folder: string; readonly pin: string };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const RECHECK_MS = 60_000;

/** Before anything was read. */
const UNKNOWN: DeviceStanding = {
  quarantined: 'as long as nobody has read the directives',
  quarantine: null,
  limits: [],
  conflicts: [],
  seen: null,
};

interface Entry {
  readonly text: string;
  readonly proven: ProvenCalibration;
  readonly values: SupportOfValues;
  readonly refused: string | null;
}

/**
 * What files say about devices whose measurements come: for a filter, which asks for every measurement and cannot wait. Call `ready` before
 * a measurement is judged.
 */
export class KnownDevices {
  readonly #options: KnownDevicesOptions;
  readonly #now: () => number;
  readonly #byFile = new Map<string, Entry>();
  readonly #byDevice = new Map<string, Entry>();
  readonly #judged = new WeakMap<object, Support>();
  #checked = -Infinity;
  #directed: DirectivesInForce | undefined;

  private constructor(options: KnownDevicesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** @throws ApplicationError `FILE_UNREADABLE`; RegistryError for a bundle that cannot be used */
  static async read(options: KnownDevicesOptions): Promise<KnownDevices> {
    const known = new KnownDevices(options);
    await known.#readAll((_, error) => {
      throw error;
    });
    return known;
  }

  /** The registry that all bundles are of; undefined: they are of several. */
  get registry(): string | undefined {
    const all = new Set([...this.#byFile.values()].map(({ proven }) => proven.report.verdict.registry));
    return all.size === 1 ? [...all][0] : undefined;
  }

  get devices(): readonly string[] {
    return [...this.#byDevice.keys()];
  }

  /** Finds out what a measurement needs, and reads the files again if that is due. */
  async ready(measurement: Pick<SignedMeasurement, 'content'>): Promise<void> {
    if (this.#now() - this.#checked >= (this.#options.recheckMs ?? RECHECK_MS)) {
      await this.#readAll((file, error) => {
        const old = this.#byFile.get(file);
        if (old) {
          const { message } = describeFailure(error);
          this.#keep(file, { ...old, refused: `its bundle cannot be checked any more: ${withoutStop(message)}` });
        }
      });
    }
    const entry = this.#byDevice.get(measurement.content.device);
    if (entry?.refused === null) {
      this.#judged.set(measurement.content, await entry.values.of(measurement));
    }
  }

  /** What the operator has directed about a device; undefined: nobody says where that stands. */
  get standing(): ((device: string, at: Instant) => DeviceStanding) | undefined {
    return this.#options.directives && ((device, at) => this.#standing(device, at));
  }

  #standing(device: string, at: Instant): DeviceStanding {
    return this.#directed?.standing(device, at) ?? UNKNOWN;
  }

  /** For a measurement that is ready. */
  device(id: string, { content }: Pick<SignedMeasurement, 'content'>): KnownDevice | undefined {
    const entry = this.#byDevice.get(id);
    return (
      entry && {
        certificates: entry.proven.calibration.certificates,
        refused: entry.refused,
        uncovered: () => this.#uncovered(content),
      }
    );
  }

  #uncovered(content: object): string | null {
    const support = this.#judged.get(content);
    if (!support) {
      return 'nobody has judged it';
    }
    return support.isSupported ? null : withoutStop(support.reason);
  }

  async #readAll(failed: (file: string, error: unknown) => void): Promise<void> {
    this.#checked = this.#now();
    await this.#readDirectives();
    for (const file of this.#options.bundles) {
      try {
        this.#keep(file, await this.#entryOf(file));
      } catch (error) {
        failed(file, error);
      }
    }
  }

  /** What cannot be read closes all devices. */
  async #readDirectives(): Promise<void> {
    const { directives: from } = this.#options;
    if (!from) {
      return;
    }
    try {
      const found = await directivesIn(from.folder, operatorPinOf(from.pin));
      this.#directed = new DirectivesInForce(found, {
        now: this.#now,
        seen: await readDirectivesSeen(from.folder),
      });
    } catch (error) {
      if (!this.#directed) {
        throw error;
      }
      const { message } = describeFailure(error);
      this.#directed = new DirectivesInForce({ read: [], broken: [withoutStop(message)] });
    }
  }

  #keep(file: string, entry: Entry): void {
    this.#byFile.set(file, entry);
    this.#byDevice.set(entry.proven.bundle.device, entry);
  }

  async #entryOf(file: string): Promise<Entry> {
    const { trust, acceptAttested = false } = this.#options;
    const text = await readExactText(file, MOST_BUNDLE_BYTES);
    const now = instantOf(this.#now());
    const fresh = this.#freshness(now);
    const proven = await provenCalibration(text, { trust, asOf: now, ...(fresh && { fresh }) });
    const before = this.#byFile.get(file);
    const isOld = before?.text === text;
    return {
      text,
      // What was judged already stays judged.
      proven: isOld ? { ...proven, calibration: before.proven.calibration } : proven,
      values: isOld ? before.values : new SupportOfValues(proven.calibration, { acceptAttested }),
      refused: refusalOf(proven, { acceptAttested }),
    };
  }

  #freshness(now: Instant): FreshnessAsked | undefined {
    const { log, trust } = this.#options;
    return (
      log && {
        log: log.files,
        k: trust.heartbeats.k,
        clock: { now, maxAgeSeconds: log.maxAgeSeconds },
        seen: null,
      }
    );
  }
}

/** Why nothing of a device may be relied on now; null: it may. */
function refusalOf({ report: { verdict, fresh, tiers } }: ProvenCalibration, wish: Wish): string | null {
  if (!relianceOn(verdict, wish).mayRely) {
    return withoutStop(verdict.reason);
  }
  return fresh && !tiers.fresh.holds ? `it is not shown to be sound now: ${tiers.fresh.shows}` : null;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
