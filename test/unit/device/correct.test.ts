import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RegistryError } from '@tracecal/core/model';
import type { Result, Row } from '@tracecal/core/model';
import { correct, OutsideCalibration } from '@tracecal/gateway-client/device';
import { property } from '../../support/property.js';

const CELSIUS = '\\degreecelsius';

function row(value: number, error: number, expanded: number, at?: readonly (number | string)[]): Row {
  const uncertainty = { expanded, coverageFactor: 2, coverageProbability: 0.95 };
  return { value, error, uncertainty, ...(at && { at }) };
}

const thermometer: Result = {
  name: 'Errors of indication',
  quantity: 'temperature',
  unit: CELSIUS,
  rows: [row(0, 0.1, 0.04), row(50, 0.3, 0.06), row(100, -0.1, 0.08)],
};

const shows = (value: number) => ({ quantity: 'temperature', unit: CELSIUS, value });

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} instead of ${expected}`);
}

/** What is told has one decimal place more than U, and U covers what was rounded. */
function rounded(actual: number, exact: number, lastPlace: number): void {
  assert.ok(Math.abs(actual - exact) <= lastPlace / 2 + 1e-12, `${actual} instead of ${exact}`);
}

describe('A corrected reading', () => {
  const refuses = (work: () => unknown, sentence: RegExp) =>
    assert.throws(
      work,
      (error) => error instanceof RegistryError && error.code === 'INPUT_INVALID' && sentence.test(error.message),
    );

  it('has the value that the device was given, at the indication of a row', () => {
    const { value, error, uncertainty, rows } = correct([thermometer], shows(50.3));
    close(value, 50);
    close(error, 0.3);
    close(uncertainty.expanded, 0.06);
    assert.deepEqual([uncertainty.coverageFactor, rows], [2, [1]]);
  });

  it('takes the error between two rows linearly over what the device shows, and the larger uncertainty', () => {
    // From 0.1 at 0.1 to 0.3 at 50.3.
    const { value, uncertainty, rows } = correct([thermometer], shows(25.2));
    close(value, 25.2 - 0.2);
    close(uncertainty.expanded, 0.06);
    assert.deepEqual(rows, [0, 1]);
  });

  it('adds what reading it contributes', () => {
    const { uncertainty, contributions } = correct([thermometer], { ...shows(50.3), standardUncertainty: 0.04 });
    close(uncertainty.expanded, 2 * Math.hypot(0.03, 0.04));
    assert.deepEqual(
      contributions.map(({ name }) => name),
      ['calibration', 'reading'],
    );
  });

  it('is not made outside of the rows, nor from rows without an error or an uncertainty', () => {
    refuses(() => correct([thermometer], shows(101)), /for indications from 0.1 to 99.9 °C, not at 101/);
    refuses(() => correct([thermometer], shows(-1)), /not at -1/);
    const bare = { ...thermometer, rows: [{ value: 20, uncertainty: null }] };
    refuses(() => correct([bare], shows(20)), /states no errors with uncertainties/);
    refuses(() => correct([{ ...thermometer, asFound: true }], shows(50)), /gives no temperature/);
    refuses(() => correct([{ ...thermometer, excluded: 'not-traceable' }], shows(50)), /gives no temperature/);
    refuses(() => correct([thermometer], { ...shows(323), unit: '\\kelvin' }), /state it in the report's unit/);
  });

  const meter: Result = {
    name: 'AC voltage',
    quantity: 'ac-voltage',
    unit: '\\volt',
    arguments: [
      { name: 'range', role: 'setting' },
      { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
    ],
    rows: [
      row(1, 0.01, 0.002, ['2 V', 50]),
      row(1, 0.03, 0.004, ['2 V', 150]),
      row(1, 0.5, 0.02, ['20 V', 50]),
      row(2, 0.03, 0.002, ['2 V', 50]),
      row(2, 0.05, 0.004, ['2 V', 150]),
    ],
  };
  const volt = (value: number) => ({ quantity: 'ac-voltage', unit: '\\volt', value });
  const under = (range: string, frequency: number) => [
    { name: 'Range', value: range },
    { name: 'frequency', value: frequency, unit: '\\hertz' },
  ];

  it('depends on the conditions that the report names, by setting and linearly between measured ones', () => {
    const { value, uncertainty } = correct([meter], volt(1.52), under('2 V', 100));
    // Over the indication, the error goes at 50 Hz from 0.01 at 1.01 to 0.03 at 2.03, at 150 Hz from 0.03 at 1.03 to 0.05 at 2.05.
    const [low, high] = [0.01 + (0.02 * (1.52 - 1.01)) / 1.02, 0.03 + (0.02 * (1.52 - 1.03)) / 1.02];
    rounded(value, 1.52 - (low + high) / 2, 1e-6);
    close(uncertainty.expanded, 0.00401);
    refuses(() => correct([meter], volt(1.02), under('2 V', 100)), /not at 1.02/);
  });

  it('asks for conditions that are missing, and refuses those that nobody knows', () => {
    refuses(
      () => correct([meter], volt(1), []),
      /AC voltage depends on range: state it among the arguments of the reading, or its influence/,
    );
    refuses(() => correct([meter], volt(1), under('200 V', 50)), /no rows at these settings/);
    refuses(() => correct([meter], volt(1.01), under('2 V', 20)), /calibrated at conditions from 50 to 150, not at 20/);
    refuses(
      () => correct([meter], volt(1.01), [...under('2 V', 50), { name: 'humidity', value: 40 }]),
      /states no humidity: leave it out, or state its influence/,
    );
  });

  it('is shifted by influences that the report does not measure, with their uncertainty', () => {
    const influence = { argument: 'supply', reference: 230, coefficient: 0.01, standardUncertainty: 0.004 };
    const at = [{ name: 'supply', value: 220 }];
    const { value, uncertainty } = correct([thermometer], shows(50.2), at, [influence]);
    // The supply is 10 V low, so the device shows 0.1 °C less than it would.
    close(value, 50);
    close(uncertainty.expanded, 2 * Math.hypot(0.03, 0.04));
    refuses(
      () => correct([thermometer], shows(50), [], [influence]),
      /influence of supply needs its value at this reading: state supply among the arguments of the reading\./,
    );
  });

  it('says what an influence lacks: the condition now, or where the report holds', () => {
    const influence = { argument: 'supply', unit: '\\volt', coefficient: 0.01 };
    const at = (value: number | string) => [{ name: 'supply', value, unit: '\\volt' }];
    refuses(() => correct([thermometer], shows(50), [], [influence]), /arguments of the reading in \\volt\./);
    refuses(() => correct([thermometer], shows(50), at('low'), [influence]), /in \\volt, as a number/);
    refuses(
      () => correct([thermometer], shows(50), at(220), [influence]),
      /needs the value of supply at which Errors of indication holds, .* give it as `reference`/,
    );
  });

  it('tells what lies outside of the report from what is wrong with the reading', () => {
    const isOutside = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return error instanceof OutsideCalibration;
      }
      return assert.fail('It was corrected.');
    };
    const kelvin = { ...thermometer, unit: '\\kelvin' };
    assert.ok(isOutside(() => correct([kelvin, thermometer], shows(101))));
    assert.ok(isOutside(() => correct([meter], volt(1), under('200 V', 50))));
    assert.ok(isOutside(() => correct([meter], volt(1.01), under('2 V', 20))));
    assert.ok(!isOutside(() => correct([kelvin], shows(50))));
    assert.ok(!isOutside(() => correct([meter], volt(1), [])));
    const bare = { ...meter, name: 'Bare', rows: [] };
    assert.ok(!isOutside(() => correct([bare, { ...thermometer, quantity: 'ac-voltage', unit: '\\volt' }], volt(1e3))));
  });

  it('covers as much as the report where that rests on few readings', () => {
    const few = { expanded: 0.0453, coverageFactor: 4.53, coverageProbability: 0.9545 };
    const rows = [0, 100].map((value) => ({ value, error: 0, uncertainty: few }));
    const { uncertainty } = correct([{ ...thermometer, rows }], shows(50));
    close(uncertainty.expanded, 0.0453);
    assert.equal(uncertainty.coverageFactor, 2);
    const wide = rows.map((each) => ({
      ...each,
      uncertainty: { ...few, coverageFactor: 3, coverageProbability: 0.9973 },
    }));
    close(correct([{ ...thermometer, rows: wide }], shows(50)).uncertainty.expanded, (0.0453 * 2) / 3);
  });

  it('has the digits that mean something: U three, rounded up, and the value one place more', () => {
    // Between 0.1 and 50.3 the device shows 0.2 more over 50.2, so the error is 0.1007170...
    const { value, uncertainty, error } = correct([thermometer], { ...shows(0.28), standardUncertainty: 0.01 });
    assert.equal(value, 0.17928);
    // 2 * hypot(0.03, 0.01) is 0.06324...
    assert.equal(uncertainty.expanded, 0.0633);
    assert.notEqual(error, Number(error.toFixed(6)), 'the error is that of the report');
  });

  it('is not narrower than before it was rounded, whatever its size', () => {
    const size = fc.double({ min: -9, max: 9, noNaN: true }).map((exponent) => 10 ** exponent);
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    property(
      fc.record({ span: size, u: size, from: part, to: part, at: part }),
      ({ span, u, from, to, at }) => {
        const errors = [from, to].map((error) => (error - 0.5) * span * 0.1);
        const [low = 0, high = 0] = errors;
        const rows = [row(0, low, 2 * u), row(span, high, 2 * u)];
        const shown = low + at * (span + high - low);
        const { value, uncertainty, error } = correct([{ ...thermometer, rows }], shows(shown));
        const { expanded } = uncertainty;
        const noise = 1e-9 * expanded + 1e-14 * span;
        assert.ok(value - expanded <= shown - error - 2 * u + noise, 'the lower end');
        assert.ok(value + expanded >= shown - error + 2 * u - noise, 'the upper end');
        assert.ok(expanded <= 2 * u * 1.011 + noise, `U has grown from ${2 * u} to ${expanded}`);
        assert.ok(digitsOf(expanded) <= 3, `${expanded}`);
        const places = 3 - Number((2 * u).toExponential().split('e')[1]);
        assert.ok(places > 15 || Number(value.toFixed(Math.max(0, places))) === value, `${value} with ${expanded}`);
      },
      300,
    );
  });

  it('is not made where the device shows the same at several values', () => {
    const rows = [row(0, 0.5, 0.02), row(0.2, 0.1, 0.02), row(10, 0, 0.02)];
    const jumping = { ...thermometer, rows };
    refuses(
      () => correct([jumping], shows(0.4)),
      /0\.4 °C has several meanings: what the device shows goes up and down/,
    );
    refuses(() => correct([jumping], shows(5)), /several meanings/);
    const twice = {
      ...thermometer,
      rows: [row(0, 0.1, 0.02), row(50, 0.3, 0.02), row(50, 0.28, 0.02), row(100, 0, 0.02)],
    };
    close(correct([twice], shows(50.28)).value, 50);
  });

  it('takes an influence in one unit, once, and only numbers', () => {
    const influence = { argument: 'supply', unit: '\\volt', reference: 10, coefficient: 0.001 };
    const at = (value: number, unit: string) => [{ name: 'supply', value, unit }];
    close(correct([thermometer], shows(50.302), at(12, '\\volt'), [influence]).value, 50);
    refuses(
      () => correct([thermometer], shows(50), at(12_000, '\\milli\\volt'), [influence]),
      /influence of supply is for \\volt, and its value is in \\milli\\volt/,
    );
    const volts = at(12, '\\volt');
    refuses(() => correct([thermometer], shows(50), volts, [influence, influence]), /supply is stated twice/);
    refuses(() => correct([thermometer], shows(50), [...volts, ...volts], [influence]), /supply is stated twice/);
    for (const standardUncertainty of [NaN, -5, Infinity]) {
      refuses(() => correct([thermometer], { ...shows(50), standardUncertainty }), /number that is not negative/);
      refuses(
        () => correct([thermometer], shows(50), volts, [{ ...influence, standardUncertainty }]),
        /number that is not negative/,
      );
    }
    refuses(() => correct([thermometer], shows(50), volts, [{ ...influence, coefficient: NaN }]), /are numbers/);
  });
});

function digitsOf(number: number): number {
  return number.toExponential().split('e')[0]?.replace('.', '').length ?? 0;
}
