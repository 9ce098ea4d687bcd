import { signerName } from '../../signing/index.js';
import { signingKey } from '../open/key.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The standard that a report names as its parent took part: its own key signed the report. */
export const parentSignature: Check = {
  name: 'parent-signature',
  about: 'citation',
  examine({ reliant, cited: { device } }) {
    if (reliant === null) {
      return holds;
    }
    return signingKey(reliant.said.entry, signerName('device', device.id), device.keys)
      ? holds
      : failed(`The signature of standard ${device.id} on report ${reliant.id} is not valid.`);
  },
  told({ reliant, cited: { device } }) {
    const key = reliant && signingKey(reliant.said.entry, signerName('device', device.id), device.keys);
    return reliant && key
      ? [`Standard ${device.id} signed report ${reliant.id} with the key of certificate ${key.certificate.sha256}.`]
      : [];
  },
};
