import { keyOf, NO_BYTES, sameBytes } from '../wire/index.js';
import { policiesAreValid } from './certificatePolicies.js';
import { KEY_CERT_SIGN, type Certificate } from './certificate.js';
import { isCertifiedBy } from './signature.js';

/** The roots and the intermediate certificates of certification chains. One that is listed twice makes no second chain. */
export class TrustAnchors {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  readonly #roots: ReadonlyMap<string, Certificate>;
  readonly #rootsNamed: ReadonlyMap<string, readonly Certificate[]>;
  readonly #intermediatesNamed: ReadonlyMap<string, readonly Certificate[]>;

  constructor(roots: readonly Certificate[], intermediates: readonly Certificate[] = []) {
    this.#roots = new Map(roots.map((each) => [each.fingerprint, each]));
    this.roots = [...this.#roots.values()];
    this.intermediates = [...new Map(intermediates.map((each) => [each.fingerprint, each])).values()];
    this.#rootsNamed = bySubject(this.roots);
    this.#intermediatesNamed = bySubject(this.intermediates);
  }

  isRoot({ fingerprint }: Certificate): boolean {
    return this.#roots.has(fingerprint);
  }

  /** Those with the name of a certificate's issuer. */
  issuersOf({ issuer }: Certificate): Pick<TrustAnchors, 'roots' | 'intermediates'> {
    const name = keyOf(issuer);
    return {
      roots: this.#rootsNamed.get(name) ?? [],
      intermediates: this.#intermediatesNamed.get(name) ?? [],
    };
  }
}

function bySubject(certificates: readonly Certificate[]): ReadonlyMap<string, readonly Certificate[]> {
  const named = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const name = keyOf(certificate.subject);
    const others = named.get(name);
    if (others === undefined) named.set(name, [certificate]);
    else others.push(certificate);
  }
  return named;
}

/** Go's limit: a longer search for chains is an attempt to waste time. */
const MAX_SIGNATURE_CHECKS = 100;

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_EXTENDED_USAGE = '2.5.29.37.0';

/**
 * All chains from a certificate to a root, the certificate first, as Go's verifier builds them for Fabric: validity is
 * judged at one second after the certificate's own start, so an answer never changes with the clock.
 */
export function certificationChains(certificate: Certificate, anchors: TrustAnchors): Certificate[][] {
  const search = new ChainSearch(anchors, certificate.notBefore + 1000);
  return search
    .from(certificate)
    .filter((chain) => policiesAreValid(chain) && allowsServerUse(chain) && allowsNames(chain));
}

class ChainSearch {
  readonly #anchors: TrustAnchors;
  readonly #time: number;
  #signatureChecks = 0;

  constructor(anchors: TrustAnchors, time: number) {
    this.#anchors = anchors;
    this.#time = time;
  }

  from(certificate: Certificate): Certificate[][] {
    if (!this.#isUsable(certificate)) return [];
    if (this.#anchors.isRoot(certificate)) return [[certificate]];
    return this.#extend([certificate]);
  }

  #extend(chain: readonly Certificate[]): Certificate[][] {
    const tip = chain.at(-1);
    if (tip === undefined) return [];
    const found: Certificate[][] = [];
    const { roots, intermediates } = this.#anchors.issuersOf(tip);
    for (const root of roots) {
      if (this.#mayFollow(chain, tip, root)) found.push([...chain, root]);
    }
    for (const intermediate of intermediates) {
      if (this.#mayFollow(chain, tip, intermediate)) found.push(...this.#extend([...chain, intermediate]));
    }
    return found;
  }

  #mayFollow(chain: readonly Certificate[], child: Certificate, issuer: Certificate): boolean {
    if (this.#signatureChecks > MAX_SIGNATURE_CHECKS || isIn(chain, issuer)) return false;
    if (!this.#isUsable(issuer) || !mayIssue(issuer, chain.length - 1)) return false;
    if (++this.#signatureChecks > MAX_SIGNATURE_CHECKS) return false;
    return isCertifiedBy(child, issuer);
  }

  #isUsable(certificate: Certificate): boolean {
    const inTime = this.#time >= certificate.notBefore && this.#time <= certificate.notAfter;
    return inTime && !certificate.extensions.unknownCritical;
  }
}

function mayIssue(issuer: Certificate, intermediatesBelow: number): boolean {
  const { isCa, keyUsage, pathLength } = issuer.extensions;
  if (!isCa) return false;
  if (keyUsage !== undefined && (keyUsage & KEY_CERT_SIGN) === 0) return false;
  return pathLength === undefined || intermediatesBelow <= pathLength;
}

function isIn(chain: readonly Certificate[], candidate: Certificate): boolean {
  const names = ({ extensions: { otherNames } }: Certificate): Uint8Array => otherNames ?? NO_BYTES;
  return chain.some(
    (link) =>
      sameBytes(link.subject, candidate.subject) &&
      link.publicKey.equals(candidate.publicKey) &&
      sameBytes(names(link), names(candidate)),
  );
}

/**
 * Constraints for alternative names would have to be compared with every such name below. An MSP does not need them, so a chain with
 * both is refused.
 */
function allowsNames(chain: readonly Certificate[]): boolean {
  const constrained = chain.findLastIndex(({ extensions }) => extensions.hasNameConstraints);
  return chain.slice(0, Math.max(constrained, 0)).every(({ extensions }) => extensions.otherNames === undefined);
}

/** Go's default if the caller names no usage. Fabric depends on it without mentioning it. */
function allowsServerUse(chain: readonly Certificate[]): boolean {
  return chain.every(({ extensions: { extendedKeyUsage: uses } }) => {
    return uses.length === 0 || uses.includes(SERVER_AUTH) || uses.includes(ANY_EXTENDED_USAGE);
  });
}
