import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { printable } from '@tracecal/gateway-client';
import { spellHints } from './hint.js';
import { printedJson } from './json.js';
import { styleFor } from './style.js';
import type { Reader, Style, StyleWishes } from './style.js';
import { shortened } from './text/width.js';

/** Where a command writes: results on one stream, everything else on the other. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & Reader;
  readonly stderr: NodeJS.WritableStream & Reader;
  /** Nothing can be read where it is not given. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
  /** How the user calls this program; `tracecal` if it is not given. */
  readonly call?: string;
}

/**
 * What a command says. With `--json` stdout gets exactly one JSON document and nothing else; without it, text for people.
 * Progress is shown on a terminal only and leaves no trace behind.
 */
export class Terminal {
  /** How stdout is written to. */
  readonly style: Style;
  /** How stderr is written to: it may go elsewhere. */
  readonly errorStyle: Style;
  readonly isJson: boolean;
  readonly #streams: Streams;
  #progressShown = false;

  constructor(streams: Streams, isJson: boolean, wishes: StyleWishes = {}) {
    this.#streams = streams;
    this.isJson = isJson;
    this.style = styleFor(streams.stdout, streams.environment, wishes);
    this.errorStyle = styleFor(streams.stderr, streams.environment, wishes);
  }

  /** A result, in the form that was asked for. */
  result(document: unknown, text: (style: Style) => string): void {
    if (this.isJson) {
      this.verbatim(printedJson(document));
    } else {
      this.say(text(this.style));
    }
  }

  /** A document whose every byte counts, with `--json` and without. */
  verbatim(text: string): void {
    this.#clearProgress();
    this.#streams.stdout.write(ensureNewline(text));
  }

  /** A line for another program. Resolves when the reader has room for more, so that a slow one slows its source. */
  async line(text: string): Promise<void> {
    const { stdout } = this.#streams;
    if (!stdout.write(`${text}\n`)) {
      await once(stdout, 'drain');
    }
  }

  /** Text for people, line by line as things happen; nothing with `--json`. */
  say(text = ''): void {
    if (!this.isJson) {
      this.verbatim(this.style.text(text));
    }
  }

  /** A diagnosis. */
  warn(text: string): void {
    this.#clearProgress();
    this.#streams.stderr.write(ensureNewline(this.errorStyle.text(text)));
  }

  /** What went wrong, in the one form that all errors have. */
  error(sentence: string, code: string): void {
    this.warn(`${this.errorStyle.red('tracecal:')} ${sentence} [${code}]`);
  }

  /** What is going on right now, on one line. */
  progress(what: string): void {
    if (this.#streams.stderr.isTTY === true) {
      const { text, columns } = this.errorStyle;
      // A second line would not be wiped away.
      const line = shortened(text(`${printable(what)} …`), columns - 1, text('…'));
      this.#streams.stderr.write(`\r\u001b[2K${line}`);
      this.#progressShown = true;
    }
  }

  /** Whether a person sees what is asked here and can answer. */
  get canAsk(): boolean {
    const { stdin, stderr } = this.#streams;
    return !this.isJson && stdin?.isTTY === true && stderr.isTTY === true;
  }

  /** Asks a question to which only `y` or `yes` means yes. @param question - Without ledger text that is not printable; with hints. */
  async ask(question: string): Promise<boolean> {
    this.#clearProgress();
    this.#streams.stderr.write(`${this.errorStyle.text(spellHints(question, this.errorStyle.hint))} [y/N] `);
    const answer = await lineFrom(this.#streams.stdin);
    return /^y(?:es)?$/i.test(answer.trim());
  }

  /** Nothing is going on any more, and there is nothing to say about it. */
  quiet(): void {
    this.#clearProgress();
  }

  #clearProgress(): void {
    if (this.#progressShown) {
      this.#streams.stderr.write('\r\u001b[2K');
      this.#progressShown = false;
    }
  }
}

/** One line; nothing where the input ends. The terminal edits the line, so that Ctrl-C ends the program as everywhere. */
async function lineFrom(input: NodeJS.ReadableStream | undefined): Promise<string> {
  if (!input) {
    return '';
  }
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) {
      return line;
    }
    return '';
  } finally {
    lines.close();
  }
}

function ensureNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
