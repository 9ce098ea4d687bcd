import type { OpenReport } from './open/opener.js';
import { outcomeOf, SOUND, worstOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import { isUsable, siPoints } from './quantities.js';
import { nameOf, NOWHERE } from './sources.js';
import type { Source, Standing } from './sources.js';
import type { Finding } from './verdict.js';

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly standing: Standing;
}

/**
 * How a report's results of one kind stand by their sources. Those that give the same kind are references, each of which has to
 * stand; the others influence the result. What is an institute's own and rests on no reference ends there.
 */
export function judge(report: OpenReport, kind: string, sources: readonly Source[]): Judgement {
  const isInstitutes = report.issuer.organisations[0]?.kind === 'NMI';
  // An institute vouches for its own realisation: to name what cannot be seen here must not be worse than to name nothing.
  const known = isInstitutes ? sources.filter(({ parent }) => parent.kind === 'report') : sources;
  const references = known.filter(({ kinds }) => kinds.has(kind));
  const others = known.filter(({ kinds }) => !kinds.has(kind));
  const isRoot = references.length === 0 && isInstitutes;
  const unknown = others.flatMap(unresolved);
  const findings = [
    ...unknown,
    ...others.flatMap((source) => influence(report, kind, source)),
    ...(references.length > 0 || isRoot || unknown.length > 0 ? [] : [nothingOfItsKind(report, kind)]),
  ];
  const isInformative = !statesUncertainty(report, kind);
  const above = references.map(({ kinds }) => kinds.get(kind) ?? { ...SOUND, roots: NOWHERE });
  return {
    findings,
    standing: {
      ...worstOf([...(isInformative ? [uncertaintyMissing(report, kind)] : []), outcomeOf(findings), ...above]),
      roots: isRoot ? new Set([report.organisation]) : new Set(above.flatMap(({ roots }) => [...roots])),
      isInformative,
    },
  };
}

function statesUncertainty({ results }: OpenReport, kind: string): boolean {
  return results.get(kind)?.some((result) => siPoints(result).some(isUsable)) === true;
}

function uncertaintyMissing({ id }: OpenReport, kind: string): Outcome {
  const reason = `Report ${id} states no measurement uncertainty of ${kind}.`;
  return outcomeOf([{ check: 'results', outcome: 'missing', reason }]);
}

/** A source that gives nothing, or of which nobody knows what it says, may be what the result rests on. */
function unresolved({ kinds, standing }: Source): readonly Finding[] {
  return kinds.size === 0 && standing.because ? [standing.because] : [];
}

function influence({ id }: OpenReport, kind: string, source: Source): readonly Finding[] {
  const { report, kinds, standing } = source;
  if (report === undefined || kinds.size === 0 || standing.outcome === 'sound' || standing.outcome === 'attested') {
    return [];
  }
  return [
    {
      check: 'influence',
      outcome: 'missing',
      reason: `The ${kind} of report ${id} may be influenced by what ${nameOf(source)} says, which does not stand: ${standing.because?.reason ?? ''}`,
    },
  ];
}

function nothingOfItsKind({ id, payload, organisation }: OpenReport, kind: string): Finding {
  const reason =
    payload.parents.length === 0
      ? `Report ${id} names no parent, but ${organisation} is not a National Metrology Institute.`
      : `Report ${id} gives ${kind}, which none of its parents does: declare how it follows from them.`;
  return { check: 'support', outcome: 'missing', reason };
}
