import type { AdministrativeData } from './administrative.js';
import type { Condition, Method } from './data.js';
import { worstConformity, type Conformity } from './conformity.js';
import type { Contact } from './contacts.js';
import { describeReference, type InspectedReference } from './inspectDevices.js';
import {
  describeData,
  describeQuantityOfDevice,
  type InspectedQuantity,
  type InspectedStatement,
} from './inspectQuantities.js';
import type { Result } from './results.js';
import type { Software } from './software.js';

export interface InspectedResult {
  readonly name: string | null;
  readonly refType: string | null;
  /** Identifiers of elements that it belongs to: usually of an item. */
  readonly refIds: readonly string[];
  readonly description: readonly string[];
  /** The name of its measurement. */
  readonly measurement: string | null;
  readonly quantities: readonly InspectedQuantity[];
  readonly texts: readonly string[];
  /** Stated for whole tables. */
  readonly metaData: readonly InspectedStatement[];
  readonly conformity: Conformity | null;
}

export interface InspectedMethod {
  readonly id: string | null;
  readonly name: string | null;
  readonly refType: string | null;
  readonly norms: readonly string[];
  readonly references: readonly string[];
  readonly description: readonly string[];
  readonly quantities: readonly InspectedQuantity[];
}

export interface InspectedSoftware {
  readonly id: string | null;
  readonly name: string | null;
  readonly release: string | null;
  readonly description: readonly string[];
}

export interface InspectedCondition {
  readonly name: string | null;
  readonly refType: string | null;
  readonly description: readonly string[];
  /** `beforeAdjustment`, `afterAdjustment`, `beforeRepair`, `afterRepair`. */
  readonly status: string | null;
  readonly certificate: InspectedReference | null;
  readonly quantities: readonly InspectedQuantity[];
  readonly texts: readonly string[];
  readonly metaData: readonly InspectedStatement[];
}

/** A person or organisation, and its role in the certificate. */
export interface InspectedContact {
  readonly role: 'laboratory' | 'responsible' | 'customer' | 'set owner';
  readonly name: string | null;
  /** A person's role in the laboratory; the laboratory's code of accreditation. */
  readonly mark: string | null;
  readonly details: Contact['details'];
}

export function describeResult(result: Result): InspectedResult {
  const { quantities, texts, metaData } = describeData(result);
  const ofLists = result.metaData.flatMap((statement) => statement.conformity);
  return {
    name: result.name?.text ?? null,
    refType: result.refType,
    refIds: result.refIds,
    description: result.description.map(({ text }) => text),
    measurement: result.measurement.name?.text ?? null,
    quantities,
    texts,
    metaData,
    conformity: worstConformity([...quantities.map((quantity) => quantity.conformity), ...ofLists]),
  };
}

export function describeMethod(method: Method): InspectedMethod {
  const { id, refType, norms, references } = method;
  return {
    id,
    name: method.name?.text ?? null,
    refType,
    norms,
    references,
    description: method.description.map(({ text }) => text),
    quantities: method.quantities.map(describeQuantityOfDevice),
  };
}

export function describeSoftware({ id, name, release, description }: Software): InspectedSoftware {
  return { id, name: name?.text ?? null, release, description: description.map(({ text }) => text) };
}

export function describeCondition(condition: Condition): InspectedCondition {
  const { refType, status, certificate } = condition;
  return {
    name: condition.name?.text ?? null,
    refType,
    description: condition.description.map(({ text }) => text),
    status,
    certificate: certificate && describeReference(certificate),
    ...describeData(condition.data),
  };
}

export function contactsOf({ laboratory, persons, customer, items }: AdministrativeData): InspectedContact[] {
  const contact = (role: InspectedContact['role'], { name, details }: Contact, mark: string | null = null) => ({
    role,
    name: name?.text ?? null,
    mark,
    details,
  });
  return [
    contact('laboratory', laboratory, laboratory.code),
    ...persons.map((person) => contact('responsible', person, person.role)),
    ...(customer ? [contact('customer', customer)] : []),
    ...(items.owner ? [contact('set owner', items.owner)] : []),
  ];
}
