import { isIssuedBy, isValidOn, readCertificate } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import type { CalendarDate, OrganisationFile } from '../../model/index.js';
import { failed, holds, onFirst } from './check.js';
import type { CertificationChain, Check, Remark } from './check.js';

/**
 * The issuing and the imprinting organisation are certified, link by link, up to a National Metrology Institute: on the
 * day of issue, which is the signer's own word, and when the ledger took in what they did.
 */
export const organisationCertified: Check = {
  name: 'organisation-certified',
  about: 'report',
  examine({ report: { record, payload, issuer, imprinter, file } }, { options: { signatures } }) {
    const found = onFirst([payload.issued, dateOf(record.registered.time)], (day) =>
      certifiedUpToNmi(issuer, day, signatures),
    );
    return found.length > 0 ? found : certifiedUpToNmi(imprinter, dateOf(file.device.registered.time), signatures);
  },
};

/** Whether every organisation of a chain is certified by the next one on that day, and the last is an NMI. */
export function certifiedUpToNmi(chain: CertificationChain, day: CalendarDate, signatures: boolean): readonly Remark[] {
  const { organisations, missing } = chain;
  if (missing !== null) {
    return failed(`The certification chain breaks off: organisation ${missing} is not registered as its certifier.`);
  }
  for (const [depth, file] of organisations.entries()) {
    const problem = linkProblem(file, organisations[depth + 1] ?? file, depth, day, signatures);
    if (problem !== undefined) {
      return failed(problem);
    }
  }
  return holds;
}

function linkProblem(
  { organisation }: OrganisationFile,
  { organisation: certifier }: OrganisationFile,
  depth: number,
  day: CalendarDate,
  signatures: boolean,
): string | undefined {
  const certificate = readCertificate(organisation.certificate, 'organisation');
  if (organisation === certifier && organisation.kind !== 'NMI') {
    return `Organisation ${organisation.id} stands at the top of its certification chain, but is not a National Metrology Institute.`;
  }
  if (!isValidOn(certificate, day)) {
    return `The calibration certificate of organisation ${organisation.id} was not valid on ${day}.`;
  }
  // Below this certificate stand `depth` organisations and the technician, all of them CAs.
  if (certificate.pathLength !== null && certificate.pathLength < depth + 1) {
    return `The certificate of organisation ${organisation.id} does not allow ${depth + 1} levels of certification below it.`;
  }
  return !signatures || isIssuedBy(certificate, readCertificate(certifier.certificate, 'organisation'))
    ? undefined
    : `The certificate of organisation ${organisation.id} was not issued by ${certifier.id}.`;
}
