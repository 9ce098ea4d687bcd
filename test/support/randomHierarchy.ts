import fc from 'fast-check';
import { plusDays } from '@tracecal/chaincode/model';
import type { Parent, Result } from '@tracecal/chaincode/model';
import { Hierarchy, temperatureResult } from './hierarchy.js';

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
  readonly other: 'none' | 'paper' | 'external';
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
  /** Whether the report is registered on the day of calibration, not months later. */
  readonly prompt: boolean;
  /** Which earlier report's device it calibrates anew, by which the next ones may go; null: none. */
  readonly recalibrates: number | null;
}

type Defect =
  | {
      readonly kind: 'said';
      readonly about: 'report' | 'device' | 'technician' | 'organisation';
      readonly which: number;
      readonly action: 'revoke' | 'suspend' | 'reinstate';
      readonly cessation: boolean;
      readonly day: number;
    }
  | { readonly kind: 'lost'; readonly about: 'device' | 'organisation' | 'technician'; readonly which: number }
  | { readonly kind: 'unsigned'; readonly which: number };

const organisations = [
  { id: 'nmi-north', kind: 'NMI' },
  { id: 'nmi-south', kind: 'NMI' },
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
        { weight: 1, arbitrary: fc.constant('external' as const) },
      ),
      delay: rarely(1, -3),
      spread: rarely(2, 0.5),
      amended: rarely(false, true),
      values: rarely([0, 20, 100], [20, 60], [150, 200]),
      says: rarely<DevicePlan['says']>('all', 'no uncertainty', 'nothing'),
      foreign: rarely(false, true),
      prompt: fc.boolean(),
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
          about: fc.constantFrom('report', 'device', 'technician', 'organisation'),
          which: index,
          action: fc.constantFrom('revoke', 'suspend', 'reinstate'),
          cessation: fc.boolean(),
          day: fc.nat({ max: 500 }),
        }),
        fc.record({
          kind: fc.constant('lost'),
          about: fc.constantFrom('device', 'organisation', 'technician'),
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

/** Builds what is planned, then breaks it as planned. */
export async function build({ devices, expiring, defects }: Plan, prefix = 'd'): Promise<Built> {
  const hierarchy = new Hierarchy();
  const shortLived = expiring === null ? null : organisations[expiring % organisations.length]!.id;
  for (const organisation of organisations) {
    const { id } = organisation;
    await hierarchy.addOrganisation(organisation);
    const valid = id === shortLived && (['2020-01-01', '2025-01-12'] as const);
    await hierarchy.addTechnician({ id: `t-${id}`, organisation: id, ...(valid && { valid }) });
    await hierarchy.addTechnician({ id: `i-${id}`, organisation: id });
  }
  const root = { device: `${prefix}0`, technician: 't-nmi-north', registered: '2025-01-10T12:00:00Z' };
  await hierarchy.addDevice({ id: `${prefix}0`, technician: imprinterOf('nmi-north', shortLived) });
  hierarchy.addReport({ id: `${prefix}0-r`, ...root });
  const reports = [`${prefix}0-r`];
  for (const [position, plan] of devices.entries()) {
    const device = `${prefix}${position + 1}`;
    await addDevice(hierarchy, device, position + 1 === devices.length, shortLived, plan);
    addReports(hierarchy, device, reports, plan);
  }
  // Nothing more can be said about what is lost.
  for (const defect of [...defects].sort((a, b) => Number(a.kind === 'lost') - Number(b.kind === 'lost'))) {
    damage(hierarchy, defect);
  }
  return { hierarchy, devices: [`${prefix}0`, ...devices.map((_, position) => `${prefix}${position + 1}`)] };
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
  });
}

/** The device's report, which rests on some of those so far, and joins them. */
function addReports(hierarchy: Hierarchy, device: string, reports: string[], plan: DevicePlan): void {
  const rest = [...new Set(plan.parents.map((parent) => reports[parent % reports.length]!))];
  const others: Parent[] =
    plan.other === 'paper'
      ? [{ kind: 'paper', certificate: 'K-1', laboratory: '', equipment: '' }]
      : plan.other === 'external'
        ? [{ kind: 'external', certificate: 'DCC-1', sha256: null, equipment: '' }]
        : [];
  const payloads = rest.map((parent) => hierarchy.payloadOf(parent));
  const latest = payloads
    .map(({ performed }) => performed.end)
    .sort()
    .at(-1)!;
  const best = Math.max(
    0.001,
    ...payloads.flatMap(({ results }) => results.map(({ points }) => points[0]?.uncertainty?.expanded ?? 0)),
  );
  const performed = plusDays(latest, plan.delay);
  const report = {
    device,
    technician: `t-${organisationOf(plan)}`,
    parents: [...rest, ...others],
    performed,
    results: resultsOf(plan, best * plan.spread),
    ...(plan.prompt && { registered: `${performed}T12:00:00Z` }),
  };
  hierarchy.addReport({ id: `${device}-r`, ...report });
  if (plan.amended) {
    hierarchy.addReport({ id: `${device}-r-amended`, ...report, supersedes: `${device}-r` });
  }
  reports.push(`${device}-r`);
  if (plan.recalibrates !== null) {
    const again = hierarchy.payloadOf(reports[plan.recalibrates % reports.length]!).device;
    const next = { device: again, technician: report.technician, parents: [`${device}-r`] };
    hierarchy.addReport({ ...next, id: `${again}-by-${device}`, performed: plusDays(performed, 1) });
    reports.push(`${again}-by-${device}`);
  }
}

function resultsOf({ says, values }: DevicePlan, expanded: number): readonly Result[] {
  const result = temperatureResult(expanded, values);
  const bare = { ...result, points: values.map((value) => ({ value, uncertainty: null })) };
  return says === 'nothing' ? [] : [says === 'all' ? result : bare];
}

function damage(hierarchy: Hierarchy, defect: Defect): void {
  const devices = [...hierarchy.devices.keys()];
  const device = devices[defect.which % devices.length]!;
  const organisation = organisations[defect.which % organisations.length]!.id;
  if (defect.kind === 'unsigned') {
    const report = `${device}-r`;
    const signed = hierarchy.devices.get(device)?.reports[report];
    if (signed && signed.jws.signatures.length > 1) {
      hierarchy.changeReport(report, (old) => ({
        ...old,
        jws: { ...old.jws, signatures: old.jws.signatures.slice(1) },
      }));
    }
  } else if (defect.kind === 'lost') {
    lose(hierarchy, defect.about, device, organisation);
  } else {
    const ids = { report: `${device}-r`, device, technician: `t-${organisation}`, organisation };
    hierarchy.addStatement(defect.about, ids[defect.about], {
      action: defect.action,
      reason: defect.cessation ? 'cessation' : 'fraud',
      effective: `${plusDays('2025-01-01', defect.day)}T00:00:00Z`,
    });
  }
}

function lose(
  hierarchy: Hierarchy,
  about: 'device' | 'organisation' | 'technician',
  device: string,
  organisation: string,
): void {
  const file = hierarchy.organisations.get(organisation);
  if (about === 'device') {
    hierarchy.devices.delete(device);
  } else if (about === 'organisation') {
    hierarchy.organisations.delete(organisation);
  } else if (file) {
    hierarchy.organisations.set(organisation, { ...file, technicians: {} });
  }
}
