import type { DeviceStanding, Limit } from '@tracecal/core/directives';
import { instantOf, refusalText, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import { attempt } from './attempt.js';
import { Continuity, isSound } from './continuity.js';
import type { Irregularity } from './continuity.js';
import { secondOf, unverified, verified } from './measurement.js';
import type { SignedMeasurement } from './measurement.js';

/** What is known about a device when its measurements come. */
export interface KnownDevice {
  /** Its certificates (DER in base64), as a verified bundle or the registry gives them. */
  readonly certificates: readonly string[];
  /** Why nothing of it may be relied on now: `its standard is revoked`; null if it may. */
  readonly refused: string | null;
  /** Why a value is not covered by its calibration; null if it is. */
  readonly uncovered?: (measurement: SignedMeasurement) => string | null;
}

/** Reasons for which a measurement is dropped. API: they never change meaning. */
export const DROP_REASONS = [
  'malformed',
  'unknown-device',
  'other-registry',
  'signature',
  'not-traceable',
  'not-covered',
  'quarantined',
  'replay',
  'old',
  'equivocation',
  'fork',
  'clock',
  'limited',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export type Judged =
  | { readonly passed: SignedMeasurement; readonly irregularities: readonly Irregularity[] }
  | {
      readonly dropped: DropReason;
      /** One sentence. */
      readonly why: string;
      /** Of an equivocation or a fork: evidence for anybody. */
      readonly irregularities: readonly Irregularity[];
    };

export interface FilterOptions {
  readonly registry: string;
  /** It gives undefined for a device about which nobody has shown anything. It is asked about every measurement, so it must answer fast. */
  readonly device: (id: string) => KnownDevice | undefined;
  /**
   * What the operator has directed about a device: of {@link DirectivesInForce}. It is asked for the time of each measurement, and for the
   * time by our clock. So nothing passes that comes while the device is in quarantine, nor later what it measured meanwhile.
   */
  readonly standing?: (device: string, at: Instant) => DeviceStanding;
  /** Milliseconds since 1970; left out on a machine without a clock. */
  readonly now?: () => number;
  /** Told of what is dropped. */
  readonly onDrop?: (drop: Extract<Judged, { readonly dropped: DropReason }>) => void;
}

/** Devices whose order is remembered: others begin anew. */
const MOST_DEVICES = 10_000;

/**
 * Stands in the data path: passes measurements that verify, of devices that may be relied on, each once and in their order. The others are
 * dropped and counted.
 */
export class MeasurementFilter {
  readonly #options: FilterOptions;
  readonly #continuities = new Map<string, Continuity>();
  readonly #dropped = new Map<DropReason, number>();
  #passed = 0;

  constructor(options: FilterOptions) {
    this.#options = options;
  }

  /** How many passed, and how many were dropped for each reason. */
  get counts(): { readonly passed: number; readonly dropped: Readonly<Partial<Record<DropReason, number>>> } {
    return { passed: this.#passed, dropped: Object.fromEntries(this.#dropped) };
  }

  /**
   * What has passed before a restart: pass it what stands in the output, in its order. Then nothing passes twice.
   *
   * @throws RegistryError if it is no measurement
   */
  remember(signed: unknown): void {
    this.rememberRead(unverified(signed));
  }

  /** As `remember`, of what was read already. */
  rememberRead(measurement: SignedMeasurement): readonly Irregularity[] {
    return this.#continuityOf(measurement.content.device).observe(measurement);
  }

  judge(signed: unknown): Judged {
    return this.judgeRead(attempt(() => unverified(signed)));
  }

  /** As `judge`, for whoever has read the measurement before, unchecked; or why it could not be read. */
  judgeRead(claimed: SignedMeasurement | RegistryError): Judged {
    const judged = this.#judge(claimed);
    if ('passed' in judged) {
      this.#passed += 1;
    } else {
      this.#dropped.set(judged.dropped, (this.#dropped.get(judged.dropped) ?? 0) + 1);
      this.#options.onDrop?.(judged);
    }
    return judged;
  }

  /** What passes of a stream. The next one is taken only when the last was, so a slow consumer slows its source. */
  async *through(source: AsyncIterable<unknown>): AsyncGenerator<SignedMeasurement> {
    for await (const signed of source) {
      const judged = this.judge(signed);
      if ('passed' in judged) {
        yield judged.passed;
      }
    }
  }

  #judge(claimed: SignedMeasurement | RegistryError): Judged {
    if (claimed instanceof RegistryError) {
      return dropped('malformed', refusalText(claimed));
    }
    const { device: id, registry } = claimed.content;
    const known = this.#options.device(id);
    if (!known) {
      return dropped('unknown-device', `Nothing is known about device ${id}: give its bundle.`);
    }
    if (registry !== this.#options.registry) {
      return dropped('other-registry', `The measurement of ${id} names registry ${registry}.`);
    }
    const measurement = attempt(() => verified(claimed, known.certificates));
    if (measurement instanceof RegistryError) {
      return dropped('signature', refusalText(measurement));
    }
    const refused = this.#standing(measurement, known);
    if (!refused) {
      return this.#judged(measurement, this.#continuityOf(id).observe(measurement, this.#options.now?.()));
    }
    const twice = this.#continuityOf(id).refuse(measurement);
    return twice.length > 0 ? this.#judged(measurement, twice) : refused;
  }

  #standing(measurement: SignedMeasurement, known: KnownDevice): Judged | undefined {
    const { device, sequence } = measurement.content;
    if (known.refused !== null) {
      return dropped('not-traceable', `Measurement ${sequence} of ${device} cannot be relied on: ${known.refused}.`);
    }
    const undirected = this.#asDirected(measurement);
    if (undirected) {
      return undirected;
    }
    const uncovered = known.uncovered?.(measurement) ?? null;
    return uncovered === null
      ? undefined
      : dropped('not-covered', `Measurement ${sequence} of ${device} is not covered by its calibration: ${uncovered}.`);
  }

  /** It is undefined if the operator has directed nothing against it, neither when it was measured nor now. */
  #asDirected(measurement: SignedMeasurement): Judged | undefined {
    const { standing, now } = this.#options;
    const { device, time } = measurement.content;
    // The device's clock alone does not decide: a device in quarantine could go on as if it were still the day before.
    const moments = [secondOf(time), ...(now ? [instantOf(now())] : [])];
    for (const at of standing ? moments : []) {
      const refused = standing && whyDirected(measurement, standing(device, at));
      if (refused) {
        return refused;
      }
    }
    return undefined;
  }

  #judged(measurement: SignedMeasurement, irregularities: readonly Irregularity[]): Judged {
    const { device, sequence } = measurement.content;
    const unsound = irregularities.find((each) => !isSound(each));
    return unsound && isDropReason(unsound.kind)
      ? { dropped: unsound.kind, why: `Measurement ${sequence} of ${device} ${WORDS[unsound.kind]}.`, irregularities }
      : { passed: measurement, irregularities };
  }

  #continuityOf(device: string): Continuity {
    const continuity = this.#continuities.get(device) ?? new Continuity();
    // The one that was used last stands at the end.
    this.#continuities.delete(device);
    this.#continuities.set(device, continuity);
    const [oldest] = this.#continuities.keys();
    if (this.#continuities.size > MOST_DEVICES && oldest !== undefined) {
      this.#continuities.delete(oldest);
    }
    return continuity;
  }
}

const WORDS = {
  replay: 'has come before',
  old: 'is older than what is remembered, so nobody can tell whether it comes again',
  equivocation: 'differs from another one that the device has signed under this number',
  fork: 'does not continue the measurements that have come before: the key has a second holder, or the device was put back',
  clock: 'has a time that cannot be',
} as const satisfies Partial<Record<DropReason, string>>;

function isDropReason(kind: Irregularity['kind']): kind is keyof typeof WORDS {
  return kind in WORDS;
}

function whyDirected({ content }: SignedMeasurement, { quarantined, limits }: DeviceStanding): Judged | undefined {
  const { device, sequence, quantity, unit, value } = content;
  if (quarantined !== null) {
    return dropped('quarantined', `Device ${device} is in quarantine ${quarantined}.`);
  }
  const limit = limits.find(({ limit: own }) => own.quantity === quantity)?.limit;
  return !limit || isWithin(limit, value, unit)
    ? undefined
    : dropped(
        'limited',
        `Measurement ${sequence} of ${device} (${value} ${unit}) is outside of what its operator lets pass, ${limit.lowest} to ${limit.highest} ${limit.unit}.`,
      );
}

/** What cannot be compared with a limit is not within it. */
function isWithin({ quantity, unit, lowest: min, highest: max }: Limit, value: number, own: string) {
  return own === unit
    ? min <= value && value <= max
    : cmc.positionIn({ quantity, unit, min, max }, value, own, () => 0) !== undefined;
}

function dropped(reason: DropReason, why: string): Judged {
  return { dropped: reason, why, irregularities: [] };
}
