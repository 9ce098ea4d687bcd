import assert from 'node:assert/strict';
import {
  comparedAs,
  decideSupport,
  DEFAULT_SUPPORT_POLICY,
  FLOOR_RULE,
  sentenceOf,
  standardOfRule,
} from '@tracecal/core/support';
import type { Words } from '@tracecal/core/support';
import { support } from './arbitrary.js';
import { result, row, source } from './build.js';
import fc from 'fast-check';

const WORDS: Words = {
  uncertainty: (kelvin) => `${Number((kelvin * 1000).toPrecision(3))} mK`,
  value: (kelvin) => `${Number(kelvin.toPrecision(3))} K`,
  place: (kelvin) => `${kelvin} K`,
  number: (value) => String(Number(value.toPrecision(3))),
  source: (index) => ['REF-1', 'REF-2'][index] ?? `Standard ${index}`,
};

describe('Sentences about the support of a result', () => {
  const reference = source([[300, 300, 0.01]]);

  it('a row says what was compared, also where it holds', () => {
    const { rows } = decideSupport(result([row(300, 0.05)], { method: 'direct' }), [reference], DEFAULT_SUPPORT_POLICY);
    assert.equal(
      comparedAs('direct', rows[0]!, WORDS),
      'direct: u = 25 mK, floor 10 mK, u/floor = 2.5, from REF-1 with 10 mK',
    );
  });

  it('a row outside is told with the range, a coverage factor with its number', () => {
    const calibrated = source([
      [300, 300, 0.01],
      [310, 310, 0.01],
    ]);
    const said = (...rows: Parameters<typeof row>) => {
      const of = result([row(...rows)], { method: 'direct' });
      const { rows: found } = decideSupport(of, [calibrated], DEFAULT_SUPPORT_POLICY);
      return found[0]!.reasons.map((each) => sentenceOf(each, WORDS)).join(' ');
    };
    assert.match(said(310.1, 0.05), /just outside the calibrated range of 300 K to 310 K, within/);
    assert.match(said(350, 0.05), /^No reference was calibrated at this place, only at 300 K to 310 K\. /);
    assert.match(said(305, 0.05, { k: 0.5 }), /^The coverage factor 0\.5 is below 1 or larger/);
    assert.match(said(305, 0.05, { k: NaN }), /^The row states no coverage factor/);
  });

  it('no range is told where a row lies between references', () => {
    const apart = [source([[300, 300, 0.01]]), source([[400, 400, 0.01]])];
    const { rows } = decideSupport(result([row(350, 0.05)], { method: 'direct' }), apart, DEFAULT_SUPPORT_POLICY);
    assert.match(sentenceOf(rows[0]!.reasons[0]!, WORDS), /^No reference was calibrated at this place\. /);
  });

  it('a row without a floor or an uncertainty is described as such', () => {
    const rows = [row(0, 0.05, { y: 0 }), row(300, NaN)];
    const of = result(rows, { method: 'direct', scale: 'ratio' });
    const found = decideSupport(of, [reference], DEFAULT_SUPPORT_POLICY);
    assert.deepEqual(
      found.rows.map((each) => comparedAs('direct', each, WORDS)),
      ['direct: u = 25 mK, without a floor', 'direct: no uncertainty to compare'],
    );
  });

  it('a finding is a sentence with the numbers, its rule and the text behind it', () => {
    const { rows } = decideSupport(result([row(300, 0.01)], { method: 'direct' }), [reference], DEFAULT_SUPPORT_POLICY);
    const [finding] = rows[0]!.reasons;
    assert.equal(sentenceOf(finding!, WORDS), 'u = 5 mK is smaller than the references allow: at least 10 mK.');
    assert.equal(finding!.rule, FLOOR_RULE);
    assert.equal(standardOfRule(FLOOR_RULE), 'JCGM 100 (GUM), law of propagation of uncertainty');
  });

  it('every finding is one or two plain sentences without unknown parts', () => {
    for (const { result: of, sources } of fc.sample(support, { numRuns: 1000, seed: 11 })) {
      const found = decideSupport(of, sources, DEFAULT_SUPPORT_POLICY);
      for (const each of [...found.reasons, ...found.rows.flatMap(({ reasons }) => reasons)]) {
        const text = sentenceOf(each, WORDS);
        assert.match(text, /^(?:[A-Zu].*\.)$/);
        assert.doesNotMatch(text, /undefined|NaN|unknown|A source/);
      }
    }
  });
});
