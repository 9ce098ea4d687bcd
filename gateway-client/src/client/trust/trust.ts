import { canonicalJson } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { TrustedChannel } from './channel.js';
import type { Endorsers } from './endorsers.js';

export const TRUST_TYPE = 'tracecal-trust/1';

/** A National Metrology Institute with a certificate that the asker pins. */
export interface TrustedRoot {
  /** For display; only the fingerprint decides. */
  readonly name: string;
  /** SHA-256 of the certificate in DER form: 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * What an asker trusts: the content of a trust file. The roots are for every verdict; the rest is for proofs.
 * @see {@link readTrustFile}
 */
export interface Trust {
  readonly type: typeof TRUST_TYPE;
  /** By name; each name and each fingerprint occurs once. */
  readonly roots: readonly TrustedRoot[];
  /** How many of the roots need a heartbeat as recent as a question requires. */
  readonly heartbeats: { readonly k: number };
  /**
   * The registry that is meant: its channel and the digest of its founding, as every statement names it (`calibration:01ab...`). The same
   * institutes may have founded others, to rehearse.
   */
  readonly registry?: string;
  /** Whose peers may answer for what the ledger holds. */
  readonly endorsers?: Endorsers;
  /** The channel whose orderers may say what was recorded. */
  readonly channel?: TrustedChannel;
  /** When this trust may be used. */
  readonly validity?: Validity;
}

export interface Validity {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The fingerprints of the roots that the asker trusts, sorted.
 *
 * @example
 * const roots = trustedRoots(await readTrustFile('.tracecal/trust.json'));
 */
export function trustedRoots({ roots }: Trust): readonly string[] {
  return roots.map(({ sha256 }) => sha256).sort();
}

/** The canonical text of this content (RFC 8785): the same for everybody who trusts the same roots. */
export function trustText(trust: Trust): string {
  return canonicalJson(trust);
}
