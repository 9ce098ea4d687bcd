import { RegistryError } from '@tracecal/core/model';

/** A key: what kind of record it is, and what names it. */
export interface Key {
  readonly type: string;
  readonly attributes: readonly string[];
  /**
   * Joined by slashes instead of being a composite key: the shim lets a range begin in the middle of such keys only, which
   * it takes to see whether a peer has cut a range short.
   */
  readonly plain?: true;
}

/** @throws RegistryError `INPUT_INVALID` for what a composite key cannot hold */
export function key(type: string, ...attributes: readonly string[]): Key {
  if (attributes.some((attribute) => attribute === '' || attribute.includes('\u0000'))) {
    throw new RegistryError('INPUT_INVALID', 'an id must not be empty or hold U+0000.');
  }
  return { type, attributes };
}

/** A key whose attributes the contract makes itself: none holds a slash. */
export function plainKey(type: string, ...attributes: readonly string[]): Key {
  return { type, attributes, plain: true };
}
