import { isIssuedBy, isValidOn, readCertificate } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import type { CalendarDate, Device } from '../../model/index.js';
import { failed, holds } from './check.js';
import type { CertificationChain, Check, Remark } from './check.js';
import { certifiedBy } from './technicianCertified.js';

export const deviceCertified: Check = {
  name: 'device-certified',
  proves: "A certified technician imprinted the device's key, and its certificate was valid when it was used.",
  about: 'citation',
  examine({ child, parent: { file, imprinter } }, { options }) {
    const used = child ? child.payload.performed.end : dateOf(options.asOf);
    return imprinted(file.device, imprinter, used, options.signatures);
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
