import { instantOf, isSameName, MAX_SEAL_CERTIFICATES } from '@tracecal/core/model';
import type { StatedSeal } from '@tracecal/core/model';
import { verifySeal } from '../../dcc/index.js';
import type { Seal, SealTrust } from '../../dcc/index.js';
import { ApplicationError } from '../errors.js';
import type { Candidate } from './candidate.js';

/** The seal as a report states it, and a note for people. */
export interface SealFound {
  /** Absent: there is none, or it is not verified. */
  readonly seal?: StatedSeal;
  readonly notes: readonly string[];
}

/**
 * Checks the seal of a certificate; only signed content counts.
 *
 * @param trust - Certificates that the importer trusts; without anchors the signer is not verified.
 * @throws ApplicationError `INPUT_INVALID` for a signature that does not fit the certificate, naming the step that fails
 */
export async function sealOf({ bytes, laboratory }: Candidate, trust?: SealTrust): Promise<SealFound> {
  if (!Buffer.from(bytes).includes('Signature')) {
    return { notes: [] };
  }
  // The ledger records the time of import, so a certificate that is valid today needs no timestamp.
  const { seal } = await verifySeal(bytes, { ...(trust ?? { anchors: [] }), takenIn: new Date() });
  switch (seal.state) {
    case 'not-verified':
      throw new ApplicationError(
        'INPUT_INVALID',
        `The signature of the certificate does not hold (${seal.failedStep ?? 'structure'}): ${seal.sentence} Ask the issuer for the original.`,
      );
    case 'absent':
      return { notes: [] };
    case 'indeterminate':
      return {
        notes: [
          `Its signature fits, and the report is not marked as sealed: ${seal.sentence} \`tracecal dcc import --anchors FILE\` says whom you trust, and \`tracecal dcc seal\` shows every step.`,
        ],
      };
    case 'verified':
      return bound(seal, laboratory ?? '');
  }
}

/** A seal counts only for the laboratory that signed: its certificate is an anchor itself, or names the laboratory. */
function bound(seal: Seal, laboratory: string): SealFound {
  const { signer, digests, provenBy, provenTime } = seal;
  const { certificates, signedInfo } = digests;
  const isBound = certificates.length === 1 || signer?.names.some((name) => isSameName(name, laboratory));
  if (!isBound || signedInfo === null || certificates.length > MAX_SEAL_CERTIFICATES) {
    return {
      notes: [
        `Its seal holds, but "${signer?.subject ?? ''}" does not name the laboratory "${laboratory}": the report is not marked as sealed. If it is theirs, give that very certificate with --anchors FILE.`,
      ],
    };
  }
  const proven = provenBy === 'timestamp' && provenTime !== null ? instantOf(Date.parse(provenTime)) : undefined;
  return {
    seal: { signedInfoSha256: signedInfo, certificates, ...(proven !== undefined && { proven }) },
    notes: [`Its seal is verified: ${seal.sentence}`],
  };
}

/** Differences between the seal of a file and the one that a report states; empty if equal. */
export function differencesOfSeals(seal: Seal, stated: StatedSeal): readonly string[] {
  const { signedInfo, certificates } = seal.digests;
  return [
    ...(signedInfo === stated.signedInfoSha256 ? [] : ['what is signed (SignedInfo)']),
    ...(certificates[0] === stated.certificates[0] ? [] : ["the signer's certificate"]),
    ...(seal.provenBy === 'timestamp' && stated.proven !== undefined && !isAt(seal, stated.proven)
      ? ['the proven time']
      : []),
  ];
}

function isAt({ provenTime }: Seal, proven: string): boolean {
  return provenTime !== null && instantOf(Date.parse(provenTime)) === proven;
}
