import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import fc from 'fast-check';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import { asyncProperty } from '../../support/property.js';

/** Powers of ten of the units that results are given in. */
const UNITS: Readonly<Record<string, number>> = {
  '\\quetta\\kelvin': 1e30,
  '\\kelvin': 1,
  '\\milli\\kelvin': 1e-3,
  '\\quecto\\kelvin': 1e-30,
};
const TINY = 5e-324;
const HUGE = Number.MAX_VALUE;

const values = fc.constantFrom(-HUGE, -1e308, -1e30, -1, 0, TINY, 1e-30, 0.3, 300, 3e5, 3e32, 1e278, 1e308, HUGE);
const uncertainty = fc.record({
  expanded: fc.constantFrom(0, TINY, 1e-308, 1e-30, 1e-12, 1e-3, 1, 1e30, 1e308, HUGE),
  coverageFactor: fc.constantFrom(TINY, 1e-308, 1, 2, 1e308, HUGE),
  coverageProbability: fc.constant(null),
});
const points = fc.array(fc.record({ value: values, uncertainty: fc.option(uncertainty) }), {
  minLength: 1,
  maxLength: 4,
});
/** What the standards above cover: without such results no trace would come as far as to the extreme ones. */
const ordinary = fc.record({
  value: fc.constantFrom(280, 300, 300 + 1e-9, 350),
  uncertainty: fc.record({
    expanded: fc.constantFrom(0.1, 0.5, 1),
    coverageFactor: fc.constantFrom(1, 2),
    coverageProbability: fc.constant(null),
  }),
});
const [name, quantity] = [fc.constant('Temperature'), fc.constant('temperature')] as const;
const extreme = fc.record({ name, quantity, unit: fc.constantFrom(...Object.keys(UNITS)), rows: points });
const nearlyOrdinary = fc.record({
  name,
  quantity,
  unit: fc.constant('\\kelvin'),
  rows: fc
    .tuple(
      fc.array(ordinary, { minLength: 1, maxLength: 4 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, points),
    )
    .map((both) => both.flat()),
});
/** Mostly ordinary: few of the others ever come so far that their numbers are compared. */
const result: fc.Arbitrary<Result> = fc.oneof(
  { weight: 1, arbitrary: extreme },
  { weight: 3, arbitrary: nearlyOrdinary },
);

interface Point {
  readonly value: number;
  readonly u: number | null;
  /** Expanded. */
  readonly expanded: number;
  /** By a coverage factor that measurements can have. */
  readonly isUsable: boolean;
}

/** A factor above that of two readings (13.97 for 95.45 %, and a little for rounding) makes no uncertainty of a U. */
const LARGEST_FACTOR = 14.2;

/** In kelvin. */
function pointsOf(results: readonly Result[]): readonly Point[] {
  return results.flatMap((one) => {
    const factor = UNITS[one.unit]!;
    return one.rows.map(({ value, uncertainty: stated }) => ({
      value: (value ?? NaN) * factor,
      u: stated && (stated.expanded * factor) / stated.coverageFactor,
      expanded: (stated?.expanded ?? 0) * factor,
      isUsable:
        stated !== null &&
        stated.coverageFactor >= 1 &&
        stated.coverageFactor <= LARGEST_FACTOR &&
        (stated.expanded * factor) / stated.coverageFactor > 0,
    }));
  });
}

describe('Traces over extreme numbers', () => {
  it('are TRACEABLE only if every number is finite, and standards reach as far and support each uncertainty', async function () {
    this.timeout(600_000);
    const hierarchy = await twoCountries();
    // A working standard of the sensor maker, which needs no accreditation: nothing but its numbers can stop it.
    await hierarchy.addDevice({ id: 'extreme', technician: 't-oem-a' });
    const above = { id: 'extreme-r1', device: 'extreme', technician: 't-oem-a', performed: '2025-05-01' };
    const below = { id: 'next', device: 'sensor-a', technician: 't-oem-a', performed: '2025-06-01' };
    const devices = new Map(hierarchy.devices);
    const seen = new Set<string>();
    await asyncProperty(
      fc.tuple(fc.array(result, { minLength: 1, maxLength: 2 }), result),
      async ([parents, own]) => {
        // Without the acceptances of earlier cases, which records of devices would collect.
        devices.forEach((record, id) => hierarchy.devices.set(id, record));
        hierarchy.addReport({ ...above, parents: ['working-a-r1'], results: parents });
        hierarchy.addReport({ ...below, parents: ['extreme-r1'], results: [own] });
        const verdict = await hierarchy.trace('sensor-a');
        const findings = verdict.edges.flatMap((edge) => edge.findings);
        seen.add(verdict.status);
        const [stated, claimed] = [pointsOf(parents), pointsOf([own])];
        const finite = [...stated, ...claimed].every(
          ({ value, u }) => Number.isFinite(value) && Number.isFinite(u ?? 0),
        );
        assert.equal(
          findings.some(({ check, outcome }) => check === 'results' && outcome === 'failed'),
          !finite,
          'whatever is not finite is named, and nothing else is',
        );
        if (verdict.status !== 'TRACEABLE') return;
        const [low, high] = [Math.min, Math.max].map((end) => end(...stated.map(({ value }) => value)));
        const usable = stated.filter((point) => point.isUsable);
        assert.ok(
          claimed.some((point) => point.isUsable),
          'something is counted',
        );
        for (const { value, u, expanded } of claimed.filter((point) => point.isUsable)) {
          const margin = Math.max(Math.abs(value) * 1e-6, 0.02 * (high! - low!), expanded);
          const isCovered = value >= low! - margin && value <= high! + margin;
          const isBounded = usable.some((point) => 0.95 * point.u! <= u! * 1.001);
          assert.ok(isCovered && isBounded, `${value} K with u = ${u} K`);
        }
      },
      120,
    );
    assert.deepEqual([...seen].sort(), ['FAILED', 'INCOMPLETE', 'TRACEABLE']);
  });

  it('still compare ordinary numbers', async () => {
    const hierarchy = await twoCountries();
    const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-06-01', results: [temperatureResult(0.5)] });
    assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
  });
});
