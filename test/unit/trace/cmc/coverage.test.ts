import assert from 'node:assert/strict';
import type { AccreditationLine } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import { expanded, lineOf, rowOf, voltageLine, voltageRow, workOn } from '../../../support/accreditationLines.js';

type Case = readonly [string, AccreditationLine, cmc.MeasuredRow, cmc.Work, readonly cmc.CoverageCondition[]];

const FREQUENCY = { name: 'frequency', quantity: 'frequency', unit: '\\hertz', min: 10, max: 1e5 };
const MODULATION = { ...FREQUENCY, name: 'modulation', min: 1, max: 100 };
const twoFrequencies = voltageLine({ arguments: [FREQUENCY, MODULATION] });

function frequencies(...named: readonly (readonly [string, number])[]): cmc.MeasuredRow {
  const at = named.map(([name, value]) => ({ name, quantity: 'frequency', unit: '\\hertz', value }));
  return voltageRow(1000, { at });
}

const CASES: readonly Case[] = [
  ['everything that it names', lineOf(), rowOf(), workOn(), []],
  ['both ends of its range', lineOf({ min: 20, max: 20 }), rowOf(), workOn(), []],
  ['its first day', lineOf(), rowOf(), workOn('2022-01-01'), []],
  ['its last day', lineOf(), rowOf(), workOn('2030-12-31'), []],
  ['no day before', lineOf(), rowOf(), workOn('2021-12-31'), ['date']],
  ['no day after', lineOf(), rowOf(), workOn('2031-01-01'), ['date']],
  [
    'no other kind of quantity in the same unit',
    lineOf(),
    rowOf({ quantity: 'temperature-difference' }),
    workOn(),
    ['kind'],
  ],
  ['no unit that cannot be compared', lineOf(), rowOf({ unit: '\\volt' }), workOn(), ['kind']],
  [
    'a difference in another unit of temperature, without a zero point',
    lineOf({ quantity: 'temperature-difference', min: -10, max: 10 }),
    rowOf({ quantity: 'temperature-difference', unit: '\\kelvin', value: -5 }),
    workOn(),
    [],
  ],
  [
    'an argument that is a difference in another unit of temperature',
    lineOf({
      arguments: [{ name: 'step', quantity: 'temperature-difference', unit: '\\degreecelsius', min: -10, max: 10 }],
    }),
    rowOf({ at: [{ name: 'step', quantity: 'temperature-difference', unit: '\\kelvin', value: -5 }] }),
    workOn(),
    [],
  ],
  ['no value below its range', lineOf({ min: 20.03 }), rowOf(), workOn(), ['range']],
  ['a temperature within its own U below a nominal end', lineOf({ min: 20.01 }), rowOf(), workOn(), []],
  ['no value above its range', lineOf({ max: 19.97 }), rowOf(), workOn(), ['range']],
  ['no row without a value', lineOf(), rowOf({ value: null }), workOn(), ['range']],
  ['no infinite value', lineOf(), rowOf({ value: Infinity }), workOn(), ['range']],
  ['an argument within its range, whatever the laboratory calls it', voltageLine(), voltageRow(1000), workOn(), []],
  ['an argument just beyond a nominal end', voltageLine(), voltageRow(1.001e5), workOn(), []],
  ['no argument outside', voltageLine(), voltageRow(2e5), workOn(), ['arguments']],
  ['no row that does not state the argument', voltageLine(), voltageRow(1000, { at: [] }), workOn(), ['arguments']],
  ['a row with a further argument', lineOf(), rowOf({ at: voltageRow(1000).at }), workOn(), []],
  [
    'two arguments of one kind by their names',
    twoFrequencies,
    frequencies(['modulation', 50], ['frequency', 1000]),
    workOn(),
    [],
  ],
  [
    'no argument that several of its kind could be',
    voltageLine(),
    frequencies(['f1', 1000], ['f2', 1000]),
    workOn(),
    ['arguments'],
  ],
  [
    'the argument with its name among several of its kind',
    voltageLine(),
    frequencies(['frequency', 1000], ['f2', 2e5]),
    workOn(),
    [],
  ],
  ['no two arguments by one of the row', twoFrequencies, frequencies(['frequency', 50]), workOn(), ['arguments']],
  ['work at the customer only if it says so', lineOf(), rowOf(), workOn(undefined, { place: 'on-site' }), ['place']],
  [
    'work at the customer by a line for it',
    lineOf({ place: 'on-site' }),
    rowOf(),
    workOn(undefined, { place: 'on-site' }),
    [],
  ],
  [
    'no work in the laboratory by a line for the customer only',
    lineOf({ place: 'on-site' }),
    rowOf(),
    workOn(),
    ['place'],
  ],
  [
    'work at the customer by a line for both',
    lineOf({ place: 'both' }),
    rowOf(),
    workOn(undefined, { place: 'on-site' }),
    [],
  ],
  ['work by a method that is not stated', lineOf({ method: 'DKD-R 5-1' }), rowOf(), workOn(), []],
  [
    'work by its method',
    lineOf({ method: 'DKD-R 5-1' }),
    rowOf(),
    workOn(undefined, { methods: ['Comparison', 'dkd-r 5-1:2018'] }),
    [],
  ],
  [
    'no work by another method',
    lineOf({ method: 'DKD-R 5-1' }),
    rowOf(),
    workOn(undefined, { methods: ['Fixed points'] }),
    ['method'],
  ],
  ['work by any method if it names none', lineOf(), rowOf(), workOn(undefined, { methods: ['Fixed points'] }), []],
  [
    'no work at another level',
    lineOf({ methodLevel: 'primary' }),
    rowOf(),
    workOn(undefined, { methodLevel: 'working' }),
    ['method'],
  ],
  ['work at its level', lineOf({ methodLevel: 'primary' }), rowOf(), workOn(undefined, { methodLevel: 'primary' }), []],
];

describe('A line of an accreditation covers', () => {
  it('looks at the methods of a result once for all of its rows', () => {
    let looks = 0;
    const methods = new Proxy(['DKD-R 5-1', 'SOP 17'], {
      get: (own, name) => {
        looks += name === 'some' ? 1 : 0;
        return Reflect.get(own, name) as unknown;
      },
    });
    const work = { ...workOn(), methods };
    const [first, second] = [lineOf({ method: 'dkd-r 5-1:2018' }), lineOf({ method: 'SOP 18' })];
    for (let each = 0; each < 100; each += 1) {
      assert.deepEqual(
        [first, second].map((line) => cmc.coverage(line, rowOf(), work).covered),
        [true, false],
      );
    }
    assert.equal(looks, 2);
  });

  for (const [what, line, row, work, lacks] of CASES) {
    it(what, () => {
      const found = cmc.coverage(line, row, work);
      assert.deepEqual(found.covered ? [] : found.lacks, lacks);
    });
  }

  it('nothing where several conditions fail, and names each', () => {
    const found = cmc.coverage(
      lineOf({ min: 30, method: 'X' }),
      rowOf(),
      workOn('2040-01-01', { methods: ['Y'], place: 'on-site' }),
    );
    assert.deepEqual(found, { covered: false, lacks: ['range', 'method', 'place', 'date'] });
  });

  it('a value in another unit, on its end but for rounding', () => {
    const line = lineOf({ unit: '\\degreecelsius', min: 0, max: 0.01 });
    for (const [unit, ...values] of [
      ['\\kelvin', 273.15, 273.16],
      ['\\milli\\kelvin', 273150, 273160],
    ] as const) {
      for (const value of values) {
        assert.ok(cmc.coverage(line, rowOf({ unit, value }), workOn()).covered, `${value} ${unit}`);
      }
    }
    assert.ok(
      !cmc.coverage(line, rowOf({ unit: '\\kelvin', value: 273.1600001, uncertainty: expanded(1e-9) }), workOn())
        .covered,
    );
  });
});

describe('A method that a line names', () => {
  const same: readonly (readonly [string, string])[] = [
    ['DKD-R 5-1', 'DKD-R 5-1'],
    ['DKD-R 5-1', 'dkd r 5-1:2018'],
    ['DKD-R 5-1', 'DKD-R 5-1:2018-09'],
    ['ISO 6789-2:2017', 'ISO 6789-2 (2017)'],
    ['DKD-R 5-1:2018', 'DKD-R 5-1'],
    ['Circle closure', 'circle-closure'],
  ];
  const others: readonly (readonly [string, string])[] = [
    ['DKD-R 5-1', 'DKD-R 5-10'],
    ['DKD-R 5-1', 'DKD-R 5-1 Annex B'],
    ['DKD-R 5-1:2018', 'DKD-R 5-1:2023'],
    ['Circle closure', 'Partial circle closure'],
    ['-', 'Circle closure'],
    ['-', '-'],
  ];
  it('is the same whatever its case, punctuation and edition', () => {
    for (const [line, stated] of same) {
      assert.ok(cmc.isSameMethod(line, stated), `${line} = ${stated}`);
    }
  });

  it('is not another that only begins or ends like it', () => {
    for (const [line, stated] of others) {
      assert.ok(!cmc.isSameMethod(line, stated), `${line} is not ${stated}`);
    }
  });
});
