import { DccError } from './errors.js';
import { readContactChild, type Contact } from './contacts.js';
import { readDeviceIdentity, type DeviceIdentity } from './identifications.js';
import type { Node } from './node.js';
import { readPrimitiveQuantity, type PrimitiveQuantity } from './primitive-quantities.js';
import { readSoftware, type Software } from './software.js';
import type { Text, TextReader } from './text.js';

/** A calibrated object. */
export interface Item extends DeviceIdentity {
  /** Its identifier in the file, by which results refer to it. */
  readonly id: string | null;
  readonly name: Text | null;
  readonly description: readonly Text[];
  readonly owner: Contact | null;
  readonly classes: readonly EquipmentClass[];
  readonly software: readonly Software[];
  /** Properties such as a nominal value. */
  readonly quantities: readonly PrimitiveQuantity[];
  /** Since 3.3: its parts. */
  readonly parts: readonly Item[];
}

/** Its class in a catalogue. */
export interface EquipmentClass {
  readonly reference: string | null;
  readonly id: string | null;
  readonly link: string | null;
}

/** Data about all calibrated objects together: a set of weights, a measuring chain. */
export interface Items extends DeviceIdentity {
  readonly name: Text | null;
  readonly classes: readonly EquipmentClass[];
  readonly description: readonly Text[];
  readonly owner: Contact | null;
  readonly items: readonly Item[];
}

/** @throws DccError `DCC_MISSING` if there is none */
export function readItems(node: Node, texts: TextReader): Items {
  const items = node.children('item').map((item) => readItem(item, texts));
  if (items.length === 0) {
    throw new DccError('DCC_MISSING', `${node.path} names no item.`);
  }
  const shared = readDeviceIdentity(node, texts);
  return {
    ...shared,
    name: texts.child(node, 'name'),
    classes: readClasses(node),
    description: texts.children(node, 'description'),
    owner: readContactChild(node, 'owner', texts),
    // A set may state the manufacturer once for all items.
    items: items.map((item) => ({ ...item, manufacturer: item.manufacturer ?? shared.manufacturer })),
  };
}

function readItem(node: Node, texts: TextReader): Item {
  const parts = node.child('subItems');
  return {
    ...readDeviceIdentity(node, texts),
    id: node.attribute('id'),
    name: texts.child(node, 'name'),
    description: texts.children(node, 'description'),
    owner: readContactChild(node, 'owner', texts),
    classes: readClasses(node),
    software: readSoftware(node, 'installedSoftwares', texts),
    quantities: (node.child('itemQuantities')?.children('itemQuantity') ?? []).map((quantity) =>
      readPrimitiveQuantity(quantity, texts),
    ),
    parts: parts ? readItems(parts, texts).items : [],
  };
}

export function readClasses(node: Node): EquipmentClass[] {
  return node.children('equipmentClass').map((equipmentClass) => ({
    reference: equipmentClass.string('reference'),
    id: equipmentClass.string('classID'),
    link: equipmentClass.string('link'),
  }));
}
