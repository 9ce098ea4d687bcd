import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { directoryId } from '../../system/directoryId.js';
import type { EngineName } from '../engineName.js';
import { atSocket } from './address.js';
import { Description } from './description.js';
import { execute, type Controllable } from './execute.js';
import { socketFile } from './files.js';
import { onLines, sendLine } from './lines.js';
import { DirectoryLock } from './lock.js';
import { requestSchema, type Change, type Done, type Greeting, type NetworkStatus, type Reply } from './messages.js';

/** Nobody but the owner connects. */
const OWNER_ONLY = 0o177;

/** A request that comes while the network starts or stops. */
class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
  readonly code = 'NETWORK_NOT_RUNNING';
}

/** The data directory is on a file system without sockets, or something else lies in its place. */
class NoSocketError extends Error {
  override readonly name = 'NoSocketError';
  readonly code = 'NO_SOCKET';
}

export interface ControlOptions {
  readonly dataDir: string;
  readonly engine: EngineName;
  /** Is called when another process asks the network to stop; it then stops it and calls {@link ControlServer.close}. */
  readonly onStop: () => void;
}

/**
 * Holds a data directory, and answers other processes of the same user there: on the socket in the directory, from before the
 * network starts until it is stopped.
 */
export class ControlServer {
  readonly lock: DirectoryLock;
  readonly #options: ControlOptions;
  readonly #server: Server;
  readonly #greeting: Greeting;
  readonly #connections = new Set<Socket>();
  /** Those who asked for a change, which is under way or waits for its turn. */
  readonly #changing = new Set<Socket>();
  readonly #stopping = new Set<Socket>();
  #state: NetworkStatus['state'] = 'starting';
  #network: Controllable | undefined;
  #description = new Description(undefined);
  /** Changes are made one after the other. */
  #turn = Promise.resolve();

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
   * Lets others change the network from now on. What was brought about is written into `consortiumFile`, so that the network
   * comes up with it again.
   */
  serve(network: Controllable, consortiumFile: string | undefined): void {
    this.#network = network;
    this.#description = new Description(consortiumFile);
    if (this.#state === 'starting') this.#state = 'running';
  }

  /** Tells those who wait for a change what the network is doing. */
  progress(line: string): void {
    for (const connection of this.#changing) send(connection, { progress: line });
  }

  /** Refuses further changes, and waits for the one under way. */
  async rest(): Promise<void> {
    this.#state = 'stopping';
    await this.#turn;
  }

  /** Gives the data directory back. Those who asked the network to stop are told that it has. */
  async close(): Promise<void> {
    rmSync(socketFile(this.#options.dataDir), { force: true });
    this.#server.close();
    await this.lock.release();
    for (const connection of this.#stopping) send(connection, { stopped: true });
    for (const connection of this.#connections) connection.end();
  }

  async #listen(): Promise<void> {
    const { dataDir } = this.#options;
    // Under the lock it is that of a network that was killed, or a copy.
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
      const request = requestSchema.parse(message);
      if (request === 'status') {
        send(connection, { status: this.#status() });
      } else if (request === 'stop') {
        this.#stopping.add(connection);
        this.#options.onStop();
      } else {
        this.#changing.add(connection);
        send(connection, { done: await this.#change(request) });
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
      send(connection, { error: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  }

  #status(): NetworkStatus {
    const { organisations = [], supervised = [] } = this.#network ?? {};
    return {
      pid: process.pid,
      engine: this.#options.engine,
      state: this.#state,
      organisations: [...organisations],
      processes: supervised.map(({ name, pid, restarts, lastEnd }) => ({ name, pid, restarts, lastEnd })),
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
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

function send(connection: Socket, reply: Reply): void {
  sendLine(connection, reply);
}
