import type { AccreditationGrant } from '../cmc.js';
import type { CalendarDate } from '../time.js';
import type { Pseudonym } from './pseudonym.js';

/** What a member is: `OPERATOR` owns devices in use, `OBSERVER` (a regulator, an insurer) only reads. */
export const ORGANISATION_KINDS = [
  'NMI',
  'ACCREDITATION_BODY',
  'LAB',
  'OEM',
  'OPERATOR',
  'MONITOR',
  'OBSERVER',
] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** The kinds of organisations that each kind may certify. Institutes are certified by nobody: the others admit them. */
export const CERTIFIES: Readonly<Record<OrganisationKind, readonly OrganisationKind[]>> = {
  NMI: ['ACCREDITATION_BODY', 'LAB', 'OEM', 'OPERATOR', 'MONITOR', 'OBSERVER'],
  ACCREDITATION_BODY: [],
  LAB: ['LAB', 'OEM', 'OPERATOR'],
  OEM: [],
  OPERATOR: [],
  MONITOR: [],
  OBSERVER: [],
};

/**
 * What an organisation is. Signed by its own key and by its certifier (an institute: by itself alone, and its admission
 * names its certificate). A further one brings a new key, and an officer of the organisation signs it as well.
 */
export interface Membership {
  readonly kind: OrganisationKind;
  /** The MSP through which it acts on Fabric. */
  readonly mspId: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The organisation that certifies its key; null for an institute. */
  readonly certifier: string | null;
  readonly certificateSha256: string;
  /** It is registered without its names; a further key leaves that as it is. Absent: it is registered openly. */
  readonly pseudonym?: Pseudonym;
}

/** Lines added to an organisation's accreditation. An institute's are signed by a majority of the institutes. */
export type Accreditation = AccreditationGrant;

/**
 * Ends lines of an accreditation; signed by their grantor, or by the institute above. Not retroactive: earlier work stays
 * covered.
 */
export interface Reduction {
  readonly grantor: string;
  /** Number of the grantor's accreditation statement about this organisation. */
  readonly accreditation: number;
  /** Places of the lines in it; null: all of them. */
  readonly lines: readonly number[] | null;
  /** Their last day. */
  readonly validTo: CalendarDate;
}

export const PERSON_ROLES = ['technician', 'officer'] as const;
/** A technician calibrates and imprints; an officer signs in the organisation's name. */
export type PersonRole = (typeof PERSON_ROLES)[number];

/** Signed by the organisation (its key; for a technician an officer will do) and by the person's own key. */
export interface Authorisation {
  readonly role: PersonRole;
  readonly certificateSha256: string;
  /** Kinds of quantity that a technician may sign for; none for an officer. */
  readonly quantities: readonly string[];
}
