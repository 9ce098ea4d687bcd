import { isSignedBy, readCertificate, signerName } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The technician named in the report signed it with the key of his certificate. */
export const technicianSignature: Check = {
  name: 'technician-signature',
  about: 'report',
  examine({ report: { id, record, payload } }, { options }) {
    if (!options.signatures) {
      return holds;
    }
    const certificate = readCertificate(record.technicianCertificate, 'technician');
    const signer = signerName('technician', payload.technician);
    return isSignedBy(record.jws, signer, certificate.publicKey, certificate.sha256)
      ? holds
      : failed(`The signature of technician ${payload.technician} on report ${id} is not valid.`);
  },
};
