import type { TraceOptions } from './options.js';
import type { Outcome } from './judge/outcome.js';
import type {
  Due,
  Edge,
  Finding,
  Fulfilment,
  HeartbeatSeen,
  ResultVerdict,
  Root,
  Verdict,
  VerdictStatus,
} from './verdict.js';

export interface WalkResult {
  readonly registry: string;
  readonly device: string;
  readonly options: TraceOptions;
  readonly requirements: Fulfilment | null;
  readonly due: Due | null;
  readonly levels: number;
  readonly results: readonly ResultVerdict[];
  readonly roots: readonly Root[];
  readonly institutes: readonly Root[];
  readonly heartbeats: readonly HeartbeatSeen[];
  readonly edges: readonly Edge[];
  /** About the verdict as a whole, not about an edge. */
  readonly findings: readonly Finding[];
  /** The worst of all findings. */
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

export function conclude({ options, edges, findings, standing, ...walk }: WalkResult): Verdict {
  const { outcome, because } = standing;
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
