import type { Parent } from '@tracecal/core/model';
import type { Announced, Item } from '../../client/index.js';
import type { LeftOut } from '../../dcc/index.js';

/** A report that says what an item of a certificate says, as it is signed or was registered before. */
export interface ImportedReport {
  readonly file: string;
  readonly report: string;
  readonly device: string;
  readonly owner: string;
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  readonly results: number;
  /** Whether the owner has accepted it, by an officer whose key is here. */
  readonly accepted: boolean;
  /** The report that it amends. */
  readonly supersedes: string | null;
  /** What of the certificate the report does not hold. */
  readonly omitted: readonly LeftOut[];
  /** What was taken for granted, and what is missing with the command that mends it. */
  readonly notes: readonly string[];
  /** What is known of the file's signature; null: it carries none, or the report was registered before. */
  readonly signature: string | null;
  readonly certificateSha256: string;
}

/** What a certificate says of one of its items, signed to be registered. */
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
