import { isStrong } from './algorithms.js';
import { allows, isIssuedBy, isValidAt } from './certificate.js';
import type { Certificate } from './certificate.js';

/** Certificates from the signer's to an anchor's, both included; or the reason why there is no such path. */
export type Path =
  | { readonly found: true; readonly certificates: readonly Certificate[] }
  | { readonly found: false; readonly reason: string };

/** Inputs of the path search. */
export interface Pool {
  readonly anchors: readonly Certificate[];
  /** Certificates that came with the signature: they help to find a path, and are trusted only as part of one. */
  readonly others: readonly Certificate[];
}

const MAX_LENGTH = 8;
/** Hostile pools could contain many authorities that all match one another. */
const MAX_SIGNATURES = 200;

/**
 * Searches a path from a certificate to an anchor on which, at this time, every certificate is valid and every issuer is an
 * authority that may sign certificates at that level. The signer's own validity is checked elsewhere.
 */
export function pathTo(leaf: Certificate, pool: Pool, at: Date): Path {
  return new PathSearch(pool, at).from(leaf);
}

class PathSearch {
  readonly #pool: Pool;
  readonly #at: Date;
  #signatures = 0;
  /** Reason of the candidate that came furthest. */
  #reason = { depth: -1, text: '' };

  constructor(pool: Pool, at: Date) {
    this.#pool = pool;
    this.#at = at;
  }

  from(leaf: Certificate): Path {
    const certificates = this.#extend([leaf]);
    return certificates ? { found: true, certificates } : { found: false, reason: this.#reason.text };
  }

  #extend(path: readonly Certificate[]): readonly Certificate[] | undefined {
    const last = path[path.length - 1];
    if (!last || path.length > MAX_LENGTH) {
      return undefined;
    }
    if (isAmong(last, this.#pool.anchors)) {
      return path;
    }
    this.#note(path.length, `No trust anchor issued "${last.subject}".`);
    for (const issuer of [...this.#pool.anchors, ...this.#pool.others]) {
      const longer = this.#isUsable(last, issuer, path) ? this.#extend([...path, issuer]) : undefined;
      if (longer) {
        return longer;
      }
    }
    return undefined;
  }

  #isUsable(subject: Certificate, issuer: Certificate, path: readonly Certificate[]): boolean {
    const isNamed = subject.issuerDer.equals(issuer.subjectDer) || subject.x509.checkIssued(issuer.x509);
    if (!isNamed || isAmong(issuer, path) || this.#signatures >= MAX_SIGNATURES) {
      return false;
    }
    this.#signatures += 1;
    const problem = problemOf(issuer, path, this.#at) ?? this.#signatureProblem(subject, issuer);
    if (problem !== undefined) {
      this.#note(path.length + 0.5, `The certificate "${issuer.subject}" ${problem}.`);
    }
    return problem === undefined;
  }

  #signatureProblem(subject: Certificate, issuer: Certificate): string | undefined {
    return isIssuedBy(subject, issuer) ? undefined : `did not sign "${subject.subject}" with an accepted algorithm`;
  }

  #note(depth: number, text: string): void {
    if (depth > this.#reason.depth) {
      this.#reason = { depth, text };
    }
  }
}

/** Why a certificate cannot be above this path; undefined if it can. */
function problemOf(issuer: Certificate, path: readonly Certificate[], at: Date): string | undefined {
  // The signer's certificate does not count, nor do new certificates that an authority issued to itself.
  const below = path.slice(1).filter(({ subjectDer, issuerDer }) => !subjectDer.equals(issuerDer)).length;
  if (!issuer.isAuthority) {
    return 'is not that of a certification authority';
  }
  if (!allows(issuer, 'keyCertSign')) {
    return 'may not sign certificates';
  }
  if (issuer.pathLength !== null && below > issuer.pathLength) {
    return `allows at most ${issuer.pathLength} authorities below it`;
  }
  if (!isValidAt(issuer, at)) {
    return `was not valid at ${at.toISOString()}`;
  }
  if (issuer.unknownCritical.length > 0) {
    return `has a critical extension that is not understood here (${issuer.unknownCritical.join(', ')})`;
  }
  return isStrong(issuer.x509.publicKey) ? undefined : 'has a key that is too short';
}

function isAmong(certificate: Certificate, others: readonly Certificate[]): boolean {
  return others.some(({ der }) => der.equals(certificate.der));
}
