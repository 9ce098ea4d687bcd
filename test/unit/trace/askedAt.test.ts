import assert from 'node:assert/strict';
import type { Argument, Result, Row } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import { AS_OF, massResult, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

const uncertainty = (expanded: number) => ({ expanded, coverageFactor: 2, coverageProbability: 0.95 });
const depth: Argument = { name: 'Depth', role: 'physical', quantity: 'length', unit: '\\metre' };
const channel: Argument = { name: 'channel', role: 'setting' };

describe('A trace that is asked about one place of a result', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const calibrate = (results: readonly Result[], spec: Partial<ReportSpec> = {}) => {
    hierarchy.addReport({
      id: 'next',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
      performed: '2025-06-01',
      ...spec,
      results,
    });
  };

  const table = (rows: readonly Row[], own: readonly Argument[] = []): Result => ({
    ...temperatureResult(0.008),
    ...(own.length > 0 && { arguments: own }),
    rows,
  });

  const ask = (at: unknown, options: Readonly<Record<string, unknown>> = {}) =>
    hierarchy.trace('sensor-a', { at, ...options });

  const expect = async (at: unknown, status: VerdictStatus, reason: RegExp) => {
    const verdict = await ask(at);
    assert.equal(verdict.status, status, verdict.reason);
    assert.match(verdict.reason, reason);
  };

  /** Temperatures from 0 to 100 °C, of which the one at 60 °C is better than the standard allows. */
  const withFlaw = () =>
    table(
      [0, 20, 40, 60, 80, 100].map((value) => ({ value, uncertainty: uncertainty(value === 60 ? 0.0001 : 0.008) })),
    );

  it('judges the row itself, or the two that enclose it, and no other', async () => {
    calibrate([withFlaw()]);
    assert.equal((await hierarchy.trace('sensor-a')).status, 'FAILED');
    for (const value of [0, 20, 30, 40, 80, 99]) {
      await expect({ value }, 'TRACEABLE', /^Traces over 4 levels to nmi-north\.$/);
    }
    for (const value of [41, 60, 79.9]) {
      await expect({ value }, 'FAILED', /Temperature at 60 °C: u = 0\.00005 °C is smaller than the references allow/);
    }
  });

  it('shows the rows that it judged', async () => {
    calibrate([withFlaw()]);
    const { results, edges, at } = await ask({ value: 30 });
    assert.deepEqual(at, { value: 30, arguments: [] });
    assert.deepEqual(
      results.map(({ range }) => range),
      [{ min: 20, max: 40 }],
    );
    assert.deepEqual(edges[0]?.gives[0]?.range, { min: 20, max: 40 });
    assert.deepEqual(edges[1]?.gives[0]?.range, { min: 0, max: 100 });
  });

  it('shows U at 95 % with its coverage factor, for whatever probability the certificate states it', async () => {
    const [row] = temperatureResult(0.008, [20]).rows;
    assert.ok(row);
    const uncertainty = { expanded: 0.01, coverageFactor: 1, coverageProbability: null };
    calibrate([{ ...temperatureResult(0.008), rows: [{ ...row, uncertainty }] }]);
    const [given] = (await ask({ value: 20 })).results;
    assert.deepEqual(
      [given?.uncertainty, given?.coverageFactor],
      [
        { min: 0.02, max: 0.02 },
        { min: 2, max: 2 },
      ],
    );
  });

  it('is incomplete outside what the report gives, and says what that is', async () => {
    await expect(
      { value: 150 },
      'INCOMPLETE',
      /^Report oem-a\/sensor-a-r1 gives nothing at 150: Temperature is given from 0 to 100 °C\.$/,
    );
    await expect({ value: -3 }, 'INCOMPLETE', /gives nothing at -3/);
    calibrate([temperatureResult(0.008, [20])]);
    await expect({ value: 150 }, 'INCOMPLETE', /gives nothing at 150: Temperature is given only at 20 °C\.$/);
    calibrate([temperatureResult(0.008)]);
    await expect({ value: 101.5 }, 'TRACEABLE', /./); // By less than the tolerance of the policy.
  });

  it('takes a neighbour on both sides in every physical argument', async () => {
    const rows = [0.1, 0.2, 0.4].flatMap((at) =>
      [10, 30].map((value) => ({ value, at: [at], uncertainty: uncertainty(at === 0.4 ? 0.0001 : 0.008) })),
    );
    calibrate([table(rows, [depth])]);
    const place = (value: number | null, metres: number) => ({ value, arguments: [{ name: 'depth', value: metres }] });
    await expect(place(20, 0.15), 'TRACEABLE', /./);
    await expect(place(null, 0.2), 'TRACEABLE', /./);
    await expect(place(20, 0.3), 'FAILED', /at 10 °C, Depth 0\.4 m: u = 0\.00005 °C/);
    await expect(
      place(20, 2),
      'INCOMPLETE',
      /gives nothing at 20, depth 2: Temperature is given from 10 to 30 °C, at Depth from 0\.1 to 0\.4 m\.$/,
    );
    await expect(place(50, 0.15), 'INCOMPLETE', /gives nothing at 50, depth 0\.15/);
    await expect({ value: 10 }, 'FAILED', /at 10 °C, Depth 0\.4 m: u = 0\.00005 °C/); // At every depth.
  });

  it('may be 2 K away from a single temperature, in whatever unit it is stated', async () => {
    for (const [unit, stated, near, far] of [
      ['\\degreecelsius', 20, 21.9, 22.1],
      ['\\kelvin', 293.15, 295.05, 295.25],
    ] as const) {
      const ambient: Argument = { name: 'Ambient', role: 'physical', quantity: 'temperature', unit };
      const rows = [{ value: 10, at: [stated], uncertainty: uncertainty(0.008) }];
      calibrate([table(rows, [ambient])], { id: `in-${near}`, performed: near > 100 ? '2025-06-02' : '2025-06-01' });
      const place = (value: number) => ({ arguments: [{ name: 'ambient', value }] });
      await expect(place(near), 'TRACEABLE', /./);
      await expect(place(far), 'INCOMPLETE', /gives nothing at ambient/);
    }
  });

  it('finds rows at nearly equal arguments together, whatever their values', async () => {
    const rows = [
      { value: 10, at: [0.1], uncertainty: uncertainty(0.008) },
      { value: 20, at: [0.1001], uncertainty: uncertainty(0.008) },
    ];
    calibrate([table(rows, [depth])]);
    for (const value of [10, 20]) {
      await expect({ value, arguments: [{ name: 'depth', value: 0.1 }] }, 'TRACEABLE', /./);
      await expect({ value, arguments: [{ name: 'depth', value: 0.102 }] }, 'TRACEABLE', /./);
    }
  });

  it('finds an argument by its kind of quantity, too', async () => {
    calibrate([table([{ value: 10, at: [0.1], uncertainty: uncertainty(0.008) }], [depth])]);
    await expect({ arguments: [{ name: 'length', value: 0.1 }] }, 'TRACEABLE', /./);
  });

  it('takes a setting as it is written', async () => {
    const rows = ['A', 'B'].map((at) => ({
      value: 20,
      at: [at],
      uncertainty: uncertainty(at === 'A' ? 0.008 : 0.0001),
    }));
    calibrate([table(rows, [channel])]);
    await expect({ arguments: [{ name: 'channel', value: 'A' }] }, 'TRACEABLE', /./);
    await expect({ arguments: [{ name: 'channel', value: 'B' }] }, 'FAILED', /smaller than the references allow/);
    await expect({ arguments: [{ name: 'channel', value: 'C' }] }, 'INCOMPLETE', /with channel A or B\.$/);
  });

  it('is incomplete where the result does not state the argument, or states it as a number', async () => {
    await expect({ arguments: [{ name: 'frequency', value: 50 }] }, 'INCOMPLETE', /states no argument "frequency"\.$/);
    calibrate([table([{ value: 10, at: [0.1], uncertainty: uncertainty(0.008) }], [depth])]);
    await expect({ arguments: [{ name: 'frequency', value: 50 }] }, 'INCOMPLETE', /"frequency": it states Depth\.$/);
    await expect(
      { arguments: [{ name: 'depth', value: 'deep' }] },
      'INCOMPLETE',
      /Depth of Temperature is a number in m\.$/,
    );
  });

  it('is incomplete at a row that states no usable uncertainty, though the others do', async () => {
    const rows = [0, 50, 100].map((value) => ({ value, uncertainty: value === 50 ? null : uncertainty(0.008) }));
    calibrate([table(rows)]);
    assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
    await expect({ value: 100 }, 'TRACEABLE', /./);
    await expect({ value: 50 }, 'INCOMPLETE', /no usable uncertainty|no measurement uncertainty/);
    await expect({ value: 70 }, 'INCOMPLETE', /Temperature at 50 °C: The row states no usable uncertainty/);
  });

  it('is incomplete at a row of which the coverage factor cannot be used', async () => {
    const rows = [0, 50].map((value) => ({
      value,
      uncertainty: { ...uncertainty(0.008), coverageFactor: value === 50 ? 0.5 : 2 },
    }));
    calibrate([table(rows)]);
    await expect({ value: 0 }, 'TRACEABLE', /./);
    await expect({ value: 50 }, 'INCOMPLETE', /coverage factor 0\.5 is below 1 or|states no measurement uncertainty/);
  });

  it('judges a declared method by all its rows, and tells about those asked for', async () => {
    const result = {
      ...table([0, 50, 100].map((value) => ({ value, uncertainty: uncertainty(0.02) }))),
      support: {
        method: 'sum',
        uses: [{ source: 0, role: 'input', at: [0, 50, 100], sensitivity: { values: [1, 1, 1], unit: '\\one' } }],
      },
    } as const satisfies Result;
    calibrate([result]);
    const whole = await hierarchy.trace('sensor-a');
    const asked = await ask({ value: 50 }, { explain: true });
    assert.equal(asked.status, whole.status, asked.reason);
    const told = asked.edges[0]?.compared?.filter((line) => /^support:.* at \d+ °C: sum/.test(line)) ?? [];
    assert.equal(told.length, 1, told.join('\n'));
    assert.match(told[0] ?? '', / at 50 °C: sum: /);
  });

  it('says how that place stands to a specification, not how all do', async () => {
    const rows = [0, 100].map((value) => ({ value, error: value === 0 ? 0.01 : 3, uncertainty: uncertainty(0.008) }));
    const conformity = {
      of: 'error',
      limits: { kind: 'tolerance', lower: [-1, -1], upper: [1, 1] },
      stated: ['pass', 'fail'],
      overall: 'fail',
    } as const;
    calibrate([{ ...table(rows), conformity }]);
    const at = async (value: number) => (await ask({ value })).results[0]?.conformity;
    assert.deepEqual([await at(0), await at(100), await at(40)], ['conforms', 'does-not', 'does-not']);
  });

  it('counts an amendment of a standard only where it changed something at that place', async () => {
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-01' };
    const withError = (error: number): Result => ({
      ...temperatureResult(0.02),
      rows: [0, 20, 100].map((value) => ({
        value,
        error: value === 100 ? error : 0,
        uncertainty: uncertainty(0.02),
      })),
    });
    await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
    hierarchy.addReport({ ...bench, id: 'bench-r1', results: [withError(0)] });
    calibrate([temperatureResult(0.1)], { parents: ['bench-r1'], performed: '2025-03-01' });
    const amended = { id: 'bench-r2', supersedes: 'bench-r1', registered: '2025-03-10T00:00:00Z' };
    hierarchy.addReport({ ...bench, ...amended, results: [withError(0.5)] });
    await expect({ value: 0 }, 'TRACEABLE', /./);
    await expect({ value: 100 }, 'INCOMPLETE', /Temperature at 100 °C: .* was amended by lab-alpha\/bench-r2/);
  });

  it('needs the kind of quantity where the device has several', async () => {
    calibrate([temperatureResult(0.008), massResult(0.01)]);
    await assert.rejects(ask({ value: 20 }), { code: 'INPUT_INVALID', message: /--quantity mass/ });
    const { results } = await ask({ value: 20 }, { quantity: 'temperature' });
    assert.deepEqual(
      results.map(({ quantity }) => quantity),
      ['temperature'],
    );
  });

  it('says first that results are not those that were signed', async () => {
    hierarchy.resultsOfReports.set('oem-a/sensor-a-r1', new Map([['temperature', [temperatureResult(5)]]]));
    await expect({ value: 500 }, 'FAILED', /results of temperature .* are not those that were signed/);
  });

  it('refuses a place that names nothing, or an argument twice', () => {
    const options = (at: unknown) => () => traceOptions({ asOf: AS_OF, at });
    assert.throws(options({}), { code: 'INPUT_INVALID' });
    assert.throws(options({ value: Infinity }), { code: 'INPUT_INVALID' });
    const twice = ['depth', 'Depth'].map((name) => ({ name, value: 1 }));
    assert.throws(options({ arguments: twice }), { code: 'INPUT_INVALID' });
  });
});
