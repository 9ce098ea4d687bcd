import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

const uses = (count: number): Support['uses'] =>
  Array.from({ length: count }, (_, source) => ({ source, role: 'reference' as const }));

const group = (count: number): Support => ({ method: 'group', uses: uses(count) });

/** 10 V with a standard uncertainty in microvolts. */
const tenVolt = (u: number, support?: Support): Result => resultOf('dc-voltage', [[10, u * 1e-6]], support);

describe('Standards that depend on the same calibration', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  /** A standard of the sensor maker that it calibrated itself. */
  const own = async (id: string, parents: readonly string[], result: Result, performed = '2025-03-01') => {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed, parents: [...parents] };
    workshop.hierarchy.addReport({ ...report, results: [result] });
    return `${id}-r`;
  };
  const status = async (id: string, parents: readonly string[], result: Result) => {
    await workshop.device(id, { parents: [...parents], results: [result] });
    return (await workshop.outcome(id)).split(':')[0];
  };

  it('are no better together than it is', async () => {
    const root = await workshop.standard('root', tenVolt(2));
    const four: string[] = [];
    for (const id of ['a', 'b', 'c', 'd']) four.push(await own(id, [root], tenVolt(2.1)));
    assert.equal(await status('gain', four, tenVolt(1.3, group(4))), 'FAILED');
    assert.equal(await status('honest', four, tenVolt(2, group(4))), 'TRACEABLE');
    assert.equal(await status('silent', four, tenVolt(1.3)), 'FAILED');
  });

  it('are better together where they rest on different ones', async () => {
    const roots = [await workshop.standard('r1', tenVolt(2)), await workshop.standard('r2', tenVolt(2))];
    const apart = [await own('a', [roots[0]!], tenVolt(2.1)), await own('b', [roots[1]!], tenVolt(2.1))];
    assert.equal(await status('two', apart, tenVolt(1.5, group(2))), 'TRACEABLE');
    const both = [await own('g', roots, tenVolt(1.5, group(2))), await own('h', roots, tenVolt(1.5, group(2)))];
    assert.equal(await status('honest', both, tenVolt(1.45, group(2))), 'TRACEABLE');
    assert.equal(await status('gain', both, tenVolt(1.1, group(2))), 'FAILED');
  });

  it('share what lies between them and the institute, at whatever level', async () => {
    const root = await workshop.standard('root', tenVolt(0.1));
    const middle = await own('m', [root], tenVolt(2));
    const lower = await own('n', [middle], tenVolt(2.1), '2025-03-10');
    const members = [
      await own('a', [middle], tenVolt(2.1), '2025-04-01'),
      await own('b', [lower], tenVolt(2.2), '2025-04-01'),
      await own('c', [lower], tenVolt(2.2), '2025-04-01'),
    ];
    assert.equal(await status('gain', members, tenVolt(1.4, group(3))), 'FAILED');
    assert.equal(await status('honest', members, tenVolt(2, group(3))), 'TRACEABLE');
    assert.equal(await status('itself', [middle, members[0]!], tenVolt(1.5, group(2))), 'FAILED');
  });

  it('share the relative uncertainty of what they were scaled from', async () => {
    const root = await workshop.standard('root', resultOf('resistance', [[10, 1e-6]]));
    const scaled: Support = { method: 'scaled', uses: uses(1) };
    const hundred = (u: number, support: Support) => resultOf('resistance', [[100, u]], support);
    const members: string[] = [];
    for (const id of ['a', 'b', 'c', 'd']) members.push(await own(id, [root], hundred(1.05e-5, scaled)));
    assert.equal(await status('gain', members, hundred(6e-6, group(4))), 'FAILED');
    assert.equal(await status('honest', members, hundred(1e-5, group(4))), 'TRACEABLE');
  });

  it('are interpolated with what they share', async () => {
    const thermometer = (rows: readonly (readonly [number, number])[], support?: Support): Result => ({
      name: 'Temperature',
      quantity: 'temperature',
      unit: '\\degreecelsius',
      rows: rows.map(([value, u]) => ({
        value,
        uncertainty: { expanded: 2 * u, coverageFactor: 2, coverageProbability: 0.95 },
      })),
      ...(support && { support }),
    });
    const interpolated = (count: number): Support => ({ method: 'interpolated', uses: uses(count) });
    const root = await workshop.standard('root', thermometer([[0, 0.01], [100, 0.01]])); // prettier-ignore
    const at = (u: number, count: number) => thermometer([[50, u]], interpolated(count));
    assert.equal(await status('one', [root], at(0.0075, 1)), 'FAILED');
    assert.equal(await status('linear', [root], at(0.01, 1)), 'TRACEABLE');
    const cells = [await own('cold', [root], thermometer([[0, 0.01]])), await own('hot', [root], thermometer([[100, 0.01]]))]; // prettier-ignore
    assert.equal(await status('gain', cells, at(0.0075, 2)), 'FAILED');
    assert.equal(await status('honest', cells, at(0.01, 2)), 'TRACEABLE');
    const apart = [await workshop.standard('c1', thermometer([[0, 0.01]])), await workshop.standard('c2', thermometer([[100, 0.01]]))]; // prettier-ignore
    assert.equal(await status('apart', apart, at(0.0075, 2)), 'TRACEABLE');
  });

  it('share it also through another kind with an exact relation, and under an amended report', async () => {
    const root = await workshop.standard('root', resultOf('resistance', [[10, 1e-6]]));
    const members: string[] = [];
    for (const id of ['a', 'b', 'c', 'd']) members.push(await own(id, [root], resultOf('resistance', [[10, 1e-6]])));
    const siemens = (u: number): Result => ({
      ...resultOf('resistance', [[0.1, u]], group(4)),
      name: 'Conductance',
      quantity: 'conductance',
      unit: '\\siemens',
    });
    await workshop.hierarchy.addTechnician({ id: 'g-oem-a', organisation: 'oem-a', quantities: ['conductance'] });
    const device = async (id: string, u: number) => {
      await workshop.device(id, { parents: members, technician: 'g-oem-a', results: [siemens(u)] });
      return (await workshop.outcome(id)).split(':')[0];
    };
    assert.equal(await device('gain', 6e-9), 'FAILED');
    assert.equal(await device('honest', 1e-8), 'TRACEABLE');
  });

  it('share it whatever method they declare', async () => {
    const root = await workshop.standard('root', tenVolt(2));
    const input = (more: Partial<Support['uses'][number]>): Support['uses'] => [{ source: 0, role: 'input', ...more }];
    const one = { sensitivity: { values: [1], unit: '\\one' } };
    for (const [name, support] of [
      ['sum', { method: 'sum', uses: input({}) }],
      ['general', { method: 'general', uses: input(one) }],
      ['product', { method: 'product', uses: input({ exponent: 1 }) }],
      ['scaled', { method: 'scaled', uses: uses(1) }],
    ] as const) {
      const members: string[] = [];
      for (const id of ['a', 'b', 'c', 'd']) members.push(await own(`${id}-${name}`, [root], tenVolt(2.1, support)));
      assert.equal(await status(`gain-${name}`, members, tenVolt(1.3, group(4))), 'FAILED', name);
      assert.equal(await status(`honest-${name}`, members, tenVolt(2, group(4))), 'TRACEABLE', name);
    }
  });

  it('share the inputs that they are computed from, all or some of them', async () => {
    const volt = await workshop.standard('volt', resultOf('dc-voltage', [[10, 2e-5]]));
    const ohms: string[] = [];
    for (const id of ['o0', 'o1', 'o2', 'o3'])
      ohms.push(await workshop.standard(id, resultOf('resistance', [[10, 1e-6]])));
    const ohm: Support = {
      method: 'product',
      uses: [
        { source: 0, role: 'input', exponent: 1, at: [10] },
        { source: 1, role: 'input', exponent: -1, at: [10] },
      ],
    };
    const ampere = (u: number, support: Support) => resultOf('dc-current', [[1, u * 1e-6]], support);
    const members: string[] = [];
    for (const [place, id] of ['a', 'b', 'c', 'd'].entries()) {
      members.push(await own(id, [volt, ohms[place]!], ampere(2.1, ohm)));
    }
    assert.equal(await status('gain', members, ampere(1.3, group(4))), 'FAILED');
    assert.equal(await status('honest', members, ampere(2.05, group(4))), 'TRACEABLE');
    const below: string[] = [];
    for (const [place, id] of ['e', 'f', 'g', 'h'].entries()) {
      below.push(await own(id, [members[place]!], ampere(2.2, { method: 'direct', uses: uses(1) }), '2025-04-01'));
    }
    assert.equal(await status('below', below, ampere(1.3, group(4))), 'FAILED');
  });
});
