import type { Instant, RevocationReason, Statement } from '../model/index.js';

/** Why something may not be relied on. */
export interface Impediment {
  readonly state: 'revoked' | 'suspended';
  readonly reason: RevocationReason;
  readonly effective: Instant;
  readonly by: string;
}

/** An impediment as a sentence about its subject. */
export function impedimentOf(subject: string, { state, effective, by, reason }: Impediment): string {
  return `${subject} is ${state} since ${effective} by ${by} (${reason}).`;
}

/**
 * What stands in the way of relying, at `asOf`, on something that was used at `usedAt`.
 *
 * A revocation puts in doubt all that was done, from its effective date on, whenever it was done; only `cessation`
 * leaves what was done before its effective date sound. A suspension counts until it is lifted; a revocation for good.
 */
export function impediment(statements: readonly Statement[], asOf: Instant, usedAt: Instant): Impediment | undefined {
  const inForce = statements.filter(({ effective }) => effective <= asOf);
  const revoked = inForce.find(
    ({ action, reason, effective }) => action === 'revoke' && (reason !== 'cessation' || effective <= usedAt),
  );
  if (revoked) {
    return { state: 'revoked', reason: revoked.reason, effective: revoked.effective, by: revoked.by };
  }
  const last = inForce.filter(({ action }) => action !== 'revoke').reduce<Statement | undefined>(later, undefined);
  return last?.action === 'suspend'
    ? { state: 'suspended', reason: last.reason, effective: last.effective, by: last.by }
    : undefined;
}

/** Of two statements the one that holds later; of the same moment, the one that was said later. */
function later(first: Statement | undefined, second: Statement): Statement {
  return first && first.effective > second.effective ? first : second;
}
