import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inheritedEnvironment } from '../../../system/inheritedEnvironment.js';
import { PRIVATE } from '../../../system/atomicWrite.js';
import { FabricError } from '../errors.js';
import type { NodeProcess } from '../network.js';
import type { SupervisedProcess } from '../../../running/startedNetwork.js';
import { keepLogOf } from '../../../system/logRotation.js';
import { forgetProcess, recordProcess } from '../../../system/pidFile.js';
import { RestartDelay } from '../../../system/restartDelay.js';

/** How a process is started. */
export interface ProcessPlan {
  /** Full name of the node, or of the chaincode service. */
  readonly name: string;
  readonly kind: NodeProcess['kind'];
  readonly command: string;
  readonly args: readonly string[];
  /** Its complete environment, besides PATH and the like: the caller's own CORE_... variables must not reach a peer. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly operations?: string;
  /** Folder in which running processes are recorded. */
  readonly runDir: string;
}

/** Only the owner may read a node's files: peers copy the keys by which they reach their chaincodes. */
const OWNER_ONLY = 0o077;
const TAIL_CHARACTERS = 600;

/** Called when a process ends by itself, with the reason and the delay in milliseconds before its restart. */
export type OnUnexpectedEnd = (process: ManagedProcess, how: string, delayMs: number) => void;

/**
 * A child process that is restarted when it ends by itself. Restarts end when it is stopped, or when a caller sends it a signal through
 * {@link kill} and so takes over. Its output goes to a file.
 */
export class ManagedProcess implements NodeProcess, SupervisedProcess {
  readonly name: string;
  readonly kind: NodeProcess['kind'];
  readonly operations?: string;
  readonly #plan: ProcessPlan;
  readonly #onUnexpectedEnd: OnUnexpectedEnd;
  readonly #delay = new RestartDelay();
  #child: ChildProcess | undefined;
  #wanted = false;
  #began = 0;
  #again: NodeJS.Timeout | undefined;
  #restarts = 0;
  #lastEnd: string | undefined;

  constructor(plan: ProcessPlan, onUnexpectedEnd: OnUnexpectedEnd) {
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

  get restarts(): number {
    return this.#restarts;
  }

  get lastEnd(): string | undefined {
    return this.#lastEnd;
  }

  get logFile(): string {
    return this.#plan.logFile;
  }

  /** Starts the process. It may not listen yet when this resolves. */
  async start(): Promise<void> {
    clearTimeout(this.#again);
    this.#wanted = true;
    await this.#spawn();
  }

  /** Sends a signal and does not wait. */
  kill(signal: NodeJS.Signals): void {
    this.#leaveAlone();
    this.#child?.kill(signal);
  }

  /** Asks it to end, and kills it if it does not end in time. */
  async stop(graceMs: number): Promise<void> {
    this.#leaveAlone();
    const child = this.#child;
    if (child !== undefined) await endChild(child, graceMs);
    await forgetProcess(this.#plan.runDir, this.name);
  }

  /**
   * Stops it in order and starts it again.
   * @param why The reason for a restart that nobody requested: it is then reported like an end by itself.
   */
  async restart(graceMs: number, why?: string): Promise<void> {
    await this.stop(graceMs);
    if (why !== undefined) this.#remember(why);
    await this.start();
  }

  /** The last lines of its output, for an error message. */
  async lastWords(): Promise<string> {
    const text = await readFile(this.#plan.logFile, 'utf8').catch(() => '');
    return text.slice(-TAIL_CHARACTERS).trim();
  }

  #leaveAlone(): void {
    this.#wanted = false;
    clearTimeout(this.#again);
  }

  async #spawn(): Promise<void> {
    const { command, args, env, cwd, logFile, name } = this.#plan;
    await mkdir(dirname(logFile), { recursive: true });
    await mkdir(cwd, { recursive: true });
    const log = await open(logFile, 'a', PRIVATE);
    try {
      // It may have been stopped or started by another caller meanwhile.
      if (this.#child !== undefined || !this.#wanted) return;
      this.#began = Date.now();
      const child = spawnPrivately(command, args, {
        cwd,
        env: { ...inheritedEnvironment(), ...env },
        stdio: ['ignore', log.fd, log.fd],
        // Start an own process group: Ctrl-C in a terminal reaches only the supervisor, which stops everything in order.
        detached: true,
      });
      this.#child = child;
      keepLogOf(child, logFile);
      child.once('exit', (code, signal) => {
        this.#ended(child, signal ?? `exit code ${String(code)}`);
      });
      await once(child, 'spawn');
      if (child.pid !== undefined) await recordProcess(this.#plan.runDir, this.name, child.pid);
    } catch (cause) {
      // An unrecorded process must not run: nobody would find it.
      this.#child?.kill('SIGKILL');
      this.#child = undefined;
      throw new FabricError('PROCESS_ENDED', `${name} could not be started: ${String(cause)}`, { cause });
    } finally {
      await log.close();
    }
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#wanted) this.#startAgain(how);
  }

  #remember(why: string): void {
    this.#restarts += 1;
    this.#lastEnd = `${why}, ${new Date().toISOString()}`;
  }

  #startAgain(how: string): void {
    const delayMs = this.#delay.after(Date.now() - this.#began);
    this.#remember(how);
    this.#onUnexpectedEnd(this, how, delayMs);
    this.#again = setTimeout(() => {
      this.#spawn().catch((error: unknown) => {
        if (this.#wanted) this.#startAgain(String(error));
      });
    }, delayMs);
  }
}

async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const stubborn = new AbortController();
  void pause(graceMs, undefined, { signal: stubborn.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await exit;
  stubborn.abort();
}

/**
 * Repeats a check until it holds; gives up when the process ends or the time is over.
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

/** Starts a program whose files other users of the machine cannot read. */
function spawnPrivately(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  // A child inherits the umask of this moment.
  const before = process.umask(OWNER_ONLY);
  try {
    return spawn(command, args, options);
  } finally {
    process.umask(before);
  }
}
