import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { DockerLayout } from './dockerLayout.js';
import { FabricError } from './errors.js';

const MISSING =
  'No Docker engine answers: install Docker (https://docs.docker.com/get-docker/) with Compose, start it, and make sure that `docker info` works.';
const OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_CHARACTERS = 600;

const run = promisify(execFile);

/** Docker Compose, whichever of its two generations is there, for one project. */
export class Compose {
  readonly #command: readonly [string, ...string[]];

  private constructor(command: readonly [string, ...string[]], layout: DockerLayout) {
    const project = ['-p', layout.project, '-f', layout.composeFile];
    this.#command = [...command, ...project];
  }

  /** @throws FabricError `DOCKER_MISSING` */
  static async find(layout: DockerLayout): Promise<Compose> {
    if (!(await works('docker', 'info'))) throw new FabricError('DOCKER_MISSING', MISSING);
    if (await works('docker', 'compose', 'version')) return new Compose(['docker', 'compose'], layout);
    if (await works('docker-compose', 'version')) return new Compose(['docker-compose'], layout);
    throw new FabricError(
      'DOCKER_MISSING',
      'Docker is there, but not Compose: install the plugin (https://docs.docker.com/compose/install/) or docker-compose 1.27 or newer.',
    );
  }

  /** @throws FabricError `DOCKER_FAILED` with the end of what it said. */
  async do(...args: readonly string[]): Promise<string> {
    const [program, ...before] = this.#command;
    try {
      return (await run(program, [...before, ...args], { maxBuffer: OUTPUT_BYTES })).stdout;
    } catch (cause) {
      const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
      const message = `docker compose ${args[0] ?? ''} failed: ${words.trim().slice(-TAIL_CHARACTERS)}`;
      throw new FabricError('DOCKER_FAILED', message, { cause });
    }
  }

  /** Keeps what the containers write in a file, until it is killed. */
  follow(file: string, folder: string): ChildProcess {
    mkdirSync(folder, { recursive: true });
    const [program, ...before] = this.#command;
    const log = openSync(file, 'a', 0o600);
    const child = spawn(program, [...before, 'logs', '--follow', '--no-color'], { stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => undefined);
    child.unref();
    return child;
  }
}

/** Whether the engine maps its root to the user who runs it, so that another user in a container could not read his files. */
export async function isRootless(): Promise<boolean> {
  const options = await run('docker', ['info', '--format', '{{.SecurityOptions}}']).catch(() => ({ stdout: '' }));
  return options.stdout.includes('rootless');
}

async function works(program: string, ...args: readonly string[]): Promise<boolean> {
  return run(program, args, { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}
