import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli } from '@tracecal/gateway-client/cli';

const EXAMPLES = join(dirname(createRequire(__filename).resolve('@tracecal/gateway-client/package.json')), 'examples');

/** A user of the command line with a data directory of his own, who wants JSON. */
export class CliUser {
  readonly data: string;

  constructor(data: string) {
    this.data = data;
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
    const { code, document, stderr } = await this.run(...args);
    assert.equal(code, 1, `${args.join(' ')}: ${stderr}`);
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
    const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment, stdin });
    return { code, stderr, document: JSON.parse(stdout) as unknown };
  }
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line within this process, as on a pipe or, with `terminal`, as on a terminal. */
export async function tracecal(
  args: readonly string[],
  { terminal = false, environment = {}, stdin = '' } = {},
): Promise<CliRun> {
  const stdout = Object.assign(new PassThrough(), { isTTY: terminal });
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal });
  const code = await runCli(args, { stdout, stderr, stdin: Readable.from([stdin]), environment });
  return { code, stdout: await textOf(stdout), stderr: await textOf(stderr) };
}

/** Paths of the project's own certificates, institutes first in each chain. */
export function exampleFiles(): readonly string[] {
  return readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => join(EXAMPLES, name));
}

/** Path of an accreditation that covers the project's own certificates about temperature. */
export function exampleScopes(): string {
  return join(EXAMPLES, 'scope-temperature.json');
}

function textOf(stream: PassThrough): Promise<string> {
  stream.end();
  return text(stream);
}
