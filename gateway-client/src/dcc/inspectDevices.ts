import type { Contact } from './contacts.js';
import type { CertificateReference, Equipment } from './equipment.js';
import type { DeviceIdentity, Identification } from './identifications.js';
import { describeQuantityOfDevice, type InspectedQuantity } from './inspectQuantities.js';
import type { Item, Items } from './items.js';
import { isAnalogue, type ParentReference } from './parents.js';
import type { Text } from './text.js';

export interface InspectedDevice {
  readonly name: string | null;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
}

/** A number or mark, who assigned it, and its name. */
export interface InspectedMark {
  readonly issuer: string | null;
  readonly value: string;
  readonly name: string | null;
}

/** Common members of items and equipment. */
interface InspectedIdentity extends InspectedDevice {
  readonly id: string | null;
  readonly identifications: readonly InspectedMark[];
  readonly manufacturerDetails: Contact['details'];
  readonly description: readonly string[];
  readonly software: readonly string[];
  readonly classes: readonly string[];
  /** Properties: nominal values, ranges. */
  readonly quantities: readonly InspectedQuantity[];
}

export interface InspectedItem extends InspectedIdentity {
  readonly owner: string | null;
  readonly ownerDetails: Contact['details'];
  readonly parts: readonly InspectedItem[];
}

export interface InspectedEquipment extends InspectedIdentity {
  readonly refType: string | null;
  readonly certificate: InspectedReference | null;
}

/** Data about all calibrated objects together. */
export interface InspectedSet extends Omit<InspectedIdentity, 'id' | 'software' | 'quantities'> {
  readonly owner: string | null;
  readonly ownerDetails: Contact['details'];
}

/** A reference to another certificate. */
export interface InspectedReference {
  readonly referral: string | null;
  readonly referralID: string | null;
  readonly procedure: string | null;
  readonly value: string | null;
  readonly description: string | null;
  readonly traceable: boolean | null;
  readonly inValidityRange: boolean | null;
  readonly linked: InspectedReference | null;
}

export interface InspectedParent extends InspectedReference {
  /** The name of the equipment (or condition) that the parent certificate belongs to. */
  readonly equipment: string | null;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  /** The parent is on paper: there is no file whose digest could be compared. */
  readonly analogue: boolean;
}

export function describeItem(item: Item): InspectedItem {
  return {
    ...describeIdentity(item),
    owner: item.owner?.name?.text ?? null,
    ownerDetails: item.owner?.details ?? [],
    parts: item.parts.map(describeItem),
  };
}

export function describeEquipment(equipment: Equipment): InspectedEquipment {
  const { refType, certificate } = equipment;
  return { ...describeIdentity(equipment), refType, certificate: certificate && describeReference(certificate) };
}

/** Null if the certificate states nothing about all items together. */
export function describeSet(items: Items): InspectedSet | null {
  const whole = describeIdentity({ ...items, id: null, software: [], quantities: [] });
  const { name, serial, manufacturer, model, identifications, manufacturerDetails, description, classes } = whole;
  const identity = { name, serial, manufacturer, model, identifications, manufacturerDetails, description, classes };
  const set = { ...identity, owner: items.owner?.name?.text ?? null, ownerDetails: items.owner?.details ?? [] };
  return Object.values(set).every((part) => part === null || (Array.isArray(part) && part.length === 0)) ? null : set;
}

export function describeMark({ issuer, value, name }: Identification): InspectedMark {
  return { issuer, value, name: name?.text ?? null };
}

export function describeReference(reference: CertificateReference): InspectedReference {
  const { referral, referralId, procedure, value, description, traceable, inValidityRange, linked } = reference;
  return {
    referral: referral?.text ?? null,
    referralID: referralId,
    procedure,
    value,
    description: description?.text ?? null,
    traceable,
    inValidityRange,
    linked: linked && describeReference(linked),
  };
}

export function describeParent({ name, device, certificate }: ParentReference): InspectedParent {
  return {
    equipment: name,
    serial: device?.serial ?? null,
    manufacturer: device?.manufacturer ?? null,
    model: device?.model ?? null,
    ...describeReference(certificate),
    analogue: isAnalogue(certificate),
  };
}

type Described = DeviceIdentity &
  Pick<Item, 'id' | 'software' | 'classes' | 'quantities'> & {
    readonly name: Text | null;
    readonly description: readonly Text[];
  };

function describeIdentity(device: Described): InspectedIdentity {
  const { id, serial, manufacturer, manufacturerDetails, model, identifications } = device;
  return {
    id,
    name: device.name?.text ?? null,
    serial,
    manufacturer,
    model,
    identifications: identifications.map(describeMark),
    manufacturerDetails,
    description: device.description.map(({ text }) => text),
    software: device.software.map(({ name, release }) => [name?.text, release].filter(Boolean).join(' ')),
    classes: device.classes.map((each) => [each.reference, each.id, each.link].filter(Boolean).join(' ')),
    quantities: device.quantities.map(describeQuantityOfDevice),
  };
}
