import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import type { CheckName, FindingOutcome, VerdictStatus } from '@tracecal/core/trace';
import { paperParent, temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

describe('The metrology of a trace', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  /** A further report of the field sensor, of the factory. */
  const calibrate = (spec: Partial<ReportSpec>) => {
    const performed = '2025-06-01';
    hierarchy.addReport({ id: 'next', device: 'sensor-a', technician: 't-oem-a', performed, ...spec });
  };

  /** A laboratory's standard with one report, calibrated by the national institute. */
  const addStandard = async (id: string, results: readonly Result[], owner = 'lab-alpha') => {
    await hierarchy.addDevice({ id, technician: `t-${owner}` });
    const parents = ['primary-a-r1'];
    const report = { id: `${id}-r1`, device: id, technician: 't-nmi-north', parents, performed: '2025-02-01' };
    hierarchy.addReport({ ...report, results });
  };

  /** A standard in its owner's records, its own device's history above it. */
  const addOwn = (id: string, device: string, parents: readonly string[], performed: string) => {
    hierarchy.addReport({
      id,
      device,
      technician: 't-lab-alpha',
      parents,
      performed,
      results: [temperatureResult(0.02)],
    });
  };

  const expect = async (
    status: VerdictStatus,
    finding?: readonly [CheckName, FindingOutcome, RegExp],
    device = 'sensor-a',
  ) => {
    const verdict = await hierarchy.trace(device);
    const found = verdict.edges.flatMap(({ findings }) => findings);
    assert.equal(verdict.status, status, verdict.reason);
    if (finding) {
      const [check, outcome, reason] = finding;
      assert.ok(
        found.some((one) => one.check === check && one.outcome === outcome && reason.test(one.reason)),
        `expected ${check} to say ${outcome}, but: ${JSON.stringify(found)}`,
      );
    } else {
      assert.deepEqual(found, [], 'nothing to say');
    }
  };

  const mass = (kilogram: number, expanded: number): Result => ({
    ...temperatureResult(expanded, [kilogram]),
    name: 'Mass',
    quantity: 'mass',
    unit: '\\kilogram',
  });

  const humidity = (): Result => ({
    ...temperatureResult(2, [50]),
    name: 'Humidity',
    quantity: 'humidity',
    unit: '\\percent',
  });

  const unstated = (values: readonly number[] = [0, 20, 100]): Result => ({
    ...temperatureResult(1, values),
    rows: values.map((value) => ({ value, uncertainty: null })),
  });

  describe('of uncertainties', () => {
    it('lets the thermometer of the room be worse than the result', async () => {
      await addStandard('ambient', [temperatureResult(0.5, [0, 40])]);
      calibrate({ parents: ['working-a-r1', 'ambient-r1'], results: [temperatureResult(0.1, [20])] });
      await expect('TRACEABLE');
    });

    it('compares every value with the standards that were calibrated there', async () => {
      await addStandard('cold', [temperatureResult(0.01, [0, 50])]);
      await addStandard('hot', [temperatureResult(0.05, [70, 100])]);
      const parents = ['cold-r1', 'hot-r1'];
      calibrate({ parents, results: [temperatureResult(0.02, [0, 50]), temperatureResult(0.06, [70, 100])] });
      await expect('TRACEABLE');
      calibrate({ parents, results: [temperatureResult(0.02, [0, 100])] });
      const better = /next, Temperature at 100 °C: u = 0.01 °C is smaller than the references allow: at least 0.025 °C/;
      await expect('FAILED', ['support', 'failed', better]);
    });

    it('compares with the best of several standards, and with all together only where that is declared', async () => {
      await addStandard('good', [temperatureResult(0.01)]);
      await addStandard('bad', [temperatureResult(0.05)]);
      calibrate({ parents: ['good-r1', 'bad-r1'], results: [temperatureResult(0.02)] });
      await expect('TRACEABLE');
      calibrate({ parents: ['good-r1', 'bad-r1'], results: [temperatureResult(0.009)] });
      await expect('FAILED', [
        'support',
        'failed',
        /u = 0.0045 °C is smaller than the references allow: at least 0.0049/,
      ]);
      await addStandard('alike', [temperatureResult(0.01)]);
      const parents = ['good-r1', 'alike-r1'];
      calibrate({ parents, results: [temperatureResult(0.008)] });
      await expect('INCOMPLETE', ['support', 'missing', /u = 0.004 °C is below 0.005 °C, the best single reference/]);
      const uses = [0, 1].map((source) => ({ source, role: 'reference' as const }));
      calibrate({ parents, results: [{ ...temperatureResult(0.008), support: { method: 'group', uses } }] });
      await expect('TRACEABLE');
    });

    it('takes between two values of a standard what lies between their uncertainties', async () => {
      const [low, high] = [temperatureResult(0.01, [0]), temperatureResult(0.05, [100])];
      await addStandard('sloped', [{ ...low, rows: [...high.rows, ...low.rows] }]);
      calibrate({ parents: ['sloped-r1'], results: [temperatureResult(0.031, [50])] });
      await expect('TRACEABLE');
      calibrate({ parents: ['sloped-r1'], results: [temperatureResult(0.029, [50])] });
      await expect('TRACEABLE', ['support', 'note', /u = 0.0145 °C is below 0.015 °C, but only within rounding/]);
      calibrate({ parents: ['sloped-r1'], results: [temperatureResult(0.028, [50])] });
      await expect('FAILED', [
        'support',
        'failed',
        /u = 0.014 °C is smaller than the references allow: at least 0.015 °C/,
      ]);
    });

    it('takes the best of several statements about the same value', async () => {
      const [good, bad] = [temperatureResult(0.01, [20]), temperatureResult(0.05, [20])];
      await addStandard('both', [{ ...good, rows: [...good.rows, ...bad.rows] }]);
      calibrate({ parents: ['both-r1'], results: [temperatureResult(0.02, [20])] });
      await expect('TRACEABLE');
    });

    it('lets an institute derive a small standard from a large one, if it declares that it did', async () => {
      const derive = { technician: 't-nmi-north', performed: '2025-02-01' };
      await hierarchy.addDevice({ id: 'kilogram', technician: 't-nmi-north' });
      await hierarchy.addDevice({ id: 'gram', technician: 't-nmi-north' });
      hierarchy.addReport({ ...derive, id: 'kilogram-r1', device: 'kilogram', results: [mass(1, 2e-3)] });
      const gram = { ...derive, id: 'gram-r1', device: 'gram', parents: ['kilogram-r1'] };
      hierarchy.addReport({ ...gram, results: [mass(0.01, 1e-3)] });
      const open = /gram-r1, Mass at 0.01 kg: No reference was calibrated at this place/;
      await expect('INCOMPLETE', ['support', 'missing', open], 'gram');
      const support: Support = { method: 'scaled', uses: [{ source: 0, role: 'reference' }] };
      hierarchy.addReport({ ...gram, results: [{ ...mass(0.01, 1e-3), support }] });
      await expect('TRACEABLE', ['support', 'note', /The source of the ratio is not named/], 'gram');
    });

    it('is INCOMPLETE for a quantity that none of the parents was calibrated for', async () => {
      await hierarchy.addTechnician({ id: 't-humid', organisation: 'oem-a', quantities: ['temperature', 'humidity'] });
      const results = [temperatureResult(0.5), humidity()];
      calibrate({ technician: 't-humid', parents: ['working-a-r1'], results });
      const open = /next, Humidity: No source of this kind of quantity supports the result/;
      await expect('INCOMPLETE', ['support', 'missing', open]);
      const status = async (quantity: string) => (await hierarchy.trace('sensor-a', { quantity })).status;
      assert.deepEqual([await status('humidity'), await status('temperature')], ['INCOMPLETE', 'TRACEABLE']);
    });

    it('fails by a certificate on paper whose calibration ended after the work began, as by one of the ledger', async () => {
      const paper = (date: string) => ({ ...paperParent('K-1'), date });
      calibrate({ parents: [paper('2025-06-02')], performed: '2025-06-02', results: [temperatureResult(0.5)] });
      assert.equal((await hierarchy.trace('sensor-a')).status, 'ATTESTED');
      calibrate({ parents: [paper('2025-06-03')], performed: '2025-06-02', results: [temperatureResult(0.5)] });
      const { status, reason } = await hierarchy.trace('sensor-a');
      assert.equal(status, 'FAILED');
      assert.match(reason, /began on 2025-06-02, before the calibration of certificate K-1 was finished on 2025-06-03/);
    });

    it('is INCOMPLETE with a digital certificate of which nobody knows what it gives', async () => {
      const external = { kind: 'external', certificate: 'DCC-7', equipment: '' } as const;
      calibrate({ parents: ['working-a-r1', external], results: [temperatureResult(0.5)] });
      const { status, reason } = await hierarchy.trace('sensor-a');
      assert.equal(status, 'INCOMPLETE');
      assert.match(reason, /^Certificate DCC-7 of .* is not registered here/);
    });
  });

  describe('of numbers beyond what can be compared', () => {
    const point = (value: number, expanded: number, coverageFactor = 2) => ({
      value,
      uncertainty: { expanded, coverageFactor, coverageProbability: null },
    });
    const kelvin = (unit: string, ...rows: Result['rows']): Result => ({ ...temperatureResult(1), unit, rows });

    it('fails when a point of 1e308 \\quetta\\kelvin in one parent is to support 1500 °C with U = 1e-12 K', async () => {
      // The sensor maker's own working standard, for which it needs no accreditation.
      await hierarchy.addDevice({ id: 'endless', technician: 't-oem-a' });
      const report = { id: 'endless-r1', device: 'endless', technician: 't-oem-a', parents: ['working-a-r1'] };
      const endless = kelvin('\\quetta\\kelvin', point(0, 1), point(1e308, 1e308));
      hierarchy.addReport({ ...report, performed: '2025-05-01', results: [endless] });
      calibrate({ parents: ['endless-r1'], results: [temperatureResult(1e-12, [1500])] });
      await expect('FAILED', ['results', 'failed', /endless-r1 gives Temperature with a number that is not finite/]);
    });

    it('fails for a standard with such a point, which no accreditation covers', async () => {
      await addStandard('endless', [kelvin('\\quetta\\kelvin', point(300e-30, 1e-30), point(1e308, 1))]);
      await expect('FAILED', ['results', 'failed', /gives Temperature with a number that is not finite/], 'endless');
      await expect(
        'FAILED',
        ['scope', 'attested', /no accreditation .* covers Temperature .* at 1e\+308 QK/],
        'endless',
      );
    });

    it('fails for a sensor that gives such a point itself', async () => {
      calibrate({ parents: ['working-a-r1'], results: [kelvin('\\quetta\\kelvin', point(1e308, 1))] });
      await expect('FAILED', ['results', 'failed', /next gives Temperature with a number that is not finite/]);
    });

    it('fails for an uncertainty that is not finite after its division by k', async () => {
      calibrate({ parents: ['working-a-r1'], results: [kelvin('\\kelvin', point(300, 1, 5e-324))] });
      await expect('FAILED', ['results', 'failed', /next gives Temperature with a number that is not finite/]);
    });

    for (const [title, stated] of [
      ['zero', point(20, 0)],
      ['zero after its division by k', point(20, 1e-300, 1e300)],
    ] as const) {
      it(`supports nothing with an uncertainty that is ${title}`, async () => {
        await hierarchy.addDevice({ id: 'exact', technician: 't-oem-a' });
        const report = { id: 'exact-r1', device: 'exact', technician: 't-oem-a', parents: ['working-a-r1'] };
        hierarchy.addReport({ ...report, performed: '2025-05-01', results: [{ ...unstated(), rows: [stated] }] });
        calibrate({ parents: ['exact-r1'], results: [temperatureResult(1e-9, [20])] });
        await expect('FAILED', ['results', 'missing', /exact-r1 states no measurement uncertainty/]);
        await expect('FAILED', [
          'support',
          'failed',
          /exact-r1, Temperature at 20 °C: The row states an uncertainty of zero/,
        ]);
      });
    }

    for (const [title, factor] of [
      ['just below 1', 0.999],
      ['next to nothing', 1e-300],
    ] as const) {
      it(`is INCOMPLETE with a coverage factor ${title}, by which nothing could be compared`, async () => {
        const rows = [point(20, 1e-9 * factor, factor)];
        calibrate({ parents: ['working-a-r1'], results: [{ ...temperatureResult(1), rows }] });
        await expect('INCOMPLETE', ['results', 'missing', /next states no measurement uncertainty/]);
        await expect('INCOMPLETE', [
          'support',
          'note',
          new RegExp(`at 20 °C: The coverage factor ${factor} is below 1 or`),
        ]);
      });

      it(`supports nothing by a row with a coverage factor ${title}`, async () => {
        await hierarchy.addDevice({ id: 'odd', technician: 't-oem-a' });
        const report = { id: 'odd-r1', device: 'odd', technician: 't-oem-a', parents: ['working-a-r1'] };
        const rows = [...temperatureResult(0.5).rows, point(60, 1e-9 * factor, factor)];
        hierarchy.addReport({ ...report, performed: '2025-05-01', results: [{ ...temperatureResult(1), rows }] });
        await expect('TRACEABLE', ['support', 'note', /odd-r1, Temperature at 60 °C: The coverage factor/], 'odd');
        calibrate({ parents: ['odd-r1'], results: [temperatureResult(1e-6, [60])] });
        await expect('INCOMPLETE', ['support', 'missing', /odd-r1 states no uncertainty at this place/]);
      });
    }

    it('lets no uncertainty be interpolated over a span that is not finite', async () => {
      const huge = 1.7e308;
      await addStandard('wide', [kelvin('\\kelvin', point(-huge, 1e-12), point(huge, 1e-12))]);
      calibrate({ parents: ['wide-r1'], results: [temperatureResult(1e-9, [20])] });
      await expect('FAILED', [
        'support',
        'missing',
        /next, .* at 20 °C: Report nmi-north\/wide-r1 states no uncertainty/,
      ]);
    });
  });

  describe('of a report that says nothing', () => {
    it('is INCOMPLETE for one of a laboratory, whatever rests on it', async () => {
      await hierarchy.addDevice({ id: 'silent', technician: 't-lab-alpha' });
      const report = { id: 'silent-r1', device: 'silent', parents: ['reference-a-r1'], results: [] };
      hierarchy.addReport({ ...report, technician: 't-lab-alpha', performed: '2025-02-01' });
      await expect('INCOMPLETE', ['results', 'missing', /silent-r1 gives no results/], 'silent');
      calibrate({ parents: ['silent-r1'], results: [temperatureResult(1e-9)] });
      await expect('INCOMPLETE', ['results', 'missing', /silent-r1 gives no results/]);
    });

    it('is INCOMPLETE for what rests on values without uncertainty', async () => {
      await addStandard('vague', [unstated()]);
      calibrate({ parents: ['vague-r1'], results: [temperatureResult(1e-9)] });
      await expect('INCOMPLETE', ['results', 'missing', /vague-r1 states no measurement uncertainty/]);
    });

    it('is INCOMPLETE where the uncertainty is stated elsewhere than where it is needed', async () => {
      await addStandard('partly', [temperatureResult(1e-3, [0]), unstated([20, 100])]);
      calibrate({ parents: ['partly-r1'], results: [temperatureResult(0.01, [50])] });
      await expect('INCOMPLETE', ['support', 'missing', /next, Temperature at 50 °C: No reference was calibrated/]);
      const rows = [...temperatureResult(1e-3, [0, 20]).rows, ...unstated([100]).rows];
      await addStandard('partly-too', [{ ...temperatureResult(1), rows }]);
      calibrate({ parents: ['partly-too-r1'], results: [temperatureResult(0.01, [50])] });
      await expect('INCOMPLETE', ['support', 'missing', /partly-too-r1 states no uncertainty at this place/]);
    });

    it('spoils nothing where another result of the same kind states an uncertainty', async () => {
      await addStandard('partly', [temperatureResult(1e-3), unstated([20, 100])]);
      calibrate({ parents: ['partly-r1'], results: [temperatureResult(0.01, [50])] });
      await expect('TRACEABLE');
    });

    it("is INCOMPLETE for the sensor maker's own sensor, too, on which nothing rests", async () => {
      calibrate({ parents: ['working-a-r1'], results: [unstated()] });
      await expect('INCOMPLETE', ['results', 'missing', /next states no measurement uncertainty/]);
      await hierarchy.addDevice({ id: 'silent', technician: 't-oem-a', kind: 'field' });
      calibrate({ id: 'silent-r1', device: 'silent', parents: ['working-a-r1'], results: [] });
      await expect('INCOMPLETE', ['results', 'missing', /silent-r1 gives no results/], 'silent');
    });

    it('takes the place of no earlier report of the device', async () => {
      calibrate({ parents: ['working-a-r1'], results: [] });
      await expect('TRACEABLE');
    });

    it('is INCOMPLETE for the quantity asked about, if only another one has an uncertainty', async () => {
      const results = [temperatureResult(0.5), { ...mass(1, 1), rows: [{ value: 1, uncertainty: null }] }];
      calibrate({ parents: ['working-a-r1'], results });
      const bare = /next states no measurement uncertainty of mass/;
      await expect('TRACEABLE', ['results', 'note', bare]);
      const { status, reason } = await hierarchy.trace('sensor-a', { quantity: 'mass' });
      assert.equal(status, 'INCOMPLETE');
      assert.match(reason, /next states no measurement uncertainty/);
      assert.equal((await hierarchy.trace('sensor-a', { quantity: 'temperature' })).status, 'TRACEABLE');
    });
  });

  describe('of standards that calibrate themselves', () => {
    it('fails for a report that rests on an earlier one of the same device', async () => {
      addOwn('again', 'working-a', ['working-a-r1'], '2025-03-01');
      calibrate({ parents: ['again'] });
      const reason =
        /working-a would calibrate itself: its calibration rests on report lab-alpha\/working-a-r1, which is its own/;
      await expect('FAILED', ['self-calibration', 'failed', reason]);
    });

    it('fails round about, too', async () => {
      await hierarchy.addDevice({ id: 'other', technician: 't-lab-alpha' });
      addOwn('other-r1', 'other', ['working-a-r1'], '2025-03-01');
      addOwn('again', 'working-a', ['other-r1'], '2025-04-01');
      calibrate({ parents: ['again'] });
      await expect('FAILED', ['self-calibration', 'failed', /working-a would calibrate itself/]);
    });

    it('fails where the way back was walked before, from elsewhere', async () => {
      await hierarchy.addDevice({ id: 'other', technician: 't-lab-alpha' });
      addOwn('other-r1', 'other', ['working-a-r1'], '2025-03-01');
      addOwn('again', 'working-a', ['other-r1'], '2025-04-01');
      calibrate({ parents: ['other-r1', 'again'] });
      const reason =
        /working-a would calibrate itself: its calibration rests on report lab-alpha\/other-r1, which rests on it/;
      await expect('FAILED', ['self-calibration', 'failed', reason]);
    });

    it('does not mind a device that calibrates twice on different ways', async () => {
      await hierarchy.addDevice({ id: 'other', technician: 't-lab-alpha' });
      addOwn('other-r1', 'other', ['reference-a-r1'], '2025-03-01');
      calibrate({ parents: ['working-a-r1', 'other-r1'], results: [temperatureResult(0.5)] });
      await expect('TRACEABLE');
    });
  });

  describe('of a sensor maker without accreditation', () => {
    const calibrated = async (id: string, maker: string, owner: string, kind: 'standard' | 'field') => {
      await hierarchy.addDevice({ id, technician: `t-${maker}`, kind, owner });
      const report = { id: `${id}-r1`, device: id, technician: 't-oem-a', performed: '2025-06-01' };
      hierarchy.addReport({ ...report, parents: ['working-a-r1'] });
    };

    it('holds for what it makes, whoever owns it, and for what it owns, whoever made it', async () => {
      await calibrated('sold', 'oem-a', 'lab-alpha', 'field');
      await expect('TRACEABLE', undefined, 'sold');
      await calibrated('own', 'oem-a', 'oem-a', 'standard');
      await expect('TRACEABLE', undefined, 'own');
      await calibrated('bought', 'oem-b', 'oem-a', 'field');
      await expect('TRACEABLE', undefined, 'bought');
    });

    for (const kind of ['standard', 'field'] as const) {
      it(`is INCOMPLETE for anybody else's ${kind} device, unless it is accredited for it`, async () => {
        await calibrated('foreign', 'oem-b', 'oem-b', kind);
        await expect('INCOMPLETE', ['scope', 'missing', /oem-a had no accreditation on 2025-06-01/], 'foreign');
        hierarchy.accredit('oem-a', [temperatureScope()]);
        await expect('TRACEABLE', undefined, 'foreign');
      });
    }
  });
});
