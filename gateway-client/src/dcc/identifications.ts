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

/** What a device says about itself, be it the calibrated item or equipment used for it. */
export interface DeviceIdentity {
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly identifications: readonly Identification[];
}

export function readIdentifications(parent: Node, texts: TextReader): Identification[] {
  const list = parent.child('identifications');
  return (list?.children('identification') ?? []).flatMap((node) => {
    const value = node.string('value');
    // 2.x describes what 3.x names.
    const name = texts.child(node, 'name') ?? texts.child(node, 'description');
    const issuer = node.string('issuer');
    return value === null ? [] : [{ issuer, value, name, refType: node.attribute('refType') }];
  });
}

export function readDeviceIdentity(node: Node, texts: TextReader): DeviceIdentity {
  const identifications = readIdentifications(node, texts);
  const manufacturer = node.child('manufacturer');
  return {
    serial: serialOf(identifications),
    manufacturer: (manufacturer && readManufacturer(manufacturer, texts)) ?? null,
    model: node.string('model'),
    identifications,
  };
}

function readManufacturer(node: Node, texts: TextReader): string | null {
  const name = texts.child(node, 'name')?.text ?? null;
  // The maker's address identifies nothing.
  node.ignore('eMail', 'phone', 'fax', 'link', 'location');
  return name;
}

const SERIAL = /serial|serien|fabrikation|\bs\/?n\b/i;

/** A certificate has no field for the serial number: it is the manufacturer's mark, preferably one called so. */
function serialOf(identifications: readonly Identification[]): string | null {
  const isSerial = (id: Identification) =>
    SERIAL.test(id.refType ?? '') || (id.name?.all.some((part) => SERIAL.test(part.text)) ?? false);
  const byMaker = identifications.filter((id) => id.issuer === 'manufacturer');
  return (byMaker.find(isSerial) ?? byMaker[0] ?? identifications.find(isSerial))?.value ?? null;
}
