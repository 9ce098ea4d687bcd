import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import fc from 'fast-check';
import { asyncProperty } from '../../support/property.js';
import { resultOf, Workshop } from '../../support/workshop.js';

/** A value as the sum of independent errors, one a report. */
interface Known {
  readonly report: string;
  readonly value: number;
  readonly u: number;
  readonly errors: readonly number[];
}

/** How a standard, or the device, comes from those before it. */
interface Step {
  readonly method: 'root' | 'direct' | 'scaled' | 'sum' | 'group';
  readonly of: readonly [number, number];
  /** How much larger than necessary its uncertainty is stated. */
  readonly wider: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  method: fc.constantFrom('root', 'direct', 'scaled', 'sum', 'group'),
  of: fc.tuple(fc.nat(), fc.nat()),
  wider: fc.constantFrom(1, 1, 1.1, 2),
});

const sum = (a: readonly number[], b: readonly number[], m = 1, n = 1): readonly number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, place) => m * (a[place] ?? 0) + n * (b[place] ?? 0));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, each, place) => total + each * (b[place] ?? 0), 0);

/** The part of the first of two in their best mean. */
function weightOf(a: Known, b: Known): number {
  const [own, other, both] = [dot(a.errors, a.errors), dot(b.errors, b.errors), dot(a.errors, b.errors)];
  const spread = own + other - 2 * both;
  return spread <= 1e-9 * own ? Number(own <= other) : Math.min(1, Math.max(0, (other - both) / spread));
}

interface Derived {
  readonly value: number;
  /** What it takes over. */
  readonly errors: readonly number[];
  readonly parents: readonly string[];
  readonly support?: Support;
}

function derive(method: Step['method'], a: Known, b: Known): Derived {
  const alone = { parents: [a.report], errors: a.errors, value: a.value };
  const references = (count: number): Support['uses'] =>
    Array.from({ length: count }, (_, source) => ({ source, role: 'reference' as const }));
  const isPair = a.report !== b.report;
  if (method === 'sum' && isPair) {
    const uses: Support['uses'] = [a, b].map(({ value }, source) => ({ source, role: 'input', at: [value] }));
    const errors = sum(a.errors, b.errors);
    return { value: a.value + b.value, errors, parents: [a.report, b.report], support: { method, uses } };
  }
  if (method === 'group' && isPair && a.value === b.value) {
    const weight = weightOf(a, b);
    const support: Support = { method, uses: references(2) };
    return { ...alone, errors: sum(a.errors, b.errors, weight, 1 - weight), parents: [a.report, b.report], support };
  }
  if (method === 'scaled') {
    const support: Support = { method, uses: [{ ...references(1)[0]!, at: [a.value] }] };
    return { ...alone, value: 2 * a.value, errors: sum(a.errors, [], 2), support };
  }
  return { ...alone, support: { method: 'direct', uses: references(1) } };
}

const mass = ({ value, support }: Derived, u: number): Result => resultOf('mass', [[value, u]], support);

describe('Standards of a random tree, against a model that knows every error', () => {
  it('leave no more and no less than their covariances allow', async () => {
    const found = { failed: 0, shared: 0 };
    const last = fc.constantFrom<Step['method']>('sum', 'group');
    await asyncProperty(
      fc.tuple(fc.array(step, { minLength: 3, maxLength: 8 }), last),
      async ([steps, method]) => {
        const workshop = await Workshop.open();
        const all: Known[] = [];
        for (const [place, { method: own, of, wider }] of [{ ...ROOT, wider: 1 }, ...steps].entries()) {
          const [a, b] = of.map((each) => all[each % all.length]);
          const from = own === 'root' || !a || !b ? NOTHING : derive(own, a, b);
          const taken = dot(from.errors, from.errors);
          const u = wider * (taken > 0 ? Math.sqrt(taken) : 1e-6);
          const errors = sum(from.errors, [
            ...Array.from({ length: place }, () => 0),
            Math.sqrt(Math.max(0, u * u - taken)),
          ]);
          const report = await register(workshop, `s${place}`, from, u, place);
          all.push({ report, value: from.value, u, errors });
        }
        const [a, b] = [all.at(-1)!, all.at(-2)!];
        const device = derive(method, a, b);
        const true_ = Math.sqrt(dot(device.errors, device.errors));
        const status = async (id: string, u: number) => {
          await workshop.device(id, { parents: [...device.parents], results: [mass(device, u)] });
          return (await workshop.outcome(id)).split(':')[0];
        };
        assert.equal(await status('honest', true_), 'TRACEABLE');
        assert.equal(await status('gain', 0.92 * true_), 'FAILED');
        found.failed += 1;
        found.shared += Number(device.parents.length > 1 && dot(a.errors, b.errors) > 0);
      },
      25,
    );
    assert.ok(found.shared > 0, `${found.shared} of ${found.failed} with common errors`);
  });
});

const ROOT: Step = { method: 'root', of: [0, 0], wider: 1 };
const NOTHING: Derived = { value: 1, errors: [], parents: [] };

async function register(workshop: Workshop, id: string, from: Derived, u: number, day: number): Promise<string> {
  if (from.parents.length === 0) {
    return workshop.standard(id, mass(from, u));
  }
  await workshop.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'standard' });
  const performed = `2025-03-${String(day + 1).padStart(2, '0')}`;
  const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed, parents: [...from.parents] };
  workshop.hierarchy.addReport({ ...report, results: [mass(from, u)] });
  return `${id}-r`;
}
