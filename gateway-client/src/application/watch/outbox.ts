import type { Notice } from './notice.js';
import type { WatchState } from './watchFile.js';

/** Destination of notices. It throws if it is not certain that a notice was taken. */
export type Sink = (notice: Notice) => Promise<void>;

/** Marks all waiting notices as repeated: an earlier process may have ended while it was sending them. */
export function asRepeated(state: WatchState): WatchState {
  return { ...state, outbox: state.outbox.map((notice) => ({ ...notice, repeated: true })) };
}

/**
 * Sends waiting notices in order. A notice that is not taken stays, marked as repeated, and the later ones wait behind it, because their
 * order matters.
 *
 * @param save - Keeps the state after each.
 * @returns Why it stopped, if it did.
 */
export async function sayWaiting(
  state: WatchState,
  sink: Sink,
  save: (state: WatchState) => Promise<void>,
): Promise<{ readonly state: WatchState; readonly failure: unknown }> {
  let left = state;
  for (const notice of state.outbox) {
    try {
      await sink(notice);
    } catch (failure) {
      left = { ...left, outbox: [{ ...notice, repeated: true }, ...left.outbox.slice(1)] };
      await save(left);
      return { state: left, failure };
    }
    left = { ...left, outbox: left.outbox.slice(1) };
    await save(left);
  }
  return { state: left, failure: undefined };
}
