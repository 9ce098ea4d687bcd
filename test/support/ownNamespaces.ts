import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';

/** Whether this process has namespaces of its own for this, so that nobody else's packets or disks are concerned. */
export function hasOwn(kind: 'net' | 'mnt'): boolean {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`) !== readlinkSync(`/proc/1/ns/${kind}`);
  } catch {
    return false;
  }
}

/** Runs a program of the system. @throws when it fails */
export function run(program: string, args: readonly string[], input = ''): void {
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}
