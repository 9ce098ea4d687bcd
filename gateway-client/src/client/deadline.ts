/**
 * When something that takes time has to end. It is measured by a clock that only goes forward: the calendar of a machine is set at any
 * time, and on a device that boots it certainly is.
 */
export class Deadline {
  readonly #end: number;

  /** @param ms - Milliseconds from now. */
  constructor(ms: number) {
    this.#end = performance.now() + ms;
  }

  /** Milliseconds that are left; 0 if there are none. */
  get leftMs(): number {
    return Math.max(this.#end - performance.now(), 0);
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }

  /**
   * By this machine's calendar as it is now, in milliseconds since 1970, for gRPC: it has to be made anew for every call. Calendar and timers
   * count whole milliseconds, so that either may be one ahead: what ends by it never ends before its time.
   */
  get onCalendar(): number {
    return Date.now() + this.leftMs + 2 * TICK_MS;
  }
}

const TICK_MS = 1;
