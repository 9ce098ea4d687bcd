import { readUnit, UnitError } from '@tracecal/core/model';
import type { CoreData } from './administrative.js';
import { readCertificate, type Certificate } from './certificate.js';
import { worstConformity, type Conformity } from './conformity.js';
import { DccError, type DccErrorCode } from './errors.js';
import { readCertificateFile } from './file.js';
import {
  describeEquipment,
  describeItem,
  describeMark,
  describeParent,
  describeReference,
  describeSet,
  type InspectedEquipment,
  type InspectedItem,
  type InspectedMark,
  type InspectedParent,
  type InspectedReference,
  type InspectedSet,
} from './inspectDevices.js';
import {
  contactsOf,
  describeCondition,
  describeMethod,
  describeResult,
  describeSoftware,
  type InspectedCondition,
  type InspectedContact,
  type InspectedMethod,
  type InspectedResult,
  type InspectedSoftware,
} from './inspectParts.js';
import { describeStatement, type InspectedStatement } from './inspectQuantities.js';
import { parentsOf } from './parents.js';
import { omissionsOf, type Omission } from './reportContent.js';
import { verifySeal, type Seal } from './seals/index.js';
import type { Formula } from './text.js';
import type { Unsupported } from './unsupported.js';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';

/**
 * Output of `tracecal dcc inspect --json` for one file, without its seal. Texts are in the certificate's first mandatory
 * language; units are as written; every value has the decimal `text` as written next to the number, because trailing zeros
 * are significant. If `ok` is false, `error` gives the reason and everything else is null or empty.
 */
export interface Inspection {
  readonly file: string;
  readonly ok: boolean;
  readonly error: { readonly code: DccErrorCode; readonly message: string } | null;
  readonly schemaVersion: string | null;
  readonly uniqueIdentifier: string | null;
  readonly laboratory: string | null;
  readonly country: string | null;
  readonly languages: readonly string[];
  readonly items: readonly InspectedItem[];
  readonly performed: { readonly begin: string; readonly end: string } | null;
  readonly issued: string | null;
  readonly received: string | null;
  /** Where the calibration was done: `laboratory`, `customer`, ... */
  readonly place: string | null;
  /** The order number and the like. */
  readonly identifications: readonly InspectedMark[];
  readonly previousReport: InspectedReference | null;
  /** The certificate that this one amends or replaces. */
  readonly replaces: CoreData['replaces'];
  readonly contacts: readonly InspectedContact[];
  /** Statements about all items together. */
  readonly set: InspectedSet | null;
  /** Every certificate that this one depends on. */
  readonly parents: readonly InspectedParent[];
  /** All equipment named anywhere in the file, with or without a certificate. */
  readonly equipment: readonly InspectedEquipment[];
  readonly methods: readonly InspectedMethod[];
  readonly software: readonly InspectedSoftware[];
  /** Ambient and other conditions, with results before adjustment or repair. */
  readonly conditions: readonly InspectedCondition[];
  readonly statements: readonly InspectedStatement[];
  /** Stated for whole measurements. */
  readonly metaData: readonly InspectedStatement[];
  readonly formulas: readonly Formula[];
  readonly results: readonly InspectedResult[];
  /** For the whole certificate; the least favourable if there are several. */
  readonly conformity: Conformity | null;
  /** Whether it carries XML signatures. */
  readonly signed: boolean;
  /** Content that ISO/IEC 17025:2017 requires of a calibration certificate and that is missing. */
  readonly omissions: readonly Omission[];
  readonly unsupported: readonly Unsupported[];
}

/** The content of a file, and the state of its signature. */
export interface InspectedFile extends Inspection {
  /**
   * State of its signature without any trust anchor: never `verified`; `not-verified` if the file was changed after signing.
   * Null: no signature.
   */
  readonly seal: Seal | null;
}

/** Inspects a file and its signature. A fault is reported in the result, never thrown. */
export async function inspectFile(path: string, limits: XmlLimits = DEFAULT_XML_LIMITS): Promise<InspectedFile> {
  try {
    const bytes = await readCertificateFile(path, limits);
    const inspection = inspectBytes(bytes, path, limits);
    return { ...inspection, seal: inspection.signed ? (await verifySeal(bytes)).seal : null };
  } catch (error) {
    return { ...refused(path, error), seal: null };
  }
}

/** Inspects the bytes of a file called `name`. A fault is reported in the result, never thrown. */
export function inspectBytes(bytes: Uint8Array, name: string, limits: XmlLimits = DEFAULT_XML_LIMITS): Inspection {
  try {
    return describe(readCertificate(bytes, limits), name);
  } catch (error) {
    return refused(name, error);
  }
}

const NOTHING: Omit<Inspection, 'file' | 'error'> = {
  ok: false,
  schemaVersion: null,
  uniqueIdentifier: null,
  laboratory: null,
  country: null,
  languages: [],
  items: [],
  performed: null,
  issued: null,
  received: null,
  place: null,
  identifications: [],
  previousReport: null,
  replaces: null,
  contacts: [],
  set: null,
  parents: [],
  equipment: [],
  methods: [],
  software: [],
  conditions: [],
  statements: [],
  metaData: [],
  formulas: [],
  results: [],
  conformity: null,
  signed: false,
  omissions: [],
  unsupported: [],
};

function refused(file: string, error: unknown): Inspection {
  if (!(error instanceof DccError)) {
    throw error;
  }
  return { ...NOTHING, file, error: { code: error.code, message: error.message } };
}

function describe(certificate: Certificate, file: string): Inspection {
  const { core, laboratory, items, equipment, statements, results } = certificate;
  return {
    file,
    ok: true,
    error: null,
    schemaVersion: certificate.schemaVersion,
    uniqueIdentifier: core.uniqueIdentifier,
    laboratory: laboratory.name?.text ?? null,
    country: core.country,
    languages: core.languages.used,
    items: items.items.map(describeItem),
    performed: core.performed,
    issued: core.issued,
    received: core.received,
    place: core.location,
    identifications: core.identifications.map(describeMark),
    previousReport: core.previousReport && describeReference(core.previousReport),
    replaces: core.replaces,
    contacts: contactsOf(certificate),
    set: describeSet(items),
    parents: parentsOf(certificate).map(describeParent),
    equipment: equipment.map(describeEquipment),
    methods: certificate.methods.map(describeMethod),
    software: [...certificate.administrativeSoftware, ...certificate.software].map(describeSoftware),
    conditions: certificate.conditions.map(describeCondition),
    statements: statements.map(describeStatement),
    metaData: certificate.metaData.map(describeStatement),
    formulas: certificate.formulas,
    results: results.map(describeResult),
    conformity: worstConformity([...statements, ...certificate.metaData].flatMap((statement) => statement.conformity)),
    signed: certificate.signatures > 0,
    omissions: omissionsOf(certificate),
    unsupported: [...certificate.unsupported, ...foreignUnits(certificate)],
  };
}

/** Units are printed as written. Units outside D-SI are listed, because they cannot be used in computations. */
function foreignUnits({ results }: Certificate): Unsupported[] {
  const quantities = results.flatMap((result) => result.quantities);
  const written = new Set(
    quantities.flatMap((quantity) => [quantity.points, ...quantity.alternatives].flat()).map((point) => point.unit),
  );
  return [...written].flatMap((unit) => {
    const reason = whyNotUnit(unit);
    return reason === null ? [] : [{ path: `unit ${unit}`, reason }];
  });
}

function whyNotUnit(text: string): string | null {
  try {
    readUnit(text);
    return null;
  } catch (error) {
    if (error instanceof UnitError) {
      return error.message;
    }
    throw error;
  }
}
