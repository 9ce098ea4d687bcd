import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Source, SupportedResult } from '@tracecal/core/support';
import { result, row, source } from './build.js';

const VOLT = 'm2 kg1 s-3 A-1';
const OHM = 'm2 kg1 s-3 A-2';

function decide(of: SupportedResult, sources: readonly Source[]) {
  const { outcome, reasons } = decideSupport(of, sources, DEFAULT_SUPPORT_POLICY);
  return { outcome, codes: reasons.map(({ code }) => code) };
}

function current(more: Partial<SupportedResult> = {}): SupportedResult {
  const rows = [row(1, 2e-5)];
  return result(rows, { kind: 'current', scale: 'ratio', dimension: 'A1', method: 'product', ...more });
}

function voltage(exponent: number | null = 1): Source {
  return source([[0.1, 0.1, 1e-7]], {
    kind: 'voltage',
    scale: 'ratio',
    dimension: VOLT,
    use: { role: 'input', exponent },
  });
}

function resistance(exponent: number | null = -1): Source {
  return source([[0.1, 0.1, 1e-7]], {
    kind: 'resistance',
    scale: 'ratio',
    dimension: OHM,
    use: { role: 'input', exponent },
  });
}

/** 0.5 of relative humidity, from a dew point. */
function humidity(sensitivity: Source['use']['sensitivity'], rows = [row(0.5, 0.02)]) {
  const of = result(rows, { kind: 'relative-humidity', dimension: '', method: 'general' });
  const dewPoint = source([[285, 285, 0.1]], { kind: 'dew-point', use: { role: 'input', sensitivity } });
  return decide(of, [dewPoint]);
}

describe("A report's declaration about its support", () => {
  it('the units of a product close', () => {
    assert.deepEqual(decide(current(), [voltage(), resistance()]), { outcome: 'sound', codes: [] });
    assert.deepEqual(decide(current(), [voltage(), resistance(1)]).codes, ['units-open']);
    assert.deepEqual(decide(current(), [voltage()]).codes, ['units-open']);
    assert.deepEqual(decide(current({ dimension: null }), [voltage(), resistance()]).codes, ['units-open']);
  });

  it('a product consists of references, inputs and ratios, not of checks', () => {
    const as = (role: 'reference' | 'ratio' | 'check') => {
      const of = resistance();
      return decide(current(), [voltage(), { ...of, use: { ...of.use, role } }]).codes;
    };
    assert.deepEqual([as('reference'), as('ratio'), as('check')], [[], [], ['check', 'units-open']]);
  });

  it('the units of a product are not judged while an input is not described', () => {
    const unknown = { ...resistance(), resolved: false, outcome: 'missing' as const, rows: [] };
    assert.deepEqual(decide(current(), [voltage(), unknown]).codes, ['unresolved']);
  });

  it('a constant with a unit belongs to the product, and is measured unless it is one of nature', () => {
    const constant = (more: Partial<SupportedResult['constants'][number]> = {}) => ({
      ...{ name: 'conductance of the divider', value: 10, dimension: 'm-2 kg-1 s3 A2', share: null, isExact: true },
      ...more,
    });
    const of = (...constants: SupportedResult['constants']) => decide(current({ constants }), [voltage()]);
    assert.deepEqual(of(constant()), { outcome: 'sound', codes: [] });
    assert.deepEqual(of(constant({ dimension: null })).codes, ['units-open']);
    assert.deepEqual(of(constant({ isExact: false })).codes, ['constant-measured']);
    assert.deepEqual(of(constant({ isExact: false, share: 0.01 })), { outcome: 'sound', codes: [] });
    assert.deepEqual(of(constant({ isExact: false, share: 0.02 })).codes, ['own-share']);
    const number = { name: 'n', value: 1, dimension: '', share: 0.008, isExact: false };
    assert.deepEqual(of(constant({ isExact: false, share: 0.008 }), number).codes, ['shares-together']);
  });

  it('fractions are exponents too', () => {
    const of = result([row(1, 0.02)], { kind: 'length', scale: 'ratio', dimension: 'm1', method: 'product' });
    const volume = source([[1, 1, 0.001]], {
      kind: 'volume',
      scale: 'ratio',
      dimension: 'm3',
      use: { role: 'input', exponent: 1 / 3 },
    });
    assert.deepEqual(decide(of, [volume]), { outcome: 'sound', codes: [] });
  });

  it('an exponent that is missing or not a number leaves a product incomplete', () => {
    for (const exponent of [null, NaN, Infinity]) {
      const found = decide(current(), [voltage(), resistance(exponent)]);
      assert.equal(found.outcome, 'missing');
      assert.ok(found.codes.includes('exponent-missing'));
    }
  });

  it('a sensitivity leads from the unit of the input to that of the result', () => {
    assert.deepEqual(humidity({ values: [0.033], dimension: 'K-1' }).codes, []);
    assert.deepEqual(humidity({ values: [0.033], dimension: 'K1' }).codes, ['sensitivity-unit']);
    assert.deepEqual(humidity({ values: [0.033], dimension: null }).codes, ['sensitivity-unit']);
    assert.deepEqual(humidity({ values: [0.033], dimension: 'kelvin' }).codes, ['sensitivity-unit']);
  });

  it('one sensitivity serves all rows, or each row has its own', () => {
    const rows = [row(0.5, 0.02), row(0.6, 0.02)];
    assert.equal(humidity({ values: [0.033, 0.04], dimension: 'K-1' }, rows).outcome, 'sound');
    assert.equal(humidity({ values: [0.033, 0.4], dimension: 'K-1' }, rows).outcome, 'failed');
    for (const values of [[], [1, 1, 1], [NaN], [0.033, Infinity]]) {
      const found = humidity({ values, dimension: 'K-1' }, rows);
      assert.equal(found.outcome, 'missing');
      assert.ok(found.codes.includes('sensitivity-missing'), `${values.length}`);
    }
    assert.deepEqual(humidity(null).codes, ['sensitivity-missing']);
  });

  it('a plain sum needs no sensitivities, of inputs of its own unit', () => {
    const of = result([row(3, 0.1)], { kind: 'mass', scale: 'ratio', dimension: 'kg1', method: 'sum' });
    const weight = (kilogram: number, dimension = 'kg1') =>
      source([[kilogram, kilogram, 0.03]], { kind: 'mass', scale: 'ratio', dimension, use: { role: 'input' } });
    assert.deepEqual(decide(of, [weight(1), weight(2)]), { outcome: 'sound', codes: [] });
    assert.deepEqual(decide(of, [weight(1), weight(2, 'm1')]).codes, ['sensitivity-unit']);
  });

  it('a sum may have sensitivities too, with their unit', () => {
    const of = result([row(3, 0.1)], { kind: 'mass', scale: 'ratio', dimension: 'kg1', method: 'sum' });
    const volume = (sensitivity: Source['use']['sensitivity']) =>
      source([[1, 1, 0.001]], { kind: 'volume', scale: 'ratio', dimension: 'm3', use: { role: 'input', sensitivity } });
    assert.deepEqual(decide(of, [volume({ values: [40], dimension: 'm-3 kg1' })]), { outcome: 'sound', codes: [] });
    assert.equal(decide(of, [volume({ values: [60], dimension: 'm-3 kg1' })]).outcome, 'failed');
    assert.deepEqual(decide(of, [volume(null)]).codes, ['sensitivity-unit']);
  });

  it('only a ratio kind can be scaled', () => {
    const of = result([row(300, 0.1)], { method: 'scaled', ratioByDesign: true });
    assert.deepEqual(decide(of, [source([[300, 300, 0.01]])]).codes, ['scaled-not-ratio']);
  });

  it('a ratio has no unit', () => {
    const of = current({ method: 'scaled', kind: 'voltage', dimension: VOLT });
    const ratio = (dimension: string | null) =>
      source([[10, 10, 1e-7]], { kind: 'ratio', scale: 'ratio', dimension, use: { role: 'ratio' } });
    const standard = { ...voltage(), use: { ...voltage().use, role: 'reference' as const } };
    assert.deepEqual(decide(of, [standard, ratio('')]).codes, []);
    assert.deepEqual(decide(of, [standard, ratio(VOLT)]).codes, ['units-open']);
    assert.deepEqual(decide(of, [standard, ratio(null)]).codes, ['units-open']);
  });

  it('a group has two different reports, which may be of one device', () => {
    const of = result([row(300, 0.05)], { method: 'group' });
    const one = source([[300, 300, 0.01]], { device: 'cell', report: 'first' });
    assert.deepEqual(decide(of, [one, one]).codes, ['group-too-few']);
    assert.deepEqual(decide(of, [one, { ...one, report: 'second' }]).codes, []);
  });

  it('a group whose standards are not shown is as good as the accreditation that stands for them', () => {
    const hidden = (report: string) =>
      source([], { report, kind: null, outcome: 'missing', resolved: false, use: { role: 'reference' } });
    const of = result([row(300, 0.05)], { method: 'group', accredited: true });
    assert.equal(decide(of, [hidden('first'), hidden('second')]).outcome, 'attested');
    assert.equal(decide({ ...of, accredited: false }, [hidden('first'), hidden('second')]).outcome, 'missing');
    assert.ok(decide(of, [hidden('first')]).codes.includes('group-too-few'));
  });

  it('an input of the laboratory without a certificate has a small share', () => {
    const at = (share: number | null) =>
      decide(result([row(300, 0.05)], { method: 'direct', own: [{ name: 'drift', share }] }), [
        source([[300, 300, 0.01]]),
      ]);
    assert.deepEqual(at(0.01), { outcome: 'sound', codes: [] });
    for (const share of [0.02, null, NaN, -1, Infinity]) {
      assert.deepEqual(at(share), { outcome: 'missing', codes: ['own-share'] });
    }
  });

  it('a share of the variance is between 0 and 1', () => {
    const reference = source([[300, 300, 0.01]], { use: { share: 1.5 } });
    assert.deepEqual(decide(result([row(300, 0.05)], { method: 'direct' }), [reference]).codes, ['share-unusable']);
  });
});
