import { isIssuedBy, isValidOn, readCertificate } from '../../signing/index.js';
import { dateOf } from '../../model/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';
import { certifiedBy } from './technicianCertified.js';

export const deviceCertified: Check = {
  name: 'device-certified',
  proves: "A certified technician imprinted the device's key, and its certificate was valid when it was used.",
  about: 'citation',
  examine({ child, parent: { file, imprinter } }, { options }) {
    const { device } = file;
    const imprinted = dateOf(device.registered.time);
    const technician = certifiedBy(
      imprinter,
      device.technician,
      device.technicianCertificate,
      imprinted,
      options.signatures,
    );
    if (technician.length > 0) {
      return technician;
    }
    const certificate = readCertificate(device.certificate, 'device');
    if (options.signatures && !isIssuedBy(certificate, readCertificate(device.technicianCertificate, 'technician'))) {
      return failed(`The certificate of device ${device.id} was not issued by technician ${device.technician}.`);
    }
    const used = child ? child.payload.performed.end : dateOf(options.asOf);
    return isValidOn(certificate, used)
      ? holds
      : failed(`The certificate of device ${device.id} was not valid on ${used}.`);
  },
};
