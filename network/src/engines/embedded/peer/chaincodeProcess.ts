import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaincodeStartError, makeChaincodeTls, shimCommand } from '../../../chaincode/index.js';
import { inheritedEnvironment } from '../../../system/inheritedEnvironment.js';
import { freePorts, listening, LOOPBACK } from '../../../system/ports.js';
import { keepLogOf } from '../../../system/logRotation.js';
import { PRIVATE } from '../../../system/atomicWrite.js';
import { ChaincodeKeys } from './chaincodeKeys.js';
import type { ShimTls } from './shimConnection.js';

/** Time limit for a chaincode to listen. */
const START_MS = 60_000;
const KILL_AFTER_MS = 2000;

/** One run of an unmodified chaincode server in its own process. */
export interface ChaincodeProcess {
  readonly address: string;
  /** The TLS material of its only client; the key was made for this run and never left this process. */
  readonly tls: ShimTls;
  stop(): Promise<void>;
}

export interface ChaincodeProcessOptions {
  readonly name: string;
  readonly directory: string;
  readonly chaincodeId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Folder of its key during the start. */
  readonly keyDir: string;
  /** Cancels the start. */
  readonly signal: AbortSignal;
}

/**
 * Starts the server on a free port of the loopback interface, where only this process can connect; resolves when it listens.
 * @throws ChaincodeStartError when it ends before that, or does not listen in time
 */
export async function startChaincodeProcess(options: ChaincodeProcessOptions): Promise<ChaincodeProcess> {
  const [port = 0] = await freePorts(1);
  const address = `${LOOPBACK}:${port}`;
  const { ca, server, client } = await makeChaincodeTls(options.name, [LOOPBACK]);
  const keys = new ChaincodeKeys(options.keyDir, { ca, server, client });
  try {
    const child = launch(options, address, keys);
    const exited = endOf(child);
    try {
      await waitUntilListening(port, exited, options);
    } catch (error) {
      await end(child, exited);
      throw error;
    }
    const tls = { ca: Buffer.from(ca), cert: Buffer.from(client.certificate), key: Buffer.from(client.privateKey) };
    return { address, tls, stop: () => end(child, exited) };
  } finally {
    keys.remove();
  }
}

function launch(options: ChaincodeProcessOptions, address: string, keys: ChaincodeKeys): ChildProcess {
  const log = openSync(options.logFile, 'a', PRIVATE);
  try {
    const child = spawn(
      process.execPath,
      [
        '--require',
        join(__dirname, 'orphanGuard.js'),
        shimCommand(options.directory),
        'server',
        `--chaincode-address=${address}`,
        `--chaincode-id=${options.chaincodeId}`,
        ...keys.arguments,
      ],
      {
        cwd: options.directory,
        stdio: ['ignore', log, log, 'ipc'],
        // Start an own process group: Ctrl-C in a terminal reaches only the network, which stops everything in order.
        detached: true,
        env: { ...inheritedEnvironment(), ...options.environment },
      },
    );
    keepLogOf(child, options.logFile);
    return child;
  } finally {
    closeSync(log);
  }
}

/** Resolves with the reason of its end. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ? `was ended by ${signal}` : `exited with code ${code ?? 0}`);
    });
    child.once('error', (error) => {
      resolve(error.message);
    });
  });
}

async function waitUntilListening(
  port: number,
  exited: Promise<string>,
  { name, logFile, signal }: ChaincodeProcessOptions,
): Promise<void> {
  const failed = (what: string): ChaincodeStartError =>
    new ChaincodeStartError(`The process of chaincode ${name} ${what}: see ${logFile}.`);
  let over: string | undefined;
  void exited.then((how) => {
    over = how;
  });
  const deadline = Date.now() + START_MS;
  while (!(await listening(LOOPBACK, port)) && !signal.aborted) {
    if (over !== undefined) throw failed(`${over} before it was ready`);
    if (Date.now() > deadline) throw failed(`does not listen after ${START_MS / 1000} s`);
    await delay(10);
  }
  // Fail even if it listens by now: a stopping network would not stop it any more.
  if (signal.aborted) throw failed('was stopped before it was ready');
}

async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await exited;
  clearTimeout(forced);
}
