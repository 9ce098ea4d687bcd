import type { Requirements, Result } from '@tracecal/core/model';
import { temperatureResult } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { POLICY } from './consortium.js';
import { calibrated, fullReport } from './devices.js';

/** A value that moved by more than its children bear: what rests on it has to be reviewed. */
const MOVED = { ...temperatureResult(0.012), rows: temperatureResult(0.012, [0.5, 20.5, 100.5]).rows };

/** All that an owner may require. */
const REQUIRED: Requirements = {
  intervals: [{ quantity: 'temperature', days: 400 }],
  intervalDays: 730,
  graceDays: 30,
  dueSoonDays: 60,
  accreditation: 'attested',
  conformity: 'stated',
  minimumTur: 4,
  strict: ['transcription'],
  maxAgeSeconds: 31_536_000,
};

/** What its laboratory states of one value, its numbers contradict. */
const CONTRADICTED: Result = {
  ...temperatureResult(0.02),
  conformity: {
    of: 'value',
    limits: { kind: 'acceptance', lower: [-1, 19, 99], upper: [1, 21, 101] },
    stated: ['pass', 'fail', 'pass'],
    rule: { kind: 'simple' },
  },
};

const at = (day: string) => ({ registered: `${day}T12:00:00Z` });

/** What happens to devices: amendments, reviews, consents, rejections, transfers, new keys. */
export async function liveWithDevices(hierarchy: Hierarchy): Promise<void> {
  hierarchy.setInterval('sensor-b', 730, at('2025-04-01'));
  hierarchy.transfer('sensor-a', 'site-a', { intervalDays: 365, ...at('2025-04-02') });
  await hierarchy.renewDevice('working-a', at('2025-04-03'));
  await hierarchy.renewKey('lab-beta', at('2025-04-04'));

  // No interval: the newcomers' standard is used years later.
  hierarchy.require('oem-a', { accreditation: 'accept' }, at('2025-04-05'));
  hierarchy.require('site-a', REQUIRED, at('2025-04-06'));
  const own = ['working-a', 'later-standard'];
  hierarchy.consent('oem-a', { laboratory: 'lab-alpha', devices: own, ...at('2025-04-30') });
  // A standing consent covers one report, and the owner rejects another.
  hierarchy.consent('oem-b', {
    laboratory: 'lab-beta',
    quantities: ['temperature'],
    until: '2026-12-31',
    ...at('2025-05-01'),
  });
  const visiting = { technician: 't-oem-b', by: 't-lab-beta', parents: ['reference-b-r1'], kind: 'field' } as const;
  await calibrated(hierarchy, {
    ...visiting,
    id: 'consented',
    performed: '2025-05-05',
    results: [CONTRADICTED],
    accepted: 'consent',
  });
  await calibrated(hierarchy, {
    ...visiting,
    id: 'rejected',
    performed: '2025-05-06',
    results: [temperatureResult(0.03)],
  });
  hierarchy.reject('rejected-r1', at('2025-05-07'));
  await calibrated(hierarchy, {
    ...visiting,
    id: 'waiting',
    performed: '2025-05-08',
    results: [temperatureResult(0.04)],
    accepted: false,
  });
  hierarchy.accept('waiting-r1', at('2025-05-09'));
  await hierarchy.addDevice({ id: 'uncalibrated', technician: 't-oem-b', kind: 'field' });

  // An amendment that moves a value; one of the two devices that rest on it is reviewed.
  const amended = { device: 'working-b', technician: 't-lab-beta', parents: ['reference-b-r1'], results: [MOVED] };
  await calibrated(hierarchy, {
    id: 'unreviewed',
    technician: 't-oem-b',
    kind: 'field',
    parents: ['working-b-r1'],
    performed: '2025-03-22',
    results: [temperatureResult(0.05)],
  });
  hierarchy.addReport({
    ...amended,
    id: 'working-b-r2',
    supersedes: 'working-b-r1',
    performed: '2025-01-12',
    ...at('2025-03-25'),
  });
  const reason = 'The sensor is used with a hundred times the shift.';
  hierarchy.review('oem-b', 'working-b-r2', ['sensor-b-r1'], { reason, ...at('2025-03-26') });
  fullReport(
    hierarchy,
    {
      id: 'sensor-b-r2',
      device: 'sensor-b',
      technician: 't-oem-b',
      parents: ['working-b-r2'],
      performed: '2025-06-10',
    },
    { adjusted: true },
  );
}

/** What is said against things and people, and taken back. */
export async function objectToThings(hierarchy: Hierarchy): Promise<void> {
  const report = { parents: ['reference-b-r1'], technician: 't-lab-beta' };
  for (const id of ['drifted', 'retired', 'doubted']) {
    await calibrated(hierarchy, { ...report, id, performed: '2025-07-01', results: [temperatureResult(0.02)] });
  }
  for (const id of ['drifted', 'retired']) {
    const performed = '2025-07-02';
    const results = [temperatureResult(0.05)];
    await calibrated(hierarchy, {
      id: `below-${id}`,
      technician: 't-oem-b',
      kind: 'field',
      parents: [`${id}-r1`],
      performed,
      results,
    });
  }
  const when = (day: string) => ({ effective: `${day}T00:00:00Z`, ...at(day) });
  hierarchy.addStatement('revocation', ['device', 'drifted'], { reason: 'out-of-tolerance', ...when('2025-08-01') });
  hierarchy.addStatement('revocation', ['device', 'retired'], { reason: 'cessation', ...when('2025-08-02') });
  hierarchy.addStatement('suspension', ['report', 'doubted-r1'], {
    reason: 'calibration-error',
    ...when('2025-08-03'),
  });
  hierarchy.addStatement('suspension', ['device', 'reference-a'], { ...when('2025-08-04') });
  hierarchy.addStatement('reinstatement', ['device', 'reference-a'], { ...when('2025-08-05') });
  hierarchy.addStatement('suspension', ['person', 't-lab-beta'], { ...when('2025-08-06') });
  hierarchy.addStatement('reinstatement', ['person', 't-lab-beta'], { ...when('2025-08-07') });
  hierarchy.addStatement('revocation', ['person', 't-lab-gamma'], { reason: 'cessation', ...when('2025-08-08') });
  hierarchy.addStatement('revocation', ['organisation', 'lab-gamma'], {
    reason: 'accreditation-withdrawn',
    ...when('2025-08-09'),
  });
  hierarchy.addStatement('suspension', ['organisation', 'nmi-east'], { author: 'nmi-north', ...when('2025-08-10') });
  hierarchy.addStatement('reinstatement', ['organisation', 'nmi-east'], { author: 'nmi-north', ...when('2025-08-11') });
  hierarchy.setPolicy({ ...POLICY, transcriptionDays: 120 }, at('2025-08-12'));
}
