import type { Parent, ReportBody, Result } from '@tracecal/core/model';
import { massResult, paperParent, temperatureResult } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { BODY } from './consortium.js';
import { fullReport } from './devices.js';
import { RECTANGULAR } from './temperature.js';

const external: Parent = {
  kind: 'external',
  certificate: 'DCC-7',
  digest: { algorithm: 'SHA-256', value: 'ab'.repeat(32) },
  equipment: 'Standard resistor',
};

const ON_PAPER = [{ quantity: 'temperature', unit: '\\degreecelsius', min: -200, max: 500, uncertainty: RECTANGULAR }];

interface Import {
  readonly id: string;
  readonly parents: readonly (string | Parent)[];
  readonly results?: readonly Result[];
  readonly performed?: string;
  readonly registered?: string;
  readonly more?: Partial<ReportBody>;
}

const statedFor = (id: string) => ({ number: id, laboratory: 'The lab-alpha', country: 'DE' });

const SEAL = {
  signedInfoSha256: '12'.repeat(32),
  certificates: ['34'.repeat(32), '56'.repeat(32)],
  proven: '2025-05-13T08:00:00Z',
};

/** Certificates that were made elsewhere: claimed accreditations, paper, other registries, old ones. */
const IMPORTS: readonly Import[] = [
  {
    id: 'claimed',
    parents: [external],
    more: {
      certificate: { ...statedFor('claimed'), code: 'LA-17', issuer: 'lab-alpha', seal: SEAL },
      accredited: BODY,
      place: 'laboratory',
      recalibrateBy: '2026-05-12',
    },
  },
  { id: 'on-site', parents: [], more: { accredited: { body: null, number: BODY.number }, place: 'on-site' } },
  { id: 'unclaimed', parents: [external] },
  { id: 'paper', parents: [{ ...paperParent('K-123', ON_PAPER), serial: 'SN 25' }] },
  { id: 'undescribed-paper', parents: [paperParent('K-7', [])] },
  { id: 'old', parents: ['reference-a-r1'], performed: '2025-02-02', registered: '2025-10-10T12:00:00Z' },
  {
    id: 'excluded',
    parents: [external],
    results: [{ ...massResult(0.001), excluded: 'not-accredited' }],
    more: { accredited: BODY },
  },
];

export async function importCertificates(hierarchy: Hierarchy): Promise<void> {
  for (const { id, parents, results, performed = '2025-05-12', registered, more = {} } of IMPORTS) {
    await hierarchy.addDevice({ id: `import-${id}`, technician: 't-oem-a', kind: 'field', intervalDays: 365 });
    fullReport(
      hierarchy,
      {
        id: `import-${id}-r1`,
        device: `import-${id}`,
        technician: 't-lab-alpha',
        parents,
        performed,
        results: results ?? [temperatureResult(0.05)],
        ...(registered !== undefined && { registered }),
      },
      {
        certificate: statedFor(id),
        certificateSha256: 'cd'.repeat(32),
        ...more,
      },
    );
  }
  hierarchy.confirm('nmi-east', 'import-claimed-r1', { registered: '2025-10-11T12:00:00Z' });
}
