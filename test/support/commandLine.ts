import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli, writeExamples } from '@tracecal/cli';
import { temporaryFolder } from './temporaryFolder.js';

const PACKAGE = dirname(createRequire(__filename).resolve('@tracecal/cli/package.json'));
const EXAMPLES = join(PACKAGE, 'examples');
/** The command line's program. */
export const PROGRAM = join(PACKAGE, 'dist', 'main.js');

/** A user of the command line with their own data directory, who wants JSON. */
export class CliUser {
  readonly data: string;
  readonly #program: typeof tracecal;

  /** @param program - Runs the command line somewhere else than within this process. */
  constructor(data: string, program = tracecal) {
    this.data = data;
    this.#program = program;
  }

  async run(...args: readonly string[]) {
    return this.#run(args, '');
  }

  /** Exit code 0. @returns The document. */
  async succeed<T>(...args: readonly string[]): Promise<T> {
    const { code, document, stderr } = await this.run(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return document as T;
  }

  /** Exit code 1: the answer is no. @returns The document. */
  async no<T>(...args: readonly string[]): Promise<T> {
    return this.answers<T>(1, ...args);
  }

  /** An answer that is not simply yes. @returns The document. */
  async answers<T>(exit: number, ...args: readonly string[]): Promise<T> {
    const { code, document, stderr } = await this.run(...args);
    assert.equal(code, exit, `${args.join(' ')}: ${stderr}`);
    return document as T;
  }

  /** @returns The code of the error. */
  async fail(exit: number, ...args: readonly string[]): Promise<string> {
    const { code, document, stderr } = await this.run(...args);
    assert.equal(code, exit, `${args.join(' ')}: ${stderr}`);
    return (document as { error: { code: string } }).error.code;
  }

  /** Runs a command that reads this from stdin. */
  async piped(stdin: string, ...args: readonly string[]) {
    return this.#run(args, stdin);
  }

  async #run(args: readonly string[], stdin: string) {
    const environment = { TRACECAL_DATA: this.data };
    const { code, stdout, stderr } = await this.#program([...args, '--json'], { environment, stdin });
    return { code, stderr, document: JSON.parse(stdout) as unknown };
  }
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly terminal?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** What is typed, all at once or bit by bit. */
  readonly stdin?: string | AsyncIterable<string>;
}

/** Many processes share the machine that tests run on: what is slow there is not to be told from what hangs. */
const PATIENCE = '60s';

/** Runs the command line within this process, as on a pipe or, with `terminal`, as on a terminal. */
export async function tracecal(
  args: readonly string[],
  { terminal = false, environment = {}, stdin = '' }: RunOptions = {},
): Promise<CliRun> {
  const stdout = Object.assign(new PassThrough(), { isTTY: terminal });
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal });
  const input = Object.assign(Readable.from(typeof stdin === 'string' ? [stdin] : stdin), { isTTY: terminal });
  const patient = { TRACECAL_TIMEOUT: PATIENCE, ...environment };
  const code = await runCli(args, { stdout, stderr, stdin: input, environment: patient });
  return { code, stdout: await textOf(stdout), stderr: await textOf(stderr) };
}

/** Starts the command line as a process of its own. */
export function spawnTracecal(args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Paths of the project's own certificates, institutes first in each chain. */
export function exampleFiles(): readonly string[] {
  return readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => join(EXAMPLES, name));
}

/** The project's own files dated for today, as one has them who wants to import them. */
export interface DatedExamples {
  readonly folder: string;
  /** Certificates about temperature, from the institute down to the field sensor. */
  readonly temperature: readonly [institute: string, laboratory: string, factory: string, sensor: string];
  /** Certificates about mass, likewise. */
  readonly mass: readonly [institute: string, laboratory: string, factory: string, sensor: string];
  /** An accreditation that covers the certificates about temperature. */
  readonly scopes: string;
}

/** Writes the project's own files, dated for today, into a temporary folder. */
export async function datedExampleFiles(): Promise<DatedExamples> {
  const folder = temporaryFolder();
  const files = (await writeExamples(folder)).filter((file) => file.endsWith('.xml'));
  const chain = (quantity: string) => {
    const [institute = '', laboratory = '', factory = '', sensor = ''] = files.filter((file) =>
      file.includes(quantity),
    );
    return [institute, laboratory, factory, sensor] as const;
  };
  return {
    folder,
    temperature: chain('temperature'),
    mass: chain('mass'),
    scopes: join(folder, 'scope-temperature.json'),
  };
}

/** Path of an accreditation, of some day. */
export function exampleScopes(): string {
  return join(EXAMPLES, 'scope-temperature.json');
}

function textOf(stream: PassThrough): Promise<string> {
  stream.end();
  return text(stream);
}
