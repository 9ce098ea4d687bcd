import { isSignedBy, readCertificate, signerName } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

export const parentSignature: Check = {
  name: 'parent-signature',
  proves: 'The standard that a report names as its parent took part: its own key signed the report.',
  about: 'citation',
  examine({ child, cited: { file } }, { options }) {
    if (child === null || !options.signatures) {
      return holds;
    }
    const { device } = file;
    const certificate = readCertificate(device.certificate, 'device');
    return isSignedBy(child.report.jws, signerName('device', device.id), certificate.publicKey, certificate.sha256)
      ? holds
      : failed(`The signature of standard ${device.id} on report ${child.id} is not valid.`);
  },
};
