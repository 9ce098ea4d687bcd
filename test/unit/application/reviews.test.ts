import assert from 'node:assert/strict';
import type { AffectedDevice, Page, ReportAnswer } from '@tracecal/core/contracts';
import type { Result } from '@tracecal/core/model';
import type { Doubt, Verdict } from '@tracecal/core/trace';
import fc from 'fast-check';
import { reportsToReview, type ReviewReader } from '@tracecal/gateway-client/application';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { asyncProperty } from '../../support/property.js';
import { ask, registryOf } from '../../support/registry.js';

const LIMITS = { kind: 'tolerance', lower: [-0.05, -0.05, -0.05], upper: [0.05, 0.05, 0.05] } as const;

/** What a calibration of the bench thermometer says. */
interface Said {
  readonly error: number;
  readonly expanded: number;
  readonly isOut: boolean;
}

interface Plan {
  /** Calibrations one after another, each with its amendments. */
  readonly calibrations: readonly (readonly Said[])[];
  readonly children: readonly Child[];
}

interface Child {
  /** Which calibration it names, and which version of that. */
  readonly calibration: number;
  readonly version: number;
  readonly day: number;
  readonly amended: boolean;
  readonly accepted: boolean;
  /** Its laboratory has reviewed it, because of the last version of that calibration or because of the next one. */
  readonly reviewed: 'not' | 'amendment' | 'as-found';
}

const said: fc.Arbitrary<Said> = fc.record({
  error: fc.constantFrom(0.01, 0.01, 0.012, 0.04),
  expanded: fc.constantFrom(0.02, 0.02, 0.2),
  isOut: fc.boolean(),
});

const plans: fc.Arbitrary<Plan> = fc.record({
  calibrations: fc.array(fc.array(said, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  children: fc.array(
    fc.record({
      calibration: fc.nat({ max: 2 }),
      version: fc.nat({ max: 2 }),
      day: fc.integer({ min: 1, max: 27 }),
      amended: fc.boolean(),
      accepted: fc.constantFrom(true, true, true, false),
      reviewed: fc.constantFrom('not', 'not', 'amendment', 'as-found'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

function results({ error, expanded, isOut }: Said): readonly Result[] {
  const stated = temperatureResult(expanded);
  const measured = { ...stated, rows: stated.rows.map((row) => ({ ...row, error })) };
  const rows = stated.rows.map((row) => ({ ...row, error: isOut ? 1 : 0 }));
  const asFound = { ...stated, name: 'As found', asFound: true, rows, conformity: { of: 'error', limits: LIMITS } };
  return [measured, asFound as Result];
}

/** The last reports of all calibrations and children, by which others can be called in question. */
interface World {
  readonly ledger: MemoryLedger;
  readonly causes: readonly string[];
  readonly devices: readonly string[];
}

async function build({ calibrations, children }: Plan): Promise<World> {
  const hierarchy = await twoCountries();
  await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
  const names = calibrations.map((versions, place) => versions.map((_, version) => `bench-${place}-${version}`));
  calibrations.forEach((versions, place) => {
    const bench = { device: 'bench', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    const [first] = versions;
    const performed = `2025-0${place + 2}-01`;
    hierarchy.addReport({
      ...bench,
      id: names[place]?.[0] ?? '',
      performed,
      results: results({ ...first!, expanded: 0.02 }),
    });
  });
  for (const [place, child] of children.entries()) {
    await hierarchy.addDevice({ id: `child-${place}`, technician: 't-oem-a', kind: 'field' });
    if (child.version === 0) {
      addChild(hierarchy, `child-${place}`, child, names);
    }
  }
  calibrations.forEach((versions, place) => {
    versions.slice(1).forEach((version, earlier) => {
      hierarchy.addReport({
        device: 'bench',
        technician: 't-lab-alpha',
        parents: ['reference-a-r1'],
        id: names[place]?.[earlier + 1] ?? '',
        supersedes: names[place]?.[earlier] ?? '',
        performed: `2025-0${place + 2}-01`,
        registered: `2025-04-28T0${place}:0${earlier}:00Z`,
        results: results(version),
      });
    });
  });
  children.forEach((child, place) => {
    if (child.version > 0) {
      addChild(hierarchy, `child-${place}`, child, names);
    }
    review(hierarchy, place, child, { calibrations, names });
  });
  return {
    ledger: await registryOf(hierarchy),
    causes: names.flat().map((id) => `lab-alpha/${id}`),
    devices: children.map((_, place) => `oem-a/child-${place}`),
  };
}

function addChild(
  hierarchy: Hierarchy,
  id: string,
  { calibration, version, day, amended, accepted }: Child,
  names: readonly (readonly string[])[],
): void {
  const place = calibration % names.length;
  const versions = names[place] ?? [];
  const report = {
    device: id,
    technician: 't-oem-a',
    parents: [versions[version % versions.length] ?? ''],
    performed: `2025-0${place + 2}-${String(day).padStart(2, '0')}`,
    ...(version > 0 && { registered: '2025-04-29T00:00:00Z' }),
    accepted,
  };
  // What is registered after the amendments has to be worse than they are.
  hierarchy.addReport({ ...report, id: `${id}-r1`, results: [temperatureResult(version > 0 ? 0.5 : 0.1)] });
  if (amended) {
    const registered = '2025-04-29T01:00:00Z';
    const results = [temperatureResult(0.5)];
    hierarchy.addReport({ ...report, registered, id: `${id}-r2`, supersedes: `${id}-r1`, results });
  }
}

function review(
  hierarchy: Hierarchy,
  place: number,
  { calibration, amended, reviewed }: Child,
  {
    calibrations,
    names,
  }: { readonly calibrations: Plan['calibrations']; readonly names: readonly (readonly string[])[] },
): void {
  const own = calibration % names.length;
  const of = reviewed === 'amendment' ? own : reviewed === 'as-found' ? own + 1 : Infinity;
  const cause = names[of]?.at(-1);
  const isCause = (names[of]?.length ?? 0) > 1 || calibrations[of]?.at(-1)?.isOut;
  if (cause !== undefined && isCause) {
    const registered = '2025-04-30T00:00:00Z';
    hierarchy.review('oem-a', cause, [`child-${place}-r${amended ? 2 : 1}`], { registered });
  }
}

/** The registry, asked as the client asks. */
function readerOf(ledger: MemoryLedger): ReviewReader {
  return {
    getReport: (id) => ask<ReportAnswer>(ledger, 'getReport', id),
    getDoubts: (id) => ask<readonly Doubt[]>(ledger, 'getDoubts', id),
    async *affectedDevices({ kind, id }) {
      const question = { kind, id, pageSize: 100, bookmark: '' };
      yield* (await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', question)).items;
    },
  };
}

/** By cause, what verdicts say has to be reviewed. */
async function toldByTraces({ ledger, causes, devices }: World): Promise<ReadonlyMap<string, readonly string[]>> {
  const verdicts = await Promise.all(devices.map((device) => ask<Verdict>(ledger, 'traceCal', device, {})));
  const sentences = verdicts.flatMap(({ edges }) =>
    edges.flatMap(({ findings }) =>
      findings.map(({ reason }) => reason).filter((reason) => reason.includes('has to review it')),
    ),
  );
  return new Map(
    causes.map((cause) => {
      const own = sentences.filter(
        (sentence) => sentence.includes(`was amended by ${cause}, and`) || sentence.startsWith(`Report ${cause} of`),
      );
      return [cause, [...new Set(own.map((sentence) => /oem-a\/child-\d-r\d/.exec(sentence)?.[0] ?? ''))].sort()];
    }),
  );
}

async function listed({ ledger, causes }: World): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = await Promise.all(causes.map((cause) => reportsToReview(readerOf(ledger), cause)));
  return new Map(causes.map((cause, place) => [cause, (lists[place] ?? []).map(({ report }) => report).sort()]));
}

const CHILD: Child = { calibration: 0, version: 0, day: 10, amended: false, accepted: true, reviewed: 'not' };
const SOUND: Said = { error: 0.01, expanded: 0.02, isOut: false };
const MOVED: Said = { ...SOUND, error: 0.04 };
const OUT: Said = { ...SOUND, isOut: true };

describe('The reports that a report calls in question', () => {
  const cases: readonly (readonly [string, Plan, Readonly<Record<string, readonly string[]>>])[] = [
    ['nothing by an administrative amendment', { calibrations: [[SOUND, SOUND]], children: [CHILD] }, {}],
    [
      'by the last of several amendments what names the first',
      { calibrations: [[SOUND, SOUND, MOVED]], children: [CHILD] },
      { 'lab-alpha/bench-0-2': ['oem-a/child-0-r1'] },
    ],
    [
      'nothing that was reviewed',
      { calibrations: [[SOUND, MOVED]], children: [{ ...CHILD, reviewed: 'amendment' }, CHILD] },
      { 'lab-alpha/bench-0-1': ['oem-a/child-1-r1'] },
    ],
    [
      'by a failure as found what was made since the calibration before',
      { calibrations: [[SOUND], [SOUND], [OUT]], children: [CHILD, { ...CHILD, calibration: 1 }] },
      { 'lab-alpha/bench-2-0': ['oem-a/child-1-r1'] },
    ],
    [
      'nothing by a failure as found that an amendment took back',
      { calibrations: [[SOUND], [OUT, SOUND]], children: [CHILD] },
      {},
    ],
  ];
  for (const [title, plan, expected] of cases) {
    it(`is ${title}`, async () => {
      const found = [...(await listed(await build(plan)))].filter(([, reports]) => reports.length > 0);
      assert.deepEqual(Object.fromEntries(found), expected);
    });
  }

  it('is listed exactly as traces say that it has to be reviewed', async function () {
    this.timeout(600_000);
    let count = 0;
    const isListedAsTold = async (plan: Plan) => {
      const world = await build(plan);
      const told = await toldByTraces(world);
      assert.deepEqual(await listed(world), told);
      count += [...told.values()].flat().length;
    };
    // Few random plans may all have nothing to review.
    for (const [, plan] of cases) await isListedAsTold(plan);
    assert.ok(count > 0, 'something had to be reviewed');
    await asyncProperty(plans, isListedAsTold, 15);
  });
});
