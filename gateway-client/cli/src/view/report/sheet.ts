/** A document as people read it, before it is drawn on a terminal or a page. All texts are plain; none is trusted. */
export interface Sheet {
  readonly title: string;
  readonly subtitle: string;
  /** What a reader has to know first. */
  readonly warnings: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly tables: readonly SheetTable[];
}

export interface Field {
  readonly label: string;
  readonly text: string;
}

export interface SheetTable {
  readonly caption: string;
  readonly columns: readonly SheetColumn[];
  /** A cell a column; null where nothing is stated. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Said below it. */
  readonly notes: readonly string[];
}

export interface SheetColumn {
  readonly title: string;
  readonly isNumber: boolean;
}

/** A field, unless there is nothing to say. */
export function field(label: string, text: string | null | undefined): readonly Field[] {
  return text === null || text === undefined || text === '' ? [] : [{ label, text }];
}
