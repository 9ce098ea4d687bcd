import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { issueText } from '@tracecal/core/model';
import { directoryId } from '../../system/directoryId.js';
import type { EngineName } from '../engineName.js';
import { atSocket } from './address.js';
import { Description } from './description.js';
import { execute, type Controllable } from './execute.js';
import { socketFile } from './files.js';
import { onLines, sendLine } from './lines.js';
import { DirectoryLock } from './lock.js';
import {
  requestSchema,
  type Change,
  type Done,
  type Greeting,
  type NetworkStatus,
  type Reply,
  type Request,
} from './messages.js';

/** Only the owner can connect. */
const OWNER_ONLY = 0o177;

/** A request came while the network was starting or stopping. */
class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
  readonly code = 'NETWORK_NOT_RUNNING';
}

/** A request of another version, or of a stranger. */
class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
  readonly code = 'BAD_REQUEST';
}

/** The data directory is on a file system without sockets, or another file is in the socket's place. */
class NoSocketError extends Error {
  override readonly name = 'NoSocketError';
  readonly code = 'NO_SOCKET';
}

export interface ControlOptions {
  readonly dataDir: string;
  readonly engine: EngineName;
  /** Called when another process asks the network to stop; the callee stops it and calls {@link ControlServer.close}. */
  readonly onStop: () => void;
}

/**
 * Holds a data directory, and answers other processes of the same user on the directory's socket, from before the network starts until it
 * has stopped.
 */
export class ControlServer {
  readonly lock: DirectoryLock;
  readonly #options: ControlOptions;
  readonly #server: Server;
  readonly #greeting: Greeting;
  readonly #connections = new Set<Socket>();
  /** Clients whose change runs or waits for its turn. */
  readonly #changing = new Set<Socket>();
  readonly #stopping = new Set<Socket>();
  #state: NetworkStatus['state'] = 'starting';
  #network: Controllable | undefined;
  #description = new Description(undefined);
  /** Changes are made one after the other. */
  #turn = Promise.resolve();
  /** How many are under way or wait for their turn, whether or not somebody still waits for them. */
  #unfinished = 0;

  private constructor(options: ControlOptions, lock: DirectoryLock) {
    this.#options = options;
    this.lock = lock;
    this.#greeting = { pid: process.pid, directory: directoryId(options.dataDir) };
    this.#server = createServer((connection) => {
      this.#greet(connection);
    });
  }

  /** @throws DataDirectoryInUse, BrokenLock; NoSocketError */
  static async open(options: ControlOptions): Promise<ControlServer> {
    const lock = await DirectoryLock.take(options.dataDir);
    try {
      const control = new ControlServer(options, lock);
      await control.#listen();
      return control;
    } catch (cause) {
      await lock.release();
      const why = cause instanceof Error ? cause.message : String(cause);
      const file = socketFile(options.dataDir);
      throw new NoSocketError(`${file} cannot be made: use a data directory on a local disk. ${why}`, { cause });
    }
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  /**
   * Accepts changes of the network from now on. They are written into `consortiumFile`, so that the network keeps them at its next start.
   */
  serve(network: Controllable, consortiumFile: string | undefined): void {
    this.#network = network;
    this.#description = new Description(consortiumFile);
    if (this.#state === 'starting') this.#state = 'running';
  }

  /** Sends a line of progress to clients that wait for a change. */
  progress(line: string): void {
    for (const connection of this.#changing) send(connection, { progress: line });
  }

  /** Rejects new changes; waits for the current one. */
  async rest(): Promise<void> {
    this.#state = 'stopping';
    await this.#turn;
  }

  /**
   * Releases the data directory, and tells clients that requested the stop that it is done.
   * @param notStopped - Why the network could not be stopped, if that is what they must be told.
   */
  async close(notStopped?: unknown): Promise<void> {
    rmSync(socketFile(this.#options.dataDir), { force: true });
    this.#server.close();
    await this.lock.release();
    const reply = notStopped === undefined ? { stopped: true as const } : refusal(notStopped);
    for (const connection of this.#stopping) send(connection, reply);
    for (const connection of this.#connections) connection.end();
  }

  async #listen(): Promise<void> {
    const { dataDir } = this.#options;
    // Under the lock, a socket here belongs to a killed network, or is a copy.
    rmSync(socketFile(dataDir), { force: true });
    const listening = once(this.#server, 'listening');
    atSocket(dataDir, (path) => {
      const before = process.umask(OWNER_ONLY);
      try {
        this.#server.listen(path);
      } finally {
        process.umask(before);
      }
    });
    await listening;
    // Who could not be let in, for want of file handles perhaps, tries again: the network goes on.
    this.#server.on('error', () => undefined);
  }

  #greet(connection: Socket): void {
    this.#connections.add(connection);
    connection.on('error', () => undefined);
    connection.once('close', () => {
      for (const group of [this.#connections, this.#changing, this.#stopping]) group.delete(connection);
    });
    onLines(connection, (message) => {
      void this.#answer(connection, message);
    });
    sendLine(connection, this.#greeting);
  }

  async #answer(connection: Socket, message: unknown): Promise<void> {
    try {
      const request = understood(message);
      if (request === 'status') {
        send(connection, { status: this.#status() });
      } else if (request === 'stop') {
        this.#stopping.add(connection);
        if (this.#unfinished > 0) send(connection, { progress: 'A change is brought to its end first.' });
        this.#options.onStop();
      } else {
        this.#changing.add(connection);
        send(connection, { done: await this.#change(request) });
      }
    } catch (error) {
      send(connection, refusal(error));
    }
  }

  #status(): NetworkStatus {
    const { organisations = [], supervised = [] } = this.#network ?? {};
    return {
      pid: process.pid,
      engine: this.#options.engine,
      state: this.#state,
      organisations: [...organisations],
      processes: supervised.map(({ name, pid, restarts, lastEnd, operations }) => ({
        name,
        pid,
        restarts,
        lastEnd,
        operations,
      })),
    };
  }

  #change(change: Change): Promise<Done> {
    const done = this.#turn.then(async () => {
      if (this.#network === undefined || this.#state !== 'running') {
        throw new NotRunningError(`The network is ${this.#state}: ask again when it runs.`);
      }
      const outcome = await execute(change, this.#description, this.#network);
      return { organisations: [...this.#network.organisations], ...outcome };
    });
    this.#unfinished += 1;
    const finish = (): void => {
      this.#unfinished -= 1;
    };
    this.#turn = done.then(finish, finish);
    return done;
  }
}

/** @throws BadRequestError */
function understood(message: unknown): Request {
  const parsed = requestSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const why = issue === undefined ? 'has the wrong shape' : issueText(issue);
  throw new BadRequestError(
    `The network does not understand the request, which ${why}: use its own version of tracecal.`,
  );
}

function refusal(error: unknown): Reply {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  return { error: { code, message: error instanceof Error ? error.message : String(error) } };
}

function send(connection: Socket, reply: Reply): void {
  sendLine(connection, reply);
}
