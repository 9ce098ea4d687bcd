import { dateOf } from '../../model/index.js';
import type { CalendarDate } from '../../model/index.js';
import { isIssuedBy, isValidOn } from '../../signing/index.js';
import type { Key } from '../open/key.js';
import { technicianKey } from './technician.js';
import { failed, holds, invalidDay, signingUse, validityOf } from './check.js';
import type { Check, OpenReport } from './check.js';

/**
 * The reporting organisation certified the technician's key. The certificate was valid on the day of the work (by the signer's word)
 * and when the report was registered, and so was a certificate of the key that issued it; that key may have several.
 */
export const technicianCertified: Check = {
  name: 'technician-certified',
  about: 'report',
  examine({ report }) {
    const { technician } = report;
    const key = technicianKey(report);
    if (!technician || !key) {
      const [flaw] = technician?.flaws ?? [];
      return flaw === undefined ? holds : failed(flaw); // The check technician-signature reports the rest.
    }
    const use = signingUse(report);
    const day = invalidDay(key, technician.keys, use);
    if (day !== undefined) {
      return failed(`The certificate of technician ${technician.id} was not valid on ${day}.`);
    }
    const orphaned = [use.done, use.registered].map(dateOf).find((each) => !isIssuerValid(key, report, each));
    return orphaned === undefined
      ? holds
      : failed(
          `The key that issued the certificate of technician ${technician.id} had no valid certificate on ${orphaned}.`,
        );
  },
  told({ report }) {
    const key = technicianKey(report);
    return key ? [validityOf(`technician ${report.payload.technician}`, key, signingUse(report))] : [];
  },
};

function isIssuerValid({ certificate }: Key, { issuer }: OpenReport, day: CalendarDate): boolean {
  // Without an organisation, the check organisation-certified reports the fault.
  const { keys } = issuer.organisations[0] ?? { keys: [] };
  return (
    keys.length === 0 || keys.some((key) => isIssuedBy(certificate, key.certificate) && isValidOn(key.certificate, day))
  );
}
