import { plusDays } from '@tracecal/core/model';
import type { AccreditationLine, CalendarDate, DeviceKind } from '@tracecal/core/model';

/** An organisation of the demo's consortium: its certifier, its accreditation, its signers. */
export interface Player {
  readonly id: string;
  readonly certifiedBy: string | null;
  readonly technician: string;
  readonly quantities: readonly string[];
  readonly scopes: readonly AccreditationLine[];
}

/** An example certificate, and its role in the registry. Roles name organisations. */
export interface Example {
  readonly file: string;
  readonly issuer: string;
  readonly owner: string;
  readonly kind: DeviceKind;
}

/** Accreditations last some years to both sides of today. */
const VALID_DAYS = 1500;

/** By any method, in the laboratory or elsewhere. */
export const ANYWHERE = { arguments: [], method: null, methodLevel: null, place: 'both', service: null } as const;

/** Three institutes, two laboratories, two sensor makers: one chain for temperature, one for mass. */
export function castOn(today: CalendarDate): readonly Player[] {
  const validity = { validFrom: plusDays(today, -VALID_DAYS), validTo: plusDays(today, VALID_DAYS) };
  const temperature = (min: number, max: number, absolute: number): AccreditationLine => ({
    ...ANYWHERE,
    ...{ quantity: 'temperature', unit: '\\degreecelsius', min, max },
    cmc: { form: 'constant', relative: false, value: absolute },
    ...validity,
  });
  const mass = (min: number, max: number, relative: number): AccreditationLine => ({
    ...ANYWHERE,
    ...{ quantity: 'mass', unit: '\\kilogram', min, max },
    cmc: { form: 'linear', a: 1e-9, terms: [{ of: null, b: relative }], combined: 'sum' },
    ...validity,
  });
  const institute = (id: string) => player(id, null, [temperature(-200, 1000, 0.0001), mass(1e-6, 50, 2e-8)]);
  return [
    institute('nmi-north'),
    institute('nmi-south'),
    institute('nmi-east'),
    player('lab-alpha', 'nmi-north', [temperature(-40, 450, 0.02)]),
    player('lab-beta', 'nmi-south', [mass(0.001, 20, 2e-7)]),
    { ...player('oem-a', 'lab-alpha', []), quantities: ['temperature'] },
    { ...player('oem-b', 'lab-beta', []), quantities: ['mass'] },
  ];
}

function player(id: string, certifiedBy: string | null, scopes: readonly AccreditationLine[]): Player {
  const quantities = scopes.map(({ quantity }) => quantity);
  return { id, certifiedBy, technician: technicianOf(id), quantities, scopes };
}

export const EXAMPLES: readonly Example[] = [
  { file: 'temperature-1-nmi-north.xml', issuer: 'nmi-north', owner: 'nmi-north', kind: 'standard' },
  { file: 'temperature-2-lab-alpha.xml', issuer: 'nmi-north', owner: 'lab-alpha', kind: 'standard' },
  { file: 'temperature-3-oem-a.xml', issuer: 'lab-alpha', owner: 'oem-a', kind: 'standard' },
  { file: 'temperature-4-field-sensor.xml', issuer: 'oem-a', owner: 'oem-a', kind: 'field' },
  { file: 'mass-1-nmi-south.xml', issuer: 'nmi-south', owner: 'nmi-south', kind: 'standard' },
  { file: 'mass-2-lab-beta.xml', issuer: 'nmi-south', owner: 'lab-beta', kind: 'standard' },
  { file: 'mass-3-oem-b.xml', issuer: 'lab-beta', owner: 'oem-b', kind: 'standard' },
  { file: 'mass-4-field-sensor.xml', issuer: 'oem-b', owner: 'oem-b', kind: 'field' },
];

/** The laboratory whose standard turns out to be bad. */
export const UNLUCKY = 'lab-alpha';

export function technicianOf(organisation: string): string {
  return `${organisation}/t-1`;
}
