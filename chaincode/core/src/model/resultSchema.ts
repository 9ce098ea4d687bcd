import * as z from '../shape/index.js';
import { MAX_ARGUMENTS, MAX_EXTENT_WORDS, MAX_PARENTS, MAX_ROWS, MAX_USES } from './bounds.js';
import { METHOD_LEVELS } from './cmc.js';
import { BOUNDED_DISTRIBUTIONS, METHOD_CLASSES, SOURCE_ROLES, STATED_CONFORMITIES } from './results.js';
import type { Use } from './results.js';
import { finite, quantity, text, unit, unitOfKind } from './shapes.js';

export const uncertainty = z.strictObject({
  expanded: finite.check(z.gte(0)),
  coverageFactor: finite.check(z.gt(0)),
  coverageProbability: z.nullable(
    finite.check(z.gt(0, 'must be greater than 0'), z.lte(1, 'must be at most 1: 95 % is 0.95')),
  ),
  distribution: z.exactOptional(z.enum(BOUNDED_DISTRIBUTIONS)),
});

const argument = z
  .strictObject({
    name: text,
    role: z.enum(['physical', 'setting']),
    quantity: z.exactOptional(quantity),
    unit: z.exactOptional(unit),
  })
  .check(
    z.refine(
      ({ role, quantity: kind, unit: inUnit }) =>
        (kind === undefined) === (inUnit === undefined) && (role === 'setting' || kind !== undefined),
      'must state a quantity and a unit, unless it is a setting in words',
    ),
    unitOfKind(),
  );

/** The extents of results, which the registry computes from the results. */
export const extentSchema = z.strictObject({
  unit,
  min: finite,
  max: finite,
  expanded: finite.check(z.gte(0)),
  arguments: z.exactOptional(
    z
      .array(
        z.strictObject({
          name: text,
          role: z.enum(['physical', 'setting']),
          quantity: z.exactOptional(quantity),
          unit: z.exactOptional(unit),
          min: z.exactOptional(finite),
          max: z.exactOptional(finite),
          words: z.exactOptional(z.array(text).check(z.minLength(1), z.maxLength(MAX_EXTENT_WORDS))),
        }),
      )
      .check(z.minLength(1), z.maxLength(MAX_ARGUMENTS)),
  ),
});

const share = finite.check(z.gte(0), z.lte(1));

/** A repeated use would count twice. */
function areDistinct(uses: readonly Pick<Use, 'source' | 'quantity' | 'role' | 'at'>[]): boolean {
  const stated = uses.map(({ source, quantity: kind, role, at }) => JSON.stringify([source, kind, role, at]));
  return new Set(stated).size === stated.length;
}

const supportSchema = z.strictObject({
  method: z.enum(METHOD_CLASSES),
  uses: z
    .array(
      z.strictObject({
        source: z.int().check(z.minimum(0), z.maximum(MAX_PARENTS - 1)),
        quantity: z.exactOptional(quantity),
        role: z.enum(SOURCE_ROLES),
        at: z.exactOptional(z.array(finite).check(z.minLength(1), z.maxLength(MAX_ARGUMENTS))),
        exponent: z.exactOptional(finite),
        sensitivity: z.exactOptional(
          z.strictObject({ values: z.array(finite).check(z.minLength(1), z.maxLength(MAX_ROWS)), unit }),
        ),
        share: z.exactOptional(share),
      }),
    )
    .check(z.maxLength(MAX_USES), z.refine(areDistinct, 'must not state the same use of a source twice')),
  own: z.exactOptional(z.array(z.strictObject({ name: text, share })).check(z.minLength(1), z.maxLength(MAX_USES))),
  constants: z.exactOptional(
    z
      .array(z.strictObject({ name: text, value: finite, unit, source: text, share: z.exactOptional(share) }))
      .check(z.minLength(1), z.maxLength(MAX_USES)),
  ),
  formula: z.exactOptional(text),
});

const stated = z.enum(STATED_CONFORMITIES);
const limits = z.array(z.nullable(finite)).check(z.minLength(1), z.maxLength(MAX_ROWS));

const conformitySchema = z.strictObject({
  of: z.enum(['value', 'error']),
  limits: z.exactOptional(z.strictObject({ kind: z.enum(['tolerance', 'acceptance']), lower: limits, upper: limits })),
  stated: z.exactOptional(z.array(z.nullable(stated)).check(z.minLength(1), z.maxLength(MAX_ROWS))),
  overall: z.exactOptional(stated),
  rule: z.exactOptional(
    z.strictObject({
      kind: z.enum(['simple', 'guarded', 'non-binary']),
      guardBand: z.exactOptional(finite.check(z.gte(0))),
    }),
  ),
});

/** What is stated about each row. */
function columnsOf(conformity: z.infer<typeof conformitySchema> | undefined): readonly (readonly unknown[])[] {
  const { limits: own, stated: all } = conformity ?? {};
  return [...(own ? [own.lower, own.upper] : []), ...(all ? [all] : [])];
}

export const resultSchema = z
  .strictObject({
    name: text,
    quantity,
    unit,
    arguments: z.exactOptional(z.array(argument).check(z.minLength(1), z.maxLength(MAX_ARGUMENTS))),
    rows: z
      .array(
        z.strictObject({
          value: z.nullable(finite),
          error: z.exactOptional(finite),
          at: z.exactOptional(z.array(z.union([finite, text])).check(z.minLength(1), z.maxLength(MAX_ARGUMENTS))),
          uncertainty: z.nullable(uncertainty),
        }),
      )
      .check(z.minLength(1), z.maxLength(MAX_ROWS)),
    support: z.exactOptional(supportSchema),
    methods: z.exactOptional(z.array(text).check(z.minLength(1), z.maxLength(MAX_USES))),
    methodLevel: z.exactOptional(z.enum(METHOD_LEVELS)),
    asFound: z.exactOptional(z.literal(true)),
    excluded: z.exactOptional(z.enum(['not-traceable', 'not-accredited'])),
    conformity: z.exactOptional(conformitySchema),
  })
  .check(
    z.refine(
      ({ conformity, rows }) => columnsOf(conformity).every((column) => column.length === rows.length),
      'must state limits and conformity for every row',
    ),
    unitOfKind(),
    z.refine(
      ({ arguments: declared = [], rows }) =>
        rows.every(
          ({ at = [] }) =>
            at.length === declared.length &&
            at.every((value, place) => (typeof value === 'number') === (declared[place]?.unit !== undefined)),
        ),
      'must state every argument in every row: a number where it has a unit, else words',
    ),
  );
