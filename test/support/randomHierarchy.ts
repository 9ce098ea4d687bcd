import { plusDays } from '@tracecal/core/model';
import type { Parent, Result } from '@tracecal/core/model';
import fc from 'fast-check';
import { Hierarchy, temperatureResult, paperParent } from './hierarchy.js';

/** What to build: devices in order, each resting on earlier ones, and what is then broken. */
export interface Plan {
  readonly devices: readonly DevicePlan[];
  /** Whose technician's certificate runs out while the reports are written; null: nobody's. */
  readonly expiring: number | null;
  readonly defects: readonly Defect[];
}

interface DevicePlan {
  readonly technician: number;
  readonly parents: readonly number[];
  readonly other: 'none' | 'paper' | 'undescribed' | 'influence' | 'external';
  /** Days after the parents; a negative number is out of order. */
  readonly delay: number;
  /** How many times worse than the best parent; below 1 is better than possible. */
  readonly spread: number;
  readonly amended: boolean;
  /** Where it was calibrated, in degrees Celsius. */
  readonly values: readonly number[];
  readonly says: 'all' | 'no uncertainty' | 'nothing';
  /** Whether somebody else than who calibrates it owns it. */
  readonly foreign: boolean;
  /** Days between the calibration and its registration. */
  readonly late: number;
  /** What its owner says about the report. */
  readonly decision: 'accepts' | 'consents' | 'says nothing' | 'rejects';
  /** The owner's recalibration interval. */
  readonly intervalDays: number | null;
  /** Which earlier report's device it calibrates anew, by which the next ones may go; null: none. */
  readonly recalibrates: number | null;
}

type About = 'report' | 'device' | 'technician' | 'officer' | 'organisation';

type Defect =
  | {
      readonly kind: 'said';
      readonly about: About;
      readonly which: number;
      readonly what: 'revocation' | 'suspension' | 'reinstatement';
      readonly cessation: boolean;
      readonly day: number;
      /** Whether somebody who has no say says it. */
      readonly stranger: boolean;
    }
  | { readonly kind: 'lost'; readonly about: Exclude<About, 'report'>; readonly which: number }
  | { readonly kind: 'unsigned'; readonly which: number };

const organisations = [
  { id: 'nmi-north', kind: 'NMI' },
  { id: 'nmi-south', kind: 'NMI' },
  { id: 'nmi-east', kind: 'NMI' },
  { id: 'lab-alpha', kind: 'LAB', certifiedBy: 'nmi-north' },
  { id: 'lab-beta', kind: 'LAB', certifiedBy: 'nmi-south' },
  { id: 'oem-a', kind: 'OEM', certifiedBy: 'lab-alpha' },
] as const;

const rarely = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const index = fc.nat({ max: 40 });

export const plans: fc.Arbitrary<Plan> = fc.record({
  devices: fc.array(
    fc.record({
      technician: index,
      parents: fc.array(index, { minLength: 1, maxLength: 3 }),
      other: fc.oneof(
        { weight: 16, arbitrary: fc.constant('none' as const) },
        { weight: 3, arbitrary: fc.constant('paper' as const) },
        { weight: 1, arbitrary: fc.constantFrom('external' as const, 'undescribed' as const, 'influence' as const) },
      ),
      delay: rarely(1, -3),
      spread: rarely(2, 0.5, 0.8, 0.97),
      amended: rarely(false, true),
      values: rarely([0, 20, 100], [20, 60], [150, 200], [20, 101], [60, 130], [20, 300]),
      says: rarely<DevicePlan['says']>('all', 'no uncertainty', 'nothing'),
      foreign: rarely(false, true),
      late: fc.constantFrom(0, 0, 20, 85, 120),
      decision: rarely<DevicePlan['decision']>('accepts', 'consents', 'says nothing', 'rejects'),
      intervalDays: rarely<number | null>(null, 1, 60, 500),
      recalibrates: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: index }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  expiring: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: index }),
  defects: fc.oneof(
    fc.constant([]),
    fc.array(
      fc.oneof<fc.Arbitrary<Defect>[]>(
        fc.record({
          kind: fc.constant('said'),
          about: fc.constantFrom('report', 'device', 'technician', 'officer', 'organisation'),
          which: index,
          what: fc.constantFrom('revocation', 'suspension', 'reinstatement'),
          cessation: fc.boolean(),
          day: fc.nat({ max: 500 }),
          stranger: rarely(false, true),
        }),
        fc.record({
          kind: fc.constant('lost'),
          about: fc.constantFrom('device', 'organisation', 'technician', 'officer'),
          which: index,
        }),
        fc.record({ kind: fc.constant('unsigned'), which: index }),
      ),
      { maxLength: 2 },
    ),
  ),
});

export interface Built {
  readonly hierarchy: Hierarchy;
  /** Ids of all devices; the last one relies on the others. */
  readonly devices: readonly string[];
}

/** Builds what is planned, by default into a new registry, then breaks it as planned. */
export async function build(plan: Plan, prefix = 'd', hierarchy = new Hierarchy()): Promise<Built> {
  const { devices, expiring, defects } = plan;
  const shortLived = expiring === null ? null : organisations[expiring % organisations.length]!.id;
  await addOrganisations(hierarchy, shortLived);
  const root = { device: `${prefix}0`, technician: 't-nmi-north' };
  await hierarchy.addDevice({ id: `${prefix}0`, technician: imprinterOf('nmi-north', shortLived) });
  hierarchy.addReport({ id: `${prefix}0-r`, ...root });
  const reports = [`${prefix}0-r`];
  for (const [position, plan] of devices.entries()) {
    const device = `${prefix}${position + 1}`;
    await addDevice(hierarchy, device, position + 1 === devices.length, shortLived, plan);
    addReports(hierarchy, device, reports, plan);
  }
  const ids = [`${prefix}0`, ...devices.map((_, position) => `${prefix}${position + 1}`)];
  const whole = ids.map((id) => hierarchy.idOf('device', id));
  // Nothing more can be said about what is lost.
  for (const defect of [...defects].sort((a, b) => Number(a.kind === 'lost') - Number(b.kind === 'lost'))) {
    damage(hierarchy, defect);
  }
  return { hierarchy, devices: whole };
}

/** The registry, its organisations and their technicians, as far as they are not there yet. */
async function addOrganisations(hierarchy: Hierarchy, shortLived: string | null): Promise<void> {
  if (!hierarchy.registryRecord) {
    await hierarchy.found({ institutes: organisations.filter(({ kind }) => kind === 'NMI').map(({ id }) => id) });
  }
  for (const organisation of organisations) {
    const { id } = organisation;
    if (!hierarchy.organisations.has(id)) {
      await hierarchy.addOrganisation(organisation);
    }
    const valid = id === shortLived && (['2020-01-01', '2025-01-12'] as const);
    if (!hierarchy.people.has(`${id}/t-${id}`)) {
      await hierarchy.addTechnician({ id: `t-${id}`, organisation: id, ...(valid && { valid }) });
    }
    if (!hierarchy.people.has(`${id}/i-${id}`)) {
      await hierarchy.addTechnician({ id: `i-${id}`, organisation: id });
    }
  }
}

/** A technician whose certificate runs out would leave no device imprinted: another one does that. */
function imprinterOf(organisation: string, shortLived: string | null): string {
  return organisation === shortLived ? `i-${organisation}` : `t-${organisation}`;
}

function organisationOf({ technician }: DevicePlan, further = 0): string {
  return organisations[(technician + further) % organisations.length]!.id;
}

async function addDevice(
  hierarchy: Hierarchy,
  id: string,
  isLast: boolean,
  shortLived: string | null,
  plan: DevicePlan,
): Promise<void> {
  await hierarchy.addDevice({
    id,
    technician: imprinterOf(organisationOf(plan), shortLived),
    kind: isLast ? 'field' : 'standard',
    owner: organisationOf(plan, plan.foreign ? 1 : 0),
    intervalDays: plan.intervalDays,
  });
}

/** The device's report, which rests on some of those so far, and joins them. */
function addReports(hierarchy: Hierarchy, device: string, reports: string[], plan: DevicePlan): void {
  const rest = [...new Set(plan.parents.map((parent) => reports[parent % reports.length]!))];
  const others = othersOf(plan);
  const payloads = rest.map((parent) => hierarchy.payloadOf(parent));
  const latest = payloads
    .map(({ body }) => body.performed.end)
    .sort()
    .at(-1)!;
  const best = Math.max(
    0.001,
    ...rest.flatMap((parent) => hierarchy.resultsOf(parent).map(({ rows }) => rows[0]?.uncertainty?.expanded ?? 0)),
  );
  const performed = plusDays(latest, plan.delay);
  const registered = `${plusDays(performed, plan.late)}T12:00:00Z`;
  const report = {
    device,
    technician: `t-${organisationOf(plan)}`,
    parents: [...rest, ...others],
    performed,
    results: resultsOf(plan, best * plan.spread),
    registered: registered < hierarchy.dates.founded ? hierarchy.dates.founded : registered,
    accepted: plan.decision === 'consents' ? ('consent' as const) : plan.decision !== 'says nothing',
  };
  if (plan.decision === 'consents') {
    const owner = hierarchy.ownerOf(device);
    hierarchy.consent(owner, { laboratory: organisationOf(plan), devices: plan.foreign ? null : [device] });
  }
  hierarchy.addReport({ id: `${device}-r`, ...report });
  if (plan.decision === 'rejects') {
    hierarchy.reject(`${device}-r`);
  }
  if (plan.amended) {
    hierarchy.addReport({ id: `${device}-r-amended`, ...report, supersedes: `${device}-r` });
  }
  reports.push(`${device}-r`);
  if (plan.recalibrates !== null) {
    const before = reports[plan.recalibrates % reports.length]!;
    const again = shortOf(hierarchy.payloadOf(before).body.device);
    const results = recalibrated(hierarchy, before, `${device}-r`);
    const next = { device: again, technician: report.technician, parents: [`${device}-r`], ...results };
    hierarchy.addReport({ ...next, id: `${again}-by-${device}`, performed: plusDays(performed, 1) });
    reports.push(`${again}-by-${device}`);
  }
}

/** At all places of the calibration before, which a naive reading forgets; twice as bad as what it rests on. */
function recalibrated(hierarchy: Hierarchy, before: string, parent: string): { readonly results?: readonly Result[] } {
  const values = hierarchy.resultsOf(before).flatMap(({ rows }) => rows.map(({ value }) => value ?? 0));
  const all = [...new Set([0, 20, 100, ...values])].sort((a, b) => a - b);
  const stated = hierarchy.resultsOf(parent).map(({ rows }) => rows[0]?.uncertainty?.expanded ?? 0);
  return values.length === 0 ? {} : { results: [temperatureResult(2 * Math.max(0.001, ...stated), all)] };
}

/** What it rests on besides, that is not in the registry. */
function othersOf({ other }: DevicePlan): readonly Parent[] {
  switch (other) {
    case 'none':
      return [];
    case 'paper':
      return [paperParent('K-1')];
    case 'undescribed':
      return [paperParent('K-1', [])];
    case 'influence':
      return [
        paperParent('K-1', [{ ...ROOM, uncertainty: { expanded: 2, coverageFactor: 2, coverageProbability: null } }]),
      ];
    case 'external':
      return [{ kind: 'external', certificate: 'DCC-1', equipment: '' }];
  }
}

const ROOM = { quantity: 'relative-humidity', unit: '\\percent', min: 10, max: 90 } as const;

function resultsOf({ says, values }: DevicePlan, expanded: number): readonly Result[] {
  const result = temperatureResult(expanded, values);
  const bare = { ...result, rows: values.map((value) => ({ value, uncertainty: null })) };
  return says === 'nothing' ? [] : [says === 'all' ? result : bare];
}

function damage(hierarchy: Hierarchy, defect: Defect): void {
  const devices = [...hierarchy.devices.keys()].map(shortOf);
  const device = devices[defect.which % devices.length]!;
  const organisation = organisations[defect.which % organisations.length]!.id;
  if (defect.kind === 'unsigned') {
    hierarchy.changeReportJws(`${device}-r`, (jws) =>
      jws.signatures.length > 1 ? { ...jws, signatures: jws.signatures.slice(1) } : jws,
    );
  } else if (defect.kind === 'lost') {
    lose(hierarchy, defect.about, device, organisation);
  } else {
    const subjects = {
      report: ['report', `${device}-r`],
      device: ['device', device],
      technician: ['person', `t-${organisation}`],
      officer: ['person', `${organisation}/officer`],
      organisation: ['organisation', organisation],
    } as const;
    hierarchy.addStatement(defect.what, subjects[defect.about], {
      reason: defect.cessation ? 'cessation' : 'fraud',
      effective: `${plusDays('2025-01-01', defect.day)}T00:00:00Z`,
      ...(defect.stranger && { author: 'oem-a' }),
    });
  }
}

function lose(hierarchy: Hierarchy, about: Exclude<About, 'report'>, device: string, organisation: string): void {
  if (about === 'device') {
    hierarchy.devices.delete(hierarchy.idOf('device', device));
  } else if (about === 'organisation') {
    hierarchy.organisations.delete(organisation);
  } else {
    hierarchy.people.delete(about === 'officer' ? `${organisation}/officer` : `${organisation}/t-${organisation}`);
  }
}

/** An id without the organisation that registered it. */
function shortOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
