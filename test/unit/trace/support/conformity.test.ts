import assert from 'node:assert/strict';
import type { StatedConformity } from '@tracecal/core/model';
import { conformityOf } from '@tracecal/core/trace';
import type { ConformityPoint, DecisionRule } from '@tracecal/core/trace';
import fc from 'fast-check';
import { property } from '../../../support/property.js';

const SIMPLE: DecisionRule = { kind: 'simple', guardBand: null };
const GUARDED: DecisionRule = { kind: 'guarded', guardBand: 0.04 };
const NON_BINARY: DecisionRule = { kind: 'non-binary', guardBand: 0.04 };

/** An error in kelvin with U = 0.04 K, against limits of ±0.1 K. */
function point(value: number | null, stated: StatedConformity | null = null, more: Partial<ConformityPoint> = {}) {
  const limits = { lower: -0.1, upper: 0.1, kind: 'tolerance' } as const;
  return { value, expanded: 0.04, expanded95: 0.04, limits, stated, ...more } satisfies ConformityPoint;
}

function decide(given: ConformityPoint, rule: DecisionRule | null, overall: StatedConformity | null = null) {
  const found = conformityOf([given], rule, overall);
  return [found?.status, found?.outcome];
}

describe('Conformity, beside the verdict', () => {
  it('a result without limits and statements has no conformity', () => {
    assert.equal(conformityOf([point(0.05, null, { limits: null })], null, null), null);
    assert.equal(conformityOf([], null, null), null);
  });

  it('the simple rule takes the limits as they are', () => {
    assert.deepEqual(decide(point(0.09), SIMPLE), ['conforms', 'sound']);
    assert.deepEqual(decide(point(0.1), SIMPLE), ['conforms', 'sound']);
    assert.deepEqual(decide(point(-0.11), SIMPLE), ['does-not', 'note']);
  });

  it('a declared guard band narrows tolerance limits', () => {
    assert.deepEqual(decide(point(0.06), GUARDED), ['conforms', 'sound']);
    assert.deepEqual(decide(point(0.07), GUARDED), ['does-not', 'note']);
    assert.deepEqual(decide(point(0.07), NON_BINARY), ['conditional', 'note']);
    assert.deepEqual(decide(point(0.13), NON_BINARY), ['conditional', 'note']);
    assert.deepEqual(decide(point(0.15), NON_BINARY), ['does-not', 'note']);
  });

  it('acceptance limits already contain the guard band', () => {
    const limits = { lower: -0.06, upper: 0.06, kind: 'acceptance' } as const;
    assert.deepEqual(decide(point(0.06, 'pass', { limits }), GUARDED), ['conforms', 'sound']);
    assert.deepEqual(decide(point(0.07, null, { limits }), NON_BINARY), ['does-not', 'note']);
  });

  it('without a declared rule the simple rule is assumed and reported', () => {
    assert.equal(conformityOf([point(0.09, 'pass')], null, null)?.isRuleAssumed, true);
    assert.equal(conformityOf([point(0.09, 'pass')], SIMPLE, null)?.isRuleAssumed, false);
  });

  it('a stated pass that its own numbers do not confirm is contradicted', () => {
    assert.deepEqual(decide(point(0.12, 'pass'), SIMPLE), ['contradicted', 'note']);
    assert.deepEqual(decide(point(0.08, 'pass'), GUARDED), ['contradicted', 'note']);
    assert.deepEqual(decide(point(0.08, 'pass'), NON_BINARY), ['contradicted', 'note']);
  });

  it('a stated pass fails only where the value is outside the limits by more than its uncertainty', () => {
    assert.deepEqual(decide(point(0.14, 'pass'), SIMPLE), ['contradicted', 'note']);
    for (const rule of [null, SIMPLE, GUARDED, NON_BINARY]) {
      assert.deepEqual(decide(point(0.15, 'pass'), rule), ['contradicted', 'failed']);
      assert.deepEqual(decide(point(-9.9), rule, 'pass'), ['contradicted', 'failed']);
    }
  });

  it('a stated fail never changes traceability', () => {
    assert.deepEqual(decide(point(9.9, 'fail'), SIMPLE), ['does-not', 'note']);
    assert.deepEqual(decide(point(0, 'fail'), SIMPLE), ['contradicted', 'note']);
    assert.deepEqual(decide(point(9.9), SIMPLE, 'fail'), ['does-not', 'note']);
    assert.deepEqual(decide(point(0), SIMPLE, 'fail'), ['contradicted', 'note']);
  });

  it('a failed point contradicts an overall pass, even without limits', () => {
    const points = [point(0.05, 'pass'), point(null, 'fail', { limits: null })];
    for (const overall of ['pass', 'conditionalPass', 'noFail'] as const) {
      const found = conformityOf(points, SIMPLE, overall);
      assert.deepEqual([found?.status, found?.outcome], ['contradicted', 'note']);
    }
    assert.equal(conformityOf(points, SIMPLE, null)?.status, 'undecidable');
  });

  it('conditional and one-sided statements are compared with the recomputed conformity', () => {
    const conditional = [point(0.08, 'conditionalPass'), point(0.12, 'conditionalFail')];
    assert.deepEqual(
      conditional.map((each) => decide(each, NON_BINARY)[0]),
      ['conditional', 'conditional'],
    );
    // Without a rule the side of the limit can be told.
    assert.deepEqual(
      conditional.map((each) => decide(each, null)[0]),
      ['conditional', 'conditional'],
    );
    assert.equal(decide(point(0.12, 'conditionalPass'), null)[0], 'contradicted');
    assert.equal(decide(point(0.08, 'conditionalFail'), null)[0], 'contradicted');
    assert.equal(conformityOf([point(0.08, 'conditionalFail')], null, null)?.points[0]?.recomputed, 'conforms');
    assert.equal(conformityOf([point(0.12, 'conditionalPass')], null, null)?.points[0]?.recomputed, 'does-not');
    assert.equal(decide(point(0.1, 'conditionalPass'), null)[0], 'conditional');
    // A declared guard band has the same two sides.
    assert.equal(decide(point(0.12, 'conditionalPass'), NON_BINARY)[0], 'contradicted');
    assert.equal(decide(point(0.08, 'conditionalFail'), NON_BINARY)[0], 'contradicted');
    assert.equal(decide(point(0.1, 'conditionalPass'), NON_BINARY)[0], 'conditional');
    assert.equal(decide(point(0.08), NON_BINARY, 'conditionalPass')[0], 'conditional');
    assert.equal(decide(point(0.12), NON_BINARY, 'conditionalPass')[0], 'contradicted');
    assert.equal(decide(point(0.12), NON_BINARY, 'conditionalFail')[0], 'conditional');
    assert.equal(decide(point(0.12, 'noPass'), SIMPLE)[0], 'does-not');
    assert.equal(decide(point(0.05, 'noPass'), SIMPLE)[0], 'contradicted');
    assert.equal(decide(point(0.05, 'noFail'), SIMPLE)[0], 'conforms');
    assert.equal(decide(point(0.12, 'noFail'), SIMPLE)[0], 'contradicted');
    assert.equal(decide(point(0.05), SIMPLE, 'conditionalPass')[0], 'conforms');
  });

  it('conformity that cannot be recomputed is undecidable, never failed', () => {
    const inverted = { limits: { lower: 1, upper: -1, kind: 'tolerance' } } as const;
    const endless = { limits: { lower: null, upper: Infinity, kind: 'tolerance' } } as const;
    for (const more of [inverted, endless]) {
      assert.deepEqual(decide(point(9.9, 'pass', more), SIMPLE), ['undecidable', 'note']);
    }
    for (const value of [null, NaN, Infinity]) {
      assert.deepEqual(decide(point(value, 'pass'), SIMPLE), ['undecidable', 'note']);
    }
    for (const guardBand of [null, NaN, -1]) {
      assert.deepEqual(decide(point(0.05, 'pass'), { kind: 'guarded', guardBand }), ['undecidable', 'note']);
    }
    assert.deepEqual(decide(point(9.9, 'pass', { expanded: null }), SIMPLE), ['contradicted', 'note']);
  });

  it('a pass that is stated of every point without limits is told as such', () => {
    const limitless = { limits: null } as const;
    assert.deepEqual(decide(point(9.9, 'pass', limitless), SIMPLE), ['stated-pass', 'note']);
    assert.deepEqual(decide(point(9.9, null, limitless), null, 'pass'), ['stated-pass', 'note']);
    const one = [point(1, 'pass', limitless), point(1, null, limitless)];
    assert.equal(conformityOf(one, SIMPLE, null)?.status, 'undecidable');
    assert.equal(conformityOf([point(1, 'pass', limitless), point(0, 'pass')], SIMPLE, null)?.status, 'undecidable');
  });

  it('one-sided limits are decided, without a test uncertainty ratio', () => {
    const limits = { lower: null, upper: 0.1, kind: 'tolerance' } as const;
    assert.deepEqual(decide(point(-9.9, 'pass', { limits }), SIMPLE), ['conforms', 'sound']);
    assert.deepEqual(decide(point(9.9, 'pass', { limits }), SIMPLE), ['contradicted', 'failed']);
    assert.equal(conformityOf([point(0, null, { limits })], SIMPLE, null)?.tur, null);
  });

  it('the test uncertainty ratio is the tolerance over twice U95, of the worst point', () => {
    const found = conformityOf([point(0), point(0, null, { expanded95: 0.05 })], SIMPLE, null);
    assert.deepEqual([found?.points[0]?.tur, found?.tur], [2.5, 2]);
    assert.equal(conformityOf([point(0, null, { expanded95: 0 })], SIMPLE, null)?.tur, null);
  });

  it('the worst point decides, and is named', () => {
    const found = conformityOf([point(0), point(0.08), point(0.3), point(0)], NON_BINARY, null);
    assert.deepEqual([found?.status, found?.decisive], ['does-not', 2]);
    const contradicted = conformityOf([point(0.3), point(0.3, 'pass')], SIMPLE, null);
    assert.deepEqual([contradicted?.status, contradicted?.decisive], ['contradicted', 1]);
    const statement = conformityOf([point(0), point(0)], SIMPLE, 'fail');
    assert.deepEqual([statement?.status, statement?.decisive], ['contradicted', null]);
  });

  it('converting units changes neither the status nor the outcome of conformity', () => {
    const thousandth = fc.integer({ min: -250, max: 250 }).map((n) => n / 1000);
    const rule = fc.constantFrom(null, SIMPLE, GUARDED, NON_BINARY);
    const stated = fc.constantFrom(null, 'pass' as const, 'fail' as const);
    const unit = fc.constantFrom(1e-30, 0.0254, 1 / 3, 7, 1e3, 1e30);
    property(fc.tuple(thousandth, rule, stated, unit), ([value, given, says, factor]) => {
      const scaled = point(value * factor, says, {
        expanded: 0.04 * factor,
        limits: { lower: -0.1 * factor, upper: 0.1 * factor, kind: 'tolerance' },
      });
      const guardBand = given?.guardBand == null ? null : given.guardBand * factor;
      assert.deepEqual(decide(scaled, given && { ...given, guardBand }), decide(point(value, says), given));
    });
  });
});
