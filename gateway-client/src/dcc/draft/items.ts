import type { Certificate } from '../certificate.js';
import { oneLine } from '../oneLine.js';
import type { Item } from '../items.js';
import { means } from './mapping.js';
import type { DraftResult } from './drafted.js';
import type { Origin } from './shapes.js';
import type { Told } from './told.js';

/** Identity of a calibrated object: used to register a device, or to find it again. */
export interface ItemIdentity {
  /** Its identifier in the file. */
  readonly id: string | null;
  readonly name: string;
  /** In every language. */
  readonly names: readonly string[];
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  /** Every number given to it by anybody. */
  readonly numbers: readonly { readonly issuer: string | null; readonly name: string | null; readonly value: string }[];
  /** The item that it is part of, by position among the items. */
  readonly partOf: number | null;
}

/** The item of a result, by position, and the source of that decision. */
export interface FoundItem {
  readonly item: number;
  readonly from: Origin;
}

/** The calibrated objects of a certificate; a part comes after the object that contains it. */
export class ItemList {
  readonly items: readonly ItemIdentity[];
  readonly #told: Told;
  readonly #whole: number;

  constructor({ items }: Pick<Certificate, 'items'>, told: Told) {
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
    this.#told = told;
    this.#whole = items.items.length;
  }

  /** The item of a result; null if the certificate does not state it. */
  itemOf({ refIds, place, words }: Pick<DraftResult, 'refIds' | 'place' | 'words'>): FoundItem | null {
    const told = this.#told.item(place);
    if (told) {
      const item = this.items.findIndex(({ id, name, serial }, i) => means(told.item, i + 1, [id, name, serial]));
      return item === -1 ? null : { item, from: 'mapping' };
    }
    for (const refId of refIds) {
      const item = this.items.findIndex(({ id }) => id === refId);
      if (item !== -1) {
        return { item, from: 'refId' };
      }
    }
    return this.#whole === 1 ? { item: 0, from: 'structure' } : this.#namedIn(words);
  }

  /** A set may name the piece in a column of words: "10 g" for the "weight to 10 g". */
  #namedIn(words: readonly string[]): FoundItem | null {
    const named = this.items.flatMap(({ names }, item) =>
      words.some((text) => names.some((name) => ` ${name} `.includes(` ${text} `))) ? [item] : [],
    );
    const [item, ...others] = named;
    return item === undefined || others.length > 0 ? null : { item, from: 'name' };
  }
}

function identityOf(item: Item, partOf: number | null): ItemIdentity {
  return {
    id: item.id,
    name: oneLine(item.name?.text) || 'not named',
    names: (item.name?.all ?? []).map(({ text }) => oneLine(text)),
    serial: item.serial,
    manufacturer: item.manufacturer,
    model: item.model,
    numbers: item.identifications.map(({ issuer, name, value }) => ({ issuer, name: name?.text ?? null, value })),
    partOf,
  };
}
