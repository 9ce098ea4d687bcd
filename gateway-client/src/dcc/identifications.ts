import { readContact, type Contact } from './contacts.js';
import type { Node } from './node.js';
import type { Text, TextReader } from './text.js';

/** A number or mark, and who gave it. */
export interface Identification {
  /** `manufacturer`, `calibrationLaboratory`, `customer`, `owner` or `other`. */
  readonly issuer: string | null;
  readonly value: string;
  readonly name: Text | null;
  readonly refType: string | null;
}

/** Identification of a device, whether it is the calibrated item or equipment used for it. */
export interface DeviceIdentity {
  readonly serial: string | null;
  readonly manufacturer: string | null;
  /** The maker's address and the like, as pairs of the element's name and its text. */
  readonly manufacturerDetails: Contact['details'];
  readonly model: string | null;
  readonly identifications: readonly Identification[];
}

export function readIdentifications(parent: Node, texts: TextReader): Identification[] {
  const list = parent.child('identifications');
  return (list?.children('identification') ?? []).flatMap((node) => {
    const value = node.string('value');
    // 2.x has a description where 3.x has a name.
    const name = texts.child(node, 'name') ?? texts.child(node, 'description');
    const issuer = node.string('issuer');
    return value === null ? [] : [{ issuer, value, name, refType: node.attribute('refType') }];
  });
}

export function readDeviceIdentity(node: Node, texts: TextReader): DeviceIdentity {
  const identifications = readIdentifications(node, texts);
  const maker = node.child('manufacturer');
  const contact = maker && readContact(maker, texts);
  return {
    serial: serialOf(identifications),
    manufacturer: contact?.name?.text ?? null,
    manufacturerDetails: contact?.details ?? [],
    model: node.string('model'),
    identifications,
  };
}

const SERIAL = /serial|serien|fabrikation|\bs\/?n\b/i;

/** A certificate has no field for the serial number: it is the manufacturer's mark, preferably one with that name. */
function serialOf(identifications: readonly Identification[]): string | null {
  const isSerial = (id: Identification) =>
    SERIAL.test(id.refType ?? '') || (id.name?.all.some((part) => SERIAL.test(part.text)) ?? false);
  const byMaker = identifications.filter((id) => id.issuer === 'manufacturer');
  return (byMaker.find(isSerial) ?? byMaker[0] ?? identifications.find(isSerial))?.value ?? null;
}
