import fc from 'fast-check';
import { OUTCOMES } from '@tracecal/chaincode/support';
import type { Method, Outcome, ResultRow, Role, Scale, Source, SupportedResult } from '@tracecal/chaincode/support';
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

function sourceOf(kind: string, scale: Scale, role: Role | null): fc.Arbitrary<Source> {
  const points = fc.array(fc.record({ x: argument, y: argument, u: uncertainty }), { minLength: 1, maxLength: 6 });
  return fc
    .record({ points, outcome, id: fc.integer({ min: 0, max: 99 }), exponent: fc.constantFrom(1, -1, 2) })
    .map(({ points: rows, outcome: found, id, exponent }) => ({
      report: `report-${id}`,
      device: `device-${id}`,
      kind,
      scale,
      dimension: '',
      outcome: found,
      resolved: true,
      onPaper: false,
      axes: [{ kind: scale === 'coefficient' ? 'frequency' : kind, name: 'nominal' }],
      rows: rows.map(({ x, y, u }) => ({ x: [x], y: scale === 'coefficient' ? y : x, u })),
      range: null,
      use: { ...UNDECLARED, role, exponent, sensitivity: { values: [exponent], dimension: '' } },
    }));
}

function rowsOf(scale: Scale): fc.Arbitrary<readonly ResultRow[]> {
  const one = fc.record({
    x: fc.integer({ min: 0, max: 18 }).map((half) => half / 2),
    y: argument,
    expanded: fc.constantFrom(0.018, 0.019, 0.02, 0.0209, 0.03, 0.1, 0.2, 1),
    k: fc.constantFrom(1.5, 2, 2.5),
    p: fc.constantFrom(null, 0.95, 0.99),
    bounded: fc.boolean(),
    methodInScope: fc.boolean(),
  });
  const rows = one.map(({ x, y, ...row }) => ({ ...row, x: [x], y: scale === 'coefficient' ? y : x }));
  return fc.array(rows, { minLength: 1, maxLength: 4 });
}

/** A result and its sources, of all classes and scales. */
export const support: fc.Arbitrary<Support> = fc
  .record({ method: fc.constantFrom(...METHODS), scale: fc.constantFrom<Scale>('ratio', 'additive', 'coefficient') })
  .chain(({ method, scale }) => {
    const isDerived = method === 'product' || method === 'sum' || method === 'general';
    const roles: readonly (Role | null)[] = isDerived ? ['input'] : [null, null, null, 'reference', 'ratio'];
    return fc
      .record({
        rows: rowsOf(scale),
        sources: fc.array(
          fc.constantFrom(...roles).chain((role) => sourceOf('kind', scale, role)),
          { minLength: 1, maxLength: 4 },
        ),
        accredited: fc.boolean(),
      })
      .map(({ rows, sources, accredited }) => ({
        result: {
          kind: 'kind',
          scale,
          dimension: '',
          axes: [{ kind: scale === 'coefficient' ? 'frequency' : 'kind', name: 'nominal' }],
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
