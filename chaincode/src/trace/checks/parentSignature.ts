import { isSignedBy, readCertificate, signerName } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The standard that a report names as its parent took part: its own key signed the report. */
export const parentSignature: Check = {
  name: 'parent-signature',
  about: 'citation',
  examine({ reliant, cited: { file } }, { options }) {
    if (reliant === null || !options.signatures) {
      return holds;
    }
    const { device } = file;
    const certificate = readCertificate(device.certificate, 'device');
    return isSignedBy(reliant.record.jws, signerName('device', device.id), certificate.publicKey, certificate.sha256)
      ? holds
      : failed(`The signature of standard ${device.id} on report ${reliant.id} is not valid.`);
  },
};
