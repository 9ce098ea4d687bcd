import type { TraceOptions } from './options.js';
import type { Edge, Finding, HeartbeatSeen, Root, Verdict, VerdictStatus } from './verdict.js';

export function outcomeOf(findings: readonly Finding[]): Edge['outcome'] {
  const has = (outcome: Finding['outcome']) => findings.some((finding) => finding.outcome === outcome);
  return has('failed') ? 'failed' : has('missing') ? 'missing' : has('attested') ? 'attested' : 'sound';
}

/** The first of the worst findings: what makes a verdict other than `TRACEABLE`. */
export function decisiveFinding(findings: readonly Finding[]): Finding | undefined {
  const outcome = outcomeOf(findings);
  return findings.find((finding) => finding.outcome === outcome);
}

export interface WalkResult {
  readonly registry: string;
  readonly device: string;
  readonly options: TraceOptions;
  readonly levels: number;
  readonly roots: readonly Root[];
  readonly institutes: readonly Root[];
  readonly heartbeats: readonly HeartbeatSeen[];
  readonly edges: readonly Edge[];
  /** About the verdict as a whole, not about an edge. */
  readonly findings: readonly Finding[];
}

const statusOf: Readonly<Record<Edge['outcome'], VerdictStatus>> = {
  failed: 'FAILED',
  missing: 'INCOMPLETE',
  attested: 'ATTESTED',
  sound: 'TRACEABLE',
};

/** The worst finding decides. */
export function conclude({ options, edges, findings, ...walk }: WalkResult): Verdict {
  const all = [...findings, ...edges.flatMap((edge) => edge.findings)];
  const outcome = outcomeOf(all);
  const { asOf, knownAt, quantity } = options;
  return {
    ...walk,
    asOf,
    knownAt,
    quantity,
    status: statusOf[outcome],
    reason: outcome === 'sound' ? soundReason(walk) : (decisiveFinding(all)?.reason ?? ''),
    findings,
    edges,
  };
}

function soundReason({ levels, roots }: Pick<WalkResult, 'levels' | 'roots'>): string {
  const named = roots.map(({ organisation }) => organisation).join(' and ');
  return `Traces over ${levels} ${levels === 1 ? 'level' : 'levels'} to ${named}.`;
}
