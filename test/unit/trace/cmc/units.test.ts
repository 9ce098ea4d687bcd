import assert from 'node:assert/strict';
import { parseUnit } from '@tracecal/core/model';
import type { AccreditationLine, Cmc } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import fc from 'fast-check';
import { expanded, lineOf, rowOf, voltageLine, voltageRow, workOn } from '../../../support/accreditationLines.js';
import { property } from '../../../support/property.js';

const TEMPERATURES = [
  '\\degreecelsius',
  '\\kelvin',
  '\\milli\\kelvin',
  '\\milli\\degreecelsius',
  '\\kilo\\kelvin',
] as const;
const VOLTAGES = ['\\volt', '\\milli\\volt', '\\micro\\volt', '\\kilo\\volt', '\\watt\\per\\ampere'] as const;
const FREQUENCIES = ['\\hertz', '\\kilo\\hertz', '\\per\\minute', '\\giga\\hertz'] as const;

function valueIn(unit: string, value: number, from: string): number {
  const [source, target] = [parseUnit(from)!, parseUnit(unit)!];
  return (source.factor * value + source.offset - target.offset) / target.factor;
}

function differenceIn(unit: string, difference: number, from: string): number {
  return (parseUnit(from)!.factor * difference) / parseUnit(unit)!.factor;
}

function rowIn(unit: string, frequencyUnit: string, row: cmc.MeasuredRow): cmc.MeasuredRow {
  return {
    ...row,
    unit,
    value: valueIn(unit, row.value ?? NaN, row.unit),
    at: row.at.map((one) => ({ ...one, unit: frequencyUnit, value: valueIn(frequencyUnit, one.value, one.unit) })),
    uncertainty: row.uncertainty && {
      ...row.uncertainty,
      expanded: differenceIn(unit, row.uncertainty.expanded, row.unit),
    },
  };
}

/** A line of the same meaning in another unit, for the forms whose nodes have an image in it. */
function lineIn(unit: string, line: AccreditationLine): AccreditationLine {
  const value = (number: number) => valueIn(unit, number, line.unit);
  const difference = (number: number) => differenceIn(unit, number, line.unit);
  return { ...line, unit, min: value(line.min), max: value(line.max), cmc: cmcIn(line.cmc, value, difference) };
}

function cmcIn(of: Cmc, value: (number: number) => number, difference: (number: number) => number): Cmc {
  const node = (variable: string | null) => (variable === null ? value : (number: number) => number);
  const uncertainty = of.form !== 'linear' && of.relative ? (number: number) => number : difference;
  switch (of.form) {
    case 'constant':
      return { ...of, value: uncertainty(of.value) };
    case 'table':
      return {
        ...of,
        points: of.points.map((point) => ({ at: node(of.of)(point.at), cmc: uncertainty(point.cmc) })),
      };
    case 'linear':
      return {
        ...of,
        a: difference(of.a),
        terms: of.terms.map((term) => ({ ...term, b: term.of === null ? term.b : difference(term.b) })),
      };
    case 'matrix':
      return {
        ...of,
        rows: of.rows.map(node(of.of[0])),
        columns: of.columns.map(node(of.of[1])),
        cmc: of.cmc.map((row) => row.map(uncertainty)),
      };
  }
}

/** Numbers as certificates give them: few digits, so that they meet ends, nodes and thresholds exactly. */
const decimal = (min: number, max: number, digits: number) =>
  fc.integer({ min: min * 10 ** digits, max: max * 10 ** digits }).map((number) => number / 10 ** digits);

const uncertainty = fc
  .tuple(
    fc.integer({ min: 1, max: 99 }),
    fc.constantFrom(1e-3, 1e-4),
    fc.constantFrom<readonly [number, number | null]>([2, 0.95], [1, null], [3, 0.9973], [2.65, null]),
  )
  .map(([digits, scale, [k, p]]) => expanded(digits * scale, k, p));

function outcomesOf(row: cmc.MeasuredRow, line: AccreditationLine): string {
  const judgement = cmc.judge(row, [line], workOn());
  return judgement.outcome === 'missing' ? `missing ${judgement.reason}` : judgement.outcome;
}

describe('Converting units never changes an outcome', () => {
  it('of temperatures in degrees Celsius and kelvins', () => {
    const forms = fc.constantFrom<Cmc>(
      { form: 'constant', relative: false, value: 0.01 },
      { form: 'constant', relative: false, value: 0.02 },
      {
        form: 'table',
        relative: false,
        of: null,
        points: [
          { at: -10, cmc: 0.004 },
          { at: 0, cmc: 0.002 },
          { at: 0.01, cmc: 0.002 },
          { at: 10, cmc: 0.04 },
        ],
      },
    );
    const units = fc.tuple(fc.constantFrom(...TEMPERATURES), fc.constantFrom(...TEMPERATURES));
    property(fc.tuple(decimal(-11, 11, 2), uncertainty, forms, units), ([value, U, form, [unit, other]]) => {
      const line = lineOf({ min: -10, max: 10, cmc: form });
      const row = rowOf({ value, uncertainty: U });
      const outcome = outcomesOf(row, line);
      assert.equal(outcomesOf(rowIn(unit, '\\hertz', row), lineIn(other, line)), outcome, `${unit}, ${other}`);
    });
  });

  it('of voltages at frequencies, in every form', () => {
    const forms = fc.constantFrom<Cmc>(
      { form: 'constant', relative: true, value: 0.002 },
      {
        form: 'linear',
        a: 0.001,
        terms: [
          { of: null, b: 1e-3 },
          { of: 'frequency', b: 1e-8 },
        ],
        combined: 'sum',
      },
      { form: 'linear', a: 0.01, terms: [{ of: null, b: 1e-3 }], combined: 'root-sum-square' },
      {
        form: 'matrix',
        relative: false,
        of: [null, 'frequency'],
        rows: [0, 10],
        columns: [10, 1e3, 1e5],
        cmc: [
          [0.001, 0.002, 0.01],
          [0.01, 0.01, 0.05],
        ],
      },
      {
        form: 'table',
        relative: true,
        of: 'frequency',
        points: [
          { at: 10, cmc: 0.001 },
          { at: 1e5, cmc: 0.01 },
        ],
      },
    );
    const units = fc.tuple(fc.constantFrom(...VOLTAGES), fc.constantFrom(...FREQUENCIES), fc.constantFrom(...VOLTAGES));
    const frequency = fc.oneof(fc.constantFrom(9, 10, 1e3, 1e5, 100_001), decimal(10, 1e5, 0));
    property(
      fc.tuple(decimal(0, 11, 1), frequency, uncertainty, forms, units),
      ([value, f, U, form, [unit, hertz, other]]) => {
        const line = voltageLine({ max: 10, cmc: form });
        const row = voltageRow(f, { value, uncertainty: U });
        const outcome = outcomesOf(row, line);
        assert.equal(outcomesOf(rowIn(unit, hertz, row), lineIn(other, line)), outcome, `${unit}, ${hertz}, ${other}`);
      },
    );
  });

  const atTheLimits: readonly (readonly [number, number, string])[] = [
    [20, 0.02, 'sound'],
    [20, 0.0191, 'note'],
    [20, 0.019, 'failed'],
    [0, 0.02, 'sound'],
    [-0.01, 0.02, 'note'],
    [-0.03, 0.02, 'missing not-covered'],
    [420.03, 0.02, 'missing not-covered'],
  ];
  for (const [value, U, outcome] of atTheLimits) {
    it(`of ${value} °C with U = ${U} °C on a CMC of 0.02 °C from 0 °C to 420 °C: ${outcome}`, () => {
      const row = rowOf({ value, uncertainty: expanded(U) });
      const line = lineOf({ min: 0, cmc: { form: 'constant', relative: false, value: 0.02 } });
      for (const unit of TEMPERATURES) {
        for (const other of TEMPERATURES) {
          assert.equal(outcomesOf(rowIn(unit, '\\hertz', row), lineIn(other, line)), outcome, `${unit}, ${other}`);
        }
      }
    });
  }
});

describe('Held against a CMC', () => {
  it('a larger uncertainty never comes out worse', () => {
    const order = ['failed', 'note', 'sound'];
    property(fc.tuple(uncertainty, fc.double({ min: 1, max: 10, noNaN: true })), ([U, factor]) => {
      const [small, large] = [U, { ...U, expanded: U.expanded * factor }].map((one) =>
        order.indexOf(outcomesOf(rowOf({ uncertainty: one }), lineOf())),
      );
      assert.ok((large ?? -1) >= (small ?? 0));
    });
  });

  it('the order of the lines never changes the outcome', () => {
    const lines = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom(null, 'Fixed points', 'Comparison'), fc.boolean()),
      { minLength: 1, maxLength: 6 },
    );
    const methods = fc.constantFrom([], ['Fixed points'], ['Substitution']);
    property(fc.tuple(lines, methods, uncertainty), ([specs, stated, U]) => {
      const all = specs.map(([digits, method, isCold]) =>
        lineOf({ method, max: isCold ? 0 : 420, cmc: { form: 'constant', relative: false, value: digits / 1000 } }),
      );
      const outcome = (order: readonly AccreditationLine[]) =>
        cmc.judge(rowOf({ uncertainty: U }), order, workOn(undefined, { methods: stated })).outcome;
      assert.equal(outcome(all.toReversed()), outcome(all));
    });
  });
});
