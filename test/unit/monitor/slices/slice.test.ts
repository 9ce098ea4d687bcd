import { isWithin, widerIn } from '@tracecal/monitor';
import type { Instrument, Slice } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instrumentOf, sliceOf } from '../../../support/monitor/site.js';
import { property } from '../../../support/property.js';

describe('A slice', () => {
  const instrument = instrumentOf('oem/T1');

  it('has the devices that all of its lists have, and all devices of its operator without lists', () => {
    const cases: readonly (readonly [Partial<Slice>, boolean])[] = [
      [{}, true],
      [{ sites: ['site-a'], departments: ['kiln'], kinds: ['thermometer'], devices: ['oem/T1'] }, true],
      [{ sites: ['site-b'] }, false],
      [{ departments: ['lab'] }, false],
      [{ kinds: ['balance'] }, false],
      [{ devices: ['oem/T2'] }, false],
      [{ sites: ['site-a'], departments: [] }, false],
      [{ operator: 'operator-b' }, false],
    ];
    for (const [given, is] of cases) assert.equal(isWithin(sliceOf(given), instrument), is, JSON.stringify(given));
  });

  it('has no device of which the operator, or a member that a list is about, is unknown', () => {
    const { operator, department, ...bare } = instrument;
    assert.ok(operator && department);
    assert.equal(isWithin(sliceOf(), bare), false);
    assert.equal(isWithin(sliceOf({ departments: ['kiln'] }), { ...bare, operator }), false);
  });

  it('is wider than another where it has more of anything', () => {
    const cases: readonly (readonly [string, Partial<Slice>, Partial<Slice>])[] = [
      ['operator', { operator: 'operator-b' }, {}],
      ['sites', {}, { sites: ['site-a'] }],
      ['departments', { departments: ['kiln', 'lab'] }, { departments: ['kiln'] }],
      ['kinds', {}, { kinds: [] }],
      ['devices', { devices: ['oem/T1'] }, { devices: [] }],
      ['may', { may: ['read', 'probe'] }, { may: ['read'] }],
      ['probesPerDay', { quotas: { probesPerDay: 1001, bytesPerDay: 1, devices: 1 } }, {}],
      ['bytesPerDay', { quotas: { probesPerDay: 1, bytesPerDay: 10_000_001, devices: 1 } }, {}],
      ['devices', { quotas: { probesPerDay: 1, bytesPerDay: 1, devices: 1001 } }, {}],
      ['leastSecondsBetween', {}, { probeLimits: { leastSecondsBetween: 1, largestOutput: 100 } }],
      ['largestOutput', {}, { probeLimits: { leastSecondsBetween: 0, largestOutput: 99 } }],
    ];
    for (const [name, given, than] of cases) assert.equal(widerIn(sliceOf(given), sliceOf(than)), name);
    assert.equal(widerIn(sliceOf(), sliceOf()), undefined);
  });

  it('that is not wider than another has no device that the other has not, for random slices and instruments', () => {
    property(
      fc.tuple(slices, slices, instruments),
      ([slice, than, each]) => {
        if (widerIn(slice, than) === undefined && isWithin(slice, each)) assert.ok(isWithin(than, each));
      },
      500,
    );
  });
});

const names = (...all: readonly string[]) => fc.option(fc.subarray([...all]), { nil: undefined });
const slices: fc.Arbitrary<Slice> = fc
  .record({ sites: names('s1', 's2'), departments: names('d1', 'd2'), kinds: names('k1', 'k2') })
  .map((lists) => sliceOf(Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined))));
const instruments: fc.Arbitrary<Instrument> = fc
  .record({
    site: fc.constantFrom('s1', 's2'),
    department: fc.constantFrom('d1', 'd2'),
    kind: fc.constantFrom('k1', 'k2'),
  })
  .map((given) => instrumentOf('oem/T1', given));
