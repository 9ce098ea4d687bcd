import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { NETWORK_LABEL } from './compose.js';
import type { DockerLayout } from './layout.js';
import { keepLogOf } from '../../system/logRotation.js';
import { FabricError } from '../common/errors.js';

const OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_CHARACTERS = 600;
const PULL_TIMEOUT_MS = 600_000;
/** Time limit for a container to close its ledger. */
const GRACE_SECONDS = '10';

const GET_COMPOSE =
  'Docker is there, but not its Compose plugin: install it (https://docs.docker.com/compose/install/).';
const GET_DOCKER =
  'Docker is not on PATH: install it with Compose (https://docs.docker.com/get-docker/), or use the engine native or embedded.';
const ASK_FOR_DOCKER =
  'This user may not use the Docker engine: become a member of the group docker and log in again, or run Docker rootless.';
const START_DOCKER =
  'No Docker engine answers: start it (Docker Desktop, or `sudo systemctl start docker`), and see that `docker info` works.';

const run = promisify(execFile);

/** Docker Compose for one project. */
export class Compose {
  readonly #arguments: readonly string[];
  readonly #layout: DockerLayout;

  private constructor(layout: DockerLayout) {
    this.#arguments = ['compose', '-p', layout.project, '-f', layout.composeFile];
    this.#layout = layout;
  }

  /** @throws FabricError `DOCKER_MISSING` */
  static async find(layout: DockerLayout): Promise<Compose> {
    await docker('info');
    if (await works('docker', 'compose', 'version')) return new Compose(layout);
    throw new FabricError('DOCKER_MISSING', GET_COMPOSE);
  }

  /** @throws FabricError `PORT_TAKEN`, or `DOCKER_FAILED` with the last lines of its output. */
  async do(...args: readonly string[]): Promise<string> {
    try {
      return (await run('docker', [...this.#arguments, ...args], { maxBuffer: OUTPUT_BYTES })).stdout;
    } catch (cause) {
      throw composeFailure(args[0] ?? '', cause);
    }
  }

  /** Stops and removes the containers, if any; the files that they wrote into the data directory stay. */
  async down(): Promise<void> {
    if (existsSync(this.#layout.composeFile)) await this.do('down', '--remove-orphans', '--timeout', GRACE_SECONDS);
  }

  async restart(service: string): Promise<void> {
    await this.do('restart', '--timeout', GRACE_SECONDS, service);
  }

  /** Whether the container of a service runs. */
  runs(service: string): Promise<boolean> {
    return runningContainers(this.#layout, service);
  }

  /** Removes the images that were built for this network and are no longer used by a container. */
  async removeImages(): Promise<void> {
    await docker('image', 'prune', '--all', '--force', '--filter', `label=${NETWORK_LABEL}=${this.#layout.project}`);
  }

  /** Writes the output of containers to a file, until it is killed. */
  follow(file: string, folder: string, services: readonly string[]): ChildProcess {
    mkdirSync(folder, { recursive: true });
    const log = openSync(file, 'a', 0o600);
    const args = [...this.#arguments, 'logs', '--follow', '--no-color', ...services];
    const child = spawn('docker', args, { stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => undefined);
    keepLogOf(child, file);
    child.unref();
    return child;
  }
}

/**
 * Whether a container of this data directory runs; with a service, whether that one runs.
 * @throws FabricError `DOCKER_MISSING`
 */
export async function runningContainers(layout: DockerLayout, service?: string): Promise<boolean> {
  const labels = [
    `com.docker.compose.project=${layout.project}`,
    ...(service === undefined ? [] : [`com.docker.compose.service=${service}`]),
  ];
  const running = await docker('ps', '--quiet', ...labels.flatMap((label) => ['--filter', `label=${label}`]));
  return running.trim() !== '';
}

/** Whether the engine maps its root to the calling user. Another user in a container could then not read that user's files. */
export async function isRootless(): Promise<boolean> {
  return (await docker('info', '--format', '{{.SecurityOptions}}')).includes('rootless');
}

/**
 * Pulls missing images.
 * @throws FabricError `IMAGE_MISSING`, naming the first one that cannot be pulled
 */
export async function bringImages(images: readonly string[]): Promise<void> {
  for (const image of images) {
    if (await works('docker', 'image', 'inspect', image)) continue;
    try {
      await run('docker', ['pull', '--quiet', image], { timeout: PULL_TIMEOUT_MS });
    } catch (cause) {
      const message = `The image ${image} is not here and cannot be pulled (${lastLine(wordsOf(cause))}): let Docker reach its registry, bring the image with \`docker load\`, or name others with TRACECAL_FABRIC_REGISTRY, TRACECAL_FABRIC_VERSION and TRACECAL_NODE_IMAGE.`;
      throw new FabricError('IMAGE_MISSING', message, { cause });
    }
  }
}

/** @throws FabricError `DOCKER_MISSING`, with what to do about it; `DOCKER_FAILED` */
async function docker(...args: readonly string[]): Promise<string> {
  try {
    return (await run('docker', args, { maxBuffer: OUTPUT_BYTES })).stdout;
  } catch (cause) {
    throw dockerFailure(args[0] ?? '', cause);
  }
}

function dockerFailure(command: string, cause: unknown): FabricError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    return new FabricError('DOCKER_MISSING', GET_DOCKER, { cause });
  }
  const words = wordsOf(cause);
  if (/permission denied/i.test(words)) return new FabricError('DOCKER_MISSING', ASK_FOR_DOCKER, { cause });
  if (command === 'info' || /daemon running|connect to the docker|error during connect/i.test(words)) {
    return new FabricError('DOCKER_MISSING', START_DOCKER, { cause });
  }
  return new FabricError('DOCKER_FAILED', `docker ${command} failed: ${words}`, { cause });
}

/** Docker's messages about a taken port, in this order: by a container, by a process, on Docker Desktop. */
const PORT = /port is already allocated|address already in use|ports are not available/i;

function composeFailure(command: string, cause: unknown): FabricError {
  const words = wordsOf(cause);
  if (PORT.test(words)) {
    const message = `A port of the network is taken (${lastLine(words)}): end what listens there, or use --ports free.`;
    return new FabricError('PORT_TAKEN', message, { cause });
  }
  return new FabricError('DOCKER_FAILED', `docker compose ${command} failed: ${words}`, { cause });
}

/** The last part of a failed program's output. */
function wordsOf(cause: unknown): string {
  const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
  return words.trim().slice(-TAIL_CHARACTERS);
}

function lastLine(words: string): string {
  return words.split('\n').at(-1) ?? '';
}

async function works(program: string, ...args: readonly string[]): Promise<boolean> {
  return run(program, args, { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}
