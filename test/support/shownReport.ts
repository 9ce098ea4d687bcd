import type { Result } from '@tracecal/core/model';
import type { ReportFacts } from '@tracecal/gateway-client/application';

const CELSIUS = '\\degreecelsius';
const U = { expanded: 0.02, coverageFactor: 2, coverageProbability: 0.95 };

/** Voltages at frequencies, errors of temperatures within limits, and what was found before an adjustment. */
export const SHOWN_RESULTS: readonly Result[] = [
  {
    name: 'AC voltage',
    quantity: 'ac-voltage',
    unit: '\\volt',
    arguments: [
      { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
      { name: 'range', role: 'setting' },
    ],
    rows: [
      { value: 1.5, at: [10, 'low'], uncertainty: { expanded: 0.001, coverageFactor: 2, coverageProbability: null } },
      { value: 101.25, at: [20_000, 'high'], uncertainty: null },
    ],
  },
  {
    name: 'Temperature',
    quantity: 'temperature',
    unit: CELSIUS,
    rows: [
      { value: 20.01, error: -0.03, uncertainty: U },
      { value: null, error: 0.2, uncertainty: U },
    ],
    methods: ['DKD-R 5-1'],
    support: {
      method: 'direct',
      uses: [
        { source: 0, role: 'reference' },
        { source: 1, role: 'influence', share: 0.1 },
      ],
      own: [{ name: 'resolution', share: 0.25 }],
      constants: [{ name: 'g', value: 9.81, unit: '\\metre\\per\\second\\tothe{2}', source: 'local survey' }],
      formula: 'W = R/R0',
    },
    conformity: {
      of: 'error',
      limits: { kind: 'tolerance', lower: [-0.1, -0.1], upper: [0.1, 0.1] },
      stated: ['pass', 'conditionalFail'],
      overall: 'fail',
      rule: { kind: 'guarded', guardBand: 0.02 },
    },
    excluded: 'not-accredited',
  },
  {
    name: 'Temperature before',
    quantity: 'temperature',
    unit: CELSIUS,
    rows: [{ value: 20, uncertainty: U }],
    asFound: true,
  },
];

/** A report as it is shown, with some of it different. */
export function shownReport(more: Partial<ReportFacts> = {}): ReportFacts {
  return {
    id: 'lab-alpha/ALPHA-T-2026-0412',
    registry: 'calibration:01ab',
    digest: 'ab'.repeat(32),
    registered: '2026-03-05T10:00:00Z',
    body: {
      device: 'oem-a/probe-7',
      technician: 'lab-alpha/t-17',
      parents: [],
      results: [],
      performed: { begin: '2026-03-01', end: '2026-03-02' },
      issued: '2026-03-04',
      certificateSha256: 'cd'.repeat(32),
      accredited: { body: 'DAkkS', number: 'D-K-15070-01-00' },
      place: 'on-site',
      recalibrateBy: '2027-03-02',
      adjusted: true,
      supersedes: { report: 'lab-alpha/ALPHA-T-2026-0400', digest: 'ef'.repeat(32) },
    },
    results: SHOWN_RESULTS,
    laboratory: { id: 'lab-alpha', name: 'Alpha Calibration Laboratory', country: 'DE' },
    device: { id: 'oem-a/probe-7', kind: 'field', manufacturer: 'Probe Works', model: 'RP 4', serial: '0815' },
    owner: { id: 'oem-a', name: 'Sensor Works A', country: 'DE' },
    standards: [
      {
        parent: { kind: 'report', device: 'lab-alpha/pt25', report: 'nmi-north/N-1', digest: '12'.repeat(32) },
        device: { id: 'lab-alpha/pt25', kind: 'standard', manufacturer: 'Pt Makers', model: 'Pt25', serial: 'S-1' },
        certificateSha256: '34'.repeat(32),
      },
      {
        parent: {
          kind: 'paper',
          certificate: 'P-7',
          laboratory: 'Old Laboratory',
          equipment: 'barometer',
          results: [{ quantity: 'temperature', unit: CELSIUS, min: 10, max: 30, uncertainty: U }],
        },
        device: null,
        certificateSha256: null,
      },
    ],
    supersededBy: null,
    impediments: [],
    reviews: [],
    decisions: [{ what: 'accepted', by: 'oem-a', date: '2026-03-06T08:00:00Z', consent: false }],
    signers: ['technician:lab-alpha/t-17', 'device:lab-alpha/pt25'],
    original: { sha256: 'cd'.repeat(32), isKeptHere: false },
    ...more,
  };
}
