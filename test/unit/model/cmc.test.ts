import assert from 'node:assert/strict';
import {
  accreditationGrantSchema,
  accreditationLineSchema,
  MAX_LINES,
  MAX_MATRIX_NODES,
  RegistryError,
  shapeOf,
  unitText,
} from '@tracecal/core/model';
import type { AccreditationLine, Cmc } from '@tracecal/core/model';
import { lineOf, voltageLine } from '../../support/accreditationLines.js';

function refusal(line: unknown): string {
  try {
    shapeOf(accreditationLineSchema, 'line', line);
  } catch (error) {
    assert.ok(error instanceof RegistryError && error.code === 'INPUT_INVALID');
    return error.message;
  }
  return 'accepted';
}

const NODES: readonly [number, number, number] = [-80, 0, 420];
const TABLE: Cmc = { form: 'table', relative: false, of: null, points: NODES.map((at) => ({ at, cmc: 0.01 })) };
const MATRIX: Cmc = {
  form: 'matrix',
  relative: true,
  of: [null, 'frequency'],
  rows: [0, 1000],
  columns: [10, 1000, 1e5],
  cmc: [
    [1e-5, 2e-5, 3e-5],
    [2e-5, 3e-5, 4e-5],
  ],
};
const LINEAR: Cmc = {
  form: 'linear',
  a: 1e-6,
  terms: [
    { of: null, b: 1e-5 },
    { of: 'frequency', b: 1e-9 },
  ],
  combined: 'root-sum-square',
};

describe('A line of an accreditation', () => {
  const accepted: readonly (readonly [string, AccreditationLine])[] = [
    ['a constant CMC', lineOf()],
    ['a table over the quantity', lineOf({ cmc: TABLE })],
    ['a CMC of several parts', voltageLine({ cmc: LINEAR })],
    ['a matrix over the quantity and an argument', voltageLine({ cmc: MATRIX })],
    ['a range of one value', lineOf({ min: 0.01, max: 0.01 })],
    [
      'a method, its level, a place and a KCDB service',
      lineOf({ method: 'DKD-R 5-1', methodLevel: 'secondary', place: 'both', service: 'EURAMET-T-DE-00000ABC-1' }),
    ],
  ];
  for (const [what, line] of accepted) {
    it(`is accepted with ${what}`, () => {
      assert.deepEqual(shapeOf(accreditationLineSchema, 'line', line), line);
    });
  }

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['min above max', lineOf({ min: 1, max: 0 }), /min must not exceed max/],
    ['an end before its beginning', lineOf({ validTo: '2021-12-31' }), /validFrom must not lie after validTo/],
    ['an unknown unit', lineOf({ unit: 'degC' }), /at unit: must be a D-SI unit/],
    ['an infinite range', lineOf({ max: Infinity }), /at max/],
    ['a CMC that is no number', lineOf({ cmc: { form: 'constant', relative: false, value: NaN } }), /at cmc\.value/],
    ['a CMC of 0', lineOf({ cmc: { form: 'constant', relative: false, value: 0 } }), /must be greater than 0/],
    [
      'an equation that gives 0 everywhere',
      lineOf({ cmc: { form: 'linear', a: 0, terms: [{ of: null, b: 0 }], combined: 'sum' } }),
      /must be greater than 0/,
    ],
    [
      'a negative part',
      lineOf({ cmc: { form: 'linear', a: 1, terms: [{ of: null, b: -1e-5 }], combined: 'sum' } }),
      /at cmc\.terms\.0\.b/,
    ],
    ['a form that does not exist', { ...lineOf(), cmc: { form: 'polynomial' } }, /form must be "constant"/],
    ['a member that does not exist', { ...lineOf(), cmcs: [] }, /cmcs/],
    [
      'a table out of order',
      lineOf({ cmc: { ...TABLE, points: [420, 0, -80].map((at) => ({ at, cmc: 0.01 })) } }),
      /ascending order/,
    ],
    [
      'a table that names a node twice',
      lineOf({ cmc: { ...TABLE, points: [-80, -80, 420].map((at) => ({ at, cmc: 0.01 })) } }),
      /ascending order/,
    ],
    [
      'a table that ends before its range',
      lineOf({ max: 500, cmc: TABLE }),
      /must cover the whole range of temperature, -80 to 500, not only -80 to 420/,
    ],
    [
      'a CMC over an argument that the line does not have',
      lineOf({ cmc: LINEAR }),
      /names "frequency", which is no argument of the line/,
    ],
    [
      'a matrix over one variable twice',
      voltageLine({ cmc: { ...MATRIX, of: [null, null] } }),
      /two different variables/,
    ],
    [
      'a matrix with a hole',
      voltageLine({
        cmc: {
          ...MATRIX,
          cmc: [
            [1e-5, 2e-5],
            [2e-5, 3e-5, 4e-5],
          ],
        },
      }),
      /one list a row, with one number a column/,
    ],
    [
      'a matrix that does not reach over an argument',
      voltageLine({ cmc: { ...MATRIX, columns: [20, 1000, 1e5] } }),
      /whole range of frequency, 10 to 100000, not only 20 to 100000/,
    ],
    [
      'a matrix that is too large',
      voltageLine({ cmc: { ...MATRIX, rows: Array.from({ length: MAX_MATRIX_NODES + 1 }, (_, i) => i) } }),
      /at cmc\.rows/,
    ],
    [
      'an argument twice',
      voltageLine({ arguments: [...voltageLine().arguments, ...voltageLine().arguments] }),
      /must not name an argument twice/,
    ],
    [
      'an argument whose range is reversed',
      voltageLine({ arguments: [{ name: 'f', quantity: 'frequency', unit: '\\hertz', min: 2, max: 1 }] }),
      /min must not exceed max/,
    ],
    ['a place that does not exist', { ...lineOf(), place: 'elsewhere' }, /at place/],
    ['an empty method', lineOf({ method: ' ' }), /at method/],
  ];
  for (const [what, line, reason] of refused) {
    it(`is refused with ${what}`, () => {
      assert.match(refusal(line), reason);
    });
  }
});

describe('A grant of lines', () => {
  const grant = (lines: readonly AccreditationLine[]) =>
    accreditationGrantSchema.safeParse({ body: 'DAkkS', number: 'D-K-15070-01-00', lines });

  it('takes as many lines as the bound and no more', () => {
    assert.ok(grant(Array.from({ length: MAX_LINES }, () => lineOf())).success);
    assert.ok(!grant(Array.from({ length: MAX_LINES + 1 }, () => lineOf())).success);
    assert.ok(!grant([]).success);
  });

  it('bounds the numbers of all its lines together, because every trace reads them', () => {
    const nodes = Array.from({ length: MAX_MATRIX_NODES }, (_, i) => i * 4000);
    const cmc: Cmc = { ...MATRIX, rows: nodes, columns: nodes, cmc: nodes.map(() => nodes.map(() => 1e-5)) };
    const line = voltageLine({ cmc, arguments: voltageLine().arguments.map((one) => ({ ...one, min: 0 })) });
    assert.ok(grant([line, line]).success);
    assert.match(grant([line, line, line]).error?.issues[0]?.message ?? '', /2048 numbers/);
  });
});

describe('Units for reading', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\\degreecelsius', '°C'],
    ['\\kilo\\gram', 'kg'],
    ['\\metre\\per\\second\\tothe{2}', 'm/s²'],
    ['\\metre\\tothe{3}\\per\\hour', 'm³/h'],
    ['\\kilogram\\metre\\tothe{-3}', 'kg·m⁻³'],
    ['\\pico\\coulomb\\per\\metre\\per\\second\\tothe{-2}', 'pC/(m·s⁻²)'],
    ['\\per\\kelvin', '1/K'],
    ['\\volt\\per\\hertz\\tothe{0.5}', 'V/Hz^0.5'],
    ['\\percent', '%'],
    ['\\micro\\ohm', 'µΩ'],
  ];
  for (const [unit, text] of cases) {
    it(`are written as people write them: ${text}`, () => {
      assert.equal(unitText(unit), text);
    });
  }

  it('stay as they are where they are not understood', () => {
    for (const unit of [
      'degC',
      '',
      '\\furlong',
      '\\metre per second',
      '\\kilo',
      '\\metre\\tothe{x}',
      '\\constructor',
    ]) {
      assert.equal(unitText(unit), unit);
    }
  });
});
