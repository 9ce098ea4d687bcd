import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync, closeSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { packageService } from '../../admin/package.js';
import { freePorts, LOOPBACK } from '../../ports.js';
import type { ChaincodeDeployment } from '../../topology/consortium.js';

/** A chaincode cannot be started at all: the package or fabric-shim is missing. */
export class ChaincodeStartError extends Error {
  readonly code = 'CHAINCODE_START';
}

/** Directory of an npm package given by name, or by path. @throws ChaincodeStartError */
export function packageDirectory(specifier: string): string {
  const path = isAbsolute(specifier) ? specifier : specifier.startsWith('.') ? resolve(specifier) : undefined;
  if (path !== undefined) {
    if (existsSync(join(path, 'package.json'))) return path;
    throw new ChaincodeStartError(`There is no package.json in ${path}: name the directory of an npm package.`);
  }
  try {
    return dirname(createRequire(__filename).resolve(`${specifier}/package.json`));
  } catch {
    throw new ChaincodeStartError(`The chaincode package ${specifier} is not installed: add it with npm install.`);
  }
}

/** The program by which fabric-shim starts a chaincode of this package. @throws ChaincodeStartError */
export function shimCommand(directory: string): string {
  for (const from of [join(directory, 'package.json'), __filename]) {
    try {
      return createRequire(from).resolve('fabric-shim/cli.js');
    } catch {
      // Not reachable from there: try the next place.
    }
  }
  throw new ChaincodeStartError(
    `fabric-shim is not installed in ${directory}: add it to the chaincode's dependencies.`,
  );
}

/** `label:sha256`, as a peer would name an installed package. @throws ChaincodeStartError */
export function packageIdOf({ name, version, service }: ChaincodeDeployment): string {
  const label = `${name}_${version}`;
  if ('address' in service) return packageService(label, { address: service.address }).id;
  return `${label}:${chaincodeDigest(packageDirectory(service.package))}`;
}

/** SHA-256 (hex) of what a chaincode's npm package consists of, its dependencies aside: its manifest and what that names. */
export function chaincodeDigest(directory: string): string {
  const manifest = join(directory, 'package.json');
  const { files, main } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const hash = createHash('sha256');
  const paths = [manifest, ...published(directory, files), ...published(directory, main === undefined ? [] : [main])];
  for (const path of [...new Set(paths)].sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(directory, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const manifestSchema = z.object({ files: z.array(z.string()).optional(), main: z.string().optional() });

function published(directory: string, files: readonly string[] = ['.']): readonly string[] {
  const named = files.some((file) => /[*?!]/.test(file)) ? ['.'] : files;
  const places = named.map((file) => join(directory, file)).filter((place) => existsSync(place));
  return places.flatMap((place) => filesBelow(place));
}

function filesBelow(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((name) => filesBelow(join(place, name)));
}

/** Whether somebody listens there. */
export async function listening(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const settle = (result: boolean): void => {
      socket.destroy();
      done(result);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.setTimeout(2000, () => {
      settle(false);
    });
  });
}

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
