import { MAX_ROWS, MAX_RESULTS, parseUnit, readUnit, UnitError } from '@tracecal/chaincode/model';
import type { Result as ReportResult, Row, Unit } from '@tracecal/chaincode/model';
import type { Certificate } from './certificate.js';
import { oneLine } from './oneLine.js';
import { isAnalogue, parentFileSha256, parentsOf } from './parents.js';
import type { Point } from './quantities.js';
import type { Quantity, Result } from './results.js';
import type { Uncertainty } from './uncertainty.js';

/** What a certificate contributes to a report of the registry. Whose report it becomes is not for the file to say. */
export interface ReportDraft {
  readonly results: readonly ReportResult[];
  readonly performed: { readonly begin: string; readonly end: string };
  /** The date of issue; where the certificate states none, the last day of the calibration. */
  readonly issued: string;
  readonly parents: readonly ParentDraft[];
  readonly omitted: readonly Omitted[];
}

/** A quantity that does not become a result, and why. */
export interface Omitted {
  readonly name: string;
  readonly reason: string;
}

/** A parent as the certificate names it, to be matched with what is registered. */
export interface ParentDraft {
  readonly equipment: string;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  /** The parent certificate's unique identifier. */
  readonly certificate: string | null;
  /** SHA-256 of the parent's file, lower-case hex; null if the certificate states none, or another digest. */
  readonly sha256: string | null;
  readonly analogue: boolean;
}

/**
 * Turns a certificate into results of a report.
 *
 * A quantity becomes a result if it states an uncertainty (ISO/IEC 17025, 7.8.4.1 a) and its unit is D-SI. In a table with
 * a reference column, the uncertainty belongs to the reference values wherever the table states it (usually beside the
 * error of indication): the result then has the reference values as its points, for they say over which range and how
 * well the device is known.
 */
export function draftReport(certificate: Certificate): ReportDraft {
  const drafts = certificate.results.flatMap((result) => tablesOf(result).map((table) => draftTable(table, result)));
  const results = drafts.flatMap((draft) => draft.results);
  return {
    results: results.slice(0, MAX_RESULTS),
    performed: certificate.core.performed,
    issued: certificate.core.issued ?? certificate.core.performed.end,
    parents: parentsOf(certificate).map(({ name, device, certificate: reference }) => ({
      equipment: oneLine(name),
      serial: device?.serial ?? null,
      manufacturer: device?.manufacturer ?? null,
      model: device?.model ?? null,
      certificate: reference.referralId,
      sha256: parentFileSha256(reference),
      analogue: isAnalogue(reference),
    })),
    omitted: [
      ...drafts.flatMap((draft) => draft.omitted),
      ...results
        .slice(MAX_RESULTS)
        .map(({ name }) => ({ name, reason: `A report holds at most ${MAX_RESULTS} results.` })),
    ],
  };
}

type TableDraft = Pick<ReportDraft, 'results' | 'omitted'>;

const REFERENCE_VALUE = 'basic_referenceValue';
/** Where a table states its uncertainty, best first. */
const CARRIERS = ['basic_measurementError', 'basic_measuredValue', 'basic_correction'];

/** Quantities of one list belong together; others stand alone. */
function tablesOf({ quantities }: Result): Quantity[][] {
  const alone = quantities.filter((quantity) => quantity.table === null).map((quantity) => [quantity]);
  const tables = new Map<number, Quantity[]>();
  for (const quantity of quantities) {
    if (quantity.table !== null) {
      const table = tables.get(quantity.table) ?? [];
      table.push(quantity);
      tables.set(quantity.table, table);
    }
  }
  return [...alone, ...tables.values()];
}

function draftTable(table: readonly Quantity[], result: Result): TableDraft {
  const joined = joinReference(table, result);
  const others = table
    .filter((quantity) => !joined?.used.includes(quantity))
    .map((quantity) => draftQuantity(quantity, result));
  return {
    results: [...(joined ? [joined.result] : []), ...others.flatMap((draft) => draft.results)],
    omitted: others.flatMap((draft) => draft.omitted),
  };
}

function joinReference(
  table: readonly Quantity[],
  result: Result,
): { readonly result: ReportResult; readonly used: readonly Quantity[] } | null {
  const reference = table.find((quantity) => hasRefType(quantity, REFERENCE_VALUE));
  const carrier = CARRIERS.flatMap((refType) => table.filter((quantity) => hasRefType(quantity, refType))).find(
    (quantity) => quantity !== reference && quantity.points.some((point) => point.uncertainty),
  );
  if (!reference || !carrier || reference.points.some((point) => point.uncertainty)) {
    return null;
  }
  for (const points of [reference.points, ...reference.alternatives]) {
    const borrowed = borrowUncertainty(points, carrier.points);
    const drafted = borrowed && draftPoints(borrowed, nameOf(reference, result));
    if (drafted && typeof drafted !== 'string') {
      return { result: drafted, used: [reference, carrier] };
    }
  }
  return null;
}

/** The points with the uncertainties of others, row by row; null unless both can be compared. */
function borrowUncertainty(points: readonly Point[], carriers: readonly Point[]): Point[] | null {
  const borrowed = points.map((point, i) => {
    const carrier = carriers[i];
    const scale = carrier ? scaleBetween(carrier.unit, point.unit) : null;
    return carrier && scale !== null ? { ...point, uncertainty: scaled(carrier.uncertainty, scale) } : null;
  });
  const complete = borrowed.filter((point) => point !== null);
  return complete.length === carriers.length && complete.length === points.length ? complete : null;
}

/** By what a difference in one unit is multiplied to be in another: errors of a Celsius scale are often in kelvin. */
function scaleBetween(from: string, to: string): number | null {
  if (from === to) {
    return 1;
  }
  const source = parseUnit(from);
  const target = parseUnit(to);
  return source && source.dimension === target?.dimension ? source.factor / target.factor : null;
}

function scaled(uncertainty: Uncertainty | null, scale: number): Uncertainty | null {
  return uncertainty && { ...uncertainty, U: uncertainty.U === null ? null : uncertainty.U * scale };
}

function draftQuantity(quantity: Quantity, result: Result): TableDraft {
  const name = nameOf(quantity, result);
  const drafted = whyNotResult(quantity) ?? draftPoints(quantity.points, name);
  return typeof drafted === 'string'
    ? { results: [], omitted: [{ name, reason: drafted }] }
    : { results: [drafted], omitted: [] };
}

function whyNotResult(quantity: Quantity): string | null {
  if (quantity.kind === 'words') {
    return 'It states words, not values.';
  }
  if (quantity.kind === 'complex') {
    return 'Its values are complex numbers.';
  }
  return quantity.points.some((point) => point.uncertainty) ? null : 'It states no uncertainty.';
}

/** A result, or the reason why there is none. */
function draftPoints(points: readonly Point[], name: string): ReportResult | string {
  if (points.length > MAX_ROWS) {
    return `A result of a report holds at most ${MAX_ROWS} rows.`;
  }
  const text = points[0]?.unit ?? '';
  if (points.some((point) => point.unit !== text)) {
    return 'Its values are in different units.';
  }
  const unit = unitOf(text);
  if (typeof unit === 'string') {
    return unit;
  }
  const drafted = points.flatMap((point) => draftPoint(point) ?? []);
  return drafted.length < points.length
    ? 'A value or an uncertainty is not a number.'
    : { name, quantity: unit.quantity, unit: text, rows: drafted };
}

function draftPoint({ value, uncertainty }: Point): Row | null {
  if (value === null) {
    return null;
  }
  if (uncertainty === null) {
    return { value, uncertainty: null };
  }
  const drafted = draftUncertainty(uncertainty);
  return drafted && { value, uncertainty: drafted };
}

function draftUncertainty({ U, k, p }: Uncertainty): Row['uncertainty'] {
  if (U === null || k === null || k <= 0) {
    return null;
  }
  return { expanded: U, coverageFactor: k, coverageProbability: p !== null && p > 0 && p <= 1 ? p : null };
}

function unitOf(text: string): Unit | string {
  try {
    return readUnit(text);
  } catch (error) {
    if (error instanceof UnitError) {
      return error.message;
    }
    throw error;
  }
}

function hasRefType(quantity: Quantity, refType: string): boolean {
  return quantity.refType?.split(/\s+/).includes(refType) ?? false;
}

function nameOf(quantity: Quantity, result: Result): string {
  return oneLine(quantity.name?.text) || oneLine(result.name?.text) || 'result';
}
