/** The checks, in this order. The result names the first check that fails. */
export const SEAL_STEPS = [
  'structure',
  'reference-digest',
  'signature-value',
  'certificate',
  'trust-anchor',
  'time',
  'revocation',
] as const;
export type SealStep = (typeof SEAL_STEPS)[number];

/**
 * `verified`: every check passed. `not-verified`: a check failed. `indeterminate`: no check failed, but something is not
 * proven (ETSI EN 319 102-1 uses the word in the same sense). `absent`: there is no signature over the certificate.
 */
export type SealState = 'verified' | 'not-verified' | 'indeterminate' | 'absent';

/** The result of checking a certificate file's signature. Contains no more about the signer than the ledger may store. */
export interface Seal {
  readonly state: SealState;
  readonly failedStep: SealStep | null;
  /** For people: what was confirmed, or what failed and why. */
  readonly sentence: string;
  /** The signer's certificate: the organisations that it names (or else common names), and its SHA-256. */
  readonly signer: { readonly subject: string; readonly names: readonly string[]; readonly sha256: string } | null;
  /** SHA-256 in lower-case hex: with the original, anybody can repeat the check against these. */
  readonly digests: {
    readonly file: string;
    readonly signedInfo: string | null;
    /** The signer's certificate first, then those up to the anchor as far as the path was found. */
    readonly certificates: readonly string[];
  };
  /** The time at which the signature certainly existed, as ISO 8601; null if nothing proves it. */
  readonly provenTime: string | null;
  readonly provenBy: 'timestamp' | 'taken-in' | null;
  /** The signing time as the signer states it. */
  readonly claimedTime: string | null;
}

/** A seal with the bytes that it is about. */
export interface SealedCertificate {
  readonly seal: Seal;
  /**
   * The certificate in canonical form without its signature: exactly the signed bytes. Read these bytes, not the file. null
   * unless the signature is valid (states `verified` and `indeterminate`).
   */
  readonly signedBytes: Buffer | null;
}

/** The asker's trust, and further material that is not in the file. */
export interface SealTrust {
  /** PEM texts with the certificates that are trusted: of certification authorities, or of signers themselves. */
  readonly anchors: readonly string[];
  /** PEM texts with further certificates that may connect a signer to an anchor. */
  readonly intermediates?: readonly string[];
  /** CRLs and OCSP responses, DER or PEM. */
  readonly revocation?: readonly Uint8Array[];
  /** When the ledger registered the file: proves that the signature existed then. */
  readonly takenIn?: Date;
}

/** Why a check stops. */
export class SealProblem extends Error {
  override readonly name = 'SealProblem';
  readonly step: SealStep | null;
  readonly state: Exclude<SealState, 'verified'>;

  constructor(state: Exclude<SealState, 'verified'>, step: SealStep | null, sentence: string) {
    super(sentence);
    this.state = state;
    this.step = step;
  }
}

/** @throws SealProblem always: this step is wrong */
export function wrong(step: SealStep, sentence: string): never {
  throw new SealProblem('not-verified', step, sentence);
}

/** @throws SealProblem always: this step is not proven */
export function unproven(step: SealStep, sentence: string): never {
  throw new SealProblem('indeterminate', step, sentence);
}
