import { RegistryError } from '../model/index.js';

/** A composite key: what kind of record it is, and what names it. */
export interface Key {
  readonly type: string;
  readonly attributes: readonly string[];
}

/** @throws RegistryError `INPUT_INVALID` for what a composite key cannot hold */
export function key(type: string, ...attributes: readonly string[]): Key {
  if (attributes.some((attribute) => attribute === '' || attribute.includes('\u0000'))) {
    throw new RegistryError('INPUT_INVALID', 'an id must not be empty or hold U+0000.');
  }
  return { type, attributes };
}
