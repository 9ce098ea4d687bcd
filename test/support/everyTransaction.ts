import { createHash } from 'node:crypto';
import { massScope, transcribing } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';

const TRANSCRIBED = { number: 'C-1', laboratory: 'The lab-beta', country: 'DE' };

/** A submitting transaction of the registry, with something sound to submit. */
export interface SoundTransaction {
  readonly name: string;
  /** What it takes; made when its turn comes, because it may rest on those before. */
  readonly argument: () => Promise<string>;
  /** Whether it takes signed statements, which name their registry. */
  readonly isSigned: boolean;
}

/**
 * Every transaction that writes to a founded registry, in an order in which each can be registered after those before it. The
 * hierarchy is that of two countries.
 */
export function everyTransaction(
  hierarchy: Hierarchy,
  present: (item: Item) => Promise<Item>,
): readonly SoundTransaction[] {
  const technician = 't-lab-beta';
  const report = { device: 'working-b', technician, parents: ['reference-b-r1'], accepted: false } as const;
  const makers: Readonly<Record<string, () => Item | Promise<Item>>> = {
    admitInstitute: () => hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' }),
    setPolicy: () => hierarchy.setPolicy({ transcriptionDays: 80 }),
    createOrganisation: () => hierarchy.addOrganisation({ id: 'lab-gamma', kind: 'LAB', certifiedBy: 'nmi-south' }),
    createTechnician: () => hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' }),
    accredit: () => hierarchy.accredit('lab-beta', [massScope({ max: 200 })]),
    reduceAccreditation: () => hierarchy.reduce('lab-beta', { lines: [1], validTo: '2040-12-31' }),
    registerDevice: () => hierarchy.addDevice({ id: 'new-a', technician: 't-oem-a', kind: 'field' }),
    transferDevice: () => hierarchy.transfer('new-a', 'oem-b'),
    setInterval: () => hierarchy.setInterval('working-b', 300),
    setRequirements: () => hierarchy.require('lab-beta', { intervalDays: 400, graceDays: 10 }),
    createReport: () => hierarchy.addReport({ ...report, id: 'every-r1', sealed: ['temperature'] }),
    acceptReport: () => hierarchy.accept('every-r1'),
    vouch: () => hierarchy.vouch('lab-alpha', 'every-r1'),
    amendReport: () =>
      hierarchy.addReport({ ...report, id: 'every-r2', supersedes: 'every-r1', stated: transcribing(TRANSCRIBED) }),
    rejectReport: () => hierarchy.reject('every-r2'),
    confirm: () => hierarchy.confirm('lab-alpha', 'every-r2'),
    review: () => hierarchy.review('oem-b', 'every-r2', ['sensor-b-r1']),
    consent: () => hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }),
    suspend: () => hierarchy.addStatement('suspension', ['device', 'reference-b']),
    reinstate: () => hierarchy.addStatement('reinstatement', ['device', 'reference-b']),
    revoke: () => hierarchy.addStatement('revocation', ['device', 'new-a'], { reason: 'cessation' }),
    submitStatements: () => hierarchy.setInterval('working-b', 200),
    seal: () => hierarchy.seal(),
    heartbeat: () => hierarchy.addHeartbeat('nmi-south'),
  };
  const takingItems = Object.entries(makers).map(([name, make]): SoundTransaction => ({
    name,
    argument: async () => JSON.stringify({ items: [await present(await make())] }),
    isSigned: true,
  }));
  const root = createHash('sha256').update('a root of digests').digest('hex');
  const devices = JSON.stringify({ devices: [hierarchy.idOf('device', 'working-b')] });
  const others = Object.entries({ anchor: root, placeDevices: devices }).map(([name, argument]): SoundTransaction => ({
    name,
    argument: () => Promise.resolve(argument),
    isSigned: false,
  }));
  return [...takingItems, ...others];
}
