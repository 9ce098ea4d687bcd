import { temperatureResult } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { BODY } from './consortium.js';
import { calibrated, fullReport } from './devices.js';

const at = (day: string) => ({ registered: `${day}T12:00:00Z` });

const AIR_AND_BATH = ['Air', 'Bath'].map((name) => ({ ...temperatureResult(0.03), name }));

/** Reports whose results only some may read, and what organisations say that have read them. */
export async function keepConfidence(hierarchy: Hierarchy): Promise<void> {
  const ofBeta = { technician: 't-oem-b', by: 't-lab-beta', parents: ['reference-b-r1'], sealed: ['temperature'] };
  await calibrated(hierarchy, { ...ofBeta, id: 'private', performed: '2025-06-02', results: AIR_AND_BATH });
  await calibrated(hierarchy, { ...ofBeta, id: 'private-once', performed: '2025-06-03', results: AIR_AND_BATH });
  await calibrated(hierarchy, { ...ofBeta, id: 'private-unread', performed: '2025-06-04', results: AIR_AND_BATH });
  await calibrated(hierarchy, {
    id: 'below-private',
    technician: 't-oem-b',
    kind: 'field',
    parents: ['private-r1'],
    performed: '2025-06-05',
    results: [temperatureResult(0.08)],
  });
  for (const voucher of ['lab-alpha', 'nmi-south']) {
    await hierarchy.vouch(voucher, 'private-r1', at('2025-06-06'));
    await hierarchy.vouch(voucher, 'below-private-r1', { read: ['private-r1'], ...at('2025-06-07') });
  }
  // One goes on, and the other takes its word back.
  await hierarchy.vouch('regulator', 'private-once-r1', at('2025-06-08'));
  await hierarchy.vouch('nmi-north', 'private-once-r1', at('2025-06-08'));
  const judged = [{ quantity: 'temperature', outcome: 'unsound', lines: [] }] as const;
  await hierarchy.vouch('nmi-north', 'private-once-r1', { changes: { judged }, ...at('2025-06-09') });
  await claimAccreditation(hierarchy);
}

/** An accreditation replaces the chain of a certificate that nobody but its readers sees. */
async function claimAccreditation(hierarchy: Hierarchy): Promise<void> {
  await hierarchy.addDevice({ id: 'private-claimed', technician: 't-oem-a', kind: 'field' });
  fullReport(
    hierarchy,
    {
      id: 'private-claimed-r1',
      device: 'private-claimed',
      technician: 't-lab-alpha',
      parents: [],
      performed: '2025-05-12',
      results: [temperatureResult(0.05)],
      sealed: ['temperature'],
    },
    {
      certificate: { number: 'private', laboratory: 'The lab-alpha', country: 'DE', issuer: 'lab-alpha' },
      certificateSha256: 'ce'.repeat(32),
      accredited: BODY,
      place: 'laboratory',
    },
  );
  for (const voucher of ['lab-beta', 'nmi-east']) {
    await hierarchy.vouch(voucher, 'private-claimed-r1', at('2025-06-10'));
  }
}
