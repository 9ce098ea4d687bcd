import { worstConformity, type Conformity } from './conformity.js';
import type { Contact } from './contacts.js';
import type { PrimitiveQuantity } from './primitive-quantities.js';
import { NO_VALUES, type ComplexPoint, type Point } from './quantities.js';
import type { Quantity, ResultData, ResultPoint } from './data.js';
import type { Statement } from './data.js';

export interface InspectedQuantity {
  readonly name: string | null;
  readonly description: string | null;
  readonly id: string | null;
  readonly refIds: readonly string[];
  readonly refType: string | null;
  readonly kind: Quantity['kind'];
  /** For all points; null if the certificate states none, or if the points differ. */
  readonly unit: string | null;
  readonly points: readonly ResultPoint[];
  readonly complex: readonly ComplexPoint[];
  readonly alternatives: readonly (readonly Point[])[];
  readonly complexAlternatives: readonly (readonly ComplexPoint[])[];
  readonly words: string | null;
  readonly relativeUncertainty: readonly Point[];
  /** Limits, the decision rule, and other statements about this quantity. */
  readonly metaData: readonly InspectedStatement[];
  /** The least favourable of its points. */
  readonly conformity: Conformity | null;
  /** The name of the list that holds it. */
  readonly list: string | null;
  readonly table: number | null;
}

/** A statement about the certificate, or metadata of a measurement, a table or a quantity. */
export interface InspectedStatement extends Omit<Statement, 'name' | 'declaration' | 'authority' | 'data'> {
  readonly name: string | null;
  readonly declaration: string | null;
  readonly authority: string | null;
  readonly authorityDetails: Contact['details'];
  /** Limits, nominal values and the like. */
  readonly quantities: readonly InspectedQuantity[];
  readonly texts: readonly string[];
}

function describeQuantity(quantity: Quantity): InspectedQuantity {
  const { id, refIds, refType, kind, points, complex, words, table, relativeUncertainty } = quantity;
  const { alternatives, complexAlternatives } = quantity;
  return {
    name: quantity.name?.text ?? null,
    description: quantity.description?.text ?? null,
    id,
    refIds,
    refType,
    kind,
    unit: commonUnit([...points, ...complex]),
    points,
    complex,
    alternatives,
    complexAlternatives,
    words,
    relativeUncertainty,
    metaData: quantity.metaData.map(describeStatement),
    conformity: worstConformity(quantity.metaData.flatMap((statement) => statement.conformity)),
    list: quantity.list?.text ?? null,
    table,
  };
}

/** A property of an item, of equipment or of a method. */
export function describeQuantityOfDevice(quantity: PrimitiveQuantity): InspectedQuantity {
  const { id, refIds, refType, words, values } = quantity;
  const { kind, points, complex, alternatives, complexAlternatives } = values ?? {
    ...NO_VALUES,
    kind: 'words' as const,
  };
  return {
    name: quantity.name?.text ?? null,
    description: quantity.description?.text ?? null,
    id,
    refIds,
    refType,
    kind,
    unit: commonUnit([...points, ...complex]),
    points: points.map((point) => ({ ...point, conformity: null })),
    complex,
    alternatives,
    complexAlternatives,
    words,
    relativeUncertainty: [],
    metaData: [],
    conformity: null,
    list: null,
    table: null,
  };
}

export function describeStatement(statement: Statement): InspectedStatement {
  const { name, declaration, authority, data, ...rest } = statement;
  const { quantities, texts } = describeData(data);
  return {
    ...rest,
    name: name?.text ?? null,
    declaration: declaration?.text ?? null,
    authority: authority?.name?.text ?? null,
    authorityDetails: authority?.details ?? [],
    quantities,
    texts,
  };
}

export function describeData(data: ResultData | null): {
  readonly quantities: readonly InspectedQuantity[];
  readonly texts: readonly string[];
  readonly metaData: readonly InspectedStatement[];
} {
  return {
    quantities: data?.quantities.map(describeQuantity) ?? [],
    texts: data?.texts.map(({ text }) => text) ?? [],
    metaData: data?.metaData.map(describeStatement) ?? [],
  };
}

function commonUnit(points: readonly { readonly unit: string }[]): string | null {
  const units = new Set(points.map((point) => point.unit));
  const [unit] = units;
  return units.size === 1 ? (unit ?? null) : null;
}
