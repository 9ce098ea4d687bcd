import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaincodeStartError, shimCommand } from '../../chaincodePackage.js';
import { freePorts, listening, LOOPBACK } from '../../ports.js';

/** One run of an unmodified chaincode server in a process of its own. */
export interface ChaincodeProcess {
  readonly address: string;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface ChaincodeProcessOptions {
  readonly directory: string;
  readonly chaincodeId: string;
  readonly logFile: string;
  /** Gives up on starting. */
  readonly signal: AbortSignal;
}

function launch(options: ChaincodeProcessOptions, address: string): ChildProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    return spawn(
      process.execPath,
      [
        '--require',
        join(__dirname, 'orphanGuard.js'),
        shimCommand(options.directory),
        'server',
        `--chaincode-address=${address}`,
        `--chaincode-id=${options.chaincodeId}`,
      ],
      {
        cwd: options.directory,
        stdio: ['ignore', log, log, 'ipc'],
        // The shim writes several lines a transaction at its default level.
        env: { CORE_CHAINCODE_LOGGING_LEVEL: 'warning', ...process.env },
      },
    );
  } finally {
    closeSync(log);
  }
}

async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 2000);
  await exited;
  clearTimeout(forced);
}

/** Starts the server on a free port of the loopback interface; resolves when it listens. @throws ChaincodeStartError when it ends before that */
export async function startChaincodeProcess(options: ChaincodeProcessOptions): Promise<ChaincodeProcess> {
  const [port = 0] = await freePorts(1);
  const address = `${LOOPBACK}:${port}`;
  const child = launch(options, address);
  let over: string | undefined;
  const exited = new Promise<string>((done) => {
    const settle = (reason: string): void => {
      over = reason;
      done(reason);
    };
    child.once('exit', (code, signal) => {
      settle(signal ? `was ended by ${signal}` : `exited with code ${code ?? 0}`);
    });
    child.once('error', (error) => {
      settle(error.message);
    });
  });
  while (!(await listening(LOOPBACK, port)) && !options.signal.aborted) {
    if (over !== undefined) {
      throw new ChaincodeStartError(`The chaincode process ${over} before it was ready: see ${options.logFile}.`);
    }
    await delay(10);
  }
  // Even if it listens by now: whoever gave up on it is not going to end it.
  if (options.signal.aborted) {
    await end(child, exited);
    throw new ChaincodeStartError('The chaincode process was stopped before it was ready.');
  }
  return { address, exited, stop: () => end(child, exited) };
}
