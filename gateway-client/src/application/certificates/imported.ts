import type { Parent } from '@tracecal/core/model';
import type { Announced, Item } from '../../client/index.js';
import type { LeftOut } from '../../dcc/index.js';

/** A report of an item of a certificate, newly signed or registered before. */
export interface ImportedReport {
  readonly file: string;
  readonly report: string;
  readonly device: string;
  readonly owner: string;
  /** The organisation that registers it, or registered it before: not always the one that imports. */
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  readonly results: number;
  /** Whether the owner has accepted it, by an officer whose key is here. */
  readonly accepted: boolean;
  /** The report that it amends. */
  readonly supersedes: string | null;
  /** Certificate content omitted from the report. */
  readonly omitted: readonly LeftOut[];
  /** Assumptions that were made, and missing things with the command that adds them; of a report that was registered before, its state. */
  readonly notes: readonly string[];
  /** State of the file's signature; null: it has none, or the report was registered before. */
  readonly signature: string | null;
  readonly certificateSha256: string;
}

/** Content of a certificate about one of its items, signed for registration. */
export interface SignedImport extends ImportedReport {
  /** The registration of its device if that is new, then the report; nothing if it is registered already. */
  readonly items: readonly Item[];
}

export interface Imported extends ImportedReport {
  /** The registration of its device, if that was new. */
  readonly deviceCommitted: Announced | null;
  /** Null: the same file was registered before. */
  readonly committed: Announced | null;
}

export interface NewlyImported extends Imported {
  readonly committed: Announced;
}
