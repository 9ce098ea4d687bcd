import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** The output of compilers and applications. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Skips what needs sources of others, out loud, where they or a tool are missing. @returns The folder of one repository. */
export function sourcesOf(context: Mocha.Context, repository: string): string {
  const folder = process.env['TRACECAL_SOURCES'];
  if (folder === undefined) return skip(context, 'give the folder of the sources: npm run test:peers -- --sources DIR');
  const found = join(folder, repository);
  return existsSync(found) ? found : skip(context, `${found} does not exist: clone ${repository} there`);
}

/** Skips where Go is missing. */
export async function needsGo(context: Mocha.Context): Promise<void> {
  await run('go', ['version']).catch(() => skip(context, '`go` is not on PATH'));
}

function skip(context: Mocha.Context, why: string): never {
  console.warn(`        skipped: ${why}`);
  return context.skip();
}

export interface Ran {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to stdout and stderr. */
  readonly output: string;
}

/** Runs a program to its end. */
export async function ran(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: MOST_OUTPUT };
  try {
    const { stdout, stderr } = await run(command, args, options);
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, output: `${stdout}${stderr}\n${String(error)}` };
  }
}

/** Runs a program that has to succeed. */
export async function succeeds(...program: Parameters<typeof ran>): Promise<string> {
  const { code, output } = await ran(...program);
  if (code !== 0) throw new Error(`${program[0]} ${program[1].join(' ')} failed in ${program[2].cwd}:\n${output}`);
  return output;
}

/** Installs an npm package and builds it if it is written in TypeScript. */
export async function installed(folder: string, build: readonly string[] = []): Promise<string> {
  await succeeds('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  const isTypeScript = existsSync(join(folder, 'tsconfig.json'));
  if (isTypeScript) await succeeds('npx', ['tsc', ...build], { cwd: folder });
  return folder;
}
