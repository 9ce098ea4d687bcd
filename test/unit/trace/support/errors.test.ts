import assert from 'node:assert/strict';
import { correlationsOf, ownErrors } from '@tracecal/core/support';
import { decide, mass, massResult, row } from './build.js';

const own = ownErrors({ report: 'own', kind: 'mass' });
const parts = (count: number, size: number) =>
  new Map(Array.from({ length: count }, (_, place) => [...ownErrors({ report: `r${place}`, kind: 'mass' }).keys()].map((key) => [key, size] as const)).flat()); // prettier-ignore

describe('The errors that a report passes on', () => {
  it('leave out small parts only as far as all of them together are small', () => {
    const one = correlationsOf(parts(1, 0.009), 1, own);
    assert.deepEqual([...one], [...own]);
    const kept = correlationsOf(parts(16, 0.009), 1, own);
    const variance = [...kept].reduce((sum, [, part]) => sum + part * part, 0);
    assert.ok(kept.size >= 15, `${kept.size} errors`);
    assert.ok(Math.abs(variance - 1) < 1e-12, `a variance of ${variance}`);
  });

  it('of kinds that follow exactly from one another are one, with a sign', () => {
    const of = (kind: string) => [...ownErrors({ report: 'r', kind })];
    assert.deepEqual(of('wavelength'), of('period'));
    assert.deepEqual(of('frequency'), of('period').map(([key, part]) => [key, -part])); // prettier-ignore
    assert.deepEqual(of('attenuation'), of('gain-level').map(([key, part]) => [key, -part])); // prettier-ignore
    assert.notDeepEqual(of('mass'), of('conventional-mass'));
  });

  it('do not cancel in a mean', () => {
    const [key] = [...own.keys()];
    const members = [1, 1, -1].map((sign) => {
      const { rows, ...of } = mass(1, 1, { role: 'reference' });
      return { ...of, rows: rows.map((row) => ({ ...row, errors: new Map([[key!, sign]]) })) };
    });
    const { floor } = decide(massResult([row(1, 2)], { method: 'group' }), members);
    assert.ok(Math.abs(floor! - Math.sqrt(0.5)) < 1e-5, `a floor of ${floor}`);
  });
});
