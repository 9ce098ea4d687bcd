import assert from 'node:assert/strict';
import { isUnit, PUBLISHED_CONSTANTS, publishedConstant } from '@tracecal/core/model';

describe('A constant of nature', () => {
  /** As CODATA 2022 lists them. */
  const LISTED: readonly (readonly [string, number, string])[] = [
    ['c', 299792458, '\\metre\\per\\second'],
    ['h', 6.62607015e-34, '\\joule\\per\\hertz'],
    ['ħ', 1.054571817e-34, '\\joule\\second'],
    ['K(J) = 2e/h', 483597.8484e9, '\\hertz\\per\\volt'],
    ['Φ0 = h/2e', 2.067833848e-15, '\\weber'],
    ['R(K) = h/e²', 25812.80745, '\\ohm'],
    ['G0 = 2e²/h', 7.748091729e-5, '\\siemens'],
    ['R = N(A) k', 8.314462618, '\\joule\\per\\mole\\per\\kelvin'],
    ['F = N(A) e', 96485.33212, '\\coulomb\\per\\mole'],
    ['σ = 2π⁵k⁴/15h³c²', 5.670374419e-8, '\\watt\\metre\\tothe{-2}\\kelvin\\tothe{-4}'],
    ['c1 = 2πhc²', 3.741771852e-16, '\\watt\\metre\\tothe{2}'],
    ['c2 = hc/k', 1.438776877e-2, '\\metre\\kelvin'],
  ];

  it('is known by its value and its unit, in any unit of its dimension', () => {
    for (const [symbol, value, unit] of LISTED) {
      assert.equal(publishedConstant(value, unit)?.symbol, symbol);
    }
    assert.equal(publishedConstant(299792.458, '\\kilo\\metre\\per\\second')?.symbol, 'c');
    assert.equal(publishedConstant(1 / 299792458, '\\second\\per\\metre')?.symbol, 'c');
    assert.ok(PUBLISHED_CONSTANTS.every(({ unit }) => isUnit(unit)));
  });

  it('has no other value, and no other unit', () => {
    for (const [, value, unit] of LISTED) {
      assert.equal(publishedConstant(value * (1 + 3e-9), unit), undefined);
      assert.equal(publishedConstant(value, '\\kilogram'), undefined);
      assert.equal(publishedConstant(-value, unit), undefined);
    }
    assert.equal(publishedConstant(NaN, '\\metre\\per\\second'), undefined);
    assert.equal(publishedConstant(9.80665, '\\metre\\per\\second\\tothe{2}'), undefined);
    assert.equal(publishedConstant(1, 'm'), undefined);
  });
});
