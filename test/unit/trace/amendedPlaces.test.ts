import assert from 'node:assert/strict';
import type { Argument, Parent, Result, Support } from '@tracecal/core/model';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import { AS_OF } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

type Use = Support['uses'][number];
type Row = readonly [value: number, u: number, ...at: readonly number[]];

const physical = (name: string, quantity: string, unit: string): Argument => ({
  name,
  role: 'physical',
  quantity,
  unit,
});
const volts = physical('U', 'dc-voltage', '\\volt');
const hertz = physical('f', 'frequency', '\\hertz');

/** Rows in another unit, with their arguments. */
function stated(
  quantity: Parameters<typeof resultOf>[0],
  unit: string,
  rows: readonly Row[],
  all: readonly Argument[] = [],
) {
  const result = resultOf(
    quantity,
    rows.map(([value, u]) => [value, u]),
  );
  const placed = result.rows.map((row, place) => ({ ...row, at: rows[place]?.slice(2) ?? [] }));
  return { ...result, unit, ...(all.length > 0 && { arguments: all, rows: placed }) };
}

const c = (value: number, unit = '\\one'): Partial<Use> => ({ sensitivity: { values: [value], unit } });

/** A result that was computed from its first parent. */
function computed(at: readonly number[], more: Partial<Use> = c(1), method: Support['method'] = 'general'): Support {
  return { method, uses: [{ source: 0, role: 'input', at, ...more }] };
}

describe('Where an amended report was used', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const amend = (results: readonly Result[]) => {
    workshop.hierarchy.addReport({
      id: 'std-r2',
      device: 'std',
      technician: 'all-nmi-north',
      performed: '2025-02-01',
      issued: '2025-04-01',
      registered: '2025-04-01T12:00:00Z',
      supersedes: 'std-r',
      results,
    });
  };

  /** The verdict about a device that was calibrated with a report, before it is amended and then. */
  const outcomes = async (before: Result | readonly Result[], after: Result | readonly Result[], own: Result) => {
    const parent = await workshop.standard('std', ...[before].flat());
    await workshop.device('device', { performed: '2025-03-01', parents: [parent], results: [own] });
    const first = await workshop.outcome('device');
    amend([after].flat());
    return [first, await workshop.outcome('device')];
  };
  const statuses = async (...asked: Parameters<typeof outcomes>) =>
    (await outcomes(...asked)).map((each) => each.split(':')[0]);

  const inVolts = stated('dc-voltage', '\\volt', [[0.001, 1e-9], [1, 1e-6], [10, 1e-5]]); // prettier-ignore
  const inMillivolts = (u = 1) =>
    stated('dc-voltage', '\\milli\\volt', [[1, 1e-6], [1000, 1e-3 * u], [10_000, 1e-2 * u]]); // prettier-ignore
  const fiveVolts = (support: Support) => resultOf('dc-voltage', [[5, 1.5e-5]], support);

  for (const method of ['general', 'sum', 'product'] as const) {
    const more = method === 'product' ? { exponent: 1 } : c(1);
    it(`is the same place if it states the same in another unit (${method})`, async () => {
      const found = await statuses(inVolts, inMillivolts(), fiveVolts(computed([5], more, method)));
      assert.deepEqual(found, ['TRACEABLE', 'TRACEABLE']);
    });

    it(`is the place at which its uncertainty grew, in whatever unit (${method})`, async () => {
      const found = await statuses(inVolts, inMillivolts(1000), fiveVolts(computed([5], more, method)));
      assert.deepEqual(found, ['TRACEABLE', 'FAILED']);
    });
  }

  it('is the same temperature in kelvin', async () => {
    const celsius = { ...stated('mass', '\\degreecelsius', [[0, 0.005], [100, 0.005]]), quantity: 'temperature' }; // prettier-ignore
    const kelvin = { ...stated('mass', '\\kelvin', [[273.15, 0.005], [373.15, 0.005]]), quantity: 'temperature' }; // prettier-ignore
    const own = { ...celsius, rows: [{ ...celsius.rows[0]!, value: 20 }], support: computed([20]) };
    assert.deepEqual(await statuses(celsius, kelvin, own), ['TRACEABLE', 'TRACEABLE']);
  });

  const hundred = (support: Support) => resultOf('resistance', [[100, 5e-4]], support);

  it('is the same frequency in kHz', async () => {
    const before = stated('resistance', '\\ohm', [[100, 5e-5, 50], [100, 5e-5, 1000]], [hertz]); // prettier-ignore
    const kilo = { ...hertz, unit: '\\kilo\\hertz' };
    const after = stated('resistance', '\\ohm', [[100, 5e-5, 0.05], [100, 5e-5, 1]], [kilo]); // prettier-ignore
    assert.deepEqual(await statuses(before, after, hundred(computed([50]))), ['TRACEABLE', 'TRACEABLE']);
  });

  const square = (u: number, of: (voltage: number, frequency: number) => readonly number[]): readonly Row[] =>
    [[10, 50], [50, 10], [50, 50], [10, 10]].map(([voltage = 0, frequency = 0]) => [100, voltage === 50 && frequency === 10 ? u : 5e-5, ...of(voltage, frequency)]); // prettier-ignore

  it('is the same place if its columns change their order, also where it moved', async () => {
    const before = stated('resistance', '\\ohm', square(5e-3, (voltage, frequency) => [voltage, frequency]), [volts, hertz]); // prettier-ignore
    const rows = square(5e-3, (voltage, frequency) => [frequency, voltage]);
    const after = stated('resistance', '\\ohm', rows, [hertz, volts]);
    assert.deepEqual(await statuses(before, after, hundred(computed([10, 50]))), ['TRACEABLE', 'TRACEABLE']);
    workshop = await Workshop.open();
    const moved = (row: number) =>
      stated('resistance', '\\ohm', rows.map(([value, ...rest], place) => [value + (place === row ? 0.01 : 0), ...rest]), [hertz, volts]); // prettier-ignore
    assert.deepEqual(await statuses(before, moved(0), hundred(computed([10, 50]))), ['TRACEABLE', 'INCOMPLETE']);
    workshop = await Workshop.open();
    assert.deepEqual(await statuses(before, moved(1), hundred(computed([10, 50]))), ['TRACEABLE', 'TRACEABLE']);
  });

  it('is no place if it states another argument, even if the numbers would fit', async () => {
    const before = stated('resistance', '\\ohm', [[100, 5e-5, 10], [100, 5e-5, 50]], [volts]); // prettier-ignore
    const after = stated('resistance', '\\ohm', square(5e-5, (voltage, frequency) => [voltage, frequency]), [volts, hertz]); // prettier-ignore
    // One voltage a row: not a voltage and a frequency.
    const rows = resultOf('resistance', [[100, 5e-4], [100, 5e-4]], computed([10, 50])); // prettier-ignore
    const [first, then] = await outcomes(before, after, rows);
    assert.match(first ?? '', /^TRACEABLE/);
    assert.match(then ?? '', /^INCOMPLETE/);
    const said = await workshop.said('device');
    assert.ok(
      said.some((each) => each.includes('do not fit its certificate')),
      said.join('\n'),
    );
  });

  it('is read by the result of the same name, if several state it in different units', async () => {
    const [low, high] = [{ ...inMillivolts(), name: 'low' }, { ...inVolts, name: 'high' }]; // prettier-ignore
    const own = fiveVolts(computed([5]));
    const [first] = await statuses([low, high], [low, high], own);
    workshop = await Workshop.open();
    const found = await statuses([low, high], [low, { ...inMillivolts(), name: 'high' }], own);
    assert.deepEqual(found, [first, first]);
  });

  it('is explained in the units of the report that was cited', async () => {
    await outcomes(inVolts, inMillivolts(), fiveVolts(computed([5])));
    const { edges } = await workshop.hierarchy.trace('device', { explain: true });
    const told = edges.flatMap(({ compared = [] }) => compared);
    assert.ok(
      told.some((each) => each.includes('input, c = 1, at 5 V')),
      told.join('\n'),
    );
  });

  it('cannot be hidden by withholding the results of the report that was cited', async () => {
    await outcomes(inVolts, inMillivolts(), fiveVolts(computed([5])));
    const { hierarchy } = workshop;
    const device = hierarchy.idOf('device', 'device');
    const withheld = Object.assign(Object.create(hierarchy) as typeof hierarchy, {
      results: (report: string, quantity: string) =>
        report.endsWith('std-r') ? Promise.resolve(undefined) : hierarchy.results(report, quantity),
    });
    const { status, reason } = await traceCal(withheld, device, traceOptions({ asOf: AS_OF }));
    assert.match(`${status}: ${reason}`, /^FAILED: The results of dc-voltage of report nmi-north\/std-r are not those/);
  });
});

describe('Where a source was used', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  it('is in the unit in which the report describes a certificate on paper', async () => {
    const uncertainty = { expanded: 1e-3, coverageFactor: 2, coverageProbability: 0.95 };
    const paper: Parent = {
      kind: 'paper',
      certificate: 'P-1',
      laboratory: 'Somebody',
      equipment: 'Voltmeter',
      date: '2025-01-01',
      results: [{ quantity: 'dc-voltage', unit: '\\milli\\volt', min: 1, max: 10_000, uncertainty }],
    };
    for (const [id, at, expected] of [
      ['inside', 5000, 'ATTESTED'],
      ['outside', 50_000, 'INCOMPLETE'],
    ] as const) {
      const own = resultOf('dc-voltage', [[at / 1000, 1e-3]], computed([at]));
      await workshop.device(id, { parents: [paper], results: [own] });
      const outcome = await workshop.outcome(id);
      assert.ok(outcome.startsWith(expected), outcome);
    }
  });
});
