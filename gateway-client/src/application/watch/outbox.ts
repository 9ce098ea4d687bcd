import type { Notice } from './notice.js';
import type { WatchState } from './watchFile.js';

/** Where notices go. It throws where it is not sure that one was taken. */
export type Sink = (notice: Notice) => Promise<void>;

/** Everything that waits may have been said before by a process that ended while it was saying it. */
export function asRepeated(state: WatchState): WatchState {
  return { ...state, outbox: state.outbox.map((notice) => ({ ...notice, repeated: true })) };
}

/**
 * Says what waits, in order. What is not taken stays, marked as repeated, and keeps what comes after it: order is part of the message.
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
