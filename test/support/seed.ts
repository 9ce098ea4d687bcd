/**
 * The seed of all random choices of a run, printed when the first test that makes one is loaded. TRACECAL_SEED repeats a run: every
 * test begins with the seed itself, whatever ran before.
 */
export const runSeed = Number(process.env['TRACECAL_SEED'] ?? Math.floor(Math.random() * 0x7fffffff));

console.log(`Random tests: TRACECAL_SEED=${runSeed}`);
