import { RegistryError } from '../model/index.js';

/** A key: the kind of record, and the attributes that identify the record. */
export interface Key {
  readonly type: string;
  readonly attributes: readonly string[];
  /**
   * The attributes are joined by slashes, not as a composite key: the shim can start a range in the middle of plain keys
   * only, and that is needed to notice when a peer cuts a range short.
   */
  readonly plain?: true;
}

/** @throws RegistryError `INPUT_INVALID` if an attribute cannot stand in a composite key */
export function key(type: string, ...attributes: readonly string[]): Key {
  if (attributes.some((attribute) => attribute === '' || attribute.includes('\u0000'))) {
    throw new RegistryError('INPUT_INVALID', 'an id must not be empty or hold U+0000.');
  }
  return { type, attributes };
}

/** A key with attributes that the contract makes itself; none contains a slash. */
export function plainKey(type: string, ...attributes: readonly string[]): Key {
  return { type, attributes, plain: true };
}

const SEPARATOR = '\u0000';

/** The key as text, under which the peer's state holds its record: Fabric's composite key, unless it is plain. */
export function nameOfKey({ type, attributes, plain }: Key): string {
  const separator = plain ? '/' : SEPARATOR;
  const parts = attributes.length > 0 ? type + separator + attributes.join(separator) : type;
  return plain ? parts : SEPARATOR + parts + SEPARATOR;
}
