import { NOT_NAMED } from '../../model/index.js';
import type { OpenedResults, Parent } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Said } from '../open/statement.js';
import type { Foundation } from '../support/index.js';
import { outcomeOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { Finding } from '../verdict.js';

/** The status of results of one kind of quantity, with the institutes at which their chains end. */
export interface Standing extends Outcome {
  readonly roots: ReadonlySet<string>;
  /** They state no usable uncertainty: people may read them, and they are INCOMPLETE only if a question asks for them. */
  readonly isInformative: boolean;
  /** Finds the sources of the same kind for each result, in the order of the report; undefined if unknown. */
  readonly foundations?: readonly ((() => Foundation) | undefined)[];
  /** The confidential results by which they are judged: their own, and those that they rest on at all levels above. */
  readonly sealed?: readonly SealedResults[];
}

/** Results that their report gives in confidence. */
export interface SealedResults extends OpenedResults {
  readonly organisation: string;
  /** Whose own numbers they are: also those of a member whose certificate the report transcribes. */
  readonly answerable: readonly string[];
  /** Whether the asker sees all of them. */
  readonly isOpen: boolean;
}

/** One of the parents that a report rests on, with its status. */
export interface Source {
  readonly parent: Parent;
  /** The report that counts in its place; undefined if the parent has no report on the ledger. */
  readonly report: OpenReport | undefined;
  /** The status of its results for this use, by the kinds of quantity for which it is relied on. */
  readonly kinds: ReadonlyMap<string, Standing>;
  /** The status of the whole parent. */
  readonly standing: Outcome;
  /** Whether it was made after the result, and an earlier calibration of the same device is named too. */
  readonly isLater: boolean;
  /** The named report with its results, if another report counts in its place. */
  readonly before?: OpenReport | undefined;
  /** The digest of everything above the report ({@link basisOf}); absent without one. */
  readonly basis?: () => string;
  /** The review by the laboratory of the relying report that confirms it. */
  readonly review?: Said<'review'> | undefined;
}

/** The roots of a parent without an own chain: none. */
export const NOWHERE: ReadonlySet<string> = new Set();

/** The results that count: if some state an uncertainty, the others are only shown to people. */
export function counted(standings: readonly Standing[]): readonly Standing[] {
  const counting = standings.filter(({ isInformative }) => !isInformative);
  return counting.length > 0 ? counting : standings;
}

/** A parent that is not on the ledger: only the signatories of the report vouch for what the report states about it. */
export function outsideSource(parent: OutsideParent, reliant: Reliant): Source {
  const standing = outcomeOf([outside(parent, reliant)]);
  const described = parent.kind === 'paper' ? parent.results : [];
  return {
    parent,
    report: undefined,
    isLater: false,
    kinds: new Map(described.map(({ quantity }) => [quantity, { ...standing, roots: NOWHERE, isInformative: false }])),
    standing,
  };
}

export type OutsideParent = Exclude<Parent, { kind: 'report' }>;
type Reliant = Pick<OpenReport, 'id' | 'payload'>;

export function outside(parent: OutsideParent, { id, payload: { performed } }: Reliant): Finding {
  if (parent.kind === 'external') {
    return {
      check: 'parent-registered',
      outcome: 'missing',
      reason: notRegistered(parent),
    };
  }
  if (parent.date !== undefined && parent.date > performed.begin) {
    return {
      check: 'chronology',
      outcome: 'failed',
      reason: `Report ${id} began on ${performed.begin}, before the calibration of certificate ${parent.certificate} was finished on ${parent.date}.`,
    };
  }
  return parent.results.length === 0
    ? {
        check: 'paper-certificate',
        outcome: 'missing',
        reason: `Certificate ${parent.certificate} is on paper, and the report does not say what it certifies: describe its quantity, range and uncertainty.`,
      }
    : {
        check: 'paper-certificate',
        outcome: 'attested',
        reason: `Certificate ${parent.certificate}${issuedBy(parent)} is on paper: only the signatories of the report vouch for it.`,
      };
}

/** Who calibrated it and when, as far as the report states it: people need that to find the paper. */
function issuedBy({ laboratory, date }: Extract<Parent, { kind: 'paper' }>): string {
  return `${laboratory === '' ? '' : ` of ${laboratory}`}${date === undefined ? '' : ` (${date})`}`;
}

/** For people. */
export function nameOf({ parent }: Pick<Source, 'parent'>): string {
  return parent.kind === 'report' ? `report ${parent.report}` : `certificate ${parent.certificate}`;
}

function notRegistered({ certificate, digest, equipment }: Extract<Parent, { kind: 'external' }>): string {
  if (certificate === NOT_NAMED) {
    return `No certificate of ${equipment} is named: name its report (--parent), or describe its certificate (--paper-parent).`;
  }
  const of = `Certificate ${certificate} of ${equipment}`;
  return digest
    ? `${of} is not registered here, or from another file: import the file with the ${digest.algorithm} ${digest.value.slice(0, 16)}….`
    : `${of} is not registered here: import it, or name its report (--parent).`;
}
