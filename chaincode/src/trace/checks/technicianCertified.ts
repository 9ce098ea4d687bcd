import { isIssuedBy, isValidOn, readCertificate } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import type { CalendarDate } from '../../model/index.js';
import { failed, holds, onFirst } from './check.js';
import type { CertificationChain, Check, Remark } from './check.js';

/**
 * The technician's certificate was issued by the reporting organisation and was valid on the day of issue and when the
 * report was registered: the day of issue is the signer's own word, and an expired key would date back.
 */
export const technicianCertified: Check = {
  name: 'technician-certified',
  about: 'report',
  examine({ report: { record, payload, issuer } }, { options }) {
    return onFirst([payload.issued, dateOf(record.registered.time)], (day) =>
      certifiedBy(issuer, payload.technician, record.technicianCertificate, day, options.signatures),
    );
  },
};

/** Whether an organisation vouches for a technician's certificate on a day. */
export function certifiedBy(
  { organisations }: CertificationChain,
  technician: string,
  certificate: string,
  day: CalendarDate,
  signatures: boolean,
): readonly Remark[] {
  const [file] = organisations;
  if (!file) {
    return holds; // organisation-certified says so.
  }
  const { id } = file.organisation;
  const own = readCertificate(certificate, 'technician');
  const entry = Object.hasOwn(file.technicians, technician) ? file.technicians[technician] : undefined;
  if (entry?.certificateSha256 !== own.sha256) {
    return failed(`Organisation ${id} has not certified technician ${technician} with this certificate.`);
  }
  if (signatures && !isIssuedBy(own, readCertificate(file.organisation.certificate, 'organisation'))) {
    return failed(`The certificate of technician ${technician} was not issued by organisation ${id}.`);
  }
  return isValidOn(own, day) ? holds : failed(`The certificate of technician ${technician} was not valid on ${day}.`);
}
