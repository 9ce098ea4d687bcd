import { paperParent } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';
import type { MemoryLedger } from './memoryLedger.js';

/** Something that may be registered after a verifier has put records aside. */
export type Happening = (hierarchy: Hierarchy, ledger: MemoryLedger, id: string) => Promise<Item> | Item;

const SUBJECTS = [
  ['report', 'sensor-a-r1'],
  ['report', 'reference-a-r1'],
  ['device', 'sensor-a'],
  ['device', 'working-a'],
  ['person', 't-lab-alpha'],
  ['person', 'nmi-north/officer'],
  ['organisation', 'lab-alpha'],
  ['organisation', 'nmi-north'],
  ['organisation', 'nmi-south'],
] as const;

export const happenings: readonly Happening[] = [
  ...SUBJECTS.flatMap((subject): Happening[] => [
    (hierarchy, { now }) => hierarchy.addStatement('revocation', subject, { registered: now, effective: now }),
    (hierarchy, { now }) =>
      hierarchy.addStatement('revocation', subject, { registered: now, effective: now, reason: 'cessation' }),
    (hierarchy, { now }) => hierarchy.addStatement('suspension', subject, { registered: now, effective: now }),
    (hierarchy, { now }) => hierarchy.addStatement('reinstatement', subject, { registered: now, effective: now }),
  ]),
  (hierarchy, { now }) =>
    hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], { author: 'nmi-south', registered: now }),
  (hierarchy) => hierarchy.reduce('lab-alpha', { validTo: '2025-01-01' }),
  (hierarchy) => hierarchy.setInterval('sensor-a', 30),
  (hierarchy) => hierarchy.setInterval('reference-a', 1),
  (hierarchy) => hierarchy.transfer('sensor-a', 'lab-beta', { by: 'oem-a', intervalDays: 10 }),
  (hierarchy) => hierarchy.setPolicy({ transcriptionDays: 1 }),
  (hierarchy) => hierarchy.setPolicy({ accreditors: 'body' }),
  (hierarchy) => hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }),
  (hierarchy) => hierarchy.reject('sensor-a-r1'),
  (hierarchy) => hierarchy.accept('sensor-a-r1'),
  (hierarchy, { now }, id) => hierarchy.addReport({ ...recalibration(id), date: now }),
  (hierarchy, { now }, id) => hierarchy.addReport({ ...recalibration(id), date: now, accepted: false }),
  (hierarchy, { now }, id) =>
    hierarchy.addReport({
      ...recalibration(id),
      date: now,
      parents: [paperParent('K')],
    }),
  (hierarchy, _, id) =>
    hierarchy.addReport({
      ...recalibration(id),
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      supersedes: 'working-a-r1',
      performed: '2025-01-12',
      accepted: false,
    }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-lab-alpha', organisation: 'lab-alpha', quantities: ['mass'] }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a' }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', quantities: ['mass'] }),
  (hierarchy, { now }) => hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered: now }),
  (hierarchy, { now }) => hierarchy.addOfficer({ id: 'oem-a/officer', organisation: 'oem-a', registered: now }),
  (hierarchy, { now }) => hierarchy.renewDevice('working-a', { registered: now }),
  (hierarchy, { now }) => hierarchy.renewKey('oem-a', { registered: now }),
  (hierarchy) => hierarchy.renewKey('lab-alpha'),
  (hierarchy) => hierarchy.renewKey('nmi-north'),
  (hierarchy) => hierarchy.addOfficer({ id: 'oem-a/officer', organisation: 'oem-a' }),
  (hierarchy, _, id) => hierarchy.addDevice({ id: `device-${id}`, technician: 't-oem-a' }),
  (hierarchy, _, id) => hierarchy.addOrganisation({ id: `nmi-${id}`, kind: 'NMI' }),
  (hierarchy, { now }) => hierarchy.seal(now),
];

/** The reports of a device above, amended by one that moves its values. */
const moved: Happening = (hierarchy, _, id) =>
  hierarchy.addReport({
    ...{ id, device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-01-12' },
    supersedes: lastOf(hierarchy, 'lab-alpha') ?? 'working-a-r1',
    results: hierarchy
      .resultsOf('working-a-r1')
      .map((result) => ({ ...result, rows: result.rows.map((row) => ({ ...row, value: (row.value ?? 0) + 1 })) })),
  });

const SELF = { laboratory: 'oem-a' } as const;

/** What a laboratory says of its own reports, and owners of laboratories, with what makes it matter. */
export const consentsAndReviews: readonly Happening[] = [
  moved,
  (hierarchy, { now }) => hierarchy.consent('oem-a', { ...SELF, registered: now }),
  (hierarchy, { now }) => hierarchy.consent('oem-a', { ...SELF, quantities: ['mass'], registered: now }),
  (hierarchy, { now }) => hierarchy.consent('oem-a', { ...SELF, until: '2025-12-31', registered: now }),
  (hierarchy, { now }) => hierarchy.consent('oem-b', { laboratory: 'nmi-north', registered: now }),
  ...[true, false].map((consents): Happening => (hierarchy, { now }, id) => {
    const accepted = consents && hierarchy.standingConsents.has('oem-a oem-a') ? 'consent' : false;
    return hierarchy.addReport({ ...recalibration(id), date: now, accepted });
  }),
  ...(
    [
      ['oem-a', 'sensor-a-r1'],
      ['lab-beta', 'working-b-r1'],
    ] as const
  ).map(([author, report]): Happening => (hierarchy, ledger, id) => {
    const cause = lastOf(hierarchy, 'lab-alpha');
    return cause === undefined
      ? moved(hierarchy, ledger, id)
      : hierarchy.review(author, cause, [report], { registered: ledger.now, reason: 'r'.repeat(500) });
  }),
  (hierarchy, { now }) =>
    hierarchy.addStatement('suspension', ['organisation', 'lab-alpha'], { registered: now, effective: now }),
];

/** The newest report of an organisation that came after the first ones. */
function lastOf({ reports }: Hierarchy, organisation: string): string | undefined {
  return [...reports.keys()].findLast((id) => id.startsWith(`${organisation}/h-`));
}

export function recalibration(id: string) {
  return { id, device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'], performed: '2025-12-20' };
}
