import type { Method, Outcome, Scale } from '@tracecal/core/support';
import fc from 'fast-check';
import type { PlainCase, PlainRow, PlainSource } from '../../../support/plain/case.js';
import { plainFloor } from '../../../support/plain/floor.js';

/** Far enough apart that rounding never decides. */
const number = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1e6 }).map((part) => min + ((max - min) * part) / 1e6);
/** Mostly sound: what several bad things make of a result is the worst anyway. */
const outcome = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Outcome>('sound') },
  fc.constantFrom<Outcome>('note', 'attested', 'missing', 'failed'),
);
const share = fc.oneof(fc.constant(null), number(0, 0.02));

/** Values of a ratio kind are their own argument, those of an additive kind, too; a coefficient has another. */
function pointsOf(scale: Scale, count: number): fc.Arbitrary<PlainSource['points']> {
  const point = fc.tuple(number(1, 100), number(0.5, 2), number(0.01, 0.1));
  return fc
    .array(point, { minLength: 1, maxLength: count })
    .map((all) =>
      [...new Map(all.map((each) => [each[0], each])).values()].map(
        ([x, y, u]) => [x, scale === 'coefficient' ? y : x, u] as const,
      ),
    );
}

function sourceOf(kind: string, scale: Scale, roles: readonly PlainSource['role'][]): fc.Arbitrary<PlainSource> {
  return fc
    .record({
      role: fc.constantFrom(...roles),
      points: pointsOf(scale, 4),
      outcome,
      resolved: fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, fc.constant(false)),
      isPlaced: fc.boolean(),
      where: number(-0.05, 1.05),
      exponent: fc.constantFrom(1, -1, 2, 0.5),
      sensitivity: fc.constantFrom(1, -1, 3),
      share,
    })
    .map(({ isPlaced, where, points, resolved, ...source }) => {
      const xs = points.map(([x]) => x);
      const at = isPlaced && scale !== 'coefficient' ? Math.max(0.1, placeAmong(xs, where)) : null;
      const found = resolved ? source.outcome : 'missing';
      return { ...source, kind, resolved, outcome: found, at, points: resolved ? points : [] };
    });
}

/** A part of the way from the first to the last; around a single one some percent of it. */
function placeAmong(xs: readonly number[], where: number): number {
  const [min, max] = [Math.min(...xs), Math.max(...xs)];
  return max > min ? min + where * (max - min) : min * (1 + (where - 0.5) / 10);
}

export const METHODS: readonly Method[] = [
  'undeclared',
  'direct',
  'group',
  'interpolated',
  'scaled',
  'product',
  'sum',
  'general',
  'natural',
];

interface Wish {
  /** Place of the row: part of the range of all references. */
  readonly where: number;
  readonly y: number;
  /** Times the floor. */
  readonly times: number;
  readonly k: number;
  readonly p: number | null;
  readonly methodInScope: boolean;
}

const wish: fc.Arbitrary<Wish> = fc
  .record({
    where: fc.oneof({ weight: 4, arbitrary: number(-0.05, 1.05) }, number(-1, 2)),
    y: number(0.5, 2),
    times: fc.oneof(number(0.3, 1.3), number(1, 20)),
    coverage: fc.constantFrom<readonly [number, number | null]>(
      ...([
        [2, 0.95],
        [2, null],
        [1, null],
        [1.7, 0.95],
        [3.3, 0.95],
        [0.9, null],
        [15, 0.95],
      ] as const),
    ),
    methodInScope: fc.boolean(),
  })
  .map(({ coverage: [k, p], ...row }) => ({ ...row, k, p }));

/** A result of one argument, and sources that share no errors, with uncertainties near what these allow. */
export const plainCase: fc.Arbitrary<PlainCase> = fc
  .record({ method: fc.constantFrom(...METHODS), scale: fc.constantFrom<Scale>('ratio', 'additive', 'coefficient') })
  .chain(({ method, scale }) => {
    const isDerived = method === 'product' || method === 'sum' || method === 'general';
    const own = sourceOf('own', scale, method === 'scaled' ? [null, 'reference'] : [null, 'reference', 'reference']);
    const ratio = sourceOf('ratio', 'ratio', ['ratio']);
    const other = sourceOf('other', 'ratio', [null, 'influence', 'influence', 'check', 'reference']);
    const basis = isDerived
      ? fc.oneof(sourceOf('other', 'ratio', ['input']), sourceOf('additive', 'additive', ['input']))
      : own;
    return fc
      .record({
        basis: fc.array(basis, { maxLength: 4 }),
        ratios: method === 'scaled' ? fc.array(ratio, { maxLength: 2 }) : fc.constant([]),
        others: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(other, { maxLength: 2 })),
        accredited: fc.boolean(),
        wishes: fc.array(wish, { minLength: 1, maxLength: 3 }),
        isZero: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, fc.constant(true)),
        fits: fc.boolean(),
      })
      .map(({ basis: first, ratios, others, accredited, wishes, isZero, fits }) => {
        const of = { kind: 'own', scale, method, accredited, rows: [], sources: [...first, ...ratios, ...others] };
        const rows = wishes.map((each) =>
          rowOf(of, first, isZero && method !== 'sum' ? { ...each, y: 0 } : each, fits),
        );
        return { ...of, rows };
      });
  });

/** A row where it is wished, with an uncertainty near what its sources allow. */
function rowOf(
  of: PlainCase,
  basis: readonly PlainSource[],
  { where, y, times, ...stated }: Wish,
  fits: boolean,
): PlainRow {
  const xs = basis.flatMap(({ points }) => points.map(([x]) => x));
  const x = placeAmong(xs.length > 0 ? xs : [1, 2], where);
  const placed = fits ? modelValue(of, basis) : undefined;
  const value = placed === undefined ? (of.scale === 'coefficient' ? y : x) : placed * (1 + (y - 1) / 20);
  const row = { ...stated, x: of.scale === 'coefficient' ? x : value, y: y === 0 ? 0 : value, expanded: 1 };
  const found = plainFloor(of, row).floor ?? NaN;
  const floor = Number.isFinite(found) && found > 0 ? found : 0.05;
  return { ...row, x: row.y === 0 && of.scale !== 'coefficient' ? 0 : row.x, expanded: floor * times * stated.k };
}

/** What a formula gives at the places that are stated. */
function modelValue({ method }: PlainCase, basis: readonly PlainSource[]): number | undefined {
  if (basis.length === 0 || basis.some(({ at }) => at === null)) {
    return undefined;
  }
  return method === 'product'
    ? basis.reduce((product, { at, exponent }) => product * (at ?? NaN) ** exponent, 1)
    : method === 'sum'
      ? basis.reduce((sum, { at, sensitivity }) => sum + sensitivity * (at ?? NaN), 0)
      : undefined;
}
