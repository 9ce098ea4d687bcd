import { ApplicationError } from '@tracecal/gateway-client/application';
import { ClassicLevel } from 'classic-level';
import type { z } from 'zod';

type Level = ClassicLevel;

/** Ends the name of a collection in a key: no name and no key holds it. */
const END = '\u0000';
/** Behind every key of a collection. */
const LAST = '\u{10ffff}';

/** Something to be written; a value of undefined deletes the key. */
export interface Change {
  readonly place: string;
  readonly text: string | undefined;
}

export interface Range {
  /** The first key; or the last one, in reverse. */
  readonly from?: string;
  /** Only keys behind this one, in the direction of reading. */
  readonly after?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** Values of one kind, each under a key, in the order of the keys. */
export class Collection<T> {
  readonly #level: Level;
  readonly #name: string;
  readonly #schema: z.ZodType<T>;

  constructor(level: Level, name: string, schema: z.ZodType<T>) {
    this.#level = level;
    this.#name = name;
    this.#schema = schema;
  }

  async get(key: string): Promise<T | undefined> {
    const text: string | undefined = await this.#level.get(this.#place(key));
    return text === undefined ? undefined : this.#read(key, text);
  }

  /** Part of `Store.write`. */
  put(key: string, value: T): Change {
    return { place: this.#place(key), text: JSON.stringify(value) };
  }

  /** Part of `Store.write`. */
  remove(key: string): Change {
    return { place: this.#place(key), text: undefined };
  }

  async *entries({ from, after, limit, reverse = false }: Range = {}): AsyncGenerator<readonly [string, T]> {
    const [first, last] = [this.#place(''), this.#place(LAST)];
    const start = after ?? from;
    const near = start === undefined ? undefined : this.#place(start);
    const range = reverse ? { gte: first, lte: near ?? last } : { gte: near ?? first, lte: last };
    let left = limit ?? Number.POSITIVE_INFINITY;
    for await (const [place, text] of this.#level.iterator({ ...range, reverse })) {
      if (left <= 0) return;
      const key = place.slice(first.length);
      if (key === after) continue;
      left -= 1;
      yield [key, this.#read(key, text)];
    }
  }

  #place(key: string): string {
    return `${this.#name}${END}${key}`;
  }

  /** What is read here was written here: what cannot be read was damaged since. */
  #read(key: string, text: string): T {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `The monitor's store is damaged at ${this.#name} ${key}: restore it from a copy, or begin with an empty folder.`,
        { cause },
      );
    }
  }
}

/** What the monitor keeps: one LevelDB in one folder, which one process has open at a time. */
export class Store {
  readonly #level: Level;

  private constructor(level: Level) {
    this.#level = level;
  }

  /** Makes the folder where it is missing. @throws ApplicationError if another process has it open, or it cannot be opened */
  static async open(folder: string): Promise<Store> {
    const level: Level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
    try {
      await level.open();
    } catch (cause) {
      const isLocked =
        cause instanceof Error && (cause.cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED';
      const why = isLocked
        ? 'another process has it open: stop that one'
        : 'it cannot be read or written: look at its rights';
      throw new ApplicationError('INPUT_INVALID', `The monitor cannot use ${folder}, since ${why}.`, { cause });
    }
    return new Store(level);
  }

  collection<T>(name: string, schema: z.ZodType<T>): Collection<T> {
    return new Collection(this.#level, name, schema);
  }

  /** All or nothing, and on disk when it returns. */
  async write(changes: readonly Change[]): Promise<void> {
    await this.#level.batch(
      changes.map(({ place, text }) =>
        text === undefined ? { type: 'del', key: place } : { type: 'put', key: place, value: text },
      ),
      { sync: true },
    );
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}
