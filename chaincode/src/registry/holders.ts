import { dateOf, RegistryError } from '@tracecal/core/model';
import type { Item } from '@tracecal/core/model';
import type { Key, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { isIssuedBy, isOf, isValidOn, readCertificate, signerName } from '@tracecal/core/signing';
import type { CalibrationCertificate, CertificateRole } from '@tracecal/core/signing';
import type { StateWriter } from './state.js';

/** The holder of the certificate with a serial number. */
interface CertificateHolder {
  readonly holder: string;
  readonly sha256: string;
}

/** A certificate that comes with a statement, and its holder. */
export interface Brought {
  readonly certificate: CalibrationCertificate;
  readonly holder: string;
}

/**
 * Reads the certificate that comes with a statement. It must be the one that the statement names, issued to this holder, and
 * valid now.
 * @throws RegistryError `CERTIFICATE_INVALID`, or `INPUT_INVALID` if the certificate is missing
 */
export function brought(
  { item, word }: { readonly item: Pick<Item, 'certificate'>; readonly word: Pick<Said, 'registered'> },
  role: CertificateRole,
  organisation: string,
  id: string,
  sha256: string,
): Brought {
  const { registered } = word;
  if (item.certificate === undefined) {
    throw new RegistryError('INPUT_INVALID', `the certificate of ${role} ${id} must come with the statement.`);
  }
  const certificate = readCertificate(item.certificate, role);
  if (certificate.sha256 !== sha256) {
    throw new RegistryError(
      'CERTIFICATE_INVALID',
      `the certificate beside the statement about ${role} ${id} is not the one that the statement names.`,
    );
  }
  if (!isOf(certificate, organisation, id)) {
    throw new RegistryError(
      'CERTIFICATE_INVALID',
      `the ${role} certificate of ${id} names ${certificate.id} of ${certificate.organisation}.`,
    );
  }
  if (!isValidOn(certificate, dateOf(registered.date))) {
    throw new RegistryError(
      'CERTIFICATE_INVALID',
      `the ${role} certificate of ${id} is valid from ${certificate.notBefore} to ${certificate.notAfter}, not on ${dateOf(registered.date)}.`,
    );
  }
  return { certificate, holder: signerName(role, id) };
}

/** The key that issued a certificate. @throws RegistryError `CERTIFICATE_INVALID` */
export function issuerOf({ certificate, holder }: Brought, above: readonly Pick<Key, 'certificate'>[], issuer: string) {
  const found = above.findLast((key) => isIssuedBy(certificate, key.certificate));
  if (!found) {
    throw new RegistryError('CERTIFICATE_INVALID', `the certificate of ${holder} was not issued by ${issuer}.`);
  }
  return found.certificate;
}

/**
 * Registers the holder of a key and of a serial number, permanently. One key has one role and one id. A used or revoked key
 * or number can never be registered again for another holder.
 *
 * @throws RegistryError `ALREADY_EXISTS`
 */
export async function claim(
  state: StateWriter,
  { certificate, holder }: Brought,
  issuer: CalibrationCertificate,
): Promise<void> {
  const { keySha256, serial, sha256 } = certificate;
  const keyKey = keys.holder(keySha256);
  const serialKey = keys.certificate(issuer.keySha256, serial);
  const owner = await state.read<string>(keyKey);
  if (owner !== undefined && owner !== holder) {
    throw new RegistryError('ALREADY_EXISTS', `the key of ${holder} belongs to ${owner}: make a new one.`);
  }
  const earlier = await state.read<CertificateHolder>(serialKey);
  if (earlier && (earlier.holder !== holder || earlier.sha256 !== sha256)) {
    throw new RegistryError(
      'ALREADY_EXISTS',
      `serial number ${serial} was given to a certificate of ${earlier.holder} by the same issuer: issue one with a new number.`,
    );
  }
  state.write(keyKey, holder);
  state.write(serialKey, { holder, sha256 } satisfies CertificateHolder);
}
