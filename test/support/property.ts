import fc from 'fast-check';
import { runSeed } from './seed.js';

/**
 * How many random cases a test runs: its everyday number, times the factor in TRACECAL_RUNS. TRACECAL_RUNS=10 searches ten times
 * as long.
 */
export function runs(everyday: number): number {
  return Math.max(1, Math.round(everyday * factor));
}

const factor = Number(process.env['TRACECAL_RUNS'] ?? 1);
if (!(factor > 0 && Number.isFinite(factor))) {
  throw new Error(`TRACECAL_RUNS is "${process.env['TRACECAL_RUNS']}"; give a positive number, such as 10.`);
}

/** Runs a property on random values. A failure reports its seed and the smallest counterexample; TRACECAL_SEED repeats a run. */
export function property<T>(values: fc.Arbitrary<T>, holds: (value: T) => void, everyday = 100): void {
  fc.assert(fc.property(values, holds), parameters(everyday));
}

export async function asyncProperty<T>(
  values: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
  everyday = 100,
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, holds), parameters(everyday));
}

function parameters(everyday: number): { seed: number; numRuns: number } {
  return { seed: runSeed, numRuns: runs(everyday) };
}
