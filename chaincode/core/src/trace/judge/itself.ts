import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Finding } from '../verdict.js';
import { withoutUncertainty } from '../withoutUncertainty.js';
import { accreditationWithin, isMakersOwn, wasMakersOwn } from './accreditation.js';
import { conformityFindings } from './conformity.js';
import type { Terms } from './judge.js';
import { outcomeOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import { isCounted } from './stated.js';

/** What a report's results of one kind say themselves, whatever they rest on. */
export interface Stated {
  /** About each result, then about the accreditation of the laboratory. */
  readonly findings: readonly Finding[];
  /** They state no usable uncertainty. */
  readonly isInformative: boolean;
  /** Those with a usable uncertainty. */
  readonly counted: readonly Result[];
  readonly isMakers: boolean;
}

/** Judges what results say themselves: their conformity, and the accreditation of their laboratory. */
export function judgeStated(report: OpenReport, kind: string, terms: Terms): Stated {
  const results = (report.results.get(kind) ?? []).filter(({ asFound }) => !asFound);
  const counted = results.filter(isCounted);
  const isMakers = isMakersOwn(report) || wasMakersOwn(report);
  const isPart = report.partly.has(kind);
  return {
    findings: [
      ...(isPart && counted.length === 0 ? [silentPart(report, kind)] : []),
      ...counted.flatMap((result) => [...denial(report, result), ...conformityFindings(report, result)]),
      ...(isMakers ? [] : accreditationWithin(report, counted, terms)),
    ],
    isInformative: counted.length === 0 && !isPart,
    counted,
    isMakers,
  };
}

/** A part that somebody chose does not tell that the others state no uncertainty either. */
function silentPart({ id, organisation }: OpenReport, kind: string): Finding {
  return {
    check: 'results',
    outcome: 'missing',
    reason: `Report ${id} gives ${kind} in confidence, and what was disclosed of it states no usable uncertainty: ask ${organisation} for a whole disclosure.`,
  };
}

/** The certificate of a laboratory that is not a member ends the chain; the findings state that it rests on its transcriber's word. */
export function rootless(report: OpenReport, what: string): readonly Finding[] {
  const reason = `Report ${report.id} gives ${what}, and nothing that it rests on leads to a National Metrology Institute.`;
  return isOnPaper(report) ? [] : [{ check: 'support', outcome: 'missing', reason }];
}

export function uncertaintyMissing(report: OpenReport, kind: string): Outcome {
  return outcomeOf([{ check: 'results', outcome: 'missing', reason: withoutUncertainty(report, [kind]) }]);
}

/**
 * A certificate of a laboratory that is not a member counts like one on paper: its transcriber vouches for it, and its standards are
 * not required.
 */
export function isOnPaper({ laboratory }: OpenReport): boolean {
  return laboratory.id === null;
}

function denial({ id }: OpenReport, { name, excluded }: Result): readonly Finding[] {
  return excluded === 'not-traceable'
    ? [
        {
          check: 'denial',
          outcome: 'failed',
          reason: `Report ${id}, ${name}: its issuer itself states that it is not traceable.`,
        },
      ]
    : [];
}
