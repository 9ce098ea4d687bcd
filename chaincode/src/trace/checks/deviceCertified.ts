import { isValidOn } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import { failed, holds, invalidDay, signingUse } from './check.js';
import type { Check } from './check.js';

/**
 * A technician imprinted the device's key and its owner agreed; its certificate was valid when it was used: as a
 * standard, on the day of the calibration, which is the signer's own word, and when the report that it signed was
 * registered.
 */
export const deviceCertified: Check = {
  name: 'device-certified',
  about: 'citation',
  examine({ reliant, report: { device } }, { options }) {
    if (!device.key) {
      return failed(device.flaws[0] ?? `Nobody vouches for the key of device ${device.id}.`);
    }
    const { certificate } = device.key;
    const asked = dateOf(options.asOf);
    const day = reliant
      ? invalidDay(certificate, signingUse(reliant))
      : isValidOn(certificate, asked)
        ? undefined
        : asked;
    return day === undefined ? holds : failed(`The certificate of device ${device.id} was not valid on ${day}.`);
  },
};
