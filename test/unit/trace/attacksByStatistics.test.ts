import assert from 'node:assert/strict';
import type { Result, Row } from '@tracecal/core/model';
import { cmcOf, paperParent, temperatureScope } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

type Stated = readonly [value: number, expanded: number, k?: number, p?: number];

function stated(quantity: string, unit: string, rows: readonly Stated[]): Result {
  return {
    name: quantity,
    quantity,
    unit,
    rows: rows.map(([value, expanded, k = 2, p = 0.95]): Row => {
      return { value, uncertainty: { expanded, coverageFactor: k, coverageProbability: p } };
    }),
  };
}

const volts = (...rows: readonly Stated[]) => stated('dc-voltage', '\\volt', rows);
const celsius = (...rows: readonly Stated[]) => stated('temperature', '\\degreecelsius', rows);

describe('A coverage factor that no number of measurements explains', () => {
  let workshop: Workshop;
  let reference: string;

  beforeEach(async () => {
    workshop = await Workshop.open();
    reference = await workshop.standard('ref', resultOf('dc-voltage', [[0, 1e-6], [10, 1e-6]])); // prettier-ignore
  });

  /** A standard of the sensor maker. */
  async function working(id: string, ...results: readonly Result[]): Promise<void> {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed: '2025-05-01' };
    workshop.hierarchy.addReport({ ...report, parents: [reference], results });
  }

  const statusOf = async (id: string) => (await workshop.hierarchy.trace(id)).status;

  /** By a laboratory with a CMC of 1 mV, and a device calibrated with it. */
  async function atLaboratory(id: string, ...rows: readonly Stated[]): Promise<void> {
    const { hierarchy } = workshop;
    const scope = { quantity: 'dc-voltage', unit: '\\volt', min: 0, max: 10, cmc: cmcOf(1e-3) };
    hierarchy.accredit('lab-alpha', [temperatureScope(scope)]);
    await hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 'all-lab-alpha', performed: '2025-03-01' };
    hierarchy.addReport({ ...report, parents: [reference], results: [volts(...rows)] });
  }

  it('supports nothing', async () => {
    await working('kk', volts([1, 0.1, 1e5]));
    await workshop.device('d', { parents: ['kk-r'], results: [volts([1, 4e-6])] });
    assert.equal(await statusOf('kk'), 'INCOMPLETE');
    assert.equal(await statusOf('d'), 'INCOMPLETE');
  });

  for (const [p, most] of [
    [0.95, 13.97],
    [0.9545, 13.97],
    [0.99, 63.7],
    [0.9973, 235.8],
    [1, 235.8],
  ] as const) {
    // prettier-ignore
    it(`begins above that of two readings: ${most} at p = ${p}`, async () => {
      await workshop.device('in', { parents: [reference], results: [volts([1, 4e-6 * most, most, p])] });
      await workshop.device('out', { parents: [reference], results: [volts([1, 5e-6 * most, 1.1 * most, p])] });
      assert.equal(await statusOf('in'), 'TRACEABLE');
      assert.equal(await statusOf('out'), 'INCOMPLETE');
    });
  }

  it('does not lift an uncertainty above a CMC', async () => {
    await atLaboratory('far', [1, 1e-3, 1000]);
    await workshop.device('d', { parents: ['far-r'], results: [volts([1, 4e-6])] });
    assert.equal(await statusOf('far'), 'INCOMPLETE');
    assert.equal(await statusOf('d'), 'INCOMPLETE');
  });

  for (const [what, k, p] of [
    ['one degree of freedom', 12.7, 0.95],
    ['a larger probability', 235, 0.9973],
  ] as const) {
    // prettier-ignore
    it(`does not lift an uncertainty above a CMC by ${what}`, async () => {
      await atLaboratory('two', [1, 1.6e-3, k, p]);
      assert.equal(await statusOf('two'), 'FAILED');
    });
  }

  it('may be that of few degrees of freedom, as U is stated then', async () => {
    await atLaboratory('few', [1, 1e-3, 3.18]);
    assert.equal(await statusOf('few'), 'TRACEABLE');
  });

  it('does not carry a single temperature to another', async () => {
    reference = await workshop.standard('tp', celsius([0.01, 0.002]));
    await working('far', celsius([500, 500, 5e5]));
    await working('near', celsius([0.5, 0.6, 13]));
    await workshop.device('d', { parents: ['far-r'], results: [celsius([500, 0.002])] });
    for (const id of ['far', 'near', 'd']) {
      assert.equal(await statusOf(id), 'INCOMPLETE', id);
    }
  });

  it('does not hide a stated pass outside its limits', async () => {
    const conformity: NonNullable<Result['conformity']> = {
      of: 'value',
      limits: { kind: 'tolerance', lower: [0], upper: [1] },
      stated: ['pass'],
    };
    for (const [id, expanded, k, status] of [
      ['a', 1, 1e5, 'INCOMPLETE'],
      ['b', 1, 13, 'FAILED'],
      ['c', 2e-5, 2, 'FAILED'],
    ] as const) {
      await workshop.device(id, { parents: [reference], results: [{ ...volts([1.5, expanded, k]), conformity }] });
      assert.equal(await statusOf(id), status, id);
    }
  });

  it('does not let a single temperature replace a report of others', async () => {
    const { hierarchy } = workshop;
    const point = await workshop.standard('tp', celsius([0, 0.002], [250, 0.002]));
    await workshop.device('d', { parents: [point], results: [celsius([0, 0.01], [250, 0.01])] });
    for (const [id, k, performed] of [
      ['e', 1e5, '2025-06-02'],
      ['f', 13, '2025-06-03'],
    ] as const) {
      // prettier-ignore
      const report = { id, device: 'd', technician: 'all-oem-a', performed, parents: [point] };
      hierarchy.addReport({ ...report, results: [celsius([20, 240, k])] });
    }
    hierarchy.addStatement('revocation', ['report', 'd-r'], { reason: 'fraud' });
    assert.equal((await hierarchy.trace('d', { at: { value: 250, arguments: [] } })).status, 'FAILED');
  });

  it('does not say where a device was calibrated', async () => {
    const point = await workshop.standard('tp', celsius([0, 0.002], [250, 0.002]));
    await workshop.device('d', { parents: [point], results: [celsius([20, 10, 13])] });
    const at = (value: number) => workshop.outcome('d', { at: { value, arguments: [] } });
    assert.match(await at(21), /^TRACEABLE/);
    assert.match(await at(29), /^INCOMPLETE/);
  });

  it('supports nothing on paper either', async () => {
    for (const [id, coverageFactor, status] of [
      ['a', 2, 'ATTESTED'],
      ['b', 1e5, 'INCOMPLETE'],
    ] as const) {
      // prettier-ignore
      const uncertainty = { expanded: 1e-6 * coverageFactor, coverageFactor, coverageProbability: 0.95 };
      const paper = paperParent('K-9', [{ quantity: 'dc-voltage', unit: '\\volt', min: 0, max: 10, uncertainty }]);
      await workshop.device(id, { parents: [paper], results: [volts([1, 4e-6])] });
      assert.equal(await statusOf(id), status);
    }
  });
});

const FREQUENCY = { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' } as const;

describe('A setting', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const volt = (
    argument: NonNullable<Result['arguments']>[number],
    at: number,
    u: number,
    quantity = 'ac-voltage',
  ) => ({
    ...stated(quantity, '\\volt', [[1, u]]),
    arguments: [
      { name: 'temperature', role: 'physical' as const, quantity: 'temperature', unit: '\\degreecelsius' },
      argument,
    ],
    rows: [{ ...stated(quantity, '\\volt', [[1, u]]).rows[0]!, at: [23, at] }],
  });

  it('does not hide at which frequency a voltage was measured', async () => {
    const standard = await workshop.standard('s', volt(FREQUENCY, 50, 2e-6));
    const setting = { ...FREQUENCY, role: 'setting' } as const;
    for (const [id, argument, at, status] of [
      ['physical', FREQUENCY, 1e6, 'INCOMPLETE'],
      ['setting', setting, 1e6, 'INCOMPLETE'],
      ['renamed', { ...setting, name: 'mode' }, 1e6, 'INCOMPLETE'],
      ['same', setting, 50, 'TRACEABLE'],
    ] as const) {
      await workshop.device(id, { parents: [standard], results: [volt(argument, at, 4e-6)] });
      assert.equal((await workshop.hierarchy.trace(id)).status, status, id);
    }
  });

  it('of the kind of the value is a range, and is not compared', async () => {
    const range = { name: 'range', role: 'setting', quantity: 'ac-voltage', unit: '\\volt' } as const;
    const nominal = { ...range, name: 'nominal', role: 'physical' } as const;
    const standard = await workshop.standard('s', volt(nominal, 1, 2e-6));
    await workshop.device('d', { parents: [standard], results: [volt(range, 200, 4e-6)] });
    assert.equal((await workshop.hierarchy.trace('d')).status, 'TRACEABLE');
  });
});
