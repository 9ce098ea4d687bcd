import type { Jws } from '@tracecal/core/model';
import { TIME_WINDOW_MS } from '@tracecal/core/model';
import { millisecondsOfMoment } from './measurement.js';
import type { SignedMeasurement } from './measurement.js';
import { MissingNumbers, OrderedNumbers } from './ordered.js';

/** What does not fit a device's earlier measurements. */
export type Irregularity =
  | {
      /** The device has signed two different measurements under one number: its key is used twice, or it denies what it said. */
      readonly kind: 'equivocation';
      readonly sequence: number;
      /** Both, as evidence for anybody. */
      readonly evidence: readonly [Jws, Jws];
    }
  | {
      /**
       * It continues another measurement than the newest that is known here: a second holder of the key, or a device that was put back
       * to an older state.
       */
      readonly kind: 'fork';
      readonly sequence: number;
      /** The newest that is known, and this one. */
      readonly evidence: readonly [Jws, Jws];
    }
  | { /** The very same again. */ readonly kind: 'replay'; readonly sequence: number }
  | {
      /** Older than what is remembered: nobody can tell whether it comes again. */ readonly kind: 'old';
      readonly sequence: number;
    }
  | { /** It was missing until now, and fits. */ readonly kind: 'late'; readonly sequence: number }
  | {
      readonly kind: 'gap';
      /** The first and last number that are missing. */
      readonly from: number;
      readonly to: number;
      /** Whether the device itself says so: numbers skipped after a power failure. Otherwise they were lost on their way. */
      readonly isDeclared: boolean;
    }
  | {
      /** Its time lies before that of the one before, or ahead of now or of the one after. */
      readonly kind: 'clock';
      readonly sequence: number;
      readonly is: 'backward' | 'ahead';
      readonly milliseconds: number;
    };

/** What nobody may rely on: the others are passed on. */
const UNSOUND: readonly Irregularity['kind'][] = ['equivocation', 'fork', 'replay', 'old', 'clock'];

/** Whether a measurement with this irregularity counts. */
export function isSound({ kind }: Irregularity): boolean {
  return !UNSOUND.includes(kind);
}

/** The measurements of a device that are remembered, to tell a replay from an equivocation. */
export const MOST_MEASUREMENTS_REMEMBERED = 4096;
/** Stretches of missing numbers that may still come. */
const MOST_GAPS = 1024;

/**
 * Follows a device's measurements and names what does not fit: numbers that are missing, come again, or stand for two measurements, and
 * times that cannot be.
 */
export class Continuity {
  readonly #most: number;
  readonly #seen = new Map<number, SignedMeasurement>();
  /** What its device has signed, but nobody let pass. */
  readonly #refused = new Map<number, SignedMeasurement>();
  /** What measurements say of the one before them. */
  readonly #named = new Map<number, string>();
  /** The numbers of those that are remembered. */
  readonly #order = new OrderedNumbers();
  readonly #missing = new MissingNumbers(MOST_GAPS);
  #newest: SignedMeasurement | undefined;

  constructor({ remembered = MOST_MEASUREMENTS_REMEMBERED }: { readonly remembered?: number } = {}) {
    this.#most = remembered;
  }

  /** The measurement with the highest number that counts. */
  get newest(): SignedMeasurement | undefined {
    return this.#newest;
  }

  /**
   * Takes a measurement, unless it contradicts those before.
   *
   * @param now Milliseconds since 1970; left out on a machine without a clock.
   */
  observe(measurement: SignedMeasurement, now?: number): readonly Irregularity[] {
    const { sequence } = measurement.content;
    const twice = this.#equivocation(measurement);
    if (twice) {
      return [twice];
    }
    if (this.#seen.has(sequence)) {
      return [{ kind: 'replay', sequence }];
    }
    const found = [...this.#place(measurement), ...this.#clock(measurement, now)];
    if (found.every(isSound)) {
      this.#take(measurement);
    }
    return found;
  }

  /**
   * Remembers a measurement that does not pass for another reason, so that its device cannot sign another one under its number until one
   * passes.
   *
   * @returns The equivocation, if the device has done so already.
   */
  refuse(measurement: SignedMeasurement): readonly Irregularity[] {
    const twice = this.#equivocation(measurement);
    if (!twice) {
      this.#refused.set(measurement.content.sequence, measurement);
      forget(this.#refused, this.#most);
    }
    return twice ? [twice] : [];
  }

  #equivocation({ content: { sequence }, digest, jws }: SignedMeasurement): Irregularity | undefined {
    const other = [this.#seen, this.#refused]
      .map((known) => known.get(sequence))
      .find((each) => each && each.digest !== digest);
    return other && { kind: 'equivocation', sequence, evidence: [other.jws, jws] };
  }

  #place(measurement: SignedMeasurement): readonly Irregularity[] {
    const newest = this.#newest;
    if (!newest) {
      return [];
    }
    const { sequence, previous } = measurement.content;
    const last = newest.content.sequence;
    const fork = { kind: 'fork', sequence, evidence: [newest.jws, measurement.jws] } as const;
    if (sequence < last) {
      return this.#earlier(measurement) ?? [fork];
    }
    if (!previous || previous.sequence < last || (previous.sequence === last && previous.digest !== newest.digest)) {
      return [fork];
    }
    return [...gap(last + 1, previous.sequence, false), ...gap(previous.sequence + 1, sequence - 1, true)];
  }

  /** It is undefined for something else than what stood there. */
  #earlier({ content: { sequence, previous }, digest }: SignedMeasurement): readonly Irregularity[] | undefined {
    const named = this.#named.get(sequence) ?? digest;
    const before = previous && this.#seen.get(previous.sequence);
    // The one after it names another, or it names another than the one before it.
    if (named !== digest || (before && before.digest !== previous.digest)) {
      return undefined;
    }
    if (this.#missing.has(sequence)) {
      return [{ kind: 'late', sequence }];
    }
    return this.#isForgotten(sequence) ? [{ kind: 'old', sequence }] : undefined;
  }

  #isForgotten(sequence: number): boolean {
    const [oldest = 0] = this.#seen.keys();
    return sequence < oldest || sequence <= this.#missing.forgotten;
  }

  #clock({ content: { sequence, time } }: SignedMeasurement, now: number | undefined): readonly Irregularity[] {
    const own = millisecondsOfMoment(time);
    const { before, after } = this.#beside(sequence);
    const back = before ? millisecondsOfMoment(before.content.time) - own : 0;
    const early = after ? own - millisecondsOfMoment(after.content.time) : 0;
    const ahead = now === undefined ? 0 : own - now;
    return [
      ...(back > 0 ? [{ kind: 'clock', sequence, is: 'backward', milliseconds: back } as const] : []),
      ...(early > 0 ? [{ kind: 'clock', sequence, is: 'ahead', milliseconds: early } as const] : []),
      ...(ahead > TIME_WINDOW_MS ? [{ kind: 'clock', sequence, is: 'ahead', milliseconds: ahead } as const] : []),
    ];
  }

  /** The nearest ones that are known on both sides of a number. */
  #beside(sequence: number): Readonly<Record<'before' | 'after', SignedMeasurement | undefined>> {
    const newest = this.#newest;
    if (!newest || sequence > newest.content.sequence) {
      return { before: newest, after: undefined };
    }
    const { before = -1, after = newest.content.sequence } = this.#order.beside(sequence);
    return { before: this.#seen.get(before), after: this.#seen.get(after) };
  }

  #take(measurement: SignedMeasurement): void {
    const { sequence, previous } = measurement.content;
    const last = this.#newest?.content.sequence ?? sequence;
    if (previous) {
      this.#named.set(previous.sequence, previous.digest);
    }
    this.#seen.set(sequence, measurement);
    this.#order.add(sequence);
    if (sequence >= last) {
      this.#newest = measurement;
      if (previous && previous.sequence > last) {
        this.#missing.add({ from: last + 1, to: previous.sequence });
      }
    } else {
      this.#missing.delete(sequence);
    }
    const forgotten = forget(this.#seen, this.#most);
    if (forgotten !== undefined) {
      this.#order.delete(forgotten);
    }
    forget(this.#named, this.#most);
  }
}

function gap(from: number, to: number, isDeclared: boolean): readonly Irregularity[] {
  return from > to ? [] : [{ kind: 'gap', from, to, isDeclared }];
}

/** The one that came first, if there are too many. */
function forget(map: Map<number, unknown>, most: number): number | undefined {
  if (map.size <= most) {
    return undefined;
  }
  const [oldest] = map.keys();
  if (oldest !== undefined) {
    map.delete(oldest);
  }
  return oldest;
}
