import { setImmediate as yieldToEvents } from 'node:timers/promises';

/** Signature checks take long: between slices the process answers others. */
const SLICE_MS = 10;

/** To be called between steps of long work: lets other work in whenever a slice of time is used up. */
export function slices(): () => Promise<void> | undefined {
  let sliceEnd = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() <= sliceEnd) return undefined;
    return yieldToEvents().then(() => {
      sliceEnd = performance.now() + SLICE_MS;
    });
  };
}
