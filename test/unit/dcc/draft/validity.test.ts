import assert from 'node:assert/strict';
import { draftSmall, resultsOf } from '../../../support/drafts.js';
import { expandedUnc, quantity, real } from '../../../support/smallCertificate.js';

const limit = (name: string, value: string, unit: string) =>
  quantity(name, real(value, unit), `basic_validityRange${name}`);
const stated = (content: string) =>
  `<dcc:statements><dcc:statement refType="basic_validityRange"><dcc:data>${content}</dcc:data></dcc:statement></dcc:statements>`;
const asked = (content: string, values: readonly string[], unit = '\\degreecelsius') => {
  const rows = values.map((value) => quantity('Temperature', real(value, unit, expandedUnc('0.1'))));
  const { questions } = draftSmall({ statements: stated(content), data: rows.join('') });
  return questions.map(({ text }) => text).filter((text) => text.includes('valid'));
};

describe('a range in which a certificate says that it is valid', () => {
  const range = limit('Min', '306', '\\kelvin') + limit('Max', '593', '\\kelvin');

  it('is asked about if a result is outside, in the unit of the result', () => {
    assert.deepEqual(asked(range, ['40', '300'], '\\degreecelsius'), []);
    assert.match(asked(range, ['40', '20'])[0] ?? '', /hold at 20 °C\? .* valid from 32.85 °C to 319.85 °C/);
    assert.match(asked(range, ['600'], '\\kelvin')[0] ?? '', /hold at 600 K\? .* valid from 306 K to 593 K/);
  });

  it('holds at its ends, and may have one end only', () => {
    assert.deepEqual(asked(range, ['32.85', '319.85']), []);
    assert.deepEqual(asked(limit('Max', '593', '\\kelvin'), ['-100']), []);
    assert.match(asked(limit('Max', '593', '\\kelvin'), ['320'])[0] ?? '', /valid to 319.85 °C/);
  });

  for (const [name, content] of [
    ['of another quantity', limit('Min', '1', '\\volt') + limit('Max', '2', '\\volt')],
    ['whose ends are of different quantities', limit('Min', '1', '\\kelvin') + limit('Max', '2', '\\volt')],
    ['that states one end twice', limit('Min', '1', '\\kelvin') + limit('Min', '2', '\\kelvin')],
    ['in a unit that nobody knows', limit('Min', '1', 'Grad')],
    ['without an end', quantity('Range', real('1', '\\kelvin'))],
  ] as const) {
    it(`${name} is named as not compared`, () => {
      assert.match(asked(content, ['20']).join(), /cannot be compared with its results/);
    });
  }
});

describe('a coefficient per degree Celsius', () => {
  for (const unit of ['\\per\\degreecelsius', '\\degreecelsius\\tothe{-1}', '1/°C', '\\metre\\per\\degreecelsius']) {
    it(`is never read as one of a temperature: ${unit}`, () => {
      const drafted = draftSmall({ data: quantity('Coefficient', real('0.004', unit, expandedUnc('0.0001'))) });
      assert.deepEqual(resultsOf(drafted), []);
      const reasons = [...drafted.refused, ...drafted.leftOut].map(({ reason }) => reason).join();
      assert.match(reasons, /unit/i);
      assert.ok(reasons.includes(unit), reasons);
      assert.notEqual(drafted.reason, null);
    });
  }

  it('is read where it is written with the kelvin, or a mapping file says so', () => {
    const per = (unit: string, mapping?: Parameters<typeof draftSmall>[1]) =>
      resultsOf(draftSmall({ data: quantity('Coefficient', real('0.004', unit, expandedUnc('0.0001'))) }, mapping)).map(
        ({ result }) => [result.unit, result.rows[0]?.value],
      );
    assert.deepEqual(per('\\per\\kelvin'), [['\\per\\kelvin', 0.004]]);
    const units = { '\\per\\degreecelsius': '\\per\\kelvin' };
    assert.deepEqual(per('\\per\\degreecelsius', { units }), [['\\per\\kelvin', 0.004]]);
  });
});
