import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/** Whether nobody outside is reached from here, as in a namespace of the tests: then packets may be dropped, and disks mounted. */
export function hasOwnNetwork(): boolean {
  return Object.keys(networkInterfaces()).join() === 'lo';
}

/** Runs a program of the system. @throws when it fails */
export function run(program: string, args: readonly string[], input = ''): void {
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}
