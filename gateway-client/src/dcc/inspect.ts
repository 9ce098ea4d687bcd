import { readUnit, UnitError } from '@tracecal/chaincode/model';
import { readCertificate, type Certificate } from './certificate.js';
import { worstConformity, type Conformity } from './conformity.js';
import type { DeviceIdentity } from './identifications.js';
import { DccError, type DccErrorCode } from './errors.js';
import { isAnalogue, parentsOf, type ParentReference } from './parents.js';
import type { Item } from './items.js';
import type { ComplexPoint, Point } from './quantities.js';
import type { Quantity, Result, ResultPoint } from './results.js';
import type { Unsupported } from './unsupported.js';
import { readCertificateFile } from './file.js';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml.js';

/**
 * What `tracecal dcc inspect --json` prints about one file. Texts are in the certificate's first mandatory language;
 * units are as written; every value has the decimal `text` as written beside the number, because trailing zeros count.
 * Where `ok` is false, `error` says why and everything else is null or empty.
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
  /** Every certificate on which this one says that it rests. */
  readonly parents: readonly InspectedParent[];
  /** Equipment for which no certificate is named. */
  readonly equipment: readonly InspectedDevice[];
  readonly results: readonly InspectedResult[];
  /** Stated for the whole certificate; the least favourable where there are several. */
  readonly conformity: Conformity | null;
  /** Whether it carries XML signatures. They are not verified here. */
  readonly signed: boolean;
  readonly unsupported: readonly Unsupported[];
}

export interface InspectedDevice {
  readonly name: string | null;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
}

export interface InspectedItem extends InspectedDevice {
  readonly identifications: readonly { readonly issuer: string | null; readonly value: string }[];
  readonly parts: readonly InspectedItem[];
}

export interface InspectedParent {
  /** The name of the equipment (or condition) to which the parent certificate belongs. */
  readonly equipment: string | null;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly referral: string | null;
  readonly referralID: string | null;
  readonly procedure: string | null;
  readonly value: string | null;
  /** The parent is on paper: there is no file whose digest could be compared. */
  readonly analogue: boolean;
}

export interface InspectedQuantity {
  readonly name: string | null;
  readonly refType: string | null;
  readonly kind: Quantity['kind'];
  /** Of all points; null where there is none, or they differ. */
  readonly unit: string | null;
  readonly points: readonly ResultPoint[];
  readonly complex: readonly ComplexPoint[];
  readonly alternatives: readonly (readonly Point[])[];
  readonly complexAlternatives: readonly (readonly ComplexPoint[])[];
  readonly words: string | null;
  /** The least favourable of its points. */
  readonly conformity: Conformity | null;
  readonly table: number | null;
}

export interface InspectedResult {
  readonly name: string | null;
  readonly refType: string | null;
  readonly quantities: readonly InspectedQuantity[];
  readonly conformity: Conformity | null;
}

/** Inspects a file; what is wrong with it is told in the result, never thrown. */
export async function inspectFile(path: string, limits: XmlLimits = DEFAULT_XML_LIMITS): Promise<Inspection> {
  try {
    return inspectBytes(await readCertificateFile(path, limits), path, limits);
  } catch (error) {
    return refused(path, error);
  }
}

/** Inspects the bytes of a file called `name`; what is wrong with it is told in the result, never thrown. */
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
  parents: [],
  equipment: [],
  results: [],
  conformity: null,
  signed: false,
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
    parents: parentsOf(certificate).map(describeParent),
    equipment: equipment.filter((device) => !device.certificate).map(describeDevice),
    results: results.map(describeResult),
    conformity: worstConformity([...statements, ...certificate.metaData].flatMap((statement) => statement.conformity)),
    signed: certificate.signatures > 0,
    unsupported: [...certificate.unsupported, ...foreignUnits(certificate)],
  };
}

function describeDevice(device: DeviceIdentity & Pick<Item, 'name'>): InspectedDevice {
  const { serial, manufacturer, model } = device;
  return { name: device.name?.text ?? null, serial, manufacturer, model };
}

function describeItem(item: Item): InspectedItem {
  return {
    ...describeDevice(item),
    identifications: item.identifications.map(({ issuer, value }) => ({ issuer, value })),
    parts: item.parts.map(describeItem),
  };
}

function describeParent({ name, device, certificate }: ParentReference): InspectedParent {
  return {
    equipment: name,
    serial: device?.serial ?? null,
    manufacturer: device?.manufacturer ?? null,
    model: device?.model ?? null,
    referral: certificate.referral?.text ?? null,
    referralID: certificate.referralId,
    procedure: certificate.procedure,
    value: certificate.value,
    analogue: isAnalogue(certificate),
  };
}

function describeResult(result: Result): InspectedResult {
  const quantities = result.quantities.map(describeQuantity);
  const ofLists = result.metaData.flatMap((statement) => statement.conformity);
  return {
    name: result.name?.text ?? null,
    refType: result.refType,
    quantities,
    conformity: worstConformity([...quantities.map((quantity) => quantity.conformity), ...ofLists]),
  };
}

function describeQuantity(quantity: Quantity): InspectedQuantity {
  const { refType, kind, points, complex, alternatives, complexAlternatives, words, table } = quantity;
  const units = new Set([...points, ...complex].map((point) => point.unit));
  const [unit] = units;
  return {
    name: quantity.name?.text ?? null,
    refType,
    kind,
    unit: units.size === 1 ? (unit ?? null) : null,
    points,
    complex,
    alternatives,
    complexAlternatives,
    words,
    conformity: worstConformity(quantity.metaData.flatMap((statement) => statement.conformity)),
    table,
  };
}

/** Units are printed as written; those that are not D-SI are named, for nothing can be computed with them. */
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
