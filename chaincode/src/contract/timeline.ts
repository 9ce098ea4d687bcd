import type { Page } from '@tracecal/core/contracts';
import { instant, parseAs } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { nameOfKey } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { z } from 'zod';
import type { Entry, LedgerReader } from './ledgerState.js';
import { bookmark, fabricBookmark, opaqueBookmark, pageSize, QUESTION_LIMITS } from './questions.js';

/** A query for a page of a list ordered by time: the whole list, or a period that includes both its ends. */
export const timelineFields = { from: z.optional(instant), to: z.optional(instant), pageSize, bookmark };
const schema = z.strictObject(timelineFields);

export type TimelineQuestion = z.infer<typeof schema>;

/** Where a list is stored: in each key, the moment and the transaction follow the prefix. */
export interface Timeline {
  readonly all: Key;
  readonly from: (moment: Instant) => Key;
}

/** An entry, with the moment and the transaction taken from its key. */
export interface Timed<T> {
  readonly time: Instant;
  readonly txId: string;
  readonly value: T;
}

/** A query with no condition except the time. */
export function timelineQuestion(json: string): TimelineQuestion {
  return parseAs(schema, 'question', json, QUESTION_LIMITS);
}

/** A page of a list, oldest first. */
export async function timelinePage<T>(
  state: LedgerReader,
  { all, from: keyFrom }: Timeline,
  { from, to, pageSize: size, bookmark: opaque }: TimelineQuestion,
): Promise<Page<Timed<T>>> {
  const first = from === undefined ? '' : nameOfKey(keyFrom(from));
  const page = await state.page<T>(all, size, opaque === '' ? first : fabricBookmark(opaque));
  const entries = page.items.map(timed);
  const within = to === undefined ? entries : entries.filter(({ time }) => time <= to);
  // After the end of the period, no further page can contain anything.
  const ended = within.length < entries.length;
  return { items: within, bookmark: ended ? '' : opaqueBookmark(page.bookmark) };
}

function timed<T>({ rest: [time = '', txId = ''], value }: Entry<T>): Timed<T> {
  return { time, txId, value };
}
