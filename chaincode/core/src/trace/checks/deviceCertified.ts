import { isValidOn } from '../../signing/index.js';
import { failed, holds, invalidDay, signingUse, validityOf } from './check.js';
import type { Check } from './check.js';
import { useAt } from '../impediments.js';
import type { Use } from '../impediments.js';
import type { When } from '../moment.js';
import { deviceKey } from './device.js';
import { certifiedUpToInstitute } from './organisationCertified.js';

/**
 * A technician of a certified organisation imprinted the device's key and its owner agreed; its certificate was valid when it
 * was used: as a standard, on the day of the calibration, which is the signer's own word, and when the report that it signed was
 * registered.
 */
export const deviceCertified: Check = {
  name: 'device-certified',
  about: 'citation',
  examine(link, context) {
    const { reliant, report } = link;
    const { device } = report;
    const key = deviceKey(link, context);
    if (!key) {
      return failed(device.flaws[0] ?? `Nobody vouches for the key of device ${device.id}.`);
    }
    const { certificate, said } = key;
    const asked = context.moment.day;
    const day = reliant
      ? invalidDay(key, device.keys, signingUse(reliant))
      : isValidOn(certificate, asked)
        ? undefined
        : asked;
    if (day !== undefined) {
      return failed(`The certificate of device ${device.id} was not valid on ${day}.`);
    }
    const { date } = said.registered;
    // Of the first key it is asked with the report.
    return key === device.keys[0] ? holds : certifiedUpToInstitute(device.imprinting, useAt(date));
  },
  told(link, context) {
    const { reliant, report } = link;
    const key = deviceKey(link, context);
    const use: Use<When> = reliant ? signingUse(reliant) : useAt(context.moment);
    return key ? [validityOf(`device ${report.device.id}`, key, use)] : [];
  },
};
