import assert from 'node:assert/strict';
import { comparisonsOf, decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Source, SupportedResult } from '@tracecal/core/support';
import { cell, decide, mass, massResult, near, result, row, source } from './build.js';

describe('Method classes', () => {
  it('a reference of the same name in units of another dimension supports nothing', () => {
    const of = result([row(300, 0.1)]);
    assert.equal(decide(of, [cell(300, 0.01)]).outcome, 'sound');
    assert.equal(decide(of, [cell(300, 0.01, { dimension: 'm1' })]).outcome, 'missing');
  });

  it('direct: the best reference there is the floor, interpolated between its rows', () => {
    const good = source([
      [280, 280, 0.01],
      [320, 320, 0.03],
    ]);
    const found = decide(result([row(300, 0.05)], { method: 'direct' }), [cell(300, 0.024), good]);
    near(found.floor, 0.02);
    assert.equal(found.outcome, 'sound');
    assert.deepEqual(
      found.references.map((each) => each.source),
      [0, 1],
    );
  });

  it('just outside its range a reference counts with the uncertainty of its last row', () => {
    const reference = source([
      [280, 280, 0.01],
      [320, 320, 0.03],
    ]);
    const at = (x: number) => decide(result([row(x, 0.1)], { method: 'direct' }), [reference]);
    assert.deepEqual([at(279.5).floor, at(320.5).floor], [0.01, 0.03]);
    assert.deepEqual([at(279.5).codes, at(320.5).position], [['edge'], 'edge']);
  });

  it('between rows that are further apart than numbers go nothing is interpolated', () => {
    const reference = source([
      [-Number.MAX_VALUE, 300, 0.01],
      [Number.MAX_VALUE, 300, 0.01],
    ]);
    const found = decide(result([row(300, 0.1)], { method: 'direct' }), [reference]);
    assert.deepEqual([found.outcome, found.codes[0]], ['missing', 'no-uncertainty-there']);
  });

  it('a row may be 5 % below its floor by rounding, and no more', () => {
    const at = (u: number) => decide(result([row(300, 2 * u)], { method: 'direct' }), [cell(300, 0.02)]).outcome;
    assert.deepEqual([at(0.02), at(0.0199), at(0.019), at(0.0189)], ['sound', 'note', 'note', 'failed']);
  });

  it('the thresholds are the policy of the registry', () => {
    const of = result([row(300, 0.0378)], { method: 'direct' });
    assert.equal(decide(of, [cell(300, 0.02)]).outcome, 'failed');
    assert.equal(decide(of, [cell(300, 0.02)], { ...DEFAULT_SUPPORT_POLICY, floorTolerance: 0.1 }).outcome, 'note');
  });

  it('outside, a row has failed only if it is better than all references together are anywhere', () => {
    const at = (u: number) =>
      decide(result([row(400, 2 * u)], { method: 'direct' }), [cell(300, 0.02), cell(310, 0.02)]).outcome;
    assert.deepEqual([at(0.0135), at(0.013)], ['missing', 'failed']);
  });

  it('a row at zero of a ratio kind needs no reference there, one at 0 °C or 0 K does', () => {
    const reference = mass(1, 1e-6);
    const zero = decide(massResult([row(0, 1e-6)], { method: 'direct' }), [reference]);
    assert.deepEqual([zero.outcome, zero.position, zero.codes], ['note', 'zero', ['zero']]);
    assert.equal(decide(result([row(0, 0.02)], { method: 'direct' }), [cell(300, 0.001)]).position, 'outside');
    assert.equal(decide(massResult([row(0, 1e-6)], { method: 'direct' }), []).outcome, 'missing');
  });

  it('undeclared: better than the best single reference is incomplete, better than all together failed', () => {
    const cells = [cell(300, 0.02), cell(300, 0.02), cell(300, 0.02), cell(300, 0.02)];
    const at = (u: number) => decide(result([row(300, 2 * u)]), cells);
    assert.deepEqual([at(0.02).outcome, at(0.012).outcome, at(0.009).outcome], ['sound', 'missing', 'failed']);
    assert.deepEqual(at(0.012).codes, ['undeclared-below-single']);
  });

  it('undeclared: between two references that cover the row only together', () => {
    const cells = [cell(300, 0.02), cell(310, 0.03)];
    const at = (u: number) => decide(result([row(305, 2 * u)]), cells);
    assert.deepEqual([at(0.02).outcome, at(0.02).codes], ['note', ['combined', 'bracketed']]);
    assert.deepEqual([at(0.018).outcome, at(0.015).outcome], ['missing', 'failed']);
  });

  it('the rows of one report count once: naming it twice lowers no floor', () => {
    const one = cell(300, 0.02, { report: 'same' });
    const group = (sources: readonly Source[]) => decide(result([row(300, 0.04)], { method: 'group' }), sources).floor;
    near(group([one, one, cell(300, 0.02)]), 0.02 / Math.SQRT2);
    near(group([one, cell(300, 0.02)]), 0.02 / Math.SQRT2);
    assert.equal(decide(result([row(300, 0.03)]), [one, one, one]).outcome, 'failed');
  });

  it('group: one that states no uncertainty there leaves it incomplete, and is named', () => {
    const silent = {
      ...cell(300, 0.02),
      rows: [
        { x: [300], y: 300, u: null },
        { x: [310], y: 310, u: 0.02 },
      ],
    };
    const of = result([row(300, 0.05)], { method: 'group' });
    const { reasons } = decideSupport(of, [cell(300, 0.02), silent], DEFAULT_SUPPORT_POLICY).rows[0]!;
    assert.deepEqual(
      reasons.map(({ code, source: which }) => [code, which]),
      [
        ['no-uncertainty-there', 1],
        ['combined', undefined],
      ],
    );
  });

  it('group: two results of one report are no group, nor is one of another kind part of it', () => {
    const other = cell(300, 0.02, { kind: 'pressure', use: { ...cell(300, 1).use, role: 'reference' } });
    const found = decide(result([row(300, 0.05)], { method: 'group' }), [cell(300, 0.02), other]);
    assert.ok(found.codes.includes('group-too-few') && found.codes.includes('reference-kind'));
  });

  it('group: all of it has to cover the row', () => {
    const found = decide(result([row(300, 0.05)], { method: 'group' }), [cell(300, 0.02), cell(320, 0.02)]);
    assert.equal(found.outcome, 'missing');
    assert.ok(found.codes.includes('group-not-covering'));
  });

  it('interpolated: two neighbours of all rows together, or the one at the point', () => {
    const cells = [cell(273, 0.003), cell(300, 0.004), cell(400, 0.1)];
    const at = (x: number) => decide(result([row(x, 0.05)], { method: 'interpolated' }), cells);
    near(at(280).floor, 0.0024);
    near(at(300).floor, 0.004);
    assert.deepEqual(
      at(280).references.map((each) => each.source),
      [0, 1],
    );
    assert.deepEqual([at(402).position, at(403).position], ['edge', 'outside']);
  });

  it('interpolated coefficients are compared relative to their value, and shown in its unit', () => {
    const reference = source(
      [
        [50, 0.1, 0.003],
        [60, 0.2, 0.008],
      ],
      { kind: 'gain', scale: 'coefficient' },
    );
    const of = result([row(55, 1, { y: 10 })], { kind: 'gain', scale: 'coefficient', method: 'interpolated' });
    const found = decide(of, [reference]);
    near(found.floor, 0.35);
    assert.deepEqual(
      found.references.map(({ low }) => Number(low.toPrecision(12))),
      [0.35],
    );
  });

  it('interpolated outside in the scope of an accreditation is a note, but not below every reference', () => {
    const cells = [cell(273, 0.003), cell(300, 0.004)];
    const at = (u: number) =>
      decide(result([row(400, 2 * u, { methodInScope: true })], { method: 'interpolated' }), cells).outcome;
    assert.deepEqual([at(0.01), at(0.002)], ['note', 'failed']);
  });

  it('natural: a zero, or what an accreditation names', () => {
    const at = (x: number, methodInScope: boolean) =>
      decide(massResult([row(x, 0.1, { methodInScope })], { method: 'natural' }), []).outcome;
    assert.deepEqual([at(0, false), at(1, true), at(1, false)], ['note', 'attested', 'missing']);
  });

  it('coefficients are compared relative to their value, whatever that is', () => {
    const reference = source([[50, 0.1, 0.001]], { kind: 'gain', scale: 'coefficient' });
    const at = (y: number | null, expanded: number) =>
      decide(result([row(50, expanded, { y })], { kind: 'gain', scale: 'coefficient', method: 'direct' }), [reference]);
    near(at(7, 1).floor, 0.07);
    assert.deepEqual([at(-7, 0.2).outcome, at(7, 0.1).outcome], ['sound', 'failed']);
    for (const y of [0, null, NaN]) {
      assert.deepEqual(at(y, 0.2).codes, ['value-missing']);
    }
  });

  it('where the reference states no uncertainty at one of the rows around, the row is incomplete', () => {
    const reference = {
      ...source([]),
      rows: [
        { x: [280], y: 280, u: 0.01 },
        { x: [300], y: 300, u: null },
        { x: [320], y: 320, u: 0.01 },
        { x: [340], y: 340, u: 0.01 },
      ],
    };
    const at = (x: number) => decide(result([row(x, 0.05)], { method: 'direct' }), [reference]).outcome;
    assert.deepEqual([at(290), at(300), at(310), at(330)], ['missing', 'missing', 'missing', 'sound']);
  });

  it('the number of comparisons is known beforehand', () => {
    const points = Array.from({ length: 1000 }, (_, index) => [273 + index, 273, 0.01] as const);
    const rows = Array.from({ length: 10 }, () => row(300, 0.05));
    const reference = source(points);
    const two = { ...reference, axes: [...reference.axes, { kind: 'frequency', name: 'f' }] };
    const work = (method: SupportedResult['method'], sources: readonly Source[]) =>
      comparisonsOf(result(rows, { method }), sources);
    assert.equal(work('direct', []), 0);
    const one = { ...result(rows, { method: 'direct' as const }), only: new Set([3]) };
    assert.equal(comparisonsOf(one, [reference]), 11_000 / 4 + 11, 'of the rows that are asked about');
    assert.equal(work('direct', [reference]), 11_000 / 4 + 10 * 11);
    assert.equal(work('undeclared', [reference]), 11_000 / 4 + 10 * 11);
    assert.equal(work('direct', [reference, two]), 33_000 / 4 + 10 * 11 * 7);
    for (const method of ['undeclared', 'interpolated'] as const) {
      assert.equal(work(method, [reference, reference]), (22_000 + 24_000) / 4 + 10 * (22 + 12));
    }
  });

  it('1,024 rows against 16 references of 1,024 rows stay within their budget', () => {
    const rows = Array.from({ length: 1024 }, (_, index) => row(273 + index / 10, 0.05));
    const references = Array.from({ length: 16 }, () =>
      source(Array.from({ length: 1024 }, (_, index) => [273 + index / 10, 273 + index / 10, 0.01] as const)),
    );
    const of = result(rows, { method: 'interpolated' });
    assert.ok(comparisonsOf(of, references) < 16 * 1024 * 50);
    assert.equal(decideSupport(of, references, DEFAULT_SUPPORT_POLICY).outcome, 'note');
  });
});
