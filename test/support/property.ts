import fc from 'fast-check';
import { runSeed } from './seed.js';

/**
 * Runs a property on random values. A failure tells its seed and the smallest counterexample; TRACECAL_SEED repeats a run,
 * TRACECAL_RUNS makes it longer.
 */
export function property<T>(values: fc.Arbitrary<T>, holds: (value: T) => void): void {
  fc.assert(fc.property(values, holds), parameters());
}

export async function asyncProperty<T>(
  values: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
  runs?: number,
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, holds), parameters(runs));
}

function parameters(runs = 200): { seed: number; numRuns: number } {
  return { seed: runSeed, numRuns: Number(process.env['TRACECAL_RUNS'] ?? runs) };
}
