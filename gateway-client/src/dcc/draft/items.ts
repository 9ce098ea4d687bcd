import type { Certificate } from '../certificate.js';
import { oneLine } from '../oneLine.js';
import type { Item } from '../items.js';
import { means, type Mapping } from './mapping.js';
import type { TablePlace } from './columns.js';

/** Who a calibrated object is: what a device is registered, or found again, by. */
export interface ItemIdentity {
  /** Its identifier in the file. */
  readonly id: string | null;
  readonly name: string;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  /** Every number that somebody gave it. */
  readonly numbers: readonly { readonly issuer: string | null; readonly name: string | null; readonly value: string }[];
  /** The item of which it is a part, by its place among the items. */
  readonly partOf: number | null;
}

/** The calibrated objects of a certificate, parts after what they are parts of. */
export class ItemList {
  readonly items: readonly ItemIdentity[];
  readonly #mapping: Mapping;
  readonly #whole: number;

  constructor({ items }: Pick<Certificate, 'items'>, mapping: Mapping) {
    const found: ItemIdentity[] = [];
    const add = (item: Item, partOf: number | null) => {
      const place = found.push(identityOf(item, partOf)) - 1;
      item.parts.forEach((part) => {
        add(part, place);
      });
    };
    items.items.forEach((item) => {
      add(item, null);
    });
    this.items = found;
    this.#mapping = mapping;
    this.#whole = items.items.length;
  }

  /**
   * The item that a result is of, by its place; null if the certificate does not tell.
   *
   * @param refIds - What the column, the result and the measurement refer to, the nearest first.
   */
  itemOf(refIds: readonly string[], place: TablePlace): number | null {
    const told = this.#mapping.items.find(({ result }) => means(result, place.result, place.names));
    if (told) {
      const found = this.items.findIndex(({ id, name, serial }, i) => means(told.item, i + 1, [id, name, serial]));
      return found === -1 ? null : found;
    }
    for (const refId of refIds) {
      const found = this.items.findIndex(({ id }) => id === refId);
      if (found !== -1) {
        return found;
      }
    }
    return this.#whole === 1 ? 0 : null;
  }
}

function identityOf(item: Item, partOf: number | null): ItemIdentity {
  return {
    id: item.id,
    name: oneLine(item.name?.text) || 'not named',
    serial: item.serial,
    manufacturer: item.manufacturer,
    model: item.model,
    numbers: item.identifications.map(({ issuer, name, value }) => ({ issuer, name: name?.text ?? null, value })),
    partOf,
  };
}
