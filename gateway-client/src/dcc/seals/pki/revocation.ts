import type { Certificate } from './certificate.js';
import { RevocationList } from './crl.js';
import type { Finding, RevocationEvidence } from './evidence.js';
import type { Pki } from './load.js';
import { OcspResponse } from './ocsp.js';

/** Revocation status of a path at a time. */
export type Standing =
  | { readonly state: 'good'; readonly sources: readonly string[] }
  | { readonly state: 'revoked'; readonly certificate: Certificate; readonly since: Date; readonly source: string }
  | { readonly state: 'unknown'; readonly certificate: Certificate };

/** Reads revocation data; everything except CRLs and OCSP responses is ignored and proves nothing. */
export function readEvidence(pki: Pki, structures: readonly Buffer[]): RevocationEvidence[] {
  return structures.flatMap((der) => {
    for (const Kind of [RevocationList, OcspResponse]) {
      try {
        return [new Kind(pki, der)];
      } catch {
        // Not of this kind.
      }
    }
    return [];
  });
}

/**
 * Whether no certificate of the path below its anchor was revoked at this time. Evidence counts if its interval contains the
 * time, or if it is later: later evidence also lists earlier revocations.
 */
export function standingOf(path: readonly Certificate[], evidence: readonly RevocationEvidence[], at: Date): Standing {
  const sources: string[] = [];
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[index + 1];
    const findings = issuer ? evidence.flatMap((each) => each.about(certificate, issuer) ?? []) : [];
    const revoked = findings.find(({ revokedAt }) => revokedAt !== null && revokedAt <= at);
    if (revoked?.revokedAt) {
      return { state: 'revoked', certificate, since: revoked.revokedAt, source: revoked.source };
    }
    const covering = findings.find((finding) => covers(finding, at));
    if (!covering) {
      return { state: 'unknown', certificate };
    }
    sources.push(covering.source);
  }
  return { state: 'good', sources };
}

function covers({ thisUpdate, nextUpdate }: Finding, at: Date): boolean {
  return thisUpdate >= at || (nextUpdate !== null && at <= nextUpdate);
}
