import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Begins the names of all namespaces of this process. */
export const PREFIX = `tcfw${process.pid}`;

/** Skips the suite out loud without the right to make namespaces, or without nft. */
export function needsNamespaces(context: Context): void {
  const name = `${PREFIX}-try`;
  const made = spawnSync('ip', ['netns', 'add', name]);
  const nft = spawnSync('ip', ['netns', 'exec', name, 'nft', 'list', 'ruleset'], { encoding: 'utf8' });
  removeNamespace(name);
  const why =
    made.status === 0
      ? nft.status === 0
        ? undefined
        : `nft is missing or this kernel has no nftables (${nft.stderr.trim().split('\n')[0] ?? ''})`
      : 'no privilege to make network namespaces, or no ip command (package iproute2)';
  if (why === undefined) return;
  console.warn(`        skipped: ${why}, so no packet was sent through the generated rules`);
  context.skip();
}

/** Loads a ruleset in a namespace, as `nft -f` does on a machine. */
export function loadRules(namespace: string, ruleset: string): void {
  const { status, stderr } = spawnSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], {
    input: ruleset,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`nft in ${namespace}: ${stderr}`);
}

/** Whether or not it is there. */
export function removeNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name]);
}

/** The processes in a namespace, by their ids. */
export function processesIn(namespace: string): readonly number[] {
  const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** Ends every process in a namespace at once, by its id. */
export function killIn(namespace: string): void {
  for (const pid of processesIn(namespace)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

export function ipIn(namespace: string, ...commands: readonly string[]): void {
  for (const command of commands) run('ip', '-n', namespace, ...command.split(' '));
}

export function inside(namespace: string, ...command: readonly string[]): string {
  return run('ip', 'netns', 'exec', namespace, ...command);
}

export function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
