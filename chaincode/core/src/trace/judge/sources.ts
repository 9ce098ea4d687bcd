import { NOT_NAMED } from '../../model/index.js';
import type { Parent } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Said } from '../open/statement.js';
import type { Foundation } from '../support/index.js';
import { outcomeOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { Finding } from '../verdict.js';

/** How results of one kind of quantity stand, with the institutes at which their chains end. */
export interface Standing extends Outcome {
  readonly roots: ReadonlySet<string>;
  /** They state no uncertainty that anything could rest on: of use to people, and missing only where they are asked for. */
  readonly isInformative: boolean;
  /** What its results rest on among their own kind, in the order of the report; undefined where that is not known. */
  readonly foundations?: readonly (Foundation | undefined)[];
}

/** What a report rests on: one of its parents, with how that stands. */
export interface Source {
  readonly parent: Parent;
  /** The report that counts in its place; undefined where there is none on the ledger. */
  readonly report: OpenReport | undefined;
  /** How its results stand for this use, by the kinds of quantity for which it is relied on. */
  readonly kinds: ReadonlyMap<string, Standing>;
  /** How it stands altogether. */
  readonly standing: Outcome;
  /** Whether it was made after the result, beside an earlier calibration of the same device. */
  readonly isLater: boolean;
  /** Where another report counts in the place of the one that is named: that one, with its results. */
  readonly before?: OpenReport | undefined;
  /** The word of the reliant report's laboratory that it stands all the same. */
  readonly review?: Said<'review'> | undefined;
}

/** Institutes at which nothing ends that stands by itself. */
export const NOWHERE: ReadonlySet<string> = new Set();

/** Those that count: where some state an uncertainty, the others are there for people to read. */
export function counted(standings: readonly Standing[]): readonly Standing[] {
  const counting = standings.filter(({ isInformative }) => !isInformative);
  return counting.length > 0 ? counting : standings;
}

/** A parent that is not on the ledger: what the report says of it is its signatories' word. */
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

/** By whom and when its calibration was done, as far as the report says: people look for the paper by it. */
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
