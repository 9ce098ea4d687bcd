import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import type { EngineName } from '@tracecal/network/engine';
import { z } from 'zod';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { engines } from './engines.js';
import { followLog } from './followLog.js';
import type { ServiceEnvironment } from './serviceEnvironment.js';

/** How the network's own process is started. */
export interface EngineOptions {
  readonly data: DataDirectory;
  readonly engine: EngineName;
  readonly fabricBin?: string;
  readonly ports: 'configured' | 'free';
  /** `NAME@CHANNEL=HOST:PORT`, with the endorsement policy after it. */
  readonly chaincodes?: readonly string[];
  /** Variables for the processes of chaincodes, by chaincode. */
  readonly environment: ServiceEnvironment;
  /** It goes on when this process ends; otherwise it ends with it, however that ends. */
  readonly detached: boolean;
  /** Has it write down what it refuses and what is invalid, and why. */
  readonly verbose?: boolean;
  /** Is given every line that it writes down, as long as this process lives. */
  readonly onLog?: (line: string) => void;
}

const readySchema = z.object({
  ready: z.literal(true),
  pid: z.int().positive(),
  organisations: z.array(z.object({ id: z.string(), mspId: z.string(), gatewayEndpoint: z.string() })),
});

export type EngineReady = z.infer<typeof readySchema>;

/** The process in which an embedded network lives, or which looks after real Fabric's. */
export class EngineProcess {
  readonly engine: EngineName;
  readonly ready: EngineReady;
  readonly #child: ChildProcess;

  private constructor(engine: EngineName, child: ChildProcess, ready: EngineReady) {
    this.engine = engine;
    this.#child = child;
    this.ready = ready;
  }

  /** Starts it and waits until it is ready. @throws CliError `NETWORK_START_FAILED`; ApplicationError `USAGE` if it does not understand its options */
  static async start(options: EngineOptions): Promise<EngineProcess> {
    const { data, engine, fabricBin, ports, chaincodes = [], environment, detached } = options;
    const { verbose = false, onLog } = options;
    const args = [
      ...['--engine', engine, '--data', data.root, '--consortium', data.consortiumFile, '--ports', ports],
      ...(fabricBin === undefined ? [] : ['--fabric-bin', fabricBin]),
      ...chaincodes.flatMap((chaincode) => ['--chaincode', chaincode]),
      ...variablesOf(environment).flatMap((variable) => ['--chaincode-environment', variable]),
      ...(verbose ? ['--verbose'] : []),
      ...(detached ? [] : ['--exit-with-parent']),
    ];
    const log = openSync(data.logFile, 'w', 0o600);
    const child = spawn(process.execPath, [programFile(), ...args], { stdio: ['ignore', log, log, 'ipc'], detached });
    closeSync(log);
    const follower = onLog && followLog(data.logFile, onLog);
    child.once('exit', () => follower?.());
    try {
      return new EngineProcess(engine, child, await readiness(child, engine, data));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Lets go of a detached process. */
  release(): void {
    this.#child.disconnect();
    this.#child.unref();
  }

  /** Resolves when the process has ended, with what it ended with. */
  ended(): Promise<number> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) {
      return Promise.resolve(exitCode ?? 1);
    }
    return new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        resolve(code ?? 1);
      });
    });
  }

  /** Asks it to end, and ends it if it does not. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), engines[this.engine].stopMs);
    await this.ended();
    clearTimeout(impatience);
  }
}

function variablesOf(environment: ServiceEnvironment): readonly string[] {
  return Object.entries(environment).flatMap(([chaincode, variables]) =>
    Object.entries(variables).map(([name, value]) => `${chaincode}:${name}=${value}`),
  );
}

function programFile(): string {
  return join(dirname(require.resolve('@tracecal/network/package.json')), 'dist', 'engines', 'main.js');
}

function readiness(child: ChildProcess, engine: EngineName, data: DataDirectory): Promise<EngineReady> {
  const { startMs } = engines[engine];
  return new Promise((resolve, reject) => {
    const end = (error: Error) => {
      clearTimeout(impatience);
      reject(error);
    };
    const failed = (why: string, cause?: unknown) => {
      end(startFailed(why, cause));
    };
    const impatience = setTimeout(() => {
      failed(`It was not ready after ${startMs / 1000} s: see ${data.logFile}.`);
    }, startMs);
    child.once('error', (error) => {
      failed(error.message, error);
    });
    child.once('exit', (code) => {
      const why = lastWords(data.logFile);
      end(code === EXIT.input ? new ApplicationError('USAGE', why) : startFailed(why));
    });
    child.once('message', (message) => {
      const parsed = readySchema.safeParse(message);
      clearTimeout(impatience);
      child.removeAllListeners('exit');
      if (parsed.success) {
        resolve(parsed.data);
      } else {
        failed('It answered in a way that is not understood: give client and network the same version.');
      }
    });
  });
}

function startFailed(why: string, cause?: unknown): CliError {
  return new CliError('NETWORK_START_FAILED', `The network could not be started. ${why}`.trim(), { cause });
}

/** A program that ends says last why. */
function lastWords(logFile: string): string {
  try {
    return printable(readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '', 600);
  } catch {
    return '';
  }
}
