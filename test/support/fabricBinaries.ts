import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from 'mocha';

/** Runs a program of Fabric's and gives what it printed; its failure is an error that says why. */
export function runFabric(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Buffer {
  const result = spawnSync(program, args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  throw new Error(`${program} ${args.join(' ')} failed: ${result.stderr.toString('utf8')}`);
}

/** Skips the test, and says so, where a program of Fabric's is not on PATH. */
export function needsFabric(context: Context, ...programs: readonly string[]): void {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const missing = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  if (missing.length === 0) return;

  console.warn(`        skipped: ${missing.join(', ')} not on PATH, so nothing was compared with Fabric's own tools`);
  context.skip();
}
