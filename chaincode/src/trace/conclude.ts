import type { TraceOptions } from './options.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import type { Edge, Finding, HeartbeatSeen, ResultVerdict, Root, Verdict, VerdictStatus } from './verdict.js';

export interface WalkResult {
  readonly registry: string;
  readonly device: string;
  readonly options: TraceOptions;
  readonly levels: number;
  readonly results: readonly ResultVerdict[];
  readonly roots: readonly Root[];
  readonly institutes: readonly Root[];
  readonly heartbeats: readonly HeartbeatSeen[];
  readonly edges: readonly Edge[];
  /** About the verdict as a whole, not about an edge. */
  readonly findings: readonly Finding[];
  /** How the reports stand that the device relies on. */
  readonly standing: Outcome;
}

const STATUS: Readonly<Record<Edge['outcome'], VerdictStatus>> = {
  failed: 'FAILED',
  missing: 'INCOMPLETE',
  attested: 'ATTESTED',
  sound: 'TRACEABLE',
};

export function statusOf({ outcome }: Pick<Outcome, 'outcome'>): VerdictStatus {
  return STATUS[outcome];
}

/** The worst decides. */
export function conclude({ options, edges, findings, standing, ...walk }: WalkResult): Verdict {
  const { outcome, because } = worstOf([outcomeOf(findings), standing]);
  const { asOf, knownAt, quantity, at } = options;
  return {
    ...walk,
    asOf,
    knownAt,
    quantity,
    ...(at && { at }),
    status: statusOf({ outcome }),
    check: because?.check ?? null,
    reason: because?.reason ?? soundReason(walk),
    findings,
    edges,
  };
}

function soundReason({ levels, roots }: Pick<WalkResult, 'levels' | 'roots'>): string {
  const named = roots.map(({ organisation }) => organisation).join(' and ');
  return `Traces over ${levels} ${levels === 1 ? 'level' : 'levels'} to ${named}.`;
}
