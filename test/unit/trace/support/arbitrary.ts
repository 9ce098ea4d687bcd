import { BOUNDED_DISTRIBUTIONS } from '@tracecal/core/model';
import { OUTCOMES } from '@tracecal/core/support';
import type { Axis, Method, Outcome, ResultRow, Role, Scale, Source, SupportedResult } from '@tracecal/core/support';
import fc from 'fast-check';
import { UNDECLARED } from './build.js';

export interface Support {
  readonly result: SupportedResult;
  readonly sources: readonly Source[];
}

const METHODS: readonly Method[] = [
  'undeclared',
  'direct',
  'scaled',
  'group',
  'interpolated',
  'product',
  'sum',
  'general',
  'natural',
];

/** Few different numbers, so that points coincide and thresholds are met exactly. */
const argument = fc.integer({ min: 1, max: 8 });
const uncertainty = fc.constantFrom(0.0095, 0.01, 0.0105, 0.02, 0.05, 0.1, 0.5);
/** Mostly sound: what several bad things make of a result is the worst anyway. */
const outcome = fc.oneof({ weight: 5, arbitrary: fc.constant<Outcome>('sound') }, fc.constantFrom(...OUTCOMES));

/** A second argument, which a source may have and a result may state. */
const ambient = fc.integer({ min: 1, max: 3 });
const isWarm = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true));

function axesOf(kind: string, scale: Scale, hasAmbient: boolean): readonly Axis[] {
  const first: Axis = { kind: scale === 'coefficient' ? 'frequency' : kind, name: 'nominal' };
  return hasAmbient ? [first, { kind: 'ambient', name: 'ambient' }] : [first];
}

function sourceOf(kind: string, scale: Scale, role: Role | null): fc.Arbitrary<Source> {
  const points = fc.array(fc.record({ x: argument, y: argument, t: ambient, u: uncertainty }), {
    minLength: 1,
    maxLength: 6,
  });
  return fc
    .record({ points, outcome, id: fc.integer({ min: 0, max: 99 }), exponent: fc.constantFrom(1, -1, 2), isWarm })
    .map(({ points: rows, outcome: found, id, exponent, isWarm: hasAmbient }) => ({
      report: `report-${id}`,
      device: `device-${id}`,
      kind,
      scale,
      dimension: '',
      outcome: found,
      resolved: true,
      onPaper: false,
      axes: axesOf(kind, scale, hasAmbient),
      rows: rows.map(({ x, y, t, u }) => ({ x: hasAmbient ? [x, t] : [x], y: scale === 'coefficient' ? y : x, u })),
      range: null,
      use: { ...UNDECLARED, role, exponent, sensitivity: { values: [exponent], dimension: '' } },
    }));
}

function rowsOf(scale: Scale, hasAmbient: boolean): fc.Arbitrary<readonly ResultRow[]> {
  const one = fc.record({
    x: fc.integer({ min: 0, max: 18 }).map((half) => half / 2),
    y: argument,
    t: ambient,
    expanded: fc.constantFrom(0.018, 0.019, 0.02, 0.0209, 0.03, 0.1, 0.2, 1, 2, 2, 2),
    k: fc.constantFrom(1.5, 2, 2.5),
    p: fc.constantFrom(null, 0.95, 0.99),
    distribution: fc.constantFrom(null, null, ...BOUNDED_DISTRIBUTIONS),
    methodInScope: fc.boolean(),
  });
  const rows = one.map(({ x, y, t, ...row }) => ({
    ...row,
    x: hasAmbient ? [x, t] : [x],
    y: scale === 'coefficient' ? y : x,
  }));
  return fc.array(rows, { minLength: 1, maxLength: 4 });
}

/** A result and its sources, of all classes and scales. */
export const support: fc.Arbitrary<Support> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    scale: fc.constantFrom<Scale>('ratio', 'additive', 'coefficient'),
    hasAmbient: isWarm,
  })
  .chain(({ method, scale, hasAmbient }) => {
    const isDerived = method === 'product' || method === 'sum' || method === 'general';
    const roles: readonly (Role | null)[] = isDerived ? ['input'] : [null, null, null, 'reference', 'ratio'];
    const kinds = isDerived ? ['kind', 'part', 'part'] : ['kind'];
    return fc
      .record({
        rows: rowsOf(scale, hasAmbient),
        sources: fc.array(
          fc
            .tuple(fc.constantFrom(...roles), fc.constantFrom(...kinds))
            .chain(([role, kind]) => sourceOf(kind, scale, role)),
          { minLength: 1, maxLength: 4 },
        ),
        accredited: fc.boolean(),
      })
      .map(({ rows, sources, accredited }) => ({
        result: {
          kind: 'kind',
          scale,
          values: scale === 'coefficient' ? 'finding' : 'range',
          dimension: '',
          axes: axesOf('kind', scale, hasAmbient),
          rows,
          method,
          own: [],
          constants: [],
          ratioByDesign: false,
          accredited,
        },
        sources,
      }));
  });

/** Of another kind, and with nothing declared about it: named by the report for another result. */
export const stranger: fc.Arbitrary<Source> = sourceOf('stranger', 'additive', null);
