import assert from 'node:assert/strict';
import type { AccreditationLine } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import { expanded, lineOf, rowOf, voltageLine, workOn } from '../../../support/accreditationLines.js';

const { judge } = cmc;

function constant(value: number, more: Partial<AccreditationLine> = {}): AccreditationLine {
  return lineOf({ cmc: { form: 'constant', relative: false, value }, ...more });
}

describe('An uncertainty compared with the CMC', () => {
  const outcomes: readonly (readonly [number, string])[] = [
    [0.02, 'sound'],
    [0.01, 'sound'],
    [0.0099, 'note'],
    [0.00951, 'note'],
    [0.0095, 'failed'],
    [0.001, 'failed'],
  ];
  for (const [U, outcome] of outcomes) {
    it(`of 0.01 is ${outcome} with U = ${U}`, () => {
      assert.equal(judge(rowOf({ uncertainty: expanded(U) }), [lineOf()], workOn()).outcome, outcome);
    });
  }

  it('is compared at 95 %, with the numbers shown', () => {
    const judgement = judge(rowOf({ uncertainty: expanded(0.03, 3, 0.9973) }), [constant(0.022)], workOn());
    assert.ok(judgement.outcome === 'failed');
    const { u95, reading, cmc: limit, value, ratio } = judgement.compared;
    assert.deepEqual(
      [u95.toFixed(4), reading, limit, value, ratio?.toFixed(3)],
      ['0.0196', 'probability', 0.022, 20, '0.891'],
    );
  });

  it('takes the threshold from the policy', () => {
    const row = rowOf({ uncertainty: expanded(0.0099) });
    assert.equal(judge(row, [lineOf()], workOn(), { ...cmc.CMC_POLICY, accept: 1 }).outcome, 'failed');
  });

  it('is missing if the row states none or an impossible one', () => {
    for (const uncertainty of [null, expanded(0), expanded(NaN)]) {
      const judgement = judge(rowOf({ uncertainty }), [lineOf()], workOn());
      assert.deepEqual(judgement, { outcome: 'missing', reason: 'no-uncertainty' });
    }
  });

  describe('that is only a part of the value, at the value 0', () => {
    const points = [
      { at: -80, cmc: 0.01 },
      { at: 420, cmc: 0.02 },
    ];
    const forms: Readonly<Record<string, AccreditationLine['cmc']>> = {
      constant: { form: 'constant', relative: true, value: 0.01 },
      table: { form: 'table', relative: true, of: null, points },
      linear: { form: 'linear', a: 0, terms: [{ of: null, b: 0.01 }], combined: 'sum' },
    };
    const zero = (more: object = {}) => rowOf({ value: 0, uncertainty: expanded(5), ...more });
    for (const [form, limit] of Object.entries(forms)) {
      it(`is a note where that is a natural zero (${form})`, () => {
        const [quantity, unit] = ['mass', '\\kilogram'];
        const line = lineOf({ quantity, unit, min: 0, max: 420, cmc: limit });
        const judgement = judge(zero({ quantity, unit }), [line], workOn());
        assert.ok(judgement.outcome === 'note');
        assert.equal(judgement.compared.ratio, null);
      });

      it(`allows no uncertainty of a temperature in °C (${form})`, () => {
        const judgement = judge(zero(), [lineOf({ cmc: limit })], workOn());
        assert.deepEqual(judgement, { outcome: 'missing', reason: 'not-computable' });
      });
    }

    it('leaves a line with a constant part, which gives a limit there, too', () => {
      const limit = { form: 'linear', a: 0.02, terms: [{ of: null, b: 0.01 }], combined: 'sum' } as const;
      assert.equal(judge(zero(), [lineOf({ cmc: limit })], workOn()).outcome, 'sound');
      assert.equal(judge(zero({ uncertainty: expanded(0.01) }), [lineOf({ cmc: limit })], workOn()).outcome, 'failed');
    });
  });

  it('is missing where numbers overflow or vanish', () => {
    const tiny = lineOf({ quantity: 'mass', unit: '\\quecto\\gram', min: -1e308, max: 1e308 });
    const huge = rowOf({ quantity: 'mass', unit: '\\kilogram', value: 0, uncertainty: expanded(1e300) });
    assert.deepEqual(judge(huge, [tiny], workOn()), { outcome: 'missing', reason: 'not-computable' });
    const steep = lineOf({
      max: 1e300,
      cmc: { form: 'linear', a: 0, terms: [{ of: null, b: 1e300 }], combined: 'sum' },
    });
    assert.deepEqual(judge(rowOf({ value: 1e300 }), [steep], workOn()), {
      outcome: 'missing',
      reason: 'not-computable',
    });
  });
});

describe('Of several lines', () => {
  const fine = constant(0.01, { method: 'Fixed points' });
  const coarse = constant(0.05, { method: 'Comparison' });
  const any = constant(0.03);
  const judged = (U: number, lines: readonly AccreditationLine[], ...methods: readonly string[]) =>
    judge(rowOf({ uncertainty: expanded(U) }), lines, workOn(undefined, { methods }));

  it('the smallest CMC applies if the method is not stated', () => {
    for (const lines of [
      [coarse, any, fine],
      [fine, coarse, any],
    ]) {
      const judgement = judged(0.011, lines);
      assert.ok(judgement.outcome === 'sound' && judgement.compared.line === fine);
    }
  });

  it('the one for the stated method applies, though another has a smaller CMC', () => {
    const judgement = judged(0.011, [fine, coarse, any], 'comparison');
    assert.ok(judgement.outcome === 'failed' && judgement.compared.line === coarse && judgement.compared.byMethod);
  });

  it('lines for any method apply if no line is for the stated method', () => {
    const judgement = judged(0.031, [fine, coarse, any], 'Substitution');
    assert.ok(judgement.outcome === 'sound' && judgement.compared.line === any && !judgement.compared.byMethod);
  });

  it('units do not decide which CMC is the smallest', () => {
    const millikelvin = constant(9, { unit: '\\milli\\kelvin', min: 0, max: 1e6 });
    const judgement = judged(0.02, [constant(0.01), millikelvin]);
    assert.ok(judgement.outcome === 'sound' && judgement.compared.line === millikelvin);
  });

  it('one that cannot be computed takes nothing away from another', () => {
    const broken = lineOf({ cmc: { form: 'linear', a: 1e308, terms: [{ of: null, b: 1e308 }], combined: 'sum' } });
    const judgement = judged(0.02, [broken, constant(0.01)]);
    assert.equal(judgement.outcome, 'sound');
  });

  it('the nearest line is named if no line covers the row', () => {
    const expired = constant(0.01, { validTo: '2023-12-31' });
    const farOff = constant(0.01, { min: 100, validTo: '2023-12-31' });
    assert.deepEqual(judged(0.02, [voltageLine(), farOff, expired]), {
      outcome: 'missing',
      reason: 'not-covered',
      nearest: { line: expired, lacks: ['date'] },
    });
  });

  it('no line is named if none is for the kind of quantity', () => {
    assert.deepEqual(judged(0.02, [voltageLine()]), { outcome: 'missing', reason: 'not-covered', nearest: null });
    assert.deepEqual(judged(0.02, []), { outcome: 'missing', reason: 'not-covered', nearest: null });
  });

  it('the judgement returns the line with all that the caller put on it', () => {
    const granted = { ...lineOf(), body: 'DAkkS', number: 'DAkkS-DE-CL-15070-01-00' };
    const judgement = judge(rowOf(), [granted], workOn());
    assert.ok(judgement.outcome === 'sound');
    assert.equal(judgement.compared.line.number, 'DAkkS-DE-CL-15070-01-00');
  });
});

describe('A judgement in words', () => {
  const sentence = (row: cmc.MeasuredRow, lines: readonly AccreditationLine[], work = workOn()) =>
    cmc.described(judge(row, lines, work));

  it('shows the numbers compared, in units as people write them', () => {
    assert.equal(
      sentence(rowOf({ uncertainty: expanded(0.0099) }), [lineOf()]),
      'U at 95 % 0.0099 °C (as stated), CMC 0.01 °C at 20 °C: U/CMC = 0.99',
    );
  });

  it('shows them in the unit of the certificate, whatever the line is written in', () => {
    const line = lineOf({ unit: '\\kelvin', min: 200, max: 700 });
    assert.equal(
      sentence(rowOf({ uncertainty: expanded(0.0099) }), [line]),
      'U at 95 % 0.0099 °C (as stated), CMC 0.01 °C at 20 °C: U/CMC = 0.99',
    );
    const mass = { quantity: 'mass', unit: '\\gram', value: 500.00012, uncertainty: expanded(0.000005) };
    const inKilograms = lineOf({
      quantity: 'mass',
      unit: '\\kilogram',
      min: 0,
      max: 50,
      cmc: { form: 'constant', relative: false, value: 1.2e-8 },
    });
    assert.equal(
      sentence(rowOf(mass), [inKilograms]),
      'U at 95 % 0.000005 g (as stated), CMC 0.000012 g at 500 g: U/CMC = 0.417',
    );
  });

  it('names what the closest line does not include', () => {
    assert.equal(
      sentence(rowOf(), [lineOf()], workOn('2040-01-01', { place: 'on-site' })),
      'the closest line does not include the place (only in the laboratory) and the day (valid from 2022-01-01 to 2030-12-31)',
    );
    assert.equal(
      sentence(rowOf({ value: 450 }), [lineOf()]),
      'the closest line does not include the value (its range: -80 to 420 °C)',
    );
    assert.equal(sentence(rowOf(), []), 'no line is for this kind of quantity');
  });

  it('says what it could not compare', () => {
    assert.equal(sentence(rowOf({ uncertainty: null }), [lineOf()]), 'no usable uncertainty is stated');
  });
});

describe('The rows of a result', () => {
  it('keep their physical arguments and leave settings and words out', () => {
    const rows = cmc.rowsOf({
      quantity: 'ac-voltage',
      unit: '\\volt',
      arguments: [
        { name: 'range', role: 'setting', quantity: 'voltage', unit: '\\volt' },
        { name: 'f', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
        { name: 'mode', role: 'physical', quantity: null, unit: null },
      ],
      rows: [{ value: 1, at: [10, 50, 'slow'], uncertainty: expanded(0.1) }],
    });
    assert.deepEqual(rows, [
      {
        quantity: 'ac-voltage',
        unit: '\\volt',
        value: 1,
        at: [{ name: 'f', quantity: 'frequency', unit: '\\hertz', value: 50 }],
        uncertainty: expanded(0.1),
      },
    ]);
  });
});
