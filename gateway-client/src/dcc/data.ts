import type { Conformity } from './conformity.js';
import type { Contact } from './contacts.js';
import type { CertificateReference, Equipment } from './equipment.js';
import type { PrimitiveQuantity } from './primitive-quantities.js';
import type { Point, Values } from './quantities.js';
import type { Software } from './software.js';
import type { Text } from './text.js';

/** A value of a result and whether it conforms; null if the certificate does not say. */
export interface ResultPoint extends Point {
  readonly conformity: Conformity | null;
}

/** A quantity among results, conditions or metadata. */
export interface Quantity extends Omit<Values, 'kind' | 'points'> {
  /** Its own name, or else that of the list that contains it. */
  readonly name: Text | null;
  readonly description: Text | null;
  readonly id: string | null;
  /** Identifiers of elements that it belongs to. */
  readonly refIds: readonly string[];
  readonly refType: string | null;
  /** `words` for a quantity that states text instead of values. */
  readonly kind: Values['kind'] | 'words';
  readonly points: readonly ResultPoint[];
  readonly words: string | null;
  readonly relativeUncertainty: readonly Point[];
  readonly metaData: readonly Statement[];
  /** Stated for this quantity, or for a list that holds it. */
  readonly circumstances: Circumstances;
  /** The name of the list that holds it: "temperature" of the quantities "from" and "to". */
  readonly list: Text | null;
  /** Which list of the data contains it, counted from 1; quantities of one list are columns of one table. Null: no list. */
  readonly table: number | null;
}

/** The content of a `data` element, without its list structure. */
export interface ResultData {
  readonly quantities: readonly Quantity[];
  /** Texts among the data, and descriptions of lists. */
  readonly texts: readonly Text[];
  /** Metadata of whole lists. */
  readonly metaData: readonly Statement[];
}

/** A statement about the certificate, or metadata of a result, a table or a quantity: the schema has one type for both. */
export interface Statement {
  readonly id: string | null;
  readonly refType: string | null;
  /** Identifiers of elements that it is about. */
  readonly about: readonly string[];
  readonly name: Text | null;
  readonly declaration: Text | null;
  readonly norms: readonly string[];
  /** Parts of norms, and links. */
  readonly references: readonly string[];
  readonly countries: readonly string[];
  readonly convention: string | null;
  /** One for all values, or one for each; empty if conformity is not stated. */
  readonly conformity: readonly Conformity[];
  readonly traceable: boolean | null;
  readonly valid: readonly boolean[];
  readonly date: string | null;
  readonly period: string | null;
  readonly authority: Contact | null;
  /** A unit outside SI that the certificate defines. */
  readonly nonSi: { readonly unit: string | null; readonly definition: string | null } | null;
  /** Limits, nominal values and the like. */
  readonly data: ResultData | null;
}

/** A method, by name and norm. */
export interface Method {
  readonly id: string | null;
  readonly name: Text | null;
  readonly refType: string | null;
  readonly norms: readonly string[];
  readonly references: readonly string[];
  readonly description: readonly Text[];
  readonly quantities: readonly PrimitiveQuantity[];
}

/** An ambient or other condition. */
export interface Condition {
  readonly name: Text | null;
  readonly refType: string | null;
  readonly description: readonly Text[];
  /** `beforeAdjustment`, `afterAdjustment`, `beforeRepair`, `afterRepair`. */
  readonly status: string | null;
  readonly certificate: CertificateReference | null;
  readonly data: ResultData | null;
}

/** How something was measured: stated for all results, for a measurement, a list or a single quantity. */
export interface Circumstances {
  readonly methods: readonly Method[];
  readonly software: readonly Software[];
  readonly equipment: readonly Equipment[];
  readonly conditions: readonly Condition[];
}
