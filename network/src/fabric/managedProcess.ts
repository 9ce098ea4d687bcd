import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FabricError } from './errors.js';
import type { NodeProcess } from './network.js';
import { forgetProcess, recordProcess } from './pidFile.js';

/** How a process is started. */
export interface ProcessPlan {
  /** Full name of the node, or of the chaincode service. */
  readonly name: string;
  readonly kind: NodeProcess['kind'];
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment, beside PATH and the like: the caller's own CORE_... variables must not reach a peer. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly operations?: string;
  /** Folder in which running processes are recorded. */
  readonly runDir: string;
}

const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'SystemRoot'];
const TAIL_CHARACTERS = 600;

/** A child process that can be stopped, killed and started again; its output goes to a file. */
export class ManagedProcess implements NodeProcess {
  readonly name: string;
  readonly kind: NodeProcess['kind'];
  readonly operations?: string;
  readonly #plan: ProcessPlan;
  readonly #onUnexpectedEnd: (process: ManagedProcess, how: string) => void;
  #child: ChildProcess | undefined;
  #expectedToEnd = false;

  constructor(plan: ProcessPlan, onUnexpectedEnd: (process: ManagedProcess, how: string) => void) {
    this.name = plan.name;
    this.kind = plan.kind;
    if (plan.operations !== undefined) this.operations = plan.operations;
    this.#plan = plan;
    this.#onUnexpectedEnd = onUnexpectedEnd;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get logFile(): string {
    return this.#plan.logFile;
  }

  /** Starts it; that it runs does not mean that it listens already. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const { command, args, env, cwd, logFile, runDir, name } = this.#plan;
    await mkdir(dirname(logFile), { recursive: true });
    await mkdir(cwd, { recursive: true });
    const log = await open(logFile, 'a');
    try {
      this.#expectedToEnd = false;
      const child = spawn(command, args, {
        cwd,
        env: { ...inherited(), ...env },
        stdio: ['ignore', log.fd, log.fd],
        // In a process group of its own: Ctrl-C in a terminal is for the supervisor, which stops things in order.
        detached: true,
      });
      this.#child = child;
      child.once('exit', (code, signal) => {
        this.#ended(child, signal ?? `exit code ${String(code)}`);
      });
      await once(child, 'spawn');
      if (child.pid !== undefined) await recordProcess(runDir, name, child.pid);
    } catch (cause) {
      this.#child = undefined;
      throw new FabricError('PROCESS_ENDED', `${name} could not be started: ${String(cause)}`, { cause });
    } finally {
      await log.close();
    }
  }

  /** Sends a signal and does not wait. */
  kill(signal: NodeJS.Signals): void {
    this.#expectedToEnd = true;
    this.#child?.kill(signal);
  }

  /** Asks it to end, and ends it if it does not in time. */
  async stop(graceMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const exit = once(child, 'exit');
    this.kill('SIGTERM');
    const stubborn = new AbortController();
    void pause(graceMs, undefined, { signal: stubborn.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    await exit;
    stubborn.abort();
    await forgetProcess(this.#plan.runDir, this.name);
  }

  /** The end of what it has written, for an error message. */
  async lastWords(): Promise<string> {
    const text = await readFile(this.#plan.logFile, 'utf8').catch(() => '');
    return text.slice(-TAIL_CHARACTERS).trim();
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (!this.#expectedToEnd) this.#onUnexpectedEnd(this, how);
  }
}

/**
 * Runs a check until it holds; gives up when the process ends or the time is over.
 *
 * @throws FabricError `PROCESS_ENDED` or `NOT_READY`, with the last lines of its log.
 */
export async function waitFor(
  process: ManagedProcess,
  check: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (!process.running) {
      throw new FabricError('PROCESS_ENDED', `${process.name} ended: ${await process.lastWords()}`);
    }
    if (Date.now() > deadline) {
      const words = await process.lastWords();
      throw new FabricError('NOT_READY', `${process.name} does not answer after ${timeoutMs} ms: ${words}`);
    }
    await pause(100);
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
