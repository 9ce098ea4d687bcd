import type { CalendarDate, CertifiedEntry } from '@tracecal/core/model';
import { readCertificate } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';

/** The current key of a signer. */
export interface KeyFacts {
  /** Whether it is on this machine. */
  readonly isHere: boolean;
  /** SHA-256 of its certificate, hex. */
  readonly certificateSha256: string;
  readonly certificateEnds: CalendarDate;
}

/** @param entries - The statements that brought keys, in order: the last one counts. */
export function keyFacts(
  keys: Pick<CalibrationKeys, 'has'>,
  kind: SignerKind,
  id: string,
  entries: readonly Pick<CertifiedEntry, 'certificate'>[],
): KeyFacts | null {
  const last = entries.at(-1);
  if (!last) {
    return null;
  }
  const { sha256, notAfter } = readCertificate(last.certificate, kind);
  return { isHere: keys.has(kind, id), certificateSha256: sha256, certificateEnds: notAfter };
}
