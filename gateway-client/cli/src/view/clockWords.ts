import { TIME_WINDOW_MS } from '@tracecal/core/model';

/** A smaller difference has no effect, and what peers tell is uncertain by a second or more. */
const NOTICEABLE_SECONDS = 60;

/** A clock of somebody else, against this machine's. */
export interface OtherClock {
  readonly name: string;
  /** Negative where it is behind. */
  readonly aheadSeconds: number;
}

/** What the clocks of others say about this machine's. */
export interface ClockFinding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
}

/** `120 s ahead`, or `right` where the difference has no effect. */
export function clockWords(aheadSeconds: number): string {
  if (Math.abs(aheadSeconds) <= NOTICEABLE_SECONDS) return 'as here';
  return `${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? 'ahead' : 'behind'}`;
}

/**
 * Compares this machine's clock with those of others. Nobody knows which is right: this machine's is called wrong only where more than half of the
 * others differ from it to the same side.
 */
export function clockFinding(others: readonly OtherClock[]): ClockFinding | undefined {
  const [ahead, behind] = [1, -1].map((sign) => others.filter((each) => sign * each.aheadSeconds > NOTICEABLE_SECONDS));
  const side = [ahead ?? [], behind ?? []].find((each) => each.length * 2 > others.length);
  if (side !== undefined) {
    const least = Math.min(...side.map(({ aheadSeconds }) => Math.abs(aheadSeconds)));
    const isRefused = least * 1000 > TIME_WINDOW_MS;
    return {
      level: isRefused ? 'fail' : 'warn',
      message: `this machine's clock is ${least} s ${side === ahead ? 'behind' : 'ahead of'} those of ${side.length} of ${others.length} peers of others${isRefused ? ', which refuse what is sent from here' : ''}: set it`,
    };
  }
  const odd = others.filter(({ aheadSeconds }) => Math.abs(aheadSeconds) > NOTICEABLE_SECONDS);
  if (odd.length === 0) {
    return others.length === 0
      ? undefined
      : { level: 'ok', message: `within a minute of those of ${others.length} peers of others` };
  }
  const named = odd.map(({ name, aheadSeconds }) => `${name} is ${clockWords(aheadSeconds)}`).join(', ');
  return { level: 'warn', message: `${named}, by the clock of this machine: tell those who run them` };
}
