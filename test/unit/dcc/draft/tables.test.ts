import assert from 'node:assert/strict';
import fc from 'fast-check';
import { draftSmall, resultsOf, rowsAsText, type MappingParts } from '../../../support/drafts.js';
import { property } from '../../../support/property.js';
import { expandedUnc, quantity, real, text, xmlList } from '../../../support/smallCertificate.js';

const CELSIUS = '\\degreecelsius';
const U = (values: string, k = '2') =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${values}</si:uncertaintyXMLList><si:coverageFactorXMLList>${k}</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const column = (name: string, values: string, unit: string, refType?: string, stated = '') =>
  quantity(name, xmlList(values, unit, stated), refType);
const list = (...columns: string[]) => `<dcc:list>${columns.join('')}</dcc:list>`;

function draft(data: string, mapping?: MappingParts) {
  const drafted = draftSmall({ data }, mapping);
  return { ...drafted, results: resultsOf(drafted) };
}
const rows = (data: string) => draft(data).results.map(rowsAsText);

describe('which column of a table is which', () => {
  const reference = column('A', '20 80', CELSIUS, 'basic_referenceValue');

  it('is told by its refType: an error beside a reference is one result', () => {
    const error = column('B', '0.05 0.03', '\\kelvin', 'basic_measurementError', U('0.1'));
    assert.deepEqual(rows(list(reference, error)), [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']]);
  });

  it('is told by the suffix of its refType: a correction is minus an error', () => {
    for (const refType of ['basic_measurementError_correction', 'basic_correction', 'gp_correction']) {
      const correction = column('B', '-0.05 -0.03', '\\kelvin', refType, U('0.1'));
      assert.deepEqual(rows(list(reference, correction)), [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']]);
    }
  });

  it('keeps a distribution with limits, whatever the laboratory calls it', () => {
    const distributed = (words: string) =>
      `<si:expandedUncXMLList><si:uncertaintyXMLList>0.1</si:uncertaintyXMLList><si:coverageFactorXMLList>1.65</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList><si:distributionXMLList>${words}</si:distributionXMLList></si:expandedUncXMLList>`;
    for (const [words, expected] of [
      ['uniform Rechteckverteilung', ['rectangular', 'rectangular']],
      ['triangular U-shaped', ['triangular', 'u-shaped']],
      ['normal', [undefined, undefined]],
    ] as const) {
      const error = column('B', '0.05 0.03', '\\kelvin', 'basic_measurementError', distributed(words));
      const [read] = draft(list(reference, error)).results;
      assert.deepEqual(
        read?.result.rows.map(({ uncertainty }) => uncertainty?.distribution),
        expected,
      );
    }
  });

  it('is told by one of several refTypes', () => {
    const error = column('B', '0.05 0.03', '\\kelvin', 'lab_own basic_measurementError', U('0.1'));
    assert.deepEqual(rows(list(reference, error)), [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']]);
  });

  for (const [language, names] of Object.entries({
    English: ['Reference value', 'Indicated value', 'Error of indication'],
    German: ['Bezugswert', 'Anzeige', 'Messabweichung'],
    French: ['Valeur de référence', 'Indication', 'Erreur'],
    Spanish: ['Valor de referencia', 'Indicación', 'Desviación'],
  })) {
    it(`is told by its name in ${language}`, () => {
      const [first = '', second = '', third = ''] = names;
      const data = list(
        column(first, '20', CELSIUS),
        column(second, '20.05', CELSIUS),
        column(third, '0.05', '\\kelvin', undefined, U('0.1')),
      );
      const { results } = draft(data);
      assert.deepEqual(results.map(rowsAsText), [['20 0.05 ± 0.1 / 2']]);
      assert.deepEqual(
        results[0]?.decisions.slice(0, 3).map(({ decided, from }) => [decided, from]),
        [
          ['reference', 'name'],
          ['indication', 'name'],
          ['error', 'name'],
        ],
      );
    });
  }

  it('is told by the build of the table: without an uncertainty beside a result it is an argument', () => {
    const data = list(column('X', '10 100', '\\hertz'), column('Y', '1.5 1.6', '\\volt', undefined, U('0.1')));
    const [result] = draft(data).results;
    assert.ok(result);
    assert.deepEqual(rowsAsText(result), ['1.5 - @ 10 ± 0.1 / 2', '1.6 - @ 100 ± 0.1 / 2']);
    assert.deepEqual(result.result.arguments, [
      { name: 'X', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
    ]);
    assert.ok(result.decisions.some(({ about, from }) => about === 'X' && from === 'structure'));
  });

  it('makes the range of an instrument a setting, also in words', () => {
    const words = `<dcc:quantity>${text('name', 'Channel')}<dcc:charsXMLList>A B</dcc:charsXMLList></dcc:quantity>`;
    const data = list(
      words,
      column('Range', '1 10', '\\volt'),
      column('Reference', '0.5 5', '\\volt'),
      column('Error', '0.001 0.002', '\\volt', undefined, U('0.0001')),
    );
    const [result] = draft(data).results;
    assert.ok(result);
    assert.deepEqual(
      result.result.arguments.map(({ name, role }) => [name, role]),
      [
        ['Channel', 'setting'],
        ['Range', 'setting'],
      ],
    );
    assert.deepEqual(rowsAsText(result), ['0.5 0.001 @ A, 1 ± 0.0001 / 2', '5 0.002 @ B, 10 ± 0.0001 / 2']);
  });

  it('is told by the build of the table: the only values that an error can be of', () => {
    const error = column('Messabweichung', '0.05', '\\volt', undefined, U('0.1'));
    const relative = column('Messabweichung', '1', '\\percent', undefined, U('2'));
    for (const [table, expected] of [
      [list(column('Spannung', '10', '\\volt'), error), '10 0.05 ± 0.1 / 2'],
      [list(column('Spannung', '10', '\\volt', undefined, U('0.03')), error), '10 0.05 ± 0.1 / 2'],
      [list(column('Spannung', '10', '\\volt'), relative), '10 0.1 ± 0.2 / 2'],
    ] as const) {
      assert.deepEqual(rows(table), [[expected]]);
    }
    const two = list(column('Spannung A', '10', '\\volt'), column('Spannung B', '20', '\\volt'), error);
    assert.deepEqual(
      draft(two).questions.map(({ asks }) => asks),
      ['argument', 'kind'],
    );
  });

  it('is left open for values like the reference that no name tells', () => {
    const error = column('B', '0.05 0.03', '\\kelvin', 'basic_measurementError', U('0.1'));
    const drafted = draft(list(reference, column('Lectio', '20.05 80.03', CELSIUS), error));
    assert.deepEqual(drafted.results.map(rowsAsText), [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']]);
    assert.deepEqual(drafted.leftOut, [{ name: 'Result: Lectio', reason: 'It belongs to no result of its table.' }]);
  });

  it('keeps what is not part of a result in sight', () => {
    const words = quantity('Marking', text('noQuantity', '18L'));
    const data = list(words, column('Mass', '1', '\\kilogram', undefined, U('0.1')));
    assert.deepEqual(draft(data).leftOut, [{ name: 'Result: Marking', reason: 'It states words: 18L' }]);
  });
});

describe('the results of a table', () => {
  it('are computed from reference and indication where it states no error', () => {
    const data = list(
      column('Reference', '20 80', CELSIUS),
      column('Indication', '20.05 79.9', CELSIUS, undefined, U('0.1')),
    );
    assert.deepEqual(rows(data), [['20 0.05 ± 0.1 / 2', '80 -0.1 ± 0.1 / 2']]);
  });

  it('have values less by the error where it states indications only', () => {
    const data = list(column('Indication', '20.05', CELSIUS), column('Error', '0.05', '\\kelvin', undefined, U('0.1')));
    assert.deepEqual(rows(data), [['20 0.05 ± 0.1 / 2']]);
  });

  it('are values of a measure where it states deviations from nominal values', () => {
    const data = list(
      column('Nominal length', '60', '\\milli\\metre', 'basic_nominalValue'),
      column('Deviation from nominal length', '0.14', '\\micro\\metre', undefined, U('0.05')),
    );
    assert.deepEqual(rows(data), [['60.00014 -0.00014 ± 0.00005 / 2']]);
  });

  it('are two for two quantities', () => {
    const data = list(
      column('Temperature reference', '20', CELSIUS),
      column('Temperature error', '0.05', '\\kelvin', undefined, U('0.1')),
      column('Humidity reference', '0.5', '\\one'),
      column('Humidity error', '0.01', '\\one', undefined, U('0.02')),
    );
    assert.deepEqual(rows(data), [['20 0.05 ± 0.1 / 2'], ['0.5 0.01 ± 0.02 / 2']]);
    assert.deepEqual(
      draft(data).results.map(({ result }) => result.name),
      ['Result: Temperature error', 'Result: Humidity error'],
    );
  });

  it('are two where one of two quantities is a bare number', () => {
    const data = list(
      column('Reference', '20', CELSIUS),
      column('Error', '0.05', '\\kelvin', undefined, U('0.1')),
      column('RH', '0.5', '\\one'),
      column('Error of RH', '0.01', '\\one', undefined, U('0.02')),
    );
    assert.deepEqual(rows(data), [['20 0.05 ± 0.1 / 2'], ['0.5 0.01 ± 0.02 / 2']]);
  });

  it('are two for rising and falling values of one reference, each with its own readings', () => {
    const error = (name: string, values: string) => column(name, values, '\\pascal', undefined, U('0.5'));
    const data = list(
      column('Reference', '10 20', '\\pascal'),
      column('Indication up', '11 21', '\\pascal'),
      column('Indication down', '12 22', '\\pascal'),
      error('Error up', '1 1'),
      error('Error down', '2 2'),
    );
    const { results } = draft(data);
    assert.deepEqual(results.map(rowsAsText), [
      ['10 1 ± 0.5 / 2', '20 1 ± 0.5 / 2'],
      ['10 2 ± 0.5 / 2', '20 2 ± 0.5 / 2'],
    ]);
    assert.deepEqual(
      results.map(({ result, notes }) => [result.name, notes.length]),
      [
        ['Result: Error up', 0],
        ['Result: Error down', 0],
      ],
    );
    const relative = (name: string) => column(name, '10 10', '\\percent', undefined, U('5'));
    assert.deepEqual(
      rows(list(column('Reference', '10 20', '\\pascal'), relative('Error up'), relative('Error down'))),
      [
        ['10 1 ± 0.5 / 2', '20 2 ± 1 / 2'],
        ['10 1 ± 0.5 / 2', '20 2 ± 1 / 2'],
      ],
    );
  });

  it('belong to their references in the order of the columns', () => {
    const data = list(
      column('Reference x', '10', '\\metre'),
      column('Reference y', '20', '\\metre'),
      column('Error x', '1', '\\metre', undefined, U('0.5')),
      column('Error y', '2', '\\metre', undefined, U('0.5')),
    );
    assert.deepEqual(rows(data), [['10 1 ± 0.5 / 2'], ['20 2 ± 0.5 / 2']]);
  });

  it('are one where error and correction, or absolute and relative error, repeat each other', () => {
    const data = list(
      column('Reference', '100', '\\volt'),
      column('Error', '0.5', '\\volt', undefined, U('0.1')),
      column('Correction', '-0.5', '\\volt', undefined, U('0.1')),
      column('Relative error', '0.005', '\\one', undefined, U('0.001')),
    );
    assert.deepEqual(rows(data), [['100 0.5 ± 0.1 / 2']]);
  });

  it('become absolute where errors and uncertainties are relative or in percent', () => {
    const relative = (unit: string, error: string, stated: string) =>
      list(column('Reference', '1000 5000', '\\volt'), column('Error', error, unit, undefined, U(stated)));
    const expected = [['1000 0.1 ± 0.5 / 2', '5000 1 ± 2.5 / 2']];
    assert.deepEqual(rows(relative('\\one', '0.0001 0.0002', '0.0005')), expected);
    assert.deepEqual(rows(relative('\\percent', '0.01 0.02', '0.05')), expected);
  });

  it('have values less by a relative error, too, where it states indications only', () => {
    const table = (role: string, stated: string) =>
      list(column('Indication', '92 101', '\\volt'), column(role, stated, '\\percent', undefined, U('1')));
    const expected = [['100 -8 ± 1 / 2', '100 1 ± 1 / 2']];
    assert.deepEqual(rows(table('Relative error', '-8 1')), expected);
    assert.deepEqual(rows(table('Relative correction', '8 -1')), expected);
  });

  it('are values of a measure where it states relative deviations from nominal values', () => {
    const deviation = (stated: string, more = U('0.01')) =>
      column('Deviation from nominal value', stated, '\\percent', undefined, more);
    const nominal = column('Nominal value', '10', '\\newton\\metre', 'basic_nominalValue');
    assert.deepEqual(rows(list(nominal, deviation('0.5'))), [['10.05 -0.05 ± 0.001005 / 2']]);
    const measured = (name: string) => column(name, '10.05', '\\newton\\metre', 'basic_measuredValue');
    for (const name of ['Torque', 'Measured torque']) {
      assert.deepEqual(rows(list(nominal, measured(name), deviation('0.5'))), [['10.05 -0.05 ± 0.001005 / 2']]);
      // The sign, or the decimal point, of one of them is wrong.
      for (const stated of ['-0.5', '5']) {
        assert.deepEqual(rows(list(nominal, measured(name), deviation(stated))), [['- - ± 0.001005 / 2']]);
      }
    }
  });

  it('may have uncertainties and coverage factors in columns of their own, also in percent', () => {
    const table = (U: string, unit: string) =>
      list(
        column('Mass', '1 2', '\\kilogram', 'basic_measuredValue'),
        column('Expanded uncertainty', U, unit),
        column('Coverage factor', '2 2.2', '\\one'),
      );
    const expected = [['1 - ± 0.01 / 2', '2 - ± 0.02 / 2.2']];
    assert.deepEqual(rows(table('0.01 0.02', '\\kilogram')), expected);
    assert.deepEqual(rows(table('10 20', '\\gram')), expected);
    assert.deepEqual(rows(table('1 1', '\\percent')), expected);
  });

  it('take the uncertainties nearest to them where several columns state some', () => {
    const data = list(
      column('Error of x', '0.1', '\\metre'),
      column('Uncertainty', '0.01', '\\metre'),
      column('k', '2', '\\one'),
      column('Reference', '5', '\\metre'),
      column('Error of y', '0.2', '\\second'),
      column('Uncertainty', '0.02', '\\second'),
      column('k', '3', '\\one'),
      column('Reference', '6', '\\second'),
    );
    assert.deepEqual(rows(data), [['5 0.1 ± 0.01 / 2'], ['6 0.2 ± 0.02 / 3']]);
  });

  it('have the factor 1 where a column states standard uncertainties', () => {
    const data = list(column('Mass', '1', '\\kilogram', 'x'), column('Standard uncertainty', '0.1', '\\kilogram'));
    assert.deepEqual(rows(data), [['1 - ± 0.1 / 1']]);
  });

  it('keep limits in columns of their own', () => {
    const data = list(
      column('Reference', '20', CELSIUS),
      column('Error', '0.05', '\\kelvin', undefined, U('0.1')),
      column('Maximum permissible error', '500', '\\milli\\kelvin'),
    );
    const [result] = draft(data).results;
    assert.deepEqual(result?.conformity?.limits, [
      { kind: 'tolerance', side: 'lower', of: 'error', values: [-0.5] },
      { kind: 'tolerance', side: 'upper', of: 'error', values: [0.5] },
    ]);
    assert.deepEqual(result.result.arguments, []);
  });

  it('have limits of the error, in whatever column and form these are stated', () => {
    const limit = (side: string, value: string, unit: string) => quantity(`${side} tolerance limit`, real(value, unit));
    const within = (lower: string, upper: string, unit: string) =>
      `<dcc:measurementMetaData><dcc:metaData><dcc:data>${limit('Lower', lower, unit)}${limit('Upper', upper, unit)}</dcc:data></dcc:metaData></dcc:measurementMetaData>`;
    const stating = (name: string, value: string, unit: string, refType: string, metaData = '') =>
      quantity(name, xmlList(value, unit, U('0.1')) + metaData, refType);
    const limits = (...columns: string[]) => {
      const [result] = draft(list(column('Reference', '10', '\\volt', 'basic_referenceValue'), ...columns)).results;
      assert.deepEqual(
        result?.result.rows.map(({ error }) => error),
        [0.5],
      );
      return (result.conformity?.limits ?? []).map(({ side, of, values }) => [side, of, ...values]);
    };
    const wanted = [
      ['lower', 'error', -0.25],
      ['upper', 'error', 0.75],
    ];
    const error = (metaData = '') => stating('Error', '0.5', '\\volt', 'basic_measurementError', metaData);
    assert.deepEqual(limits(error(within('-0.25', '0.75', '\\volt'))), wanted);
    assert.deepEqual(limits(error(within('-2.5', '7.5', '\\percent'))), wanted);
    const part = stating('Error', '5', '\\percent', 'basic_measurementError', within('-2.5', '7.5', '\\percent'));
    assert.deepEqual(limits(part), wanted);
    const correction = stating('Correction', '-0.5', '\\volt', 'basic_correction', within('-0.75', '0.25', '\\volt'));
    assert.deepEqual(limits(correction).sort(), wanted);
    const shown = (metaData = '') => stating('Indication', '10.5', '\\volt', 'basic_measuredValue', metaData);
    assert.deepEqual(limits(shown(within('9.75', '10.75', '\\volt'))), wanted);
    assert.deepEqual(limits(shown(within('-0.25', '0.75', '\\volt'))), wanted);
    const around = [column('Lower limit', '9.75', '\\volt'), column('Upper limit', '10750', '\\milli\\volt')];
    assert.deepEqual(limits(shown(), error(), ...around), wanted);
    assert.deepEqual(limits(error(), column('Maximum permissible error', '7.5', '\\percent')), [
      ['lower', 'error', -0.75],
      ['upper', 'error', 0.75],
    ]);
  });

  it('have limits of a measure around its value, or of its deviation', () => {
    const measure = [
      column('Nominal value', '10', '\\milli\\metre', 'basic_nominalValue'),
      column('Measured value', '10.002', '\\milli\\metre', 'basic_measuredValue', U('0.001')),
    ];
    const limits = (...columns: string[]) =>
      (draft(list(...measure, ...columns)).results[0]?.conformity?.limits ?? []).map(({ side, of, values }) => [
        side,
        of,
        ...values,
      ]);
    const deviation = column('Deviation from nominal', '0.002', '\\milli\\metre');
    const bounds = (lower: string, upper: string) => [
      column('Lower limit', lower, '\\milli\\metre'),
      column('Upper limit', upper, '\\milli\\metre'),
    ];
    for (const before of [[], [deviation]]) {
      assert.deepEqual(limits(...before, ...bounds('9.999', '10.005')), [
        ['lower', 'value', 9.999],
        ['upper', 'value', 10.005],
      ]);
    }
    assert.deepEqual(limits(deviation, ...bounds('-0.001', '0.005')), [
      ['upper', 'error', 0.001],
      ['lower', 'error', -0.005],
    ]);
  });

  it('tell arguments of the same name apart', () => {
    const data = list(
      column('Frequency', '10', '\\hertz'),
      column('Frequency', '20', '\\hertz'),
      column('Y', '1.5', '\\volt', undefined, U('0.1')),
    );
    const [result] = draft(data).results;
    assert.deepEqual(
      result?.result.arguments.map(({ name }) => name),
      ['Frequency', 'Frequency (2)'],
    );
  });

  it('are put together from lists of one column, as older certificates write them', () => {
    const named = (name: string, values: string, stated = '') =>
      `<dcc:list>${text('name', name)}${values
        .split(' ')
        .map((value) => `<dcc:quantity>${real(value, '\\pascal', stated)}</dcc:quantity>`)
        .join('')}</dcc:list>`;
    const data = named('Reference', '10 20') + named('Error', '1 2', expandedUnc('0.5'));
    assert.deepEqual(rows(data), [['10 1 ± 0.5 / 2', '20 2 ± 0.5 / 2']]);
  });

  it('that state no uncertainty are informative', () => {
    const drafted = draft(quantity('Air pressure', real('1000', '\\hecto\\pascal')));
    assert.equal(drafted.results[0]?.counted, false);
    assert.equal(drafted.reason, 'No result states an uncertainty that can be used.');
  });

  it('with complex values are two, whose covariance is no uncertainty of either', () => {
    const complex =
      '<si:complex><si:valueMagnitude>1.5</si:valueMagnitude><si:valuePhase>30</si:valuePhase><si:unit>\\ohm</si:unit><si:unitPhase>\\degree</si:unitPhase></si:complex>';
    const { results } = draft(quantity('Impedance', complex));
    assert.deepEqual(results.map(rowsAsText), [['1.5 -'], ['30 -']]);
    assert.deepEqual(
      results.map(({ result }) => [result.name, result.unit]),
      [
        ['Result: Impedance, magnitude', '\\ohm'],
        ['Result: Impedance, phase', '\\degree'],
      ],
    );
  });

  it('in decibels are levels, with errors and uncertainties in decibels', () => {
    const data = list(column('Reference', '94', '\\decibel'), column('Error', '0.2', '\\decibel', undefined, U('0.1')));
    assert.deepEqual(rows(data), [['94 0.2 ± 0.1 / 2']]);
  });

  it('are in units as D-SI spells them, which is a decision', () => {
    for (const [written, unit] of [
      ['/kilogram', '\\kilogram'],
      ['\\Kilogram', '\\kilogram'],
    ] as const) {
      const [result] = draft(column('Mass', '1', written, undefined, U('0.1'))).results;
      assert.equal(result?.result.unit, unit);
      assert.ok(
        result.decisions.some(({ about, decided, from }) => about === written && decided === unit && from === 'unit'),
      );
    }
    const misspelt = draft(column('T', '1', '\\degreecelcius', undefined, U('0.1')));
    assert.match(misspelt.leftOut[0]?.reason ?? '', /nearest D-SI unit is \\degreecelsius\.$/);
    const foreign = draft(column('Mass', '1', 'kg', undefined, U('0.1')));
    assert.deepEqual(foreign.results, []);
    assert.match(foreign.leftOut[0]?.reason ?? '', /"kg" is not D-SI: say in a mapping file/);
  });

  describe('whose columns contradict each other', () => {
    const table = (error: string, stated = '0.1', ...more: string[]) =>
      list(
        column('Reference', '20', CELSIUS),
        column('Indication', '20.5', CELSIUS),
        column('Error', error, '\\kelvin', undefined, U(stated)),
        ...more,
      );

    it('hold no value in that row, which is told in plain words', () => {
      assert.deepEqual(draft(table('0.5')).results[0]?.notes, []);
      const [result] = draft(table('-0.5')).results;
      assert.deepEqual([result?.counted, result && rowsAsText(result)], [true, ['- - ± 0.1 / 2']]);
      assert.deepEqual(result?.notes, [
        {
          row: 1,
          note: 'what the certificate states here contradicts itself (by indication less reference the error is 0.5, by "Error" it is -0.5), so the row counts as without value',
        },
      ]);
    });

    it('hold none for another sign, however large the uncertainty is', () => {
      assert.deepEqual(rows(table('-0.5', '3')), [['- - ± 3 / 2']]);
      assert.deepEqual(rows(table('0.4', '3')), [['20 0.4 ± 3 / 2']]);
    });

    it('hold none where an error and its correction have the same sign', () => {
      const correction = (value: string) => column('Correction', value, '\\kelvin');
      assert.deepEqual(rows(table('0.5', '0.1', correction('-0.5'))), [['20 0.5 ± 0.1 / 2']]);
      assert.deepEqual(rows(table('0.5', '0.1', correction('0.5'))), [['- - ± 0.1 / 2']]);
    });

    it('hold none where a measure less its nominal value is not its deviation', () => {
      const measure = (deviation: string) =>
        list(
          column('Nominal length', '60', '\\milli\\metre', 'basic_nominalValue'),
          column('Length', '60.1', '\\milli\\metre', 'tracecal_value'),
          column('Deviation from nominal length', deviation, '\\milli\\metre', undefined, U('0.01')),
        );
      assert.deepEqual(rows(measure('0.1')), [['60.1 -0.1 ± 0.01 / 2']]);
      assert.deepEqual(rows(measure('-0.1')), [['- - ± 0.01 / 2']]);
    });

    it('hold none where a value is a thousandth of its nominal value, or a thousand times as much', () => {
      const weight = (value: string, unit: string) =>
        list(
          column('Nominal', '500', '\\gram', 'basic_nominalValue'),
          column('Mass', value, unit, 'basic_measuredValue', U('0.01')),
        );
      assert.deepEqual(rows(weight('500.02', '\\gram')), [['500.02 - ± 0.01 / 2']]);
      assert.deepEqual(rows(weight('0.50002', '\\kilogram')), [['0.50002 - ± 0.01 / 2']]);
      for (const [value, unit] of [
        ['0.50002', '\\gram'],
        ['500.02', '\\kilogram'],
        ['500.02', '\\micro\\gram'],
      ] as const) {
        assert.deepEqual(rows(weight(value, unit)), [['- - ± 0.01 / 2']], `${value} ${unit}`);
      }
      const [slipped] = draft(weight('0.50002', '\\gram')).results;
      assert.match(
        slipped?.notes.map(({ note }) => note).join() ?? '',
        /the value is 0\.50002 g, the nominal value 500 g: a prefix of a unit is wrong/,
      );
    });
  });

  it('have their rows in the order of the certificate, whatever that is', () => {
    const row = fc.tuple(
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    const rowsFor = (given: readonly (readonly [number, number, number])[]) => {
      const written = (i: 0 | 1 | 2) => given.map((each) => each[i]).join(' ');
      const error = column('Error', written(1), '\\kelvin', undefined, U(written(2)));
      return rows(list(column('Reference', written(0), CELSIUS), error))[0] ?? [];
    };
    property(fc.array(row, { minLength: 1, maxLength: 8 }), (given) => {
      assert.deepEqual(rowsFor(given.toReversed()), rowsFor(given).toReversed());
      assert.equal(rowsFor(given).length, given.length);
    });
  });

  it('are the same whatever unit the certificate states them in', () => {
    const units = fc.constantFrom('\\kelvin', '\\milli\\kelvin', '\\kilo\\kelvin');
    const number = fc.integer({ min: 1, max: 10_000 });
    const factor: Readonly<Record<string, number>> = { '\\kelvin': 1, '\\milli\\kelvin': 1e-3, '\\kilo\\kelvin': 1e3 };
    property(fc.tuple(number, number, number, units, units), ([value, error, stated, unit, errorUnit]) => {
      const written = (base: number, of: string) => String(base / (factor[of] ?? NaN));
      const data = list(
        column('Reference', written(value, unit), unit),
        column('Error', written(error / 1e3, errorUnit), errorUnit, undefined, U(written(stated / 1e3, errorUnit))),
      );
      const [row] = draft(data).results[0]?.result.rows ?? [];
      const scale = factor[unit] ?? NaN;
      const close = (found: number | null | undefined, expected: number) =>
        Math.abs((found ?? NaN) * scale - expected) <= 1e-12 * Math.abs(expected);
      assert.ok(close(row?.value, value));
      assert.ok(close(row?.error, error / 1e3));
      assert.ok(close(row?.uncertainty?.expanded, stated / 1e3));
    });
  });
});

describe('deviations that no column says where they hold', () => {
  const asked = (values: string, unit: string) => {
    const error = column('Error', '0.1 0.2', '\\kelvin', 'basic_measurementError', U('0.1'));
    return draft(list(column('Applied', values, unit, 'basic_referenceValue'), error)).questions[0]?.text ?? '';
  };

  it('are asked for with the reason: a unit, another dimension, another number of values', () => {
    assert.match(
      asked('20 80', '\\degreecelcius'),
      /"Applied" cannot be used: .*nearest D-SI unit is \\degreecelsius\)/,
    );
    assert.match(asked('20 80', '\\metre'), /"Applied" is in \\metre, "Error" in \\kelvin\)/);
    assert.match(asked('20 50 80', CELSIUS), /"Applied" has 3 values, "Error" 2 values\)/);
  });
});

describe('a row of a result', () => {
  it('without a number for its uncertainty leaves the other rows as they are', () => {
    const { results } = draft(column('Mass', '1 2 3', '\\kilogram', undefined, U('0.1 NaN 0.3')));
    assert.deepEqual(results.map(rowsAsText), [['1 - ± 0.1 / 2', '2 -', '3 - ± 0.3 / 2']]);
    assert.deepEqual(results[0]?.notes, [{ row: 2, note: 'its uncertainty is not a number' }]);
  });

  it('without a value is stated but not usable, and named', () => {
    const { results } = draft(column('Mass', '1 NaN', '\\kilogram', undefined, U('0.1')));
    assert.deepEqual(results.map(rowsAsText), [['1 - ± 0.1 / 2', '- - ± 0.1 / 2']]);
    assert.deepEqual(results[0]?.notes, [{ row: 2, note: 'the certificate states NaN, no value' }]);
  });

  it('that does not say where it holds is left out, and named', () => {
    const data = list(column('Frequency', '10 NaN', '\\hertz'), column('Y', '1 2', '\\one', 'x', U('0.1')));
    const { results } = draft(data);
    assert.deepEqual(results.map(rowsAsText), [['1 - @ 10 ± 0.1 / 2']]);
    assert.match(results[0]?.notes.at(-1)?.note ?? '', /left out.*Frequency/);
  });

  it('has no uncertainty by a relative one at zero', () => {
    const relative = `<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>0.1</si:value><si:unit>\\percent</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>`;
    const data = `<dcc:quantity>${text('name', 'Flow')}${xmlList('0 5', '\\volt')}${relative}</dcc:quantity>`;
    const { results } = draft(data, { coverage: [{ k: 2 }] });
    assert.deepEqual(results.map(rowsAsText), [['0 -', '5 - ± 0.005 / 2']]);
  });

  it('has no error and no uncertainty by relative ones where zero is a convention, and none at zero', () => {
    const table = (values: string, unit: string) =>
      list(column('Reference', values, unit), column('Error', '0.01', '\\percent', undefined, U('0.5')));
    assert.deepEqual(rows(table('20', CELSIUS)), [['20 -']]);
    assert.deepEqual(rows(table('94', '\\decibel')), [['94 -']]);
    const drafted = draft(table('0', '\\volt'));
    assert.deepEqual([drafted.results.map(rowsAsText), drafted.refused], [[['0 0']], []]);
    assert.match(drafted.results[0]?.notes[0]?.note ?? '', /stated as a part of the value/);
    const percent = list(column('Mean', '20', CELSIUS, 'tracecal_value'), column('Uncertainty', '1', '\\percent'));
    assert.match(draft(percent).results[0]?.notes[0]?.note ?? '', /stated as a part of the value, which gives none/);
  });

  it('has no uncertainty where only the reference values have one, until the mapping file says whose it is', () => {
    const reference = column('Applied', '20', CELSIUS, 'basic_referenceValue', U('0.01'));
    const error = column('Error', '0.05', '\\kelvin', 'basic_measurementError');
    const indication = column('Shown', '20.05', CELSIUS, 'basic_measuredValue');
    const columns = [{ column: 'Applied', role: 'reference', uncertainty: 'result' }];
    for (const table of [list(reference, error), list(reference, indication), list(reference, indication, error)]) {
      const asked = draft(table);
      assert.deepEqual(asked.results.map(rowsAsText), [['20 0.05']]);
      assert.equal(asked.results[0]?.counted, false);
      assert.deepEqual(
        asked.questions.map(({ asks }) => asks),
        ['uncertainty'],
      );
      assert.match(asked.questions[0]?.text ?? '', /only at its reference values.*"uncertainty":"result"/);
      const told = draft(table, { columns });
      assert.deepEqual([told.results.map(rowsAsText), told.questions], [[['20 0.05 ± 0.01 / 2']], []]);
      assert.ok(
        told.decisions.some(({ decided, from }) => decided.includes('that of the result') && from === 'mapping'),
      );
    }
    const own = column('Shown', '20.05', CELSIUS, 'basic_measuredValue', U('0.1'));
    assert.deepEqual(rows(list(reference, own)), [['20 0.05 ± 0.1 / 2']]);
    assert.deepEqual(rows(reference), [['20 - ± 0.01 / 2']]);
  });

  it('says so where a column states a negative uncertainty', () => {
    const data = list(column('Mass', '1', '\\kilogram', 'x'), column('Uncertainty', '-1', '\\gram'));
    const { results } = draft(data);
    assert.deepEqual(
      [results.map(rowsAsText), results[0]?.notes.map(({ note }) => note)],
      [[['1 -']], ['its uncertainty is negative']],
    );
  });

  it('refuses the whole result if it states the uncertainty 0', () => {
    const drafted = draft(column('Mass', '1 2', '\\kilogram', undefined, U('0.1 0')));
    assert.deepEqual(drafted.results, []);
    assert.match(drafted.refused[0]?.reason ?? '', /uncertainty 0 \(row 2\)/);
    assert.match(drafted.reason ?? '', /uncertainty 0/);
  });

  it('may have nominal values without an uncertainty, or with one of 0', () => {
    const data = list(
      column('Nominal value', '1', '\\kilogram', 'basic_nominalValue', U('0')),
      column('Mass', '1.01', '\\kilogram', 'basic_measuredValue', U('0.1')),
    );
    const drafted = draft(data);
    assert.deepEqual(drafted.results.map(rowsAsText), [['1.01 - ± 0.1 / 2']]);
    assert.deepEqual([drafted.results[0]?.nominal, drafted.refused], [[1], []]);
  });
});

describe('a value in several units', () => {
  const hybrid = (...forms: string[]) => quantity('T', `<si:hybrid>${forms.join('')}</si:hybrid>`);

  it('is one value where its forms agree within their last digits', () => {
    const data = hybrid(xmlList('306.248 0', '\\kelvin', U('0.1')), xmlList('33.098 -273.15', CELSIUS));
    assert.deepEqual(draft(data).results[0]?.notes, []);
  });

  it('is no value in the row where they disagree', () => {
    const data = hybrid(xmlList('306.248 300.00', '\\kelvin', U('0.1')), xmlList('33.098 27.00', CELSIUS));
    const { results } = draft(data);
    assert.deepEqual(results.map(rowsAsText), [['306.248 - ± 0.1 / 2', '- - ± 0.1 / 2']]);
    assert.match(results[0]?.notes[0]?.note ?? '', /forms disagree: 300\.00 .*27\.00/);
  });

  it('is no value in the row where their uncertainties or coverage factors disagree', () => {
    const contradicting = (one: string, other: string) => {
      const [result] = draft(hybrid(one, other)).results;
      return [result && rowsAsText(result)[0], result?.notes[0]?.note];
    };
    const slipped = [
      real('1.000', '\\bar', expandedUnc('0.0001')),
      real('100.0', '\\kilo\\pascal', expandedUnc('0.1')),
    ];
    assert.deepEqual(contradicting(slipped[0]!, slipped[1]!), [
      '- - ± 0.0001 / 2',
      'its forms disagree: 1.000 bar (U = 0.0001 bar, k = 2) and 100.0 kPa (U = 0.1 kPa, k = 2)',
    ]);
    const celsius = (U: string, k = '2', p = '0.95') => real('20.00', CELSIUS, expandedUnc(U, k, p));
    const kelvin = (U: string, k = '2', p = '0.95') => real('293.15', '\\kelvin', expandedUnc(U, k, p));
    assert.match(contradicting(celsius('0.10'), kelvin('0.01'))[1] ?? '', /U = 0\.10 .*U = 0\.01/);
    assert.match(contradicting(kelvin('0.01'), celsius('0.10'))[1] ?? '', /U = 0\.01 .*U = 0\.10/);
    assert.match(contradicting(celsius('0.10'), kelvin('0.10', '3', '0.9973'))[1] ?? '', /k = 2\) .*k = 3\)/);
  });

  it('is a value where its forms state the same uncertainty, rounded or for another probability, or only one states it', () => {
    for (const [one, other] of [
      [real('20.00', CELSIUS, expandedUnc('0.10')), real('293.15', '\\kelvin', expandedUnc('0.15', '3', '0.9973'))],
      [real('1.000', '\\bar', expandedUnc('0.0014')), real('100.0', '\\kilo\\pascal', expandedUnc('0.2'))],
      [real('20.00', CELSIUS, expandedUnc('0.10')), real('293.15', '\\kelvin')],
      [real('1.000', '\\bar'), real('100.0', '\\kilo\\pascal', expandedUnc('0.1'))],
    ] as const) {
      assert.deepEqual(draft(hybrid(one, other)).results[0]?.notes, []);
    }
  });

  it('is read in the unit that D-SI knows', () => {
    const data = hybrid(xmlList('1', '|mbar'), xmlList('100', '\\pascal', U('5')));
    const { results } = draft(data);
    assert.equal(results[0]?.result.unit, '\\pascal');
    assert.deepEqual(results[0].notes, []);
  });
});

describe('a coverage interval', () => {
  const interval = (min: string, max: string) =>
    `<si:coverageInterval><si:standardUnc>0.001</si:standardUnc><si:intervalMin>${min}</si:intervalMin><si:intervalMax>${max}</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability></si:coverageInterval>`;
  const mass = (min: string, max: string) =>
    draft(quantity('Mass', real('1', '\\kilogram', interval(min, max)))).results[0];

  it('gives no value if it does not contain its value', () => {
    for (const [min, max] of [
      ['1.001', '1.004'],
      ['0.996', '0.999'],
    ] as const) {
      const result = mass(min, max);
      assert.equal(result?.result.rows[0]?.value, null);
      assert.equal(
        result.notes[0]?.note,
        `its coverage interval from ${min} to ${max} kg does not contain its value, 1 kg`,
      );
    }
  });

  it('gives a value that lies within it, or at its end', () => {
    for (const [min, max] of [
      ['0.998', '1.003'],
      ['1', '1.002'],
    ] as const) {
      const result = mass(min, max);
      assert.deepEqual([result?.result.rows[0]?.value, result?.notes], [1, []]);
    }
  });
});

describe('a column that describes the weights, the air or the statistics', () => {
  const nominal = column('Nominal mass', '1000 2000', '\\gram', 'basic_nominalValue');
  const mass = column('Conventional mass', '1000.0012 2000.003', '\\gram', undefined, U('5e-4 1e-3'));
  const voltage = column('Voltage', '1 2', '\\volt', 'basic_measuredValue', U('0.1 0.1'));
  const plain = ['1000.0012 - ± 0.0005 / 2', '2000.003 - ± 0.001 / 2'];

  for (const [name, unit, values] of [
    ['Density', '\\kilogram\\metre\\tothe{-3}', '7950 8000'],
    ['Dichte', '\\gram\\per\\centi\\metre\\tothe{3}', '7.95 8.00'],
    ['Volume', '\\centi\\metre\\tothe{3}', '125.8 250.0'],
    ['Air density', '\\kilogram\\metre\\tothe{-3}', '1.20 1.19'],
    ['Air pressure', '\\hecto\\pascal', '1013 1014'],
    ['Air temperature', CELSIUS, '20.1 20.2'],
    ['Luftfeuchte', '\\percent', '45 50'],
  ] as const) {
    it(`is no argument of a mass, and the way to make it one is named: ${name}`, () => {
      const table = list(nominal, mass, column(name, values, unit));
      const { results, leftOut, questions } = draft(table);
      assert.deepEqual(results.map(rowsAsText), [plain]);
      assert.deepEqual(
        questions.map(({ asks }) => asks),
        [],
      );
      const [found] = leftOut;
      assert.equal(found?.name, `Result: ${name}`);
      const [entry = ''] = /\{.*\}/.exec(found.reason) ?? [];
      const told = draft(table, { columns: [JSON.parse(entry) as object] });
      assert.deepEqual(
        told.results[0]?.result.arguments.map((argument) => argument.name),
        [name],
      );
    });
  }

  it('is no argument of a mass either if it is a condition of the column', () => {
    const pressure = quantity('p', real('1013', '\\hecto\\pascal'));
    const conditions = `<dcc:influenceConditions><dcc:influenceCondition>${text('name', 'Air pressure')}<dcc:data>${pressure}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
    const data = quantity('Mass', `${real('1', '\\kilogram', expandedUnc('0.1'))}${conditions}`);
    assert.deepEqual(rows(data), [['1 - ± 0.1 / 2']]);
  });

  for (const name of [
    'Effective degrees of freedom',
    'Effektive Freiheitsgrade',
    'Degrés de liberté effectifs',
    'ν_eff',
    'Coverage probability',
    'Überdeckungswahrscheinlichkeit',
  ]) {
    it(`is no argument of any result: ${name}`, () => {
      const { results, questions } = draft(list(voltage, column(name, '50 60', '\\one')));
      assert.deepEqual(results.map(rowsAsText), [['1 - ± 0.1 / 2', '2 - ± 0.1 / 2']]);
      assert.ok(questions.every(({ asks }) => asks !== 'argument'));
    });
  }

  it('is no argument of any result by its refType', () => {
    const column50 = column('X', '50 60', '\\one', 'gp_effectiveDegreesOfFreedom');
    assert.deepEqual(rows(list(voltage, column50)), [['1 - ± 0.1 / 2', '2 - ± 0.1 / 2']]);
  });

  it('is an uncertainty if it is called one, whatever else its name says', () => {
    const bare = column('Voltage', '1 2', '\\volt', 'basic_measuredValue');
    for (const name of ['Uncertainty (coverage probability 95 %)', 'Uncertainty, effective degrees of freedom > 50']) {
      const table = list(bare, column(name, '0.1 0.2', '\\volt'), column('k', '2 2', '\\one'));
      assert.deepEqual(rows(table), [['1 - ± 0.1 / 2', '2 - ± 0.2 / 2']]);
    }
  });

  it('is an argument of other results, and the import asks', () => {
    for (const [name, unit] of [
      ['Air pressure', '\\hecto\\pascal'],
      ['Umgebungstemperatur', CELSIUS],
      ['Density', '\\kilogram\\metre\\tothe{-3}'],
    ] as const) {
      const table = list(voltage, column(name, '20 21', unit));
      const { results, questions } = draft(table);
      assert.deepEqual(results.map(rowsAsText), [['1 - @ 20 ± 0.1 / 2', '2 - @ 21 ± 0.1 / 2']]);
      const asked = questions.find(({ asks }) => asks === 'argument')?.text ?? '';
      const [entry = ''] = /\{.*\}/.exec(asked) ?? [];
      const told = draft(table, { columns: [JSON.parse(entry) as object] });
      assert.deepEqual(told.results.map(rowsAsText), [['1 - ± 0.1 / 2', '2 - ± 0.1 / 2']]);
    }
    const chamber = list(voltage, column('Air temperature', '20 21', CELSIUS), column('Frequency', '50 60', '\\hertz'));
    assert.ok(draft(chamber).questions.every(({ asks }) => asks !== 'argument'));
  });
});

describe('where a result holds', () => {
  const condition = (name: string, ...values: string[]) =>
    `<dcc:influenceConditions><dcc:influenceCondition>${text('name', name)}<dcc:data>${values
      .map((value) => quantity('T', real(value, CELSIUS)))
      .join('')}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
  const density = (conditions: string) =>
    `<dcc:quantity>${text('name', 'Density')}${real('8012.8', '\\kilogram\\metre\\tothe{-3}', expandedUnc('3.2'))}${conditions}</dcc:quantity>`;

  it('is told by a condition of the quantity', () => {
    const { results } = draft(density(condition('Temperature', '20')));
    assert.deepEqual(results.map(rowsAsText), [['8012.8 - @ 20 ± 3.2 / 2']]);
    assert.ok(results[0]?.decisions.some(({ about, from }) => about === 'Temperature' && from === 'condition'));
  });

  it('is a nominal value of another kind, unless the table states what was measured', () => {
    const nominal = column('Nominal frequency', '10 1000', '\\hertz', 'basic_nominalValue');
    const measured = column('Frequency', '10.1 999', '\\hertz', 'vib_frequency');
    const gain = column('Gain', '1.01 1.02', '\\volt\\per\\volt', 'basic_measuredValue', U('0.1'));
    const drafted = draft(list(nominal, gain));
    assert.deepEqual(drafted.results.map(rowsAsText), [['1.01 - @ 10 ± 0.1 / 2', '1.02 - @ 1000 ± 0.1 / 2']]);
    assert.deepEqual(drafted.leftOut, []);
    assert.deepEqual(rows(list(nominal, measured, gain)), [['1.01 - @ 10.1 ± 0.1 / 2', '1.02 - @ 999 ± 0.1 / 2']]);
  });

  it('is told by the frequency at which the whole measurement was done, unless it is that of the mains', () => {
    const at = (name: string) =>
      `<dcc:influenceConditions><dcc:influenceCondition>${text('name', name)}<dcc:data>${quantity('f', real('160', '\\hertz'))}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
    const drafted = (name: string) =>
      resultsOf(draftSmall({ data: density(''), circumstances: at(name) })).map(rowsAsText);
    assert.deepEqual(drafted('Frequency'), [['8012.8 - @ 160 ± 3.2 / 2']]);
    assert.deepEqual(drafted('Mains frequency'), [['8012.8 - ± 3.2 / 2']]);
  });

  it('is not told by a condition between two limits, nor by the surroundings of the measurement', () => {
    const drafted = resultsOf(draftSmall({ data: density(''), circumstances: condition('Room', '20') }));
    assert.deepEqual([...draft(density(condition('Temperature', '20', '22'))).results, ...drafted].map(rowsAsText), [
      ['8012.8 - ± 3.2 / 2'],
      ['8012.8 - ± 3.2 / 2'],
    ]);
  });
});

describe('A column that looks like an error, a value or an uncertainty and means something else', () => {
  const reference = column('Reference', '20 80', CELSIUS, 'basic_referenceValue');
  const error = column('Error', '0.05 0.03', '\\kelvin', 'basic_measurementError', U('0.1'));
  const own = [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']];

  for (const name of [
    'Linearity error',
    'Residual deviation from the fitted curve',
    'Hysteresis',
    'Change since last calibration',
    'Error at last calibration',
    'Deviation from the mean',
    'Abweichung vom Mittelwert',
    'Umkehrspanne',
    'Erreur de linéarité',
  ]) {
    it(`is not taken: ${name}`, () => {
      for (const refType of [undefined, 'basic_measurementError']) {
        const other = column(name, '0.002 0.002', '\\kelvin', refType, U('0.001'));
        for (const columns of [reference + error + other, reference + other + error]) {
          const { results, leftOut } = draft(list(columns));
          assert.deepEqual(results.map(rowsAsText), own);
          assert.match(
            leftOut.map(({ reason }) => reason).join(),
            /so it is not taken.*say so in a mapping file \(columns\)/,
          );
        }
      }
    });
  }

  it('is not taken: the deviation from another row, whose smaller uncertainty is not that of the value', () => {
    const table = (name: string) =>
      list(
        column('Frequency', '160 1000', '\\hertz'),
        column('Charge sensitivity', '1.00 1.02', '\\pico\\coulomb\\metre\\tothe{-1}\\second\\tothe{2}', undefined, U('0.012 0.012')), // prettier-ignore
        column(name, '0 2', '\\percent', undefined, U('0.5')),
      );
    const stated = [['1 - @ 160 ± 0.012 / 2', '1.02 - @ 1000 ± 0.012 / 2']];
    for (const name of [
      'Deviation from the sensitivity at 160 Hz',
      'Deviation from reference frequency',
      'Abweichung von der Empfindlichkeit bei 160 Hz',
      'Abweichung bei 160 Hz',
    ]) {
      assert.deepEqual(rows(table(name)), stated, name);
    }
  });

  it('is taken where its name says error, nominal or reference value, or only what it includes', () => {
    for (const name of [
      'Deviation from reference value',
      'Abweichung vom Referenzwert',
      'Error including hysteresis',
      'Deviation of indication',
    ]) {
      const stated = column(name, '0.05 0.03', '\\kelvin', undefined, U('0.1'));
      assert.deepEqual(rows(list(reference, stated)), own, name);
    }
  });

  it('is taken where a mapping file says so', () => {
    const other = column('Linearity error', '0.05 0.03', '\\kelvin', undefined, U('0.1'));
    const told = { columns: [{ column: 'Linearity error', role: 'error' }] };
    assert.deepEqual(draft(list(reference, other), told).results.map(rowsAsText), own);
  });

  it('is no uncertainty of the result: that of the reference, of the repeatability, of type A', () => {
    const bare = column('Error', '0.05 0.03', '\\kelvin', 'basic_measurementError');
    const k = column('k', '2', '\\one', 'basic_coverageFactor');
    const expanded = column('Expanded uncertainty', '0.1 0.1', '\\kelvin');
    for (const name of [
      'Uncertainty of the reference',
      'Reference uncertainty',
      'Type A standard uncertainty',
      'Messunsicherheit des Normals',
      'Incertitude de la référence',
    ]) {
      for (const refType of [undefined, 'basic_expandedUncertainty']) {
        const other = column(name, '0.001 0.001', '\\kelvin', refType);
        assert.deepEqual(rows(list(reference, bare, other, expanded, k)), own, name);
      }
    }
  });
});

describe('Several uncertainties of one row', () => {
  const reference = column('Reference', '20 80', CELSIUS, 'basic_referenceValue');
  const error = (stated: string) => column('Error', '0.05 0.03', '\\kelvin', 'basic_measurementError', stated);
  const expanded = (values: string) => column('Expanded uncertainty', values, '\\kelvin', 'basic_expandedUncertainty');
  const k = column('k', '2', '\\one', 'basic_coverageFactor');
  const open = ['- - ± 0.5 / 2', '- - ± 0.5 / 2'];

  for (const [name, columns] of Object.entries({
    'inside the error and in a column': [error(U('0.1')), expanded('0.5 0.5'), k],
    'at an error and its correction': [
      error(U('0.1')),
      column('Correction', '-0.05 -0.03', '\\kelvin', 'basic_correction', U('0.5')),
    ],
    'a smaller one of the error than of the indication': [
      column('Indication', '20.05 80.03', CELSIUS, 'basic_measuredValue', U('0.5')),
      error(U('0.1')),
    ],
    'in two columns': [error(''), column('Uncertainty 1', '0.1 0.1', '\\kelvin'), expanded('0.5 0.5'), k],
  })) {
    it(`that disagree are asked about, and the row has no value: ${name}`, () => {
      for (const table of [list(reference, ...columns), list(...columns.toReversed(), reference)]) {
        const { results, questions } = draft(table);
        assert.deepEqual(results.map(rowsAsText), [open]);
        assert.match(questions.map(({ text }) => text).join(), /Which uncertainty\?.*\(columns\)/);
      }
    });
  }

  it('are one where the mapping file says which counts', () => {
    const table = list(reference, error(U('0.1')), expanded('0.5 0.5'), k);
    const rowsWith = (name: string, role: string) =>
      draft(table, { columns: [{ column: name, role }] }).results.map(rowsAsText);
    assert.deepEqual(rowsWith('Expanded uncertainty', 'ignored'), [['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2']]);
    assert.deepEqual(rowsWith('Expanded uncertainty', 'uncertainty'), [['20 0.05 ± 0.5 / 2', '80 0.03 ± 0.5 / 2']]);
  });

  it('that agree within their last digits are harmless: absolute and in percent, u and U, a part of that of the error', () => {
    const stated = [['20 0.05 ± 0.5 / 2', '80 0.03 ± 0.5 / 2']];
    const standard = column('Standard uncertainty', '0.25 0.25', '\\kelvin');
    assert.deepEqual(rows(list(reference, error(U('0.5')), standard)), stated);
    assert.deepEqual(rows(list(reference, error(U('0.50')), expanded('0.5 0.5'), k)), stated);
    const shown = column('Indication', '20.05 80.03', CELSIUS, 'basic_measuredValue', U('0.1'));
    assert.deepEqual(rows(list(reference, shown, error(U('0.5')))), stated);
    const volts = [
      column('Reference', '3 7', '\\volt', 'basic_referenceValue'),
      column('Error', '0.1 0.1', '\\volt', 'basic_measurementError', U('0.05 0.12')),
      column('Uncertainty', '1.7 1.7', '\\percent'),
      k,
    ];
    assert.deepEqual(rows(list(...volts)), [['3 0.1 ± 0.051 / 2', '7 0.1 ± 0.12 / 2']]);
  });

  it('belong to the errors that they follow, and are asked about where two errors are followed by both', () => {
    const errors = ['up', 'down'].map((name) => column(`Error ${name}`, '0.05 0.03', '\\kelvin'));
    const uncertainties = ['0.1', '0.5'].map((each, i) => column(`Uncertainty ${i}`, `${each} ${each}`, '\\kelvin'));
    const [up, down, one, two] = [...errors, ...uncertainties] as [string, string, string, string];
    assert.deepEqual(rows(list(reference, up, one, k, down, two, k)), [
      ['20 0.05 ± 0.1 / 2', '80 0.03 ± 0.1 / 2'],
      ['20 0.05 ± 0.5 / 2', '80 0.03 ± 0.5 / 2'],
    ]);
    assert.deepEqual(rows(list(reference, up, down, one, two, k)), [open, open]);
  });
});

describe('A relative column of the full scale', () => {
  const reference = column('Reference', '1 10', '\\bar', 'basic_referenceValue');
  const full = { name: 'Full scale', role: 'setting', unit: '\\bar', values: [10] };
  for (const name of [
    'Error in % of full scale',
    'Error (% FS)',
    'Error / % F.S.',
    'Messabweichung in % der Messspanne',
    'Abweichung in % v.E.',
    'Fiducial error',
    'Error related to the upper range value',
    'Error (% of range)',
    'Erreur en % de la pleine échelle',
    'Errore (% del fondo scala)',
  ]) {
    const table = list(reference, column(name, '0.2 0.2', '\\percent', 'basic_measurementError', U('0.1')));
    it(`is asked about, and is no part of the value: ${name}`, () => {
      const { results, questions } = draft(table);
      assert.deepEqual(results.map(rowsAsText), [['1 -', '10 -']]);
      assert.match(questions.map(({ text }) => text).join(), /Percent of what\?.*\(arguments\)/);
    });

    it(`is converted with the full scale of the mapping file or of the table: ${name}`, () => {
      const told = draft(table, { arguments: [full] });
      assert.deepEqual(told.results.map(rowsAsText), [['1 0.02 @ 10 ± 0.01 / 2', '10 0.02 @ 10 ± 0.01 / 2']]);
      assert.deepEqual(
        told.questions.filter(({ asks }) => asks === 'argument'),
        [],
      );
      const inTable = table.replace('</dcc:list>', `${column('Measuring range', '10', '\\bar')}</dcc:list>`);
      assert.deepEqual(rows(inTable), [['1 0.02 @ 10 ± 0.01 / 2', '10 0.02 @ 10 ± 0.01 / 2']]);
    });
  }

  it('is known by its unit, and as an uncertainty in its own column', () => {
    const units = { '%FS': '\\percent' };
    const error = column('Error', '0.2 0.2', '%FS', 'basic_measurementError', U('0.1'));
    assert.deepEqual(draft(list(reference, error), { units }).results.map(rowsAsText), [['1 -', '10 -']]);
    const absolute = column('Error', '0.02 0.02', '\\bar', 'basic_measurementError');
    const beside = list(
      reference,
      absolute,
      column('Expanded uncertainty in % of full scale', '0.1 0.1', '\\percent'),
      column('k', '2', '\\one'),
    );
    assert.deepEqual(rows(beside), [['1 0.02', '10 0.02']]);
    assert.deepEqual(draft(beside, { arguments: [full] }).results.map(rowsAsText), [
      ['1 0.02 @ 10 ± 0.01 / 2', '10 0.02 @ 10 ± 0.01 / 2'],
    ]);
  });

  it('is none where the name says percent of the reading, or nothing', () => {
    for (const name of ['Error (%)', 'Error in % of reading', 'Relative error']) {
      const error = column(name, '2 2', '\\percent', 'basic_measurementError', U('1'));
      assert.deepEqual(rows(list(reference, error)), [['1 0.02 ± 0.01 / 2', '10 0.2 ± 0.1 / 2']], name);
    }
  });
});
