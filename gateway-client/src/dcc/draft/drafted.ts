import type { Certificate } from '../certificate.js';
import type { Circumstances, Quantity, Statement } from '../data.js';
import type { Claims } from './claims.js';
import type { TablePlace } from './column.js';
import type { DraftConformity } from './conformity.js';
import type { KindProposer } from './kinds.js';
import type { DraftMethod, MethodProposal } from './methods.js';
import type { ParentList, Use } from './parents.js';
import type { Decision, LeftOut, Question, Result, RowNote } from './shapes.js';
import type { Told } from './told.js';

/** A result of a certificate as a report would contain it, with everything that the certificate states about it. */
export interface DraftResult {
  readonly result: Result;
  /** Whether a row states an uncertainty. Other results are informative. */
  readonly counted: boolean;
  readonly notes: readonly RowNote[];
  /** Nominal values, as stated. */
  readonly nominal: readonly (number | null)[] | null;
  /** The class of its method: proposed by the certificate, or confirmed by the mapping file. */
  readonly method: (MethodProposal & { readonly confirmed: boolean }) | null;
  readonly methods: readonly DraftMethod[];
  readonly uses: readonly Use[];
  readonly claims: Claims;
  readonly conformity: DraftConformity | null;
  readonly decisions: readonly Decision[];
  readonly questions: readonly Question[];
  /** The elements of the file that it refers to, the nearest first: usually an item. */
  readonly refIds: readonly string[];
  /** The words in its table, such as a marking. */
  readonly words: readonly string[];
  readonly place: TablePlace;
  /** Names of the columns that state it, without those of the standard. */
  readonly columns: readonly string[];
}

/** A result, or as-found results among the conditions, as the file has it. */
export interface Source {
  readonly name: string;
  readonly place: TablePlace;
  readonly tables: readonly (readonly Quantity[])[];
  readonly refType: string | null;
  readonly refIds: readonly string[];
  /** Names of the measurement and the items: the least specific hints about a kind. */
  readonly clues: readonly string[];
  readonly circumstances: readonly Circumstances[];
  /** Metadata of the measurement and its tables. */
  readonly metaData: readonly Statement[];
}

export interface DraftContext {
  readonly certificate: Certificate;
  readonly told: Told;
  readonly proposeKind: KindProposer;
  readonly parents: ParentList;
}

export interface Drafted {
  readonly results: readonly DraftResult[];
  readonly leftOut: readonly LeftOut[];
  /** Results that no report may contain. */
  readonly refused: readonly LeftOut[];
}
