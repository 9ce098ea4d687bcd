import type { ChildProcess } from 'node:child_process';
import { constants as system } from 'node:os';
import { atomicWrite } from '../../client/atomicWrite.js';
import { callCommand } from '../../client/callCommand.js';
import { brokenGate, orBroken, sentenceOf } from './checkGate.js';
import type { GateReport } from './checkGate.js';
import { exitOf, start } from './execute.js';
import { journalLine } from './journal.js';
import { spanOption, usage } from './options.js';
import type { GateCall } from './options.js';
import { opens } from './outcomes.js';
import { reportJson } from './reportJson.js';
import { USUAL_EVERY_SECONDS, watchGate } from './watchGate.js';

const CALL_TIMEOUT_MS = 30_000;
/** From the signal to SIGKILL. */
const PATIENCE_MS = 10_000;

/** `gate watch`. @returns The exit code of the command, of the decision that ended it, or 0 if a signal ended the watch. */
export function watchCommand(call: GateCall, { err }: { readonly err: (text: string) => boolean }): Promise<number> {
  const { command, text, has } = call;
  const isTelling = text('mark') !== undefined || text('call') !== undefined;
  // Where nobody else is told, the command itself has to end.
  const isStopping = has('stop') || !isTelling;
  if (isStopping && command.length === 0) {
    throw usage('Say what is to happen: name a command after --, or --mark or --call.');
  }
  return new Watching(call, isStopping, signalNamed(text('signal')), err).run();
}

function signalNamed(name = 'SIGTERM'): NodeJS.Signals {
  const signal = (name.startsWith('SIG') ? name : `SIG${name}`) as NodeJS.Signals;
  if (!(signal in system.signals)) {
    throw usage(`--signal is ${JSON.stringify(name)}: give one like SIGTERM or SIGUSR1.`);
  }
  return signal;
}

class Watching {
  readonly #call: GateCall;
  readonly #isStopping: boolean;
  readonly #signal: NodeJS.Signals;
  readonly #err: (text: string) => boolean;
  readonly #end = new AbortController();
  #child: ChildProcess | undefined;
  #exit: Promise<number> | undefined;
  #calls: Promise<void> = Promise.resolve();
  /** Of the decision that ended the watch. */
  #code: number | undefined;

  constructor(call: GateCall, isStopping: boolean, signal: NodeJS.Signals, err: (text: string) => boolean) {
    this.#call = call;
    this.#isStopping = isStopping;
    this.#signal = signal;
    this.#err = err;
  }

  async run(): Promise<number> {
    const { files, command, text } = this.#call;
    const end = (): void => {
      this.#end.abort();
    };
    const own: readonly NodeJS.Signals[] = command.length === 0 ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : [];
    own.forEach((signal) => process.on(signal, end));
    try {
      await watchGate(files, {
        everySeconds: spanOption('every', text('every'), USUAL_EVERY_SECONDS),
        signal: this.#end.signal,
        onDecision: (report) => this.#decided(report),
        onConfirmed: (report) => this.#mark(report),
      });
    } catch (error) {
      const report = brokenGate(sentenceOf(error));
      this.#err(`${journalLine(report)}\n`);
      this.#stop(report.exitCode);
    } finally {
      own.forEach((signal) => process.off(signal, end));
    }
    const exit = await this.#exit;
    await this.#calls;
    return this.#code ?? exit ?? 0;
  }

  async #decided(found: GateReport): Promise<void> {
    const { command, text } = this.#call;
    const isFirst = this.#child === undefined;
    const report = orBroken(found, this.#err(`${journalLine(found)}\n`));
    // What may not be used stops before anybody is told of it, who may hang.
    if (command.length > 0 && !opens(report.outcome) && (isFirst || this.#isStopping)) {
      this.#stop(report.exitCode);
    }
    await this.#mark(report);
    this.#tell(report, text('call'));
    if (command.length > 0 && isFirst && opens(report.outcome)) {
      this.#begin(command);
    }
  }

  /** Also where nothing has changed: how old the file is tells whether the watch is alive. */
  async #mark(report: GateReport): Promise<void> {
    const mark = this.#call.text('mark');
    if (mark !== undefined) {
      await atomicWrite(mark, `${reportJson(report)}\n`);
    }
  }

  /** One call after the other; nothing waits for them but the end. */
  #tell(report: GateReport, call: string | undefined): void {
    if (call !== undefined) {
      this.#calls = this.#calls
        .then(() => callCommand(call, `${reportJson(report, 0)}\n`, CALL_TIMEOUT_MS))
        .catch((error: unknown) => {
          this.#err(`tracecal-gate: call=failed why=${JSON.stringify(sentenceOf(error))}\n`);
        });
    }
  }

  #begin(command: readonly string[]): void {
    this.#child = start(command);
    this.#exit = exitOf(this.#child).finally(() => {
      this.#end.abort();
    });
    // Whoever waits for it sees the failure.
    this.#exit.catch(() => undefined);
  }

  /** Ends the watch, and the command first by its signal, then for certain. */
  #stop(code: number): void {
    this.#code ??= code;
    this.#end.abort();
    const child = this.#child;
    if (child === undefined || hasEnded(child)) {
      return;
    }
    if (!child.kill(this.#signal) && !hasEnded(child)) {
      this.#err('tracecal-gate: signal=failed why="The command may not be signalled, and runs on: end it yourself."\n');
    }
    const timer = setTimeout(() => {
      const why = `The command has not ended ${PATIENCE_MS / 1000} s after ${this.#signal}, and is ended for certain.`;
      this.#err(`tracecal-gate: signal=SIGKILL why=${JSON.stringify(why)}\n`);
      child.kill('SIGKILL');
    }, PATIENCE_MS);
    child.once('exit', () => {
      clearTimeout(timer);
    });
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
