import type { Conformity } from './conformity.js';

/** A certificate to write. Texts are in one language; decimals are written exactly as given. */
export interface NewCertificate {
  /** Written at the top of the file as a comment. */
  readonly remark: string;
  readonly software: { readonly name: string; readonly release: string };
  readonly uniqueIdentifier: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 639-1. */
  readonly language: string;
  readonly performed: { readonly begin: string; readonly end: string };
  readonly performedAt: 'laboratory' | 'customer' | 'laboratoryBranch' | 'customerBranch' | 'other';
  readonly issued: string;
  /** The certificate that this one amends. */
  readonly amends?: string;
  /** The laboratory's code of accreditation. */
  readonly accreditation?: string;
  readonly item: NewDevice;
  readonly laboratory: NewContact;
  readonly customer: NewContact;
  /** The first one signs. */
  readonly persons: readonly { readonly name: string; readonly role: string }[];
  readonly statements: readonly NewStatement[];
  readonly methods: readonly { readonly name: string; readonly norm?: string }[];
  readonly parents: readonly NewParent[];
  readonly conditions: readonly NewCondition[];
  readonly results: readonly NewResult[];
  /** Before an adjustment. */
  readonly asFound?: readonly NewResult[];
}

export interface NewDevice {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
}

export interface NewContact {
  readonly name: string;
  readonly eMail?: string;
  readonly street?: string;
  readonly postCode?: string;
  readonly city?: string;
  readonly country: string;
}

export interface NewStatement {
  readonly refType?: string;
  readonly norm?: string;
  readonly reference?: string;
  readonly declaration: string;
  readonly date?: string;
  readonly conformity?: 'pass' | 'fail';
}

/** A standard that was used, and its certificate. */
export interface NewParent {
  readonly device: Pick<NewDevice, 'name'> & Partial<NewDevice>;
  readonly certificate: {
    readonly title: string;
    readonly uniqueIdentifier: string;
    /** SHA-256 of the parent certificate's file, hex; null for one on paper. */
    readonly sha256: string | null;
  };
}

export interface NewCondition {
  readonly name: string;
  readonly refType: string;
  readonly min: string;
  readonly max: string;
  readonly unit: string;
}

/** A table: all columns have as many rows. */
export interface NewResult {
  readonly name: string;
  readonly columns: readonly NewColumn[];
}

export type NewColumn = NewNumbers | NewWords;

/** For rows without a value here: `NaN`. */
export interface NewNumbers {
  readonly name: string;
  /** One or several, with spaces between them. */
  readonly refType: string;
  readonly unit: string;
  readonly values: readonly string[];
  /** Expanded uncertainties, one a row; coverage factor and probability are one for all rows, or one a row. */
  readonly uncertainty?: {
    readonly U: readonly string[];
    readonly k: string | readonly string[];
    readonly p: string | readonly string[];
    readonly distribution?: readonly string[];
  };
  /** One for the column, or one a row. */
  readonly conformity?: Conformity | readonly Conformity[];
}

/** A setting in words, one a row, without spaces. */
export interface NewWords {
  readonly name: string;
  readonly refType: string;
  readonly words: readonly string[];
}
