import fc from 'fast-check';
import { plusDays } from '@tracecal/chaincode/model';
import type { Parent } from '@tracecal/chaincode/model';
import { Hierarchy, temperatureResult } from './hierarchy.js';

/** What to build: devices in order, each resting on earlier ones, and what is then broken. */
export interface Plan {
  readonly devices: readonly DevicePlan[];
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

const rarely = <T>(usual: T, other: T) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(other) });
const index = fc.nat({ max: 40 });

export const plans: fc.Arbitrary<Plan> = fc.record({
  devices: fc.array(
    fc.record({
      technician: index,
      parents: fc.array(index, { minLength: 1, maxLength: 3 }),
      other: fc.oneof(
        { weight: 16, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.constant('paper' as const) },
        { weight: 1, arbitrary: fc.constant('external' as const) },
      ),
      delay: rarely(1, -3),
      spread: rarely(2, 0.5),
      amended: rarely(false, true),
    }),
    { minLength: 1, maxLength: 8 },
  ),
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
export async function build({ devices, defects }: Plan, prefix = 'd'): Promise<Built> {
  const hierarchy = new Hierarchy();
  for (const organisation of organisations) {
    await hierarchy.addOrganisation(organisation);
    await hierarchy.addTechnician({ id: `t-${organisation.id}`, organisation: organisation.id });
  }
  await hierarchy.addDevice({ id: `${prefix}0`, technician: 't-nmi-north' });
  hierarchy.addReport({ id: `${prefix}0-r`, device: `${prefix}0`, technician: 't-nmi-north' });
  for (const [position, plan] of devices.entries()) {
    await addDevice(hierarchy, prefix, position + 1, devices.length, plan);
  }
  for (const defect of defects) {
    damage(hierarchy, defect);
  }
  return { hierarchy, devices: [`${prefix}0`, ...devices.map((_, position) => `${prefix}${position + 1}`)] };
}

async function addDevice(
  hierarchy: Hierarchy,
  prefix: string,
  position: number,
  count: number,
  plan: DevicePlan,
): Promise<void> {
  const device = `${prefix}${position}`;
  const technician = `t-${organisations[plan.technician % organisations.length]!.id}`;
  const rest = [...new Set(plan.parents.map((parent) => `${prefix}${parent % position}-r`))];
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
  const best = Math.max(...payloads.map(({ results }) => results[0]!.points[0]!.uncertainty!.expanded));
  await hierarchy.addDevice({ id: device, technician, kind: position === count ? 'field' : 'standard' });
  const report = {
    device,
    technician,
    parents: [...rest, ...others],
    performed: plusDays(latest, plan.delay),
    results: [temperatureResult(best * plan.spread)],
  };
  hierarchy.addReport({ id: `${device}-r`, ...report });
  if (plan.amended) {
    hierarchy.addReport({ id: `${device}-r-amended`, ...report, supersedes: `${device}-r` });
  }
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
    if (defect.about === 'report' ? hierarchy.devices.has(device) : true) {
      hierarchy.addStatement(defect.about, ids[defect.about], {
        action: defect.action,
        reason: defect.cessation ? 'cessation' : 'fraud',
        effective: `${plusDays('2025-01-01', defect.day)}T00:00:00Z`,
      });
    }
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
