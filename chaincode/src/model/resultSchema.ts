import { z } from 'zod';
import { MAX_ARGUMENTS, MAX_EXTENT_WORDS, MAX_PARENTS, MAX_ROWS, MAX_USES } from './bounds.js';
import { METHOD_LEVELS } from './cmc.js';
import { fitsUnit } from './kinds.js';
import { BOUNDED_DISTRIBUTIONS, METHOD_CLASSES, SOURCE_ROLES, STATED_CONFORMITIES } from './results.js';
import type { Use } from './results.js';
import { finite, quantity, text, unit } from './shapes.js';

export const uncertainty = z.strictObject({
  expanded: finite.nonnegative(),
  coverageFactor: finite.positive(),
  coverageProbability: finite.gt(0).lte(1).nullable(),
  distribution: z.enum(BOUNDED_DISTRIBUTIONS).exactOptional(),
});

const argument = z
  .strictObject({
    name: text,
    role: z.enum(['physical', 'setting']),
    quantity: quantity.exactOptional(),
    unit: unit.exactOptional(),
  })
  .refine(
    ({ role, quantity: kind, unit: inUnit }) =>
      (kind === undefined) === (inUnit === undefined) && (role === 'setting' || kind !== undefined),
    'must state a quantity and a unit, unless it is a setting in words',
  )
  .refine(
    ({ quantity: kind, unit: inUnit }) => kind === undefined || inUnit === undefined || fitsUnit(kind, inUnit),
    'must be in a unit of its kind of quantity',
  );

/** Where results say something about their device. What exactly, the registry computes from them. */
export const extentSchema = z.strictObject({
  unit,
  min: finite,
  max: finite,
  expanded: finite.nonnegative(),
  arguments: z
    .array(
      z.strictObject({
        name: text,
        role: z.enum(['physical', 'setting']),
        quantity: quantity.exactOptional(),
        unit: unit.exactOptional(),
        min: finite.exactOptional(),
        max: finite.exactOptional(),
        words: z.array(text).min(1).max(MAX_EXTENT_WORDS).exactOptional(),
      }),
    )
    .min(1)
    .max(MAX_ARGUMENTS)
    .exactOptional(),
});

const share = finite.gte(0).lte(1);

/** A use that is stated again would count, and be looked up, again. */
function areDistinct(uses: readonly Pick<Use, 'source' | 'quantity' | 'role' | 'at'>[]): boolean {
  const stated = uses.map(({ source, quantity: kind, role, at }) => JSON.stringify([source, kind, role, at]));
  return new Set(stated).size === stated.length;
}

const supportSchema = z.strictObject({
  method: z.enum(METHOD_CLASSES),
  uses: z
    .array(
      z.strictObject({
        source: z
          .int()
          .min(0)
          .max(MAX_PARENTS - 1),
        quantity: quantity.exactOptional(),
        role: z.enum(SOURCE_ROLES),
        at: z.array(finite).min(1).max(MAX_ARGUMENTS).exactOptional(),
        exponent: finite.exactOptional(),
        sensitivity: z.strictObject({ values: z.array(finite).min(1).max(MAX_ROWS), unit }).exactOptional(),
        share: share.exactOptional(),
      }),
    )
    .max(MAX_USES)
    .refine(areDistinct, 'must not state the same use of a source twice'),
  own: z
    .array(z.strictObject({ name: text, share }))
    .min(1)
    .max(MAX_USES)
    .exactOptional(),
  constants: z
    .array(z.strictObject({ name: text, value: finite, unit, source: text, share: share.exactOptional() }))
    .min(1)
    .max(MAX_USES)
    .exactOptional(),
  formula: text.exactOptional(),
});

const stated = z.enum(STATED_CONFORMITIES);
const limits = z.array(finite.nullable()).min(1).max(MAX_ROWS);

const conformitySchema = z.strictObject({
  of: z.enum(['value', 'error']),
  limits: z.strictObject({ kind: z.enum(['tolerance', 'acceptance']), lower: limits, upper: limits }).exactOptional(),
  stated: z.array(stated.nullable()).min(1).max(MAX_ROWS).exactOptional(),
  overall: stated.exactOptional(),
  rule: z
    .strictObject({
      kind: z.enum(['simple', 'guarded', 'non-binary']),
      guardBand: finite.nonnegative().exactOptional(),
    })
    .exactOptional(),
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
    arguments: z.array(argument).min(1).max(MAX_ARGUMENTS).exactOptional(),
    rows: z
      .array(
        z.strictObject({
          value: finite.nullable(),
          error: finite.exactOptional(),
          at: z
            .array(z.union([finite, text]))
            .min(1)
            .max(MAX_ARGUMENTS)
            .exactOptional(),
          uncertainty: uncertainty.nullable(),
        }),
      )
      .min(1)
      .max(MAX_ROWS),
    support: supportSchema.exactOptional(),
    methods: z.array(text).min(1).max(MAX_USES).exactOptional(),
    methodLevel: z.enum(METHOD_LEVELS).exactOptional(),
    asFound: z.literal(true).exactOptional(),
    excluded: z.enum(['not-traceable', 'not-accredited']).exactOptional(),
    conformity: conformitySchema.exactOptional(),
  })
  .refine(
    ({ conformity, rows }) => columnsOf(conformity).every((column) => column.length === rows.length),
    'must state limits and conformity for every row',
  )
  .refine(({ quantity: kind, unit: inUnit }) => fitsUnit(kind, inUnit), 'must be in a unit of its kind of quantity')
  .refine(
    ({ arguments: declared = [], rows }) =>
      rows.every(
        ({ at = [] }) =>
          at.length === declared.length &&
          at.every((value, place) => (typeof value === 'number') === (declared[place]?.unit !== undefined)),
      ),
    'must state every argument in every row: a number where it has a unit, else words',
  );
