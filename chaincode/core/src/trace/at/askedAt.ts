import * as z from 'zod/mini';
import { finite, MAX_ARGUMENTS, text } from '../../model/index.js';

/** The place in a result that a question is about: only the rows around it are judged. */
export interface AskedAt {
  /** In the result's unit; null: any value. */
  readonly value: number | null;
  /** A number in the argument's unit, or the words of a setting. */
  readonly arguments: readonly { readonly name: string; readonly value: number | string }[];
}

export const askedAt = z
  .strictObject({
    value: z._default(z.nullable(finite), null),
    arguments: z._default(
      z.array(z.strictObject({ name: text, value: z.union([finite, text]) })).check(z.maxLength(MAX_ARGUMENTS)),
      [],
    ),
  })
  .check(
    z.refine(
      ({ value, arguments: all }) => value !== null || all.length > 0,
      'must name a value, or an argument with its value',
    ),
    z.refine(
      ({ arguments: all }) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length,
      'must name every argument once',
    ),
  );
