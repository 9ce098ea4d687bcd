import assert from 'node:assert/strict';
import type { Parent, Result, Support } from '@tracecal/core/model';
import { paperParent } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

type Use = Support['uses'][number];

const references = (count: number): Support['uses'] =>
  Array.from({ length: count }, (_, source) => ({ source, role: 'reference' as const }));
const direct = (count: number): Support => ({ method: 'direct', uses: references(count) });
const group = (count: number): Support => ({ method: 'group', uses: references(count) });
const c = (...values: readonly number[]): Partial<Use> => ({ sensitivity: { values, unit: '\\one' } });
const inputs = (count: number, more: Partial<Use>): Support['uses'] =>
  Array.from({ length: count }, (_, source) => ({ source, role: 'input' as const, at: [1], ...more }));
const mean = (count: number): Support => ({ method: 'sum', uses: inputs(count, c(1 / count)) });

/** Kilograms, with a standard uncertainty in milligrams. */
const mass = (kilograms: number, milligrams: number, support?: Support): Result =>
  resultOf('mass', [[kilograms, milligrams * 1e-6]], support);

describe('An insider who wants a smaller uncertainty than their standards give', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const own = async (id: string, parents: readonly (string | Parent)[], result: Result, performed = '2025-03-01') => {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed, parents: [...parents] };
    workshop.hierarchy.addReport({ ...report, results: [result] });
    return `${id}-r`;
  };
  let count = 0;
  const status = async (parents: readonly (string | Parent)[], result: Result) => {
    const id = `device-${(count += 1)}`;
    await workshop.device(id, { parents: [...parents], results: [result] });
    return (await workshop.outcome(id)).split(':')[0];
  };
  const many = (length: number, make: (place: number) => Promise<string>) =>
    Promise.all(Array.from({ length }, (_, place) => make(place)));

  it('cannot hide what standards have in common by comparing each of them with two', async () => {
    const roots = [await workshop.standard('r1', mass(1, 1)), await workshop.standard('r2', mass(1, 1))];
    const eight = await many(8, (place) => own(`m${place}`, roots, mass(1, 1, direct(2))));
    assert.equal(await status(eight, mass(1, 0.36, mean(8))), 'FAILED', 'sum');
    assert.equal(await status(eight, mass(1, 0.36, group(8))), 'FAILED', 'group');
    assert.equal(await status(eight, mass(1, 0.8, mean(8))), 'TRACEABLE');
    assert.equal(await status(eight, mass(1, 0.8, group(8))), 'TRACEABLE');
  });

  it('cannot let the errors of a mean cancel by the sign of a sensitivity', async () => {
    const root = await workshop.standard('root', mass(1, 1));
    const eight = await many(8, (place) =>
      own(`m${place}`, [root], mass(1, 1, { method: 'general', uses: inputs(1, c(place % 2 === 0 ? 1 : -1)) })),
    );
    assert.equal(await status(eight, mass(1, 0.36, group(8))), 'FAILED');
    assert.equal(await status(eight, mass(1, 0.72, group(8))), 'FAILED');
    assert.equal(await status(eight, mass(1, 1, group(8))), 'TRACEABLE');
  });

  it('cannot take one certificate for two by an exact relation', async () => {
    const uncertainty = { expanded: 0.002, coverageFactor: 2, coverageProbability: 0.95 };
    const paper = paperParent('K-7', [{ quantity: 'frequency', unit: '\\hertz', min: 900, max: 1100, uncertainty }]);
    const both = (u: number): Result =>
      resultOf('frequency', [[1000, u]], {
        method: 'general',
        uses: [
          {
            source: 0,
            role: 'input',
            quantity: 'frequency',
            at: [1000],
            sensitivity: { values: [0.5], unit: '\\one' },
          },
          {
            source: 0,
            role: 'input',
            quantity: 'period',
            at: [0.001],
            sensitivity: { values: [-5e5], unit: '\\hertz\\tothe{2}' },
          },
        ],
      });
    assert.equal(await status([paper], both(0.00072)), 'FAILED');
    assert.equal(await status([paper], both(0.001)), 'ATTESTED');
    const root = await workshop.standard('root', resultOf('frequency', [[900, 0.001], [1000, 0.001]])); // prettier-ignore
    assert.equal(await status([root], both(0.00072)), 'FAILED');
    assert.equal(await status([root], both(0.001)), 'TRACEABLE');
  });

  it('cannot let an error cancel by calibrating a period from a frequency, and a frequency from that', async () => {
    const root = await workshop.standard('root', resultOf('frequency', [[1000, 0.001]]));
    await workshop.hierarchy.addTechnician({ id: 't-period', organisation: 'oem-a', quantities: ['period'] });
    const period: Result = {
      ...resultOf('frequency', [[0.001, 1e-9]], direct(1)),
      name: 'Period',
      quantity: 'period',
      unit: '\\second',
    };
    await workshop.hierarchy.addDevice({ id: 'timer', technician: 't-oem-a', kind: 'standard' });
    const timer = { id: 'timer-r', device: 'timer', technician: 't-period', performed: '2025-03-01', parents: [root] };
    workshop.hierarchy.addReport({ ...timer, results: [period] });
    const hertz = (u: number, support: Support): Result => resultOf('frequency', [[1000, u]], support);
    const clock = await own('clock', ['timer-r'], hertz(0.001, direct(1)), '2025-04-01');
    const uses = [0, 1].map((source): Use => ({ source, role: 'input', quantity: 'frequency', at: [1000], ...c(0.5) }));
    assert.equal(await status([root, clock], hertz(0.00072, { method: 'sum', uses })), 'FAILED');
    assert.equal(await status([root, 'timer-r'], hertz(0.00072, { method: 'sum', uses })), 'FAILED');
    assert.equal(await status([root, 'timer-r'], hertz(0.001, { method: 'sum', uses })), 'TRACEABLE');
  });
});
