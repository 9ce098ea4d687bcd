import { readBoolean } from './booleans.js';
import { readDeviceIdentity, type DeviceIdentity } from './identifications.js';
import { readClasses, type EquipmentClass } from './items.js';
import type { Node } from './node.js';
import { readPrimitiveQuantity, type PrimitiveQuantity } from './primitive-quantities.js';
import { readSoftware, type Software } from './software.js';
import type { Text, TextReader } from './text.js';

/** A certificate's reference to another certificate (`hashType`). */
export interface CertificateReference {
  /** In words: a title, a link. */
  readonly referral: Text | null;
  /** The other certificate's unique identifier. */
  readonly referralId: string | null;
  /** How `value` was computed; `analogue` for a certificate on paper. */
  readonly procedure: string | null;
  readonly value: string | null;
  readonly description: Text | null;
  /** The issuer's statement about it. */
  readonly inValidityRange: boolean | null;
  readonly traceable: boolean | null;
  /** An accompanying certificate. */
  readonly linked: CertificateReference | null;
}

/** A measuring instrument or standard that was used. */
export interface Equipment extends DeviceIdentity {
  readonly name: Text | null;
  readonly id: string | null;
  readonly refIds: readonly string[];
  readonly refType: string | null;
  readonly description: readonly Text[];
  readonly certificate: CertificateReference | null;
  readonly classes: readonly EquipmentClass[];
  readonly software: readonly Software[];
  readonly quantities: readonly PrimitiveQuantity[];
}

/** The equipment listed at this place: certificates list it for a measurement, a table or a single quantity. */
export function readEquipments(parent: Node, texts: TextReader): Equipment[] {
  const list = parent.child('measuringEquipments');
  return (list?.children('measuringEquipment') ?? []).map((node) => readEquipment(node, texts));
}

function readEquipment(node: Node, texts: TextReader): Equipment {
  return {
    ...readDeviceIdentity(node, texts),
    name: texts.child(node, 'name'),
    id: node.attribute('id'),
    refIds: node.attributeWords('refId'),
    refType: node.attribute('refType'),
    description: texts.children(node, 'description'),
    certificate: readReference(node, 'certificate', texts),
    classes: readClasses(node),
    software: readSoftware(node, 'installedSoftware', texts),
    quantities: (node.child('measuringEquipmentQuantities')?.children('measuringEquipmentQuantity') ?? []).map(
      (quantity) => readPrimitiveQuantity(quantity, texts),
    ),
  };
}

/** The certificate named by `parent/name`. 2.x called `referral` and `referralID` `reference` and `referenceID`. */
export function readReference(parent: Node, name: string, texts: TextReader): CertificateReference | null {
  const node = parent.child(name);
  if (!node) {
    return null;
  }
  return {
    referral: texts.child(node, 'referral') ?? texts.child(node, 'reference'),
    referralId: node.string('referralID') ?? node.string('referenceID'),
    procedure: node.string('procedure'),
    value: node.string('value'),
    description: texts.child(node, 'description'),
    inValidityRange: readBoolean(node, 'inValidityRange'),
    traceable: readBoolean(node, 'traceable'),
    linked: readReference(node, 'linkedReport', texts),
  };
}
