// Shows the progress of a long step on stderr: one line that is updated on a terminal, a new line now and then elsewhere.
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';

const UPDATE_MS = 1000;
/** Interval between lines where a line cannot be updated. */
const LINE_MS = 15_000;

/** Reports that a step has begun, and its duration so far, until `end` is called. */
export class Progress {
  #what;
  #out;
  #began = Date.now();
  #timer;
  #detail = '';

  /** @param out - A stream; `isTTY` says whether a line can be updated. */
  constructor(what, out = process.stderr) {
    this.#what = what;
    this.#out = out;
    this.#show(`${what} ...`);
    this.#timer = setInterval(() => this.#tick(), out.isTTY ? UPDATE_MS : LINE_MS);
  }

  /** Sets the detail of the current step, such as a project name. It is shown only where the line is updated. */
  at(detail) {
    this.#detail = `  ${detail}`;
    if (this.#out.isTTY) this.#tick();
  }

  end(outcome = 'done') {
    clearInterval(this.#timer);
    this.#show(`${this.#what}: ${outcome} in ${this.#seconds()} s`);
    if (this.#out.isTTY) {
      this.#out.write('\n');
    }
  }

  #tick() {
    this.#show(`${this.#what} ... ${this.#seconds()} s${this.#out.isTTY ? this.#detail : ''}`);
  }

  #seconds() {
    return Math.round((Date.now() - this.#began) / 1000);
  }

  #show(line) {
    if (this.#out.isTTY) {
      // Keep to one line: a second line could not be erased.
      this.#out.write(`\r\u001b[2K${line.slice(0, (this.#out.columns || 80) - 1)}`);
    } else {
      this.#out.write(`${line}\n`);
    }
  }
}
