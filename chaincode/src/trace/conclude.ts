import type { TraceOptions } from './options.js';
import type { Edge, Finding, HeartbeatSeen, Verdict, VerdictStatus } from './verdict.js';

export function outcomeOf(findings: readonly Finding[]): Edge['outcome'] {
  const has = (outcome: Finding['outcome']) => findings.some((finding) => finding.outcome === outcome);
  return has('failed') ? 'failed' : has('missing') ? 'missing' : has('attested') ? 'attested' : 'sound';
}

export interface WalkResult {
  readonly registry: string;
  readonly device: string;
  readonly options: TraceOptions;
  readonly levels: number;
  readonly roots: readonly string[];
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
  const decisive = all.find((finding) => finding.outcome === outcome);
  return {
    ...walk,
    asOf: options.asOf,
    status: statusOf[outcome],
    reason: decisive?.reason ?? `Traces over ${walk.levels} levels to ${walk.roots.join(' and ')}.`,
    signaturesChecked: options.signatures,
    findings,
    edges,
  };
}
