import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import { z } from 'zod';
import { isMissing, whyUnreadable } from '../../files/index.js';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { ApplicationError } from '../errors.js';
import type { Notice } from './notice.js';

/** Known state of a watched device. */
export interface Seen {
  readonly owner: string;
  readonly status: VerdictStatus;
  readonly fulfilled: boolean;
  /** Due states that were already reported, by report and kinds. */
  readonly due: Readonly<Record<string, string>>;
}

/**
 * The memory of a watch: what it has seen, and the notices still to send. Replaced atomically, so that a crash leaves the old or the new
 * state.
 */
export interface WatchState {
  /** The ledger's first block that was not there when the watch began. */
  readonly startBlock: string;
  /** The last transaction whose notices are in the outbox or were sent: after a crash it may be read again. */
  readonly lastTransaction: string | null;
  readonly devices: Readonly<Record<string, Seen>>;
  /** Notices that nobody has taken yet, oldest first. */
  readonly outbox: readonly Notice[];
}

const seenSchema = z.strictObject({
  owner: z.string(),
  status: z.enum(VERDICT_STATUSES),
  fulfilled: z.boolean(),
  due: z.record(z.string(), z.string()),
});

const schema = z.strictObject({
  startBlock: z.string().regex(/^\d{1,20}$/),
  lastTransaction: z.string().nullable(),
  devices: z.record(z.string(), seenSchema),
  outbox: z.array(z.looseObject({ id: z.string(), what: z.string(), device: z.string() })),
});

/** The state in a file; undefined if the file does not exist yet. @throws ApplicationError `INPUT_INVALID` or `FILE_UNREADABLE` */
export async function readWatch(path: string): Promise<WatchState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  }
  try {
    return schema.parse(JSON.parse(text)) as unknown as WatchState;
  } catch (cause) {
    throw new ApplicationError('INPUT_INVALID', `${path} is damaged: remove it to begin anew.`, { cause });
  }
}

export async function writeWatch(path: string, state: WatchState): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  await atomicWrite(path, `${JSON.stringify(state)}\n`, { mode: 0o600 });
}
