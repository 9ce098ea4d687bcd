import type { AccreditationLine } from '@tracecal/core/model';
import { cmcOf, massScope, temperatureScope } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

/** Kinds that the technicians of the electrical workshop sign for. */
const WORKSHOP_KINDS = [
  'temperature',
  'mass',
  'dc-voltage',
  'dc-current',
  'resistance',
  'voltage-ratio',
  'ac-voltage',
  'ac-dc-difference',
  'microphone-sensitivity',
] as const;

/** The published thresholds, stated. */
export const POLICY = {
  transcriptionDays: 90,
  accreditors: 'either',
  thresholds: { floorTolerance: 0.05, edge: 0.02, negligibleShare: 0.01, amendedShift: 0.2, amendedGrowth: 0.05 },
} as const;

export const BODY = { body: 'Accreditation North', number: 'ACCNO-DE-K-12345-01-00' } as const;

/** A line for a kind, from 0 to 1000 of its unit. */
function line(quantity: string, unit: string, changes: Partial<AccreditationLine> = {}): AccreditationLine {
  return temperatureScope({ quantity, unit, min: 0, max: 1000, cmc: cmcOf(1e-15), ...changes });
}

/** What the northern institute may do: every form of a CMC, arguments, a method, a place and a service. */
const INSTITUTE_LINES: readonly AccreditationLine[] = [
  line('dc-voltage', '\\volt', {
    cmc: { form: 'linear', a: 1e-8, terms: [{ of: null, b: 1e-8 }], combined: 'root-sum-square' },
    service: 'EM-1.1',
  }),
  line('dc-current', '\\ampere'),
  line('resistance', '\\ohm', { cmc: { form: 'constant', relative: true, value: 1e-8 }, methodLevel: 'primary' }),
  line('voltage-ratio', '\\one', {
    cmc: {
      form: 'table',
      relative: false,
      of: null,
      points: [
        { at: 0, cmc: 1e-8 },
        { at: 1000, cmc: 2e-8 },
      ],
    },
  }),
  line('ac-voltage', '\\volt', {
    min: 0.1,
    arguments: [{ name: 'frequency', quantity: 'frequency', unit: '\\hertz', min: 10, max: 1e6 }],
    cmc: {
      form: 'matrix',
      relative: true,
      of: [null, 'frequency'],
      rows: [0.1, 1000],
      columns: [10, 1e6],
      cmc: [
        [1e-5, 1e-4],
        [2e-5, 2e-4],
      ],
    },
  }),
  line('ac-dc-difference', '\\one', {
    min: -1,
    max: 1,
    arguments: [{ name: 'frequency', quantity: 'frequency', unit: '\\hertz', min: 10, max: 1e6 }],
    cmc: { form: 'linear', a: 1e-7, terms: [{ of: 'frequency', b: 1e-14 }], combined: 'sum' },
  }),
  line('microphone-sensitivity', '\\volt\\per\\pascal', { cmc: { form: 'constant', relative: true, value: 1e-3 } }),
];

/**
 * Two institutes found the registry and admit a third; an accreditation body, laboratories, makers, an operator, a monitor and
 * an observer stand below them.
 */
export async function foundConsortium(hierarchy: Hierarchy): Promise<void> {
  await hierarchy.found({ institutes: ['nmi-north', 'nmi-south'], policy: POLICY });
  await hierarchy.addOrganisation({ id: 'nmi-east', kind: 'NMI' });
  hierarchy.accredit('nmi-north', INSTITUTE_LINES, { under: { body: null, number: 'CMC of nmi-north' } });
  for (const { id, kind, certifiedBy } of [
    { id: 'body-north', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-north' },
    { id: 'lab-alpha', kind: 'LAB', certifiedBy: 'nmi-north' },
    { id: 'lab-beta', kind: 'LAB', certifiedBy: 'nmi-south' },
    { id: 'lab-gamma', kind: 'LAB', certifiedBy: 'nmi-south' },
    { id: 'oem-a', kind: 'OEM', certifiedBy: 'lab-alpha' },
    { id: 'oem-b', kind: 'OEM', certifiedBy: 'lab-beta' },
    { id: 'site-a', kind: 'OPERATOR', certifiedBy: 'nmi-north' },
    { id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' },
    { id: 'regulator', kind: 'OBSERVER', certifiedBy: 'nmi-south' },
  ] as const) {
    await hierarchy.addOrganisation({ id, kind, certifiedBy, ...(id === 'lab-alpha' && { scopes: [] }) });
  }
  accreditLaboratories(hierarchy);
  for (const organisation of ['nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta', 'lab-gamma', 'oem-a', 'oem-b']) {
    await hierarchy.addTechnician({ id: `t-${organisation}`, organisation });
  }
  for (const organisation of ['nmi-north', 'oem-a']) {
    await hierarchy.addTechnician({ id: `all-${organisation}`, organisation, quantities: WORKSHOP_KINDS });
  }
}

/** The body grants, and the institute above takes back a line of one of its own. */
function accreditLaboratories(hierarchy: Hierarchy): void {
  const lines = [
    temperatureScope({ place: 'laboratory', method: 'DKD-R 5-1' }),
    temperatureScope({ min: -20, max: 60, place: 'on-site', cmc: cmcOf(0.01) }),
    massScope({ methodLevel: 'working' }),
  ];
  hierarchy.accredit('lab-alpha', lines, { author: 'body-north', under: BODY });
  hierarchy.accredit('lab-alpha', [massScope({ max: 500 })], { under: { body: null, number: 'N-17' } });
  hierarchy.reduce('lab-alpha', { validTo: '2025-06-30', lines: [0] });
}
