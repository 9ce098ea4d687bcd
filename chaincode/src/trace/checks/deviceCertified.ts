import { isIssuedBy, isValidOn, readCertificate } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import type { CalendarDate, Device } from '../../model/index.js';
import { failed, holds, onFirst } from './check.js';
import type { CertificationChain, Check, Remark } from './check.js';
import { certifiedBy } from './technicianCertified.js';

/**
 * A certified technician imprinted the device's key, and its certificate was valid when it was used: as a standard, on the
 * day of the calibration, which is the signer's own word, and when the report that it signed was registered.
 */
export const deviceCertified: Check = {
  name: 'device-certified',
  about: 'citation',
  examine({ reliant, report: { file, imprinter } }, { options }) {
    const used = reliant
      ? [reliant.payload.performed.end, dateOf(reliant.record.registered.time)]
      : [dateOf(options.asOf)];
    return onFirst(used, (day) => imprinted(file.device, imprinter, day, options.signatures));
  },
};

/** Whether a technician of the imprinting organisation vouches for a device's key on the day it was used. */
export function imprinted(
  device: Device,
  imprinter: CertificationChain,
  used: CalendarDate,
  signatures: boolean,
): readonly Remark[] {
  const day = dateOf(device.registered.time);
  const technician = certifiedBy(imprinter, device.technician, device.technicianCertificate, day, signatures);
  if (technician.length > 0) {
    return technician;
  }
  const certificate = readCertificate(device.certificate, 'device');
  if (signatures && !isIssuedBy(certificate, readCertificate(device.technicianCertificate, 'technician'))) {
    return failed(`The certificate of device ${device.id} was not issued by technician ${device.technician}.`);
  }
  return isValidOn(certificate, used)
    ? holds
    : failed(`The certificate of device ${device.id} was not valid on ${used}.`);
}
