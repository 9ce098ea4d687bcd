import type { Announcement } from '@tracecal/core/contracts';
import { z } from 'zod';
import { answerOf } from './answer.js';

/** The part of an event that decides whether it counts. */
const schema = z.looseObject({
  type: z.string(),
  epoch: z.int(),
  items: z.array(
    z.looseObject({ type: z.string(), kind: z.string(), id: z.string(), author: z.string(), number: z.int() }),
  ),
  root: z.string().optional(),
});

/** Parses an event; undefined if it is not an announcement of the registry: members can emit any event. */
export function announcementOf(payload: Uint8Array): Announcement | undefined {
  try {
    const value = answerOf(payload);
    return schema.safeParse(value).success ? (value as Announcement) : undefined;
  } catch {
    return undefined;
  }
}
