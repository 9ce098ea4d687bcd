import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { lastHolder } from '@tracecal/network/control';
import type { EngineName, Ports } from '@tracecal/network/engine';
import { z } from 'zod';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { engines } from './engines.js';
import { followLog } from './followLog.js';
import type { ServiceEnvironment } from './serviceEnvironment.js';
import { word } from '../text/quoted.js';

/** How the network's own process is started. */
export interface EngineOptions {
  readonly data: DataDirectory;
  readonly engine: EngineName;
  readonly fabricBin?: string;
  readonly ports?: Ports | undefined;
  /** Runs only the nodes of the member whose data directory it is. */
  readonly isMember?: boolean;
  /** `NAME@CHANNEL=HOST:PORT`, with the endorsement policy after it. */
  readonly chaincodes?: readonly string[];
  /** It continues when this process ends. If not detached, it always ends with this process. */
  readonly detached: boolean;
  /** Makes it log what it refuses and what is invalid, and why. */
  readonly verbose?: boolean;
  /** Gets every line of its log, while this process runs. */
  readonly onLog?: (line: string) => void;
  /** Gets the progress of the network's start. */
  readonly onProgress?: (line: string) => void;
}

const readySchema = z.object({
  ready: z.literal(true),
  pid: z.int().positive(),
  organisations: z.array(z.object({ id: z.string(), mspId: z.string(), gatewayEndpoint: z.string() })),
});

export type EngineReady = z.infer<typeof readySchema>;

/** Messages of the process to its parent. */
const wordSchema = z.union([
  z.object({ held: z.literal(true) }),
  z.object({ progress: z.string() }),
  readySchema,
  z.object({ failed: z.object({ code: z.string(), message: z.string() }) }),
]);
type Word = z.infer<typeof wordSchema>;

/** Time limit for a process to lock its data directory. */
const HOLD_MS = 60_000;

/** The process that runs an embedded network, or supervises real Fabric's. It holds the lock of the data directory. */
export class EngineProcess {
  readonly #options: EngineOptions;
  readonly #child: ChildProcess;

  private constructor(options: EngineOptions, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
  }

  /**
   * Starts the process, and waits until it holds the data directory, so that no other network can start there.
   *
   * @throws CliError `ALREADY_RUNNING`, `NETWORK_START_FAILED`; ApplicationError `USAGE` if it does not understand its options
   */
  static async hold(options: EngineOptions): Promise<EngineProcess> {
    const { data, engine, fabricBin, ports = 'kept', chaincodes = [], detached } = options;
    const { verbose = false, isMember = false, onLog } = options;
    const args = [
      ...['--engine', engine, '--data', data.root, '--consortium', data.consortiumFile, '--ports', ports],
      ...(fabricBin === undefined ? [] : ['--fabric-bin', fabricBin]),
      ...chaincodes.flatMap((chaincode) => ['--chaincode', chaincode]),
      ...(verbose ? ['--verbose'] : []),
      ...(isMember ? ['--member'] : []),
      '--await-start',
      ...(detached ? [] : ['--exit-with-parent']),
    ];
    const log = openSync(data.logFile, 'a', 0o600);
    const child = spawn(process.execPath, [programFile(), ...args], { stdio: ['ignore', log, log, 'ipc'], detached });
    closeSync(log);
    const started = new EngineProcess(options, child);
    try {
      await started.#hear('held', HOLD_MS);
      truncateSync(data.logFile);
      const follower = onLog && followLog(data.logFile, onLog);
      child.once('exit', () => follower?.());
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /**
   * Tells the process to start the network (the data directory must be prepared), and waits until the network is ready.
   * @throws CliError `NETWORK_START_FAILED`
   */
  async start(environment: ServiceEnvironment): Promise<EngineReady> {
    const ready = this.#hear('ready', engines[this.#options.engine].startMs);
    this.#child.send({ start: { environment } });
    return readySchema.parse(await ready);
  }

  /** Stops tracking a detached process. */
  release(): void {
    if (this.#child.connected) {
      this.#child.disconnect();
    }
    this.#child.unref();
  }

  /** Resolves with the exit code when the process has ended. */
  ended(): Promise<number> {
    const { pid, exitCode, signalCode } = this.#child;
    // A process without an id never started.
    if (pid === undefined || exitCode !== null || signalCode !== null) {
      return Promise.resolve(exitCode ?? 1);
    }
    return new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        resolve(code ?? 1);
      });
    });
  }

  /** Asks the process to end, and kills it if it does not. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), engines[this.#options.engine].stopMs);
    await this.ended();
    clearTimeout(impatience);
  }

  #hear(wanted: 'held' | 'ready', withinMs: number): Promise<Word> {
    const { data, onProgress = () => undefined } = this.#options;
    return heard(this.#child, { isWanted: (word) => wanted in word, onProgress, withinMs, data });
  }
}

function programFile(): string {
  return join(dirname(require.resolve('@tracecal/network/package.json')), 'dist', 'engines', 'main.js');
}

interface Hearing {
  readonly isWanted: (word: Word) => boolean;
  readonly onProgress: (line: string) => void;
  readonly withinMs: number;
  readonly data: DataDirectory;
}

function heard(child: ChildProcess, { isWanted, onProgress, withinMs, data }: Hearing): Promise<Word> {
  return new Promise((resolve, reject) => {
    const stopListening = () => {
      clearTimeout(impatience);
      child.off('error', onError).off('close', onClose).off('message', onMessage);
    };
    const fail = (error: Error) => {
      stopListening();
      reject(error);
    };
    const failed = (why: string, cause?: unknown) => {
      fail(startFailed(why, cause));
    };
    const impatience = setTimeout(() => {
      failed(`It was not ready after ${withinMs / 1000} s: see ${data.logFile}.`);
    }, withinMs);
    const onError = (error: Error) => {
      failed(error.message, error);
    };
    // Wait until all its output has been read.
    const onClose = (code: number | null) => {
      const why = lastWords(data.logFile);
      fail(code === EXIT.input ? new ApplicationError('USAGE', why) : startFailed(why));
    };
    const onMessage = (message: unknown) => {
      const { data: word } = wordSchema.safeParse(message);
      if (word === undefined) {
        failed('It answered in a way that is not understood: give client and network the same version.');
      } else if ('progress' in word) {
        onProgress(word.progress);
      } else if ('failed' in word) {
        fail(failureOf(word.failed, data));
      } else if (isWanted(word)) {
        stopListening();
        resolve(word);
      }
    };
    child.on('error', onError).on('close', onClose).on('message', onMessage);
  });
}

function failureOf({ code, message }: { readonly code: string; readonly message: string }, data: DataDirectory): Error {
  switch (code) {
    case 'DATA_DIRECTORY_IN_USE':
      return alreadyRunning(data, lastHolder(data.root)?.pid);
    case 'USAGE':
      return new ApplicationError('USAGE', printable(message));
    default:
      return startFailed(printable(message));
  }
}

/** Another network holds the data directory. */
export function alreadyRunning({ root }: DataDirectory, pid: number | undefined): CliError {
  const which = pid === undefined ? '' : ` (process ${pid})`;
  return new CliError(
    'ALREADY_RUNNING',
    `A network already runs in ${root}${which}: stop it with \`tracecal down --data ${word(root)}\`.`,
  );
}

function startFailed(why: string, cause?: unknown): CliError {
  return new CliError('NETWORK_START_FAILED', `The network could not be started. ${why}`.trim(), { cause });
}

/** The last line of the log: a program that fails writes the reason last. */
function lastWords(logFile: string): string {
  try {
    return printable(readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '', 600);
  } catch {
    return '';
  }
}
