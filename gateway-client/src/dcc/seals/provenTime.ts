import { isValidAt } from './pki/certificate.js';
import type { RevocationEvidence } from './pki/evidence.js';
import type { Pki } from './pki/load.js';
import { pathTo } from './pki/path.js';
import type { Pool } from './pki/path.js';
import { standingOf } from './pki/revocation.js';
import { checkTimestamp } from './pki/timestampToken.js';
import type { SignatureTimestamp } from './unsigned.js';

/** The result of evaluating timestamps. */
export interface StampedTime {
  /** The earliest proven one. */
  readonly time: Date | null;
  /** Why the other timestamps prove nothing, one clause each. */
  readonly reasons: readonly string[];
}

/**
 * The time at which a signature certainly existed, from timestamps of authorities with a path to an anchor that were
 * unrevoked then. An invalid timestamp does not count against the signature: anybody can add one.
 */
export function stampedTime(
  pki: Pki,
  timestamps: readonly SignatureTimestamp[],
  pool: Pool,
  evidence: readonly RevocationEvidence[],
): StampedTime {
  const times: Date[] = [];
  const reasons: string[] = [];
  for (const timestamp of timestamps) {
    try {
      times.push(timeOf(pki, timestamp, pool, evidence));
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : 'it cannot be read');
    }
  }
  return { time: times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null, reasons };
}

function timeOf(
  pki: Pki,
  { token, stamped }: SignatureTimestamp,
  pool: Pool,
  evidence: readonly RevocationEvidence[],
): Date {
  const { time, authority, certificates } = checkTimestamp(pki, token, stamped, pool.others);
  const path = pathTo(authority, { anchors: pool.anchors, others: [...certificates, ...pool.others] }, time);
  if (!path.found) {
    throw new Error(path.reason);
  }
  if (!isValidAt(authority, time)) {
    throw new Error(`the certificate "${authority.subject}" was not valid at ${time.toISOString()}`);
  }
  const standing = standingOf(path.certificates, evidence, time);
  switch (standing.state) {
    case 'good':
      return time;
    case 'revoked':
      throw new Error(
        `the certificate "${standing.certificate.subject}" was revoked at ${standing.since.toISOString()}`,
      );
    case 'unknown':
      throw new Error(`no revocation data covers the certificate "${standing.certificate.subject}"`);
  }
}
