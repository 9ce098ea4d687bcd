import type { Certificate } from './certificate.js';
import type { Contact } from './contacts.js';
import type { Item } from './items.js';
import type { Result } from './results.js';
import type { Statement } from './data.js';

/** Content that ISO/IEC 17025:2017 requires of a calibration certificate and that was not found. */
export interface Omission {
  /** Clause of ISO/IEC 17025:2017. */
  readonly clause: string;
  /** What is missing: `the method`. */
  readonly omitted: string;
}

interface Requirement {
  readonly clause: string;
  readonly isMet: (certificate: Certificate) => boolean;
  readonly omitted: string;
}

/**
 * The requirements of ISO/IEC 17025:2017 for a calibration certificate, as far as a file can show them. Two things are not
 * checked: a title (the format implies it), and a list of standards, which the standard does not require.
 */
const REQUIREMENTS: readonly Requirement[] = [
  {
    clause: '7.8.2.1 b',
    isMet: ({ laboratory }) => hasAddress(laboratory),
    omitted: 'the address of the laboratory',
  },
  {
    clause: '7.8.2.1 c',
    isMet: ({ core }) => core.location !== null,
    omitted: 'where the calibration was done',
  },
  {
    clause: '7.8.2.1 e',
    isMet: ({ customer }) => Boolean(customer?.name) && (customer?.details.length ?? 0) > 0,
    omitted: 'the name and contact of the customer',
  },
  {
    clause: '7.8.2.1 f',
    isMet: ({ methods }) => methods.length > 0,
    omitted: 'the method',
  },
  {
    clause: '7.8.2.1 g',
    isMet: ({ items }) => items.items.every((item) => isIdentified(item) || items.identifications.length > 0),
    omitted: 'an identification of every item',
  },
  { clause: '7.8.2.1 j', isMet: ({ core }) => core.issued !== null, omitted: 'the date of issue' },
  {
    clause: '7.8.2.1 o',
    isMet: ({ persons }) => persons.length > 0,
    omitted: 'who authorised it',
  },
  {
    clause: '7.8.4.1 a',
    isMet: ({ results }) => results.every(statesUncertainty),
    omitted: 'a measurement uncertainty of every result',
  },
  {
    clause: '7.8.4.1 b',
    isMet: ({ conditions }) => conditions.length > 0,
    omitted: 'the conditions that influence the results',
  },
  {
    clause: '7.8.4.1 c',
    isMet: ({ statements, metaData }) => [...statements, ...metaData].some(isAboutTraceability),
    omitted: 'how the results are traceable',
  },
];

/** Content missing in a certificate. It is a note and makes no verdict worse. */
export function omissionsOf(certificate: Certificate): readonly Omission[] {
  return REQUIREMENTS.filter(({ isMet }) => !isMet(certificate)).map(({ clause, omitted }) => ({
    clause,
    omitted,
  }));
}

/** Only for numbers; the reader does not keep uncertainties of complex values, and words have none. */
function statesUncertainty({ quantities }: Result): boolean {
  const numbers = quantities.filter(({ kind }) => kind === 'real');
  return (
    numbers.length === 0 ||
    numbers.some(
      ({ points, relativeUncertainty }) =>
        relativeUncertainty.length > 0 || points.some(({ uncertainty }) => uncertainty !== null),
    )
  );
}

function hasAddress({ details }: Contact): boolean {
  return details.some(([name]) => ['street', 'postCode', 'postOfficeBox', 'city', 'further'].includes(name));
}

function isIdentified({ identifications, parts }: Item): boolean {
  return identifications.length > 0 || parts.some(isIdentified);
}

function isAboutTraceability({ refType, traceable, name, declaration, norms, references }: Statement): boolean {
  const words = [refType, name?.text, declaration?.text, ...norms, ...references];
  return traceable !== null || words.some((text) => /traceab|rückführ|rueckfuehr|traçab|7\.8\.4\.1/i.test(text ?? ''));
}

/** As a sentence; undefined if nothing is missing. */
export function omissionNotes(omissions: readonly Omission[]): readonly string[] {
  const missing = omissions.map(({ clause, omitted }) => `${omitted} (${clause})`);
  return missing.length === 0
    ? []
    : [`ISO/IEC 17025 asks for what the certificate does not state: ${missing.join(', ')}.`];
}
