import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Outcome, ResultFinding, SourceRow } from '@tracecal/core/support';
import fc from 'fast-check';
import { property } from '../../../support/property.js';
import { stranger, support } from './arbitrary.js';
import { result, row, source } from './build.js';
import type { Support } from './arbitrary.js';

function decide({ result, sources }: Support): ResultFinding {
  return decideSupport(result, sources, DEFAULT_SUPPORT_POLICY);
}

/** As a verdict has it: a note changes nothing. */
function rank(outcome: Outcome): number {
  return ['sound', 'attested', 'missing', 'failed'].indexOf(outcome === 'note' ? 'sound' : outcome);
}

function ranks({ outcome, rows }: ResultFinding): readonly number[] {
  return [outcome, ...rows.map((row) => row.outcome)].map(rank);
}

function assertNotBetter(after: ResultFinding, before: ResultFinding): void {
  const was = ranks(before);
  ranks(after).forEach((now, index) => {
    assert.ok(now >= was[index]!, `${index}: ${before.outcome} became ${after.outcome}`);
  });
}

/**
 * Every number of a case through a function: arguments and values, uncertainties. A ratio has no unit to convert, in contrast to what else its
 * source depends on: that is the same condition as that of the result, in the same unit.
 */
function mapped({ result, sources }: Support, value: (n: number) => number, size: (n: number) => number): Support {
  const isFrequency = result.scale === 'coefficient';
  return {
    result: {
      ...result,
      rows: result.rows.map((row) => ({
        ...row,
        x: isFrequency ? row.x : row.x.map(value),
        y: row.y === null ? null : value(row.y),
        expanded: size(row.expanded),
      })),
    },
    sources: sources.map((source) => {
      const isRatio = result.method === 'scaled' && source.use.role === 'ratio';
      const isConverted = source.axes.map(({ kind }) => !isFrequency && !(isRatio && kind === source.kind));
      return {
        ...source,
        rows: source.rows.map(({ x, y, u }) => ({
          x: x.map((each, axis) => (isConverted[axis] === false ? each : value(each))),
          y: y === null || isRatio ? y : value(y),
          u: u === null || isRatio ? u : size(u),
        })),
      };
    }),
  };
}

/** Whether all numbers may be in one unit: a product of powers is in the unit of its inputs only if the powers add up to 1. */
function isInOneUnit({ result, sources }: Support): boolean {
  const exponents = sources.map(({ use }) => use.exponent ?? 0);
  return result.method !== 'product' || Math.abs(exponents.reduce((sum, each) => sum + each, 0) - 1) < 1e-9;
}

describe('Properties of how a result is supported', () => {
  it('the generated cases reach all outcomes in all method classes', () => {
    const seen = new Set<string>();
    for (const each of fc.sample(support, { numRuns: 3000, seed: 7 })) {
      const { outcome } = decide(each);
      seen.add(`${each.result.method} ${outcome === 'note' ? 'sound' : outcome}`);
    }
    const expected = ['undeclared', 'direct', 'scaled', 'group', 'interpolated', 'product', 'sum', 'general'].flatMap(
      (method) => ['sound', 'attested', 'missing', 'failed'].map((outcome) => `${method} ${outcome}`),
    );
    assert.deepEqual(
      expected.filter((each) => !seen.has(each)),
      [],
    );
  });

  it('converting units never changes an outcome', () => {
    const factor = fc.constantFrom(1e-30, 1e-6, 0.0254, 1 / 3, 0.45359237, 7, 1e3, 101325, 1e30);
    property(fc.tuple(support, factor), ([given, unit]) => {
      fc.pre(isInOneUnit(given));
      const there = (n: number) => n * unit;
      assert.deepEqual(ranks(decide(mapped(given, there, there))), ranks(decide(given)));
      const andBack = (n: number) => (n / unit) * unit;
      assert.deepEqual(ranks(decide(mapped(given, andBack, andBack))), ranks(decide(given)));
    });
  });

  it('converting units never changes an outcome, also where values spread exactly as far as an uncertainty', () => {
    const [kind, none] = ['kind', { role: null, at: null, exponent: 1 }] as const;
    const given = (unit: number) =>
      decide({
        result: result([row(2 * unit, 2 * unit)], { kind, method: 'direct' }),
        sources: [
          source(
            [4, 6].map((n) => [n * unit, n * unit, 0.01 * unit]),
            { kind, use: none },
          ),
        ],
      });
    assert.equal(given(1).outcome, 'note');
    for (const unit of [0.45359237, 1 / 3, 0.1, 7, 1e30]) {
      assert.deepEqual(ranks(given(unit)), ranks(given(1)), String(unit));
    }
  });

  it('converting to a unit with an offset never changes an outcome', () => {
    property(support, (given) => {
      const kelvin: Support = { ...given, result: { ...given.result, scale: 'additive' } };
      const celsius = (n: number) => n + 273.15 - 273.15;
      assert.deepEqual(ranks(decide(mapped(kelvin, celsius, (n) => n))), ranks(decide(kelvin)));
    });
  });

  it('a larger uncertainty of a source never improves a result that depends on it', () => {
    const widening = fc.constantFrom(1, 1.0001, 1.05, 1.5, 10, 1e6);
    property(fc.tuple(support, fc.nat(3), fc.nat(5), widening), ([given, which, place, by]) => {
      const widen = (row: SourceRow, index: number) =>
        index === place && row.u !== null ? { ...row, u: row.u * by } : row;
      const sources = given.sources.map((source, index) =>
        index === which ? { ...source, rows: source.rows.map(widen) } : source,
      );
      assertNotBetter(decide({ ...given, sources }), decide(given));
    });
  });

  it('adding a parent of another kind never improves a result', () => {
    property(fc.tuple(support, stranger, fc.nat(4)), ([given, more, place]) => {
      const sources = given.sources.toSpliced(place, 0, more);
      assertNotBetter(decide({ ...given, sources }), decide(given));
    });
  });

  it('a result is never better than a standard that is added to it', () => {
    property(fc.tuple(support, fc.constantFrom<Outcome>('failed', 'missing', 'attested')), ([given, outcome]) => {
      const more = { ...given.sources[0]!, report: 'more', outcome };
      assert.ok(rank(decide({ ...given, sources: [...given.sources, more] }).outcome) >= rank(outcome));
    });
  });

  it('permuting rows, or the order of the parents, changes nothing', () => {
    property(fc.tuple(support, fc.nat(3), fc.nat(5)), ([given, by, inside]) => {
      const found = decide(given);
      const told = ({ rows }: ResultFinding) =>
        rows.map(({ outcome, u, floor, ratio, position }) => ({ outcome, u, floor, ratio, position }));
      const sources = rotated(given.sources, by).map((source) => ({ ...source, rows: rotated(source.rows, inside) }));
      const parents = decide({ ...given, sources });
      assert.deepEqual(told(parents), told(found));
      const rows = decide({ ...given, result: { ...given.result, rows: rotated(given.result.rows, by) } });
      assert.deepEqual(told(rows), rotated(told(found), by));
      assert.equal(rows.outcome, found.outcome);
    });
  });

  it('a sound row always has numbers that were compared', () => {
    property(support, (given) => {
      for (const { outcome, counted, u, floor, position } of decide(given).rows) {
        if (counted && rank(outcome) === 0 && position !== 'zero' && floor !== null) {
          assert.ok(u !== null && u >= 0.95 * floor * (1 - 1e-8) && floor > 0 && Number.isFinite(floor));
        }
        assert.ok(
          rank(outcome) > 0 || floor !== null || position === 'zero' || !counted || given.result.method === 'natural',
        );
      }
    });
  });

  it('extreme numbers of a row fail closed', () => {
    const numbers = fc.constantFrom(NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE);
    const field = fc.constantFrom('x' as const, 'y' as const, 'expanded' as const, 'k' as const, 'p' as const);
    property(fc.tuple(support, field, numbers), ([given, name, n]) => {
      const rows = given.result.rows.map((row) => ({ ...row, distribution: null, [name]: name === 'x' ? [n] : n }));
      const found = decide({ ...given, result: { ...given.result, rows } });
      // A derived quantity is not asked for its arguments, a sum not for its value.
      const isAsked = name === 'expanded' || name === 'k' || name === 'p';
      assert.ok(!isAsked || Number.isFinite(n) || rank(found.outcome) >= rank('missing'));
      for (const { u, floor, ratio } of found.rows) {
        assert.ok([u, floor].every((each) => each === null || (Number.isFinite(each) && each > 0)));
        assert.ok(ratio === null || ratio >= 0);
      }
    });
  });

  it('extreme numbers of a source fail closed', () => {
    const numbers = fc.constantFrom(NaN, Infinity, -Infinity, Number.MAX_VALUE, 5e-324, 0, -1);
    property(
      fc.tuple(support, numbers, fc.constantFrom('u' as const, 'y' as const, 'x' as const)),
      ([given, n, name]) => {
        const sources = given.sources.map((source) => ({
          ...source,
          rows: source.rows.map((row) => ({ ...row, [name]: name === 'x' ? [n] : n })),
        }));
        const found = decide({ ...given, sources });
        for (const { floor, u } of found.rows) {
          assert.ok(floor === null || (Number.isFinite(floor) && floor > 0));
          assert.ok(u === null || Number.isFinite(u));
        }
        const isUseless = name === 'u' && !(n > 0 && Number.isFinite(n));
        const counts = given.result.method !== 'natural' && given.result.rows.some(({ y }) => y !== 0);
        assert.ok(!isUseless || !counts || rank(found.outcome) >= rank('missing'));
      },
    );
  });
});

function rotated<T>(all: readonly T[], by: number): T[] {
  const from = all.length > 0 ? by % all.length : 0;
  return [...all.slice(from), ...all.slice(0, from)];
}
