import type { Verdict } from '@tracecal/core/trace';

/** Whether a device may be relied on, and whose requirements decided. */
export interface Reliance {
  readonly mayRely: boolean;
  /** The requirements of its owner, or those of the asker. Null: it may not be relied on. */
  readonly by: 'owner' | 'asker' | null;
  /** What is missing for reliance; null: nothing. */
  readonly lacks: 'freshness' | 'soundness' | 'evidence' | 'requirements' | 'traceability' | null;
}

/** What the asker accepts beyond what the device's owner accepts. */
export interface Wish {
  /** A sound verdict that depends on somebody's word: `ATTESTED`. */
  readonly acceptAttested?: boolean;
}

/**
 * The one rule for a gate: a device may be relied on if it fulfils its owner's requirements. The asker can accept `ATTESTED` in
 * place of the owner, but cannot waive any other requirement, and can never accept `FAILED` or `INCOMPLETE`.
 *
 * @param verdict - Of `traceCal`.
 * @param wish - What the asker accepts.
 * @returns What is missing: `freshness` (of the heartbeats), `soundness` (FAILED), `evidence` (INCOMPLETE), `requirements` (of its
 * owner, beside the status), `traceability` (it is ATTESTED, and nobody accepts that).
 * @example
 * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', { maxAgeSeconds: 86_400 });
 * const { mayRely, lacks } = relianceOn(verdict, { acceptAttested: true });
 * if (!mayRely) console.error(`The sensor is not used: ${lacks}. ${verdict.reason}`);
 */
export function relianceOn(
  { status, check, requirements }: Pick<Verdict, 'status' | 'check' | 'requirements'>,
  { acceptAttested = false }: Wish = {},
): Reliance {
  if (requirements?.fulfilled === true && isSound(status)) {
    return { mayRely: true, by: 'owner', lacks: null };
  }
  const lacks = lackOf(status, check, requirements);
  return lacks === 'traceability' && acceptAttested
    ? { mayRely: true, by: 'asker', lacks: null }
    : { mayRely: false, by: null, lacks };
}

/** Whether a verdict of this status can be relied on, by whoever accepts it. */
export function isSound(status: Verdict['status']): boolean {
  return status === 'TRACEABLE' || status === 'ATTESTED';
}

function lackOf(
  status: Verdict['status'],
  check: Verdict['check'],
  requirements: Verdict['requirements'],
): NonNullable<Reliance['lacks']> {
  const unmet = (requirements?.unmet ?? []).map(({ requirement }) => requirement).filter((each) => each !== 'status');
  if (check === 'freshness') {
    return 'freshness';
  }
  if (!isSound(status)) {
    return status === 'INCOMPLETE' ? 'evidence' : 'soundness';
  }
  if (unmet.length > 0) {
    return unmet.every((each) => each === 'freshness') ? 'freshness' : 'requirements';
  }
  return status === 'ATTESTED' ? 'traceability' : 'requirements';
}
