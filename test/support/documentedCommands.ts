import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROGRAM } from './commandLine.js';
import { temporaryFolder } from './temporaryFolder.js';

const ROOT = resolve(__dirname, '..', '..', '..');

/** A fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `js`; empty for commands. */
  readonly language: string;
  readonly text: string;
}

/** The blocks below a heading of a page, in order, up to the next heading of its rank. */
export function blocksOf(page: string, heading: string): readonly Block[] {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  const begin = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  assert.ok(begin >= 0, `${page} has no heading "${heading}"`);
  const rank = lines[begin]?.indexOf(' ') ?? 0;
  const length = lines.slice(begin + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= rank);
  const section = lines.slice(begin + 1, length < 0 ? undefined : begin + 1 + length).join('\n');
  return [...section.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));
}

/** No command takes as long; one that hangs ends by this. */
const COMMAND_MS = 120_000;
/** `npx tracecal` as in a clone, on ports that nobody uses. */
const PRELUDE = `npx() {
  shift
  if [ "$1" = up ]; then set -- "$@" --ports free; fi
  "$NODE" "$PROGRAM" "$@"
}`;

/** A user who types what a page says, line by line, in a folder that was empty. */
export class Reader {
  readonly folder = temporaryFolder();
  /** Lines that were left out. */
  readonly notRun: string[] = [];
  #report = '';

  /** @param exceptions Parts of lines that this user cannot run. */
  constructor(readonly exceptions: readonly string[]) {
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Runs all lines of these blocks, and the programs among them. Each has the exit code of its comment, or 0. */
  follow(blocks: readonly Block[]): void {
    for (const { language, text } of blocks) {
      if (language === 'js') {
        this.#program(text);
      } else {
        assert.equal(language, '', 'commands stand in blocks without a language');
        text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .forEach((line) => this.#line(line));
      }
    }
  }

  /** Ends the network of the folder, if it runs. */
  leave(): void {
    this.#run('npx tracecal down');
  }

  #line(line: string): void {
    const exception = this.exceptions.find((each) => line.includes(each));
    if (exception !== undefined) {
      this.notRun.push(exception);
      return;
    }
    const { code, output } = this.#run(line.replaceAll(/\bREPORT\b/g, this.#report));
    assert.equal(code, Number(/# .*exit code (\d)/.exec(line)?.[1] ?? 0), `${line}: ${output}`);
    this.#report = /\breport (\S+) of \S+, \d+ results?\b/.exec(output)?.[1] ?? this.#report;
  }

  #program(text: string): void {
    writeFileSync(join(this.folder, 'program.mjs'), text);
    const { code, output } = this.#run('"$NODE" program.mjs');
    assert.equal(code, 0, output);
  }

  #run(command: string): { code: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${PRELUDE}\n${command}`], {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: COMMAND_MS,
      env: { ...process.env, NODE: process.execPath, PROGRAM },
    });
    return { code: status, output: `${stdout}${stderr}` };
  }
}
