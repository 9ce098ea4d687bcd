import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY, normalFactor } from '@tracecal/core/support';
import type { ResultRow } from '@tracecal/core/support';
import { result, row, source } from './build.js';

/** Two-sided normal quantiles, from tables. */
const FACTORS: readonly (readonly [number, number])[] = [
  [0.5, 0.6744897502],
  [0.6826894921, 1],
  [0.9, 1.644853627],
  [0.95, 1.9599639845],
  [0.9544997361, 2],
  [0.99, 2.5758293035],
  [0.9973002039, 3],
  [0.999, 3.2905267315],
  [0.9999, 3.8905918864],
];

/** A standard with u = 10 mK everywhere between 0 °C and 100 °C. */
const STANDARD = source([
  [273.15, 273.15, 0.01],
  [373.15, 373.15, 0.01],
]);

function decide(more: Partial<ResultRow>, expanded = 0.05) {
  const { outcome, rows } = decideSupport(
    result([row(300, expanded, more)], { method: 'direct' }),
    [STANDARD],
    DEFAULT_SUPPORT_POLICY,
  );
  return { outcome, row: rows[0]!, codes: rows[0]!.reasons.map(({ code }) => code) };
}

describe('The meaning of a stated coverage', () => {
  it('the normal factor of a probability is that of the tables', () => {
    for (const [p, z] of FACTORS) {
      assert.ok(Math.abs(normalFactor(p) - z) < 1e-8, `${p}: ${normalFactor(p)}`);
    }
    assert.ok(Math.abs(normalFactor(0.999999) - 4.8916384757) < 1e-6);
  });

  it('a probability outside 0 to 1 has no factor', () => {
    for (const p of [0, -0.1, 1.0001, NaN, Infinity]) {
      assert.ok(Number.isNaN(normalFactor(p)), `${p}`);
    }
    assert.equal(normalFactor(1), 5);
  });

  it('a coverage factor within 3 % of the normal one, or larger, is accepted', () => {
    for (const [k, p] of [
      [2, 0.95],
      [2, 0.9545],
      [1.91, 0.95],
      [2.65, 0.9545],
      [1, 0.6827],
      [12, 1],
    ] as const) {
      assert.deepEqual(
        decide({ k, p }).codes.filter((code) => code.startsWith('coverage')),
        [],
        `${k} ${p}`,
      );
    }
  });

  it('a coverage factor that is too small for its probability is a note where both readings hold', () => {
    const found = decide({ k: 1.5, p: 0.95 });
    assert.equal(found.outcome, 'note');
    assert.deepEqual(found.codes, ['coverage-contradicts']);
  });

  it('a contradictory coverage factor is incomplete where one reading holds, failed where neither does', () => {
    // u = 10.7 mK read with k, 8.2 mK with the normal factor.
    assert.equal(decide({ k: 1.5, p: 0.95 }, 0.016).outcome, 'missing');
    assert.equal(decide({ k: 1.5, p: 0.95 }, 0.01).outcome, 'failed');
  });

  it('a bounded distribution explains a small coverage factor', () => {
    assert.equal(decide({ k: 1.65, p: 0.95, distribution: 'rectangular' }, 0.0165).outcome, 'sound');
  });

  it('a bounded distribution explains no smaller one than its own', () => {
    for (const [distribution, k] of [
      ['rectangular', 1.645],
      ['triangular', 1.9],
      ['u-shaped', 1.41],
    ] as const) {
      assert.deepEqual(decide({ k, p: 0.95, distribution }).codes, [], distribution);
      assert.deepEqual(decide({ k: 0.9 * k, p: 0.95, distribution }).codes, ['coverage-contradicts']);
    }
    assert.equal(decide({ k: 1, p: 0.95, distribution: 'rectangular' }, 0.01).outcome, 'missing');
  });

  it('a coverage probability outside 0 to 1 makes the row incomplete', () => {
    for (const p of [0, 1.5, -1, NaN, Infinity]) {
      const found = decide({ p });
      assert.equal(found.outcome, 'missing');
      assert.deepEqual([found.row.counted, found.codes], [true, ['probability-unusable']]);
    }
  });

  it('an uncertainty of zero or less is refused, also one that vanishes when it is divided', () => {
    for (const expanded of [0, -0, -0.1, -Infinity, 5e-324]) {
      const found = decide({}, expanded);
      assert.equal(found.outcome, 'failed', `${expanded}`);
      assert.deepEqual([found.row.counted, found.codes], [true, ['uncertainty-zero']]);
    }
  });

  it('a row without a usable uncertainty or factor is named and not counted', () => {
    for (const more of [{ expanded: NaN }, { expanded: Infinity }, { k: NaN }, { k: 0.9 }, { k: Infinity }]) {
      const rows = [row(300, 0.05), row(310, 0.05, more)];
      const found = decideSupport(result(rows, { method: 'direct' }), [STANDARD], DEFAULT_SUPPORT_POLICY);
      assert.deepEqual([found.outcome, found.uncounted], ['sound', [1]]);
      assert.equal(found.rows[1]!.outcome, 'missing');
    }
  });

  it('a result of which no row counts is incomplete', () => {
    for (const rows of [[], [row(300, NaN)]]) {
      const found = decideSupport(result(rows, { method: 'direct' }), [STANDARD], DEFAULT_SUPPORT_POLICY);
      assert.deepEqual([found.outcome, found.decisive], ['missing', null]);
    }
  });
});
