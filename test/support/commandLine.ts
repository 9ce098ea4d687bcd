import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from '@tracecal/gateway-client/cli';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line within this process, as on a pipe or, with `terminal`, as on a terminal. */
export async function tracecal(args: readonly string[], { terminal = false, environment = {} } = {}): Promise<CliRun> {
  const stdout = Object.assign(new PassThrough(), { isTTY: terminal });
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal });
  const code = await runCli(args, { stdout, stderr, environment });
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Paths of the project's own certificates, institutes first in each chain. */
export function exampleFiles(): readonly string[] {
  const folder = join(dirname(createRequire(__filename).resolve('@tracecal/gateway-client/package.json')), 'examples');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => join(folder, name));
}

function textOf(stream: PassThrough): string {
  return ((stream.read() as Buffer | null) ?? Buffer.alloc(0)).toString('utf8');
}
