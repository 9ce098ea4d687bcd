import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Deadline } from '../client/deadline.js';
import { clientError } from '../client/errors.js';
import { Database } from './database.js';

export interface StoreOptions {
  /** The folder of the replica. */
  readonly directory: string;
  /** How long to wait while another process works with the replica. */
  readonly patienceMs: number;
}

/** Two processes that take turns ask again this often. */
const ASK_AGAIN_MS = 20;

/** An open database is kept for so long after its last use, for the next one. */
const KEPT_OPEN_MS = 50;

/**
 * The database of a replica. One process at a time can have it open, so it is open only while something is done with it: who follows the
 * channel and who asks take turns.
 */
export class Store {
  readonly directory: string;
  readonly #patienceMs: number;
  #users = 0;
  #database: Promise<Database> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor({ directory, patienceMs }: StoreOptions) {
    this.directory = directory;
    this.#patienceMs = patienceMs;
  }

  /** Where blocks are kept that were refused. */
  get refused(): string {
    return join(this.directory, 'refused');
  }

  /** Makes the folder of a new replica. */
  async make(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await this.#use(true, () => Promise.resolve());
  }

  /** @throws TraceCalError `REPLICA_MISSING`, `REPLICA_IN_USE` or `REPLICA_DAMAGED` */
  use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return this.#use(false, work);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#release();
    await this.#closing;
  }

  async #use<T>(createIfMissing: boolean, work: (database: Database) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#users += 1;
    try {
      this.#database ??= this.#closing.then(() => this.#open(createIfMissing));
      return await work(await this.#database);
    } catch (error) {
      await this.#database?.catch(() => (this.#database = undefined));
      throw error;
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#releaseSoon();
    }
  }

  #releaseSoon(): void {
    this.#idle = setTimeout(() => {
      this.#release();
    }, KEPT_OPEN_MS);
  }

  #release(): void {
    const database = this.#database;
    this.#database = undefined;
    if (database) this.#closing = database.then((open) => open.close()).catch(() => undefined);
  }

  async #open(createIfMissing: boolean): Promise<Database> {
    const path = join(this.directory, 'state');
    if (!createIfMissing && !existsSync(path)) throw clientError('REPLICA_MISSING', this.directory);
    const deadline = new Deadline(this.#patienceMs);
    for (;;) {
      try {
        return await Database.open(path, { createIfMissing });
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined;
        const isLocked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
        if (!isLocked) throw clientError('REPLICA_DAMAGED', this.directory, { cause: error });
        if (deadline.isOver) throw clientError('REPLICA_IN_USE', this.directory, { cause: error });
        await delay(ASK_AGAIN_MS);
      }
    }
  }
}
