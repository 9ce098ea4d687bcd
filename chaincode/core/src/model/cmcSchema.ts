import * as z from '../shape/index.js';
import { COMBINATIONS, LINE_PLACES, METHOD_LEVELS, nodesOf } from './cmc.js';
import type { AccreditationGrant, AccreditationLine, Cmc, Variable } from './cmc.js';
import { MAX_ARGUMENTS, MAX_LINES } from './bounds.js';
import { date, finite, quantity, text, unit, unitOfKind } from './shapes.js';

/** Bounds of a line: every trace reads it. */
const MAX_TABLE_POINTS = 256;
/** Nodes of a matrix in one direction. */
export const MAX_MATRIX_NODES = 32;
const MAX_CMC_NUMBERS = 2048;

// An uncertainty of zero does not exist, and a line with zero would accept everything.
const cmcNumber = finite.check(z.gt(0, 'a CMC must be greater than 0'));
const variable = z.nullable(text);

const constant = z.strictObject({ form: z.literal('constant'), relative: z.boolean(), value: cmcNumber });

const table = z.strictObject({
  form: z.literal('table'),
  relative: z.boolean(),
  of: variable,
  points: z.array(z.strictObject({ at: finite, cmc: cmcNumber })).check(
    z.minLength(2),
    z.maxLength(MAX_TABLE_POINTS),
    z.refine((points) => isAscending(points.map(({ at }) => at)), 'must be in ascending order of "at", each once'),
  ),
});

const linear = z
  .strictObject({
    form: z.literal('linear'),
    a: finite.check(z.gte(0)),
    terms: z.array(z.strictObject({ of: variable, b: finite.check(z.gte(0)) })).check(
      z.minLength(1),
      z.maxLength(MAX_ARGUMENTS + 1),
      z.refine((terms) => new Set(terms.map(({ of }) => of)).size === terms.length, 'must not name a variable twice'),
    ),
    combined: z.enum(COMBINATIONS),
  })
  .check(z.refine(({ a, terms }) => a > 0 || terms.some(({ b }) => b > 0), 'a CMC must be greater than 0'));

const nodes = z
  .array(finite)
  .check(z.minLength(2), z.maxLength(MAX_MATRIX_NODES), z.refine(isAscending, 'must be in ascending order, each once'));

const matrix = z
  .strictObject({
    form: z.literal('matrix'),
    relative: z.boolean(),
    of: z
      .tuple([variable, variable])
      .check(z.refine(([rows, columns]) => rows !== columns, 'must be two different variables')),
    rows: nodes,
    columns: nodes,
    cmc: z.array(z.array(cmcNumber).check(z.maxLength(MAX_MATRIX_NODES))).check(z.maxLength(MAX_MATRIX_NODES)),
  })
  .check(
    z.refine(
      ({ rows, columns, cmc }) => cmc.length === rows.length && cmc.every((row) => row.length === columns.length),
      'must give one list a row, with one number a column',
    ),
  );

const argument = z.strictObject({ name: text, quantity, unit, min: finite, max: finite }).check(
  z.refine(({ min, max }) => min <= max, 'min must not exceed max'),
  unitOfKind(),
);

/** A line of an accreditation. */
export const accreditationLineSchema: z.ZodMiniType<AccreditationLine> = z
  .strictObject({
    quantity,
    unit,
    min: finite,
    max: finite,
    arguments: z.array(argument).check(
      z.maxLength(MAX_ARGUMENTS),
      z.refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must not name an argument twice'),
    ),
    cmc: z.discriminatedUnion('form', [constant, table, linear, matrix], {
      error: 'form must be "constant", "table", "linear" or "matrix"',
    }),
    method: z.nullable(text),
    methodLevel: z.nullable(z.enum(METHOD_LEVELS)),
    place: z.enum(LINE_PLACES),
    service: z.nullable(text),
    validFrom: date,
    validTo: date,
  })
  .check(
    z.refine(({ min, max }) => min <= max, 'min must not exceed max'),
    unitOfKind(),
    z.refine(({ validFrom, validTo }) => validFrom <= validTo, 'validFrom must not lie after validTo'),
    z.superRefine((line, context) => {
      for (const { of, ends } of variablesOf(line.cmc)) {
        const range = rangeOf(line, of);
        if (range === undefined) {
          context.addIssue({
            code: 'custom',
            path: ['cmc'],
            message: `names "${of}", which is no argument of the line`,
          });
        } else if (ends !== null && (ends.first > range.min || ends.last < range.max)) {
          const what = of ?? line.quantity;
          const message = `must cover the whole range of ${what}, ${range.min} to ${range.max}, not only ${ends.first} to ${ends.last}`;
          context.addIssue({ code: 'custom', path: ['cmc'], message });
        }
      }
    }),
  );

/** What an accreditation statement says. */
export const accreditationGrantSchema: z.ZodMiniType<AccreditationGrant> = z
  .strictObject({
    body: z.nullable(text),
    number: z.nullable(text),
    lines: z.array(accreditationLineSchema).check(z.minLength(1), z.maxLength(MAX_LINES)),
  })
  .check(
    z.refine(
      ({ lines }) => lines.reduce((sum, { cmc }) => sum + nodesOf(cmc), 0) <= MAX_CMC_NUMBERS,
      `must not give more than ${MAX_CMC_NUMBERS} numbers of CMCs: grant the lines in several statements`,
    ),
  );

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The variables of a CMC, and the ends of its nodes. */
function variablesOf(
  cmc: Cmc,
): readonly { readonly of: Variable; readonly ends: { readonly first: number; readonly last: number } | null }[] {
  switch (cmc.form) {
    case 'constant':
      return [];
    case 'linear':
      return cmc.terms.map(({ of }) => ({ of, ends: null }));
    case 'table':
      return [{ of: cmc.of, ends: endsOf(cmc.points.map(({ at }) => at)) }];
    case 'matrix':
      return [
        { of: cmc.of[0], ends: endsOf(cmc.rows) },
        { of: cmc.of[1], ends: endsOf(cmc.columns) },
      ];
  }
}

function endsOf(ascending: readonly number[]): { readonly first: number; readonly last: number } {
  return { first: ascending[0] ?? NaN, last: ascending.at(-1) ?? NaN };
}

function rangeOf(line: AccreditationLine, of: Variable): Range | undefined {
  return of === null ? line : line.arguments.find(({ name }) => name === of);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, place) => place === 0 || number > (numbers[place - 1] ?? Infinity));
}
