import { readBoolean } from './booleans.js';
import { readContact, readContactChild, type Contact } from './contacts.js';
import { readDate, readRequiredDate } from './dates.js';
import { readReference, type CertificateReference } from './equipment.js';
import { DccError } from './errors.js';
import { readIdentifications, type Identification } from './identifications.js';
import { readItems, type Items } from './items.js';
import type { Node } from './node.js';
import { readSoftware, type Software } from './software.js';
import type { Text, TextReader } from './text.js';

/** A certificate's data about itself (`coreData`). */
export interface CoreData {
  readonly uniqueIdentifier: string;
  /** ISO 3166-1 alpha-2, of the laboratory. */
  readonly country: string;
  readonly languages: { readonly used: readonly string[]; readonly mandatory: readonly string[] };
  readonly identifications: readonly Identification[];
  readonly received: string | null;
  /** Calendar dates, `YYYY-MM-DD`. */
  readonly performed: { readonly begin: string; readonly end: string };
  /** `laboratory`, `customer`, ...; the issuer may describe the place of performance further. */
  readonly location: string | null;
  readonly issued: string | null;
  readonly previousReport: CertificateReference | null;
  /** Since 3.2: the certificate that this one amends or replaces. */
  readonly replaces: { readonly change: string | null; readonly uniqueIdentifier: string | null } | null;
}

export interface Laboratory extends Contact {
  /** Its accreditation, if it states one. */
  readonly code: string | null;
}

export interface ResponsiblePerson extends Contact {
  readonly description: readonly Text[];
  readonly role: string | null;
  readonly mainSigner: boolean;
}

export interface AdministrativeData {
  readonly core: CoreData;
  readonly laboratory: Laboratory;
  readonly items: Items;
  readonly persons: readonly ResponsiblePerson[];
  readonly customer: Contact | null;
  /** The programs that wrote the certificate. */
  readonly administrativeSoftware: readonly Software[];
}

export function readAdministrativeData(node: Node, texts: TextReader): AdministrativeData {
  return {
    core: readCoreData(node.required('coreData'), texts),
    laboratory: readLaboratory(node.required('calibrationLaboratory'), texts),
    items: readItems(node.required('items'), texts),
    persons: (node.child('respPersons')?.children('respPerson') ?? []).map((person) => readPerson(person, texts)),
    customer: readContactChild(node, 'customer', texts),
    administrativeSoftware: readSoftware(node, 'dccSoftware', texts),
  };
}

function readCoreData(node: Node, texts: TextReader): CoreData {
  const performed = {
    begin: readRequiredDate(node, 'beginPerformanceDate'),
    end: readRequiredDate(node, 'endPerformanceDate'),
  };
  if (performed.end < performed.begin) {
    throw new DccError('DCC_VALUE', `The calibration ends (${performed.end}) before it begins (${performed.begin}).`);
  }
  const replaces = node.child('reportAmendedSubstituted');
  return {
    uniqueIdentifier: node.requiredString('uniqueIdentifier'),
    country: node.requiredString('countryCodeISO3166_1'),
    languages: {
      used: node.strings('usedLangCodeISO639_1'),
      mandatory: node.strings('mandatoryLangCodeISO639_1'),
    },
    identifications: readIdentifications(node, texts),
    received: readDate(node, 'receiptDate'),
    performed,
    location: node.string('performanceLocation'),
    issued: readDate(node, 'issueDate'),
    previousReport: readReference(node, 'previousReport', texts),
    replaces: replaces
      ? { change: replaces.string('typeOfChange'), uniqueIdentifier: replaces.string('replacedUniqueIdentifier') }
      : null,
  };
}

function readLaboratory(node: Node, texts: TextReader): Laboratory {
  node.ignore('cryptElectronicSeal', 'cryptElectronicSignature', 'cryptElectronicTimeStamp');
  // 2.x allowed several contacts; the first is the laboratory.
  const [contact, ...others] = node.children('contact').map((child) => readContact(child, texts));
  if (!contact?.name) {
    throw new DccError('DCC_MISSING', `${node.path} does not name the laboratory.`);
  }
  const details = [...contact.details, ...others.flatMap((other) => other.details)];
  return { name: contact.name, details, code: node.string('calibrationLaboratoryCode') };
}

function readPerson(node: Node, texts: TextReader): ResponsiblePerson {
  node.ignore('cryptElectronicSeal', 'cryptElectronicSignature', 'cryptElectronicTimeStamp');
  const person = readContact(node.required('person'), texts);
  return {
    ...person,
    description: texts.children(node, 'description'),
    role: node.string('role'),
    mainSigner: readBoolean(node, 'mainSigner') ?? false,
  };
}
