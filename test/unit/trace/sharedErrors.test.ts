import assert from 'node:assert/strict';
import type { Result, Support, Use } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

const references = (count: number): Support['uses'] =>
  Array.from({ length: count }, (_, source) => ({ source, role: 'reference' as const }));
const inputs = (...all: readonly Partial<Use>[]): Support['uses'] =>
  all.map((each, source) => ({ source, role: 'input' as const, at: [1], ...each }));
const direct: Support = { method: 'direct', uses: references(1) };
const group = (count: number): Support => ({ method: 'group', uses: references(count) });
const sum = (...all: readonly Partial<Use>[]): Support => ({ method: 'sum', uses: inputs(...all) });
const c = (...values: readonly number[]): Partial<Use> => ({ sensitivity: { values, unit: '\\one' } });

/** Kilograms, with a standard uncertainty in milligrams. */
const mass = (kilograms: number, milligrams: number, support?: Support): Result =>
  resultOf('mass', [[kilograms, milligrams * 1e-6]], support);

describe('A value computed from standards with a common ancestor', () => {
  let workshop: Workshop;
  /** Two masses of 1 kg, and two more, each calibrated against the one of 1 kg with u = 1 mg. */
  let weights: readonly string[];

  beforeEach(async () => {
    workshop = await Workshop.open();
    const root = await workshop.standard('root', mass(1, 1));
    weights = await Promise.all(['a', 'b', 'd', 'e'].map((id) => own(id, [root], mass(1, 1, direct))));
  });

  const own = async (id: string, parents: readonly string[], result: Result, performed = '2025-03-01') => {
    await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed, parents: [...parents] };
    workshop.hierarchy.addReport({ ...report, results: [result] });
    return `${id}-r`;
  };
  let count = 0;
  const status = async (parents: readonly string[], result: Result) => {
    const id = `device-${(count += 1)}`;
    await workshop.device(id, { parents: [...parents], results: [result] });
    return (await workshop.outcome(id)).split(':')[0];
  };

  it('a sum has the sum of their uncertainties', async () => {
    const two = weights.slice(0, 2);
    assert.equal(await status(two, mass(2, 1.42, sum({}, {}))), 'FAILED');
    assert.equal(await status(two, mass(2, 2, sum({}, {}))), 'TRACEABLE');
    assert.equal(await status(weights, mass(4, 2.1, sum({}, {}, {}, {}))), 'FAILED');
    assert.equal(await status(weights, mass(4, 4, sum({}, {}, {}, {}))), 'TRACEABLE');
  });

  it('a sum of standards with different ancestors does not', async () => {
    const apart = [await workshop.standard('x', mass(1, 1)), await workshop.standard('y', mass(1, 1))];
    assert.equal(await status(apart, mass(2, 1.42, sum({}, {}))), 'TRACEABLE');
  });

  it('a sum of what adds errors of its own is in between', async () => {
    const root = await workshop.standard('other', mass(1, 3));
    const two = [await own('f', [root], mass(1, 5, direct)), await own('g', [root], mass(1, 5, direct))];
    // 5² + 5² + 2 · 3² = 68
    assert.equal(await status(two, mass(2, 7.2, sum({}, {}))), 'FAILED');
    assert.equal(await status(two, mass(2, 8.25, sum({}, {}))), 'TRACEABLE');
  });

  it('general and product models add them up, too', async () => {
    const two = weights.slice(0, 2);
    const general: Support = { method: 'general', uses: inputs(c(1), c(1)) };
    assert.equal(await status(two, mass(2, 1.42, general)), 'FAILED');
    assert.equal(await status(two, mass(2, 2, general)), 'TRACEABLE');
    const ratio = (u: number) =>
      resultOf('voltage-ratio', [[1, u * 1e-6]], { method: 'product', uses: volts(0.5, 0.5, -1) });
    const volts = (...exponents: readonly number[]) =>
      exponents.map((exponent, source) => ({
        source,
        role: 'input' as const,
        quantity: 'dc-voltage',
        at: [1],
        exponent,
      }));
    const volt = (id: string, parents: readonly string[]) =>
      own(id, parents, resultOf('dc-voltage', [[1, 1e-6]], direct));
    const root = await workshop.standard('volt', resultOf('dc-voltage', [[1, 1e-6]]));
    const reference = await workshop.standard('reference', resultOf('dc-voltage', [[1, 1e-9]]));
    const both = [await volt('v', [root]), await volt('w', [root]), reference];
    assert.equal(await status(both, ratio(0.71)), 'FAILED');
    assert.equal(await status(both, ratio(1)), 'TRACEABLE');
  });

  it('a difference may cancel their errors, but is not known to', async () => {
    const two = weights.slice(0, 2);
    const difference = (u: number): Result => mass(0.5, u, { method: 'sum', uses: inputs(c(1), c(-0.5)) });
    assert.equal(await status(two, difference(1)), 'FAILED');
    assert.equal(await status(two, difference(1.12)), 'TRACEABLE');
  });

  it('a difference of sums takes away only what is shared', async () => {
    const three = (u: number): Result => mass(1, u, { method: 'sum', uses: inputs(c(1), c(1), c(-1)) });
    assert.equal(await status(weights.slice(0, 3), three(1.6)), 'FAILED');
    assert.equal(await status(weights.slice(0, 3), three(1.75)), 'TRACEABLE');
  });

  it('a group of sums is no better than what all of them are made of', async () => {
    const sums = [
      await own('s', weights.slice(0, 2), mass(2, 2, sum({}, {})), '2025-04-01'),
      await own('t', weights.slice(2), mass(2, 2, sum({}, {})), '2025-04-01'),
    ];
    assert.equal(await status(sums, mass(2, 1.42, group(2))), 'FAILED');
    assert.equal(await status(sums, mass(2, 2, group(2))), 'TRACEABLE');
    assert.equal(await status(sums, mass(4, 2.83, sum({ at: [2] }, { at: [2] }))), 'FAILED');
    assert.equal(await status(sums, mass(4, 4, sum({ at: [2] }, { at: [2] }))), 'TRACEABLE');
  });

  it('a group of sums is no better than what some of them are made of', async () => {
    const roots = [await workshop.standard('r1', mass(2, 2)), await workshop.standard('r2', mass(2, 2))];
    const members: string[] = [];
    for (const [place, id] of ['k', 'l', 'm', 'n'].entries()) {
      const small = await workshop.standard(`small-${id}`, mass(1, 0.01));
      const parents = [roots[place % 2]!, small];
      members.push(await own(id, parents, mass(3, 2, sum({ at: [2] }, {}))));
    }
    assert.equal(await status(members, mass(3, 1, group(4))), 'FAILED');
    assert.equal(await status(members, mass(3, 1.42, group(4))), 'TRACEABLE');
  });

  it('what is built up from one standard keeps its relative uncertainty', async () => {
    const root = await workshop.standard('one', mass(1, 1));
    const scaled = (id: string, kilograms: number, u: number) =>
      own(id, [root], mass(kilograms, u, { method: 'scaled', uses: references(1) }));
    const two = [await scaled('two', 2, 2), await scaled('three', 3, 3)];
    assert.equal(await status(two, mass(5, 3.61, sum({ at: [2] }, { at: [3] }))), 'FAILED');
    assert.equal(await status(two, mass(5, 5, sum({ at: [2] }, { at: [3] }))), 'TRACEABLE');
  });

  it('a worse reference beside the one that counts hides nothing', async () => {
    const root = await workshop.standard('best', mass(1, 1));
    const beside: Support = { method: 'direct', uses: references(2) };
    const members: string[] = [];
    for (const id of ['u', 'v']) {
      members.push(await own(id, [root, await workshop.standard(`worse-${id}`, mass(1, 1.2))], mass(1, 1, beside)));
    }
    assert.equal(await status(members, mass(2, 1.42, sum({}, {}))), 'FAILED');
    assert.equal(await status(members, mass(2, 2, sum({}, {}))), 'TRACEABLE');
  });

  it('a row of the same certificate that states a large uncertainty hides nothing', async () => {
    const root = await workshop.standard('gram', resultOf('mass', [[1, 1e-6], [2, 2e-6]])); // prettier-ignore
    const members: string[] = [];
    for (const id of ['o', 'p']) members.push(await own(id, [root], resultOf('mass', [[1, 1e-6], [1.001, 1e-3]], direct))); // prettier-ignore
    const near = { at: [1 + 1e-8] };
    assert.equal(await status(members, mass(2, 1.45, sum(near, near))), 'FAILED');
    assert.equal(await status(members, mass(2, 2.1, sum(near, near))), 'TRACEABLE');
  });

  it('a trace that explains itself names what they share, with its numbers', async () => {
    await workshop.device('said', { parents: weights.slice(0, 2), results: [mass(2, 2, sum({}, {}))] });
    const { edges } = await workshop.hierarchy.trace('said', { explain: true });
    const said = edges.flatMap(({ compared = [] }) => compared).join('\n');
    assert.match(
      said,
      /The sources share errors, most of all that of report \S*root-r: together they leave 0\.000002 kg, independent ones 0\.00000141 kg\./,
    );
  });
});
