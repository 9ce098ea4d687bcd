import * as z from '../../shape/index.js';
import { finite, MAX_ARGUMENTS, text, unit, withUnit } from '../../model/index.js';

/** The place in a result that a question is about: only the rows around it are judged. */
export interface AskedAt {
  /** Null: any value. */
  readonly value: number | null;
  /** Of the value; absent: in the result's unit. */
  readonly unit?: string;
  /** Numbers in their own unit, or in the argument's, and the words of settings. */
  readonly arguments: readonly AskedArgument[];
}

export interface AskedArgument {
  readonly name: string;
  readonly value: number | string;
  /** Absent: in the argument's unit. */
  readonly unit?: string;
}

/** The place in words: `100 °C, frequency 50`. */
export function askedText({ value, unit: own, arguments: all }: AskedAt): string {
  const number = (of: number | string, inUnit: string | undefined) =>
    typeof of === 'number' && inUnit !== undefined ? withUnit(of, inUnit) : String(of);
  return [
    ...(value === null ? [] : [number(value, own)]),
    ...all.map((each) => `${each.name} ${number(each.value, each.unit)}`),
  ].join(', ');
}

export const askedAt = z
  .strictObject({
    value: z._default(z.nullable(finite), null),
    unit: z.exactOptional(unit),
    arguments: z._default(
      z
        .array(z.strictObject({ name: text, value: z.union([finite, text]), unit: z.exactOptional(unit) }))
        .check(z.maxLength(MAX_ARGUMENTS)),
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
