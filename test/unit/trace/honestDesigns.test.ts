import assert from 'node:assert/strict';
import { kindNamed } from '@tracecal/core/model';
import type { Argument, Result, Support } from '@tracecal/core/model';
import { cmcOf, temperatureScope } from '../../support/hierarchy.js';
import { Workshop } from '../../support/workshop.js';

type Use = Support['uses'][number];

const UNITS = {
  mass: '\\kilogram',
  area: '\\metre\\tothe{2}',
  'gravitational-acceleration': '\\metre\\per\\second\\tothe{2}',
  pressure: '\\pascal',
  'gauge-pressure': '\\pascal',
  force: '\\newton',
  torque: '\\newton\\metre',
  length: '\\metre',
  wavelength: '\\metre',
  'dc-voltage': '\\volt',
  'ac-voltage': '\\volt',
  'voltage-ratio': '\\one',
  temperature: '\\degreecelsius',
  'temperature-difference': '\\kelvin',
  'dew-point': '\\degreecelsius',
  'relative-humidity': '\\percent',
  frequency: '\\hertz',
  'microphone-sensitivity-level': '\\decibel',
  'sound-pressure-level': '\\decibel',
  'voltage-level': '\\decibel',
  'time-interval': '\\second',
  density: '\\kilogram\\metre\\tothe{-3}',
  'volume-flow': '\\metre\\tothe{3}\\per\\second',
  'gauge-block-length': '\\metre',
} as const;
type Kind = keyof typeof UNITS;
type Row = readonly [value: number, u: number, at?: number];

function result(quantity: Kind, rows: readonly Row[], support?: Support, argument?: Argument): Result {
  return {
    name: quantity,
    quantity,
    unit: UNITS[quantity],
    ...(argument && { arguments: [argument] }),
    rows: rows.map(([value, u, at]) => ({
      value,
      ...(at !== undefined && { at: [at] }),
      uncertainty: { expanded: 2 * u, coverageFactor: 2, coverageProbability: 0.95 },
    })),
    ...(support && { support }),
  };
}

const hertz: Argument = { role: 'physical', name: 'Frequency', quantity: 'frequency', unit: '\\hertz' };
const input = (source: number, more: Partial<Use> = {}): Use => ({ source, role: 'input', ...more });
const c = (value: number, unit = '\\one'): Partial<Use> => ({ sensitivity: { values: [value], unit } });

describe('An honest laboratory', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
    const { hierarchy } = workshop;
    const quantities = Object.keys(UNITS).filter((kind) => kindNamed(kind));
    for (const organisation of ['nmi-north', 'oem-a']) {
      await hierarchy.addTechnician({ id: `every-${organisation}`, organisation, quantities });
    }
    hierarchy.accredit(
      'nmi-north',
      Object.entries(UNITS).map(([quantity, unit]) =>
        temperatureScope({ quantity, unit, min: -1e12, max: 1e12, cmc: cmcOf(1e-30) }),
      ),
    );
  });

  /** Calibrated by the institute. */
  const standard = async (id: string, ...results: readonly Result[]) => {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 'every-nmi-north', performed: '2025-02-01' };
    workshop.hierarchy.addReport({ ...report, results });
    return `${id}-r`;
  };
  const own = async (id: string, parents: readonly string[], of: Result, performed = '2025-03-01') => {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
    const report = { id: `${id}-r`, device: id, technician: 'every-oem-a', performed, parents: [...parents] };
    workshop.hierarchy.addReport({ ...report, results: [of] });
    return `${id}-r`;
  };
  let count = 0;
  const status = async (parents: readonly string[], of: Result) => {
    const id = `device-${(count += 1)}`;
    await workshop.device(id, { parents: [...parents], technician: 'every-oem-a', results: [of] });
    return (await workshop.outcome(id)).split(':')[0];
  };

  it('subdivides a kilogram, with a check standard', async () => {
    const kilogram = await standard('one-kilogram', result('mass', [[1, 7.5e-9]]));
    const check = await standard('check', result('mass', [[0.5, 1e-8]]));
    const uses: Use[] = [{ source: 0, role: 'reference', at: [1] }, { source: 1, role: 'check' }]; // prettier-ignore
    const half = (u: number) => result('mass', [[0.5, u]], { method: 'scaled', uses });
    assert.equal(await status([kilogram, check], half(5e-9)), 'TRACEABLE');
    const halves = [await own('h1', [kilogram, check], half(5e-9)), await own('h2', [kilogram, check], half(5e-9))];
    const both = (u: number) =>
      result('mass', [[1, u]], { method: 'sum', uses: [input(0, { at: [0.5] }), input(1, { at: [0.5] })] });
    assert.equal(await status(halves, both(1e-8)), 'TRACEABLE');
    assert.equal(await status(halves, both(5.4e-9)), 'FAILED');
  });

  it('realises a pressure by masses on a piston', async () => {
    const masses = await standard('masses', result('mass', [[1, 2e-6], [20, 4e-5]])); // prettier-ignore
    const piston = await standard('piston', result('area', [[1e-4, 1.5e-9]]));
    const gravity = await standard('gravity', result('gravitational-acceleration', [[9.81, 1e-6]]));
    const pressure = (u: number) =>
      result('pressure', [[981_000, u], [1_962_000, 2 * u]], {
        method: 'product',
        uses: [input(0, { exponent: 1, at: [10, 20] }), input(1, { exponent: -1, at: [1e-4] }), input(2, { exponent: 1, at: [9.81] })],
      }); // prettier-ignore
    assert.equal(await status([masses, piston, gravity], pressure(20)), 'TRACEABLE');
    assert.equal(await status([masses, piston, gravity], pressure(10)), 'FAILED');
  });

  it('divides a voltage', async () => {
    const zener = await standard('zener', result('dc-voltage', [[10, 1e-6]]));
    const divider = await standard('divider', result('voltage-ratio', [[0.1, 5e-9]]));
    const uses: Use[] = [{ source: 0, role: 'reference', at: [10] }, { source: 1, role: 'ratio', at: [0.1] }]; // prettier-ignore
    assert.equal(
      await status([zener, divider], result('dc-voltage', [[1, 1.2e-7]], { method: 'scaled', uses })),
      'TRACEABLE',
    );
  });

  it('compares a thermometer, with a drift of its own', async () => {
    const two = [await standard('t1', result('temperature', [[0, 0.005], [100, 0.005]])), await standard('t2', result('temperature', [[0, 0.005], [100, 0.005]]))]; // prettier-ignore
    const support: Support = {
      method: 'direct',
      uses: two.map((_, source) => ({ source, role: 'reference' })),
      own: [{ name: 'drift', share: 0.01 }],
    };
    const rows: readonly Row[] = [[0, 0.01], [50, 0.01], [100.5, 0.01]]; // prettier-ignore
    assert.equal(await status(two, result('temperature', rows, support)), 'TRACEABLE');
    const members = [
      await own('p', two, result('temperature', rows, support)),
      await own('q', two, result('temperature', rows, support)),
    ];
    const difference = (u: number) =>
      result('temperature-difference', [[0, u]], {
        method: 'general',
        uses: [
          input(0, { quantity: 'temperature', at: [50], ...c(1) }),
          input(1, { quantity: 'temperature', at: [50], ...c(-1) }),
        ],
      });
    assert.equal(await status(members, difference(0.0142)), 'TRACEABLE');
  });

  it('measures gauge blocks by interferometry, and by comparison', async () => {
    const laser = await standard('laser', result('wavelength', [[633e-9, 633e-9 * 1e-9]]));
    const thermometer = await standard('thermometer', result('temperature', [[19, 0.002], [21, 0.002]])); // prettier-ignore
    const block = (u: number) =>
      result('gauge-block-length', [[0.1, u]], {
        method: 'general',
        uses: [
          input(0, { quantity: 'wavelength', at: [633e-9], ...c(0.1 / 633e-9) }),
          input(1, { quantity: 'temperature', at: [20], ...c(1.15e-6, '\\metre\\per\\kelvin') }),
        ],
      });
    assert.equal(await status([laser, thermometer], block(1.2e-8)), 'TRACEABLE');
    assert.equal(await status([laser, thermometer], block(1e-9)), 'FAILED');
    const reference = await own('block', [laser, thermometer], block(1.2e-8));
    assert.equal(await status([reference], result('gauge-block-length', [[0.1, 2.5e-8]])), 'TRACEABLE');
  });

  it('generates a humidity from a dew point and a temperature', async () => {
    const mirror = await standard('mirror', result('dew-point', [[-20, 0.1], [20, 0.1]])); // prettier-ignore
    const probe = await standard('probe', result('temperature', [[0, 0.05], [50, 0.05]])); // prettier-ignore
    const humidity = (u: number) =>
      result('relative-humidity', [[50, u]], {
        method: 'general',
        uses: [
          input(0, { quantity: 'dew-point', at: [12], ...c(3.3, '\\percent\\per\\kelvin') }),
          input(1, { quantity: 'temperature', at: [23], ...c(-3.02, '\\percent\\per\\kelvin') }),
        ],
      });
    assert.equal(await status([mirror, probe], humidity(0.5)), 'TRACEABLE');
    assert.equal(await status([mirror, probe], humidity(0.3)), 'FAILED');
  });

  it('realises a torque by a force on a lever', async () => {
    const force = await standard('force', result('force', [[200, 0.02]]));
    const lever = await standard('lever', result('length', [[0.5, 2.5e-5]]));
    const torque = (u: number) =>
      result('torque', [[100, u]], {
        method: 'product',
        uses: [input(0, { exponent: 1, at: [200] }), input(1, { exponent: 1, at: [0.5] })],
      });
    assert.equal(await status([force, lever], torque(0.02)), 'TRACEABLE');
  });

  it('takes its frequency from satellites', async () => {
    const clock = await standard('clock', result('frequency', [[1e7, 1e-6]]));
    const scaled: Support = { method: 'scaled', uses: [{ source: 0, role: 'reference', at: [1e7] }] };
    assert.equal(await status([clock], result('frequency', [[1e7, 2e-6]])), 'TRACEABLE');
    assert.equal(await status([clock], result('frequency', [[1e6, 2e-7]], scaled)), 'TRACEABLE');
  });

  it('measures a sound pressure level by the sensitivity of a microphone', async () => {
    const microphone = await standard('microphone', result('microphone-sensitivity-level', [[-26, 0.03, 250], [-26.1, 0.04, 1000]], undefined, hertz)); // prettier-ignore
    const voltmeter = await standard('voltmeter', result('voltage-level', [[-60, 0.01], [20, 0.01]])); // prettier-ignore
    const level = (u: number) =>
      result('sound-pressure-level', [[94, u, 1000]], {
        method: 'general',
        uses: [
          input(0, { quantity: 'microphone-sensitivity-level', at: [1000], ...c(-1) }),
          input(1, { quantity: 'voltage-level', at: [-26], ...c(1) }),
        ],
      }, hertz); // prettier-ignore
    assert.equal(await status([microphone, voltmeter], level(0.05)), 'TRACEABLE');
    assert.equal(await status([microphone, voltmeter], level(0.03)), 'FAILED');
  });

  it('measures a flow by weighing', async () => {
    const balance = await standard('balance', result('mass', [[1, 1e-4], [100, 2e-3]])); // prettier-ignore
    const timer = await standard('timer', result('time-interval', [[1, 1e-4], [1000, 1e-3]])); // prettier-ignore
    const water = await standard('water', result('density', [[998, 0.02]]));
    const flow = (u: number) =>
      result('volume-flow', [[50 / 998 / 100, u]], {
        method: 'product',
        uses: [
          input(0, { exponent: 1, at: [50] }),
          input(1, { exponent: -1, at: [100] }),
          input(2, { exponent: -1, at: [998] }),
        ],
      });
    assert.equal(await status([balance, timer, water], flow(2.5e-8)), 'TRACEABLE');
    assert.equal(await status([balance, timer, water], flow(1.3e-8)), 'FAILED');
  });
});
