import { setImmediate as yieldToEvents } from 'node:timers/promises';

/** Signature checks take long: after each slice, the process handles other work. */
const SLICE_MS = 10;

/** Call the result between steps of long work: it yields to other work when a time slice is used up. */
export function slices(): () => Promise<void> | undefined {
  let sliceEnd = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() <= sliceEnd) return undefined;
    return yieldToEvents().then(() => {
      sliceEnd = performance.now() + SLICE_MS;
    });
  };
}
