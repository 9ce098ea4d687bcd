import { join } from 'node:path';
import { parseAs, RegistryError } from '@tracecal/core/model';
import { hexText } from '@tracecal/core/platform';
import { z } from 'zod';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { clientError, TraceCalError } from '../../client/errors.js';
import { isMissing, MOST_BYTES_OF, readBounded } from '../../files/index.js';
import { FolderLock } from '../folderLock.js';
import { MOST_TICKET_NUMBER } from './format.js';

const TYPE = 'tracecal-ticket-counter/1';

const schema = z.strictObject({
  type: z.literal(TYPE),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  counter: z.int().min(1).max(MOST_TICKET_NUMBER),
  /** Unix seconds: when it was given out, by the gate's clock. */
  time: z.int().min(1).max(MOST_TICKET_NUMBER),
});

/**
 * The counter of a gate's key. A number is on the disk before a ticket with it goes out, so none is used twice, also after a power
 * failure; a number may be skipped.
 */
export class TicketCounter {
  readonly #folder: string;

  /** @param folder - Of this key alone. It is made when the first number is taken. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The next number.
   *
   * @param now - Unix seconds. A clock that was put back, or a copy of the memory from later, is refused.
   * @throws TraceCalError `TICKET_COUNTER_INVALID`, `TICKET_COUNTER_IN_USE`, `FILE_UNWRITABLE`
   */
  async next(keyId: Uint8Array, now: number): Promise<number> {
    await makeFolder(this.#folder, 0o700);
    const lock = await FolderLock.take(this.#folder).catch(inUse);
    try {
      const key = hexText(keyId);
      const last = await this.#last(key, now);
      const counter = last + 1;
      if (counter > MOST_TICKET_NUMBER) {
        throw clientError('TICKET_COUNTER_INVALID', 'There is no higher number: make a new key.');
      }
      await atomicWrite(this.#file, `${JSON.stringify({ type: TYPE, keyId: key, counter, time: now })}\n`, {
        mode: 0o600,
      });
      return counter;
    } finally {
      await lock.release();
    }
  }

  get #file(): string {
    return join(this.#folder, 'counter.json');
  }

  /** A memory that is damaged is not taken for none. */
  async #last(key: string, now: number): Promise<number> {
    const memory = await this.#read();
    if (memory === undefined) {
      return 0;
    }
    if (memory.keyId !== key) {
      throw clientError('TICKET_COUNTER_INVALID', `${this.#file} is of the key ${memory.keyId}, and not of ${key}.`);
    }
    if (memory.time > now) {
      throw clientError(
        'TICKET_COUNTER_INVALID',
        `${this.#file} was written at ${memory.time}, and the clock says ${now} (Unix seconds): the clock was put back.`,
      );
    }
    return memory.counter;
  }

  async #read(): Promise<z.infer<typeof schema> | undefined> {
    try {
      return parseAs(schema, 'file', (await readBounded(this.#file, MOST_BYTES_OF.ticketCounter)).toString('utf8'), {
        maxLength: MOST_BYTES_OF.ticketCounter,
        maxDepth: 2,
      });
    } catch (cause) {
      if (isMissing(cause)) {
        return undefined;
      }
      if (cause instanceof RegistryError) {
        throw clientError('TICKET_COUNTER_INVALID', `${this.#file} is damaged.`, { cause });
      }
      throw cause;
    }
  }
}

function inUse(cause: unknown): never {
  if (cause instanceof TraceCalError && cause.code === 'MEASUREMENTS_IN_USE') {
    throw clientError('TICKET_COUNTER_IN_USE', cause.detail, { cause });
  }
  throw cause;
}
