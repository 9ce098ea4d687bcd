import { utf8Text } from '#platform';
import { canonicalBytes, RegistryError } from '../model/index.js';
import type { Key } from './key.js';

/**
 * Version of the format and meaning of stored records; a record's key gives its kind. A permanent change of records takes
 * the next version, and the contract continues to read this one.
 */
const VERSION = 1;

/** The bytes of a record on the ledger: canonical JSON, so that all endorsers write the same bytes. */
export function storedBytes(record: unknown): Uint8Array {
  return canonicalBytes({ record, version: VERSION });
}

/**
 * Parses a record from the bytes under its key. Only a contract's own canonical JSON is ever read back, so after the version
 * check its types are known.
 *
 * @throws RegistryError `VERSION_UNKNOWN`: an older contract must not ignore what a newer one has written
 */
export function recordIn(bytes: Uint8Array, { type, attributes }: Key): unknown {
  const { record, version } = parse(bytes);
  if (version !== VERSION) {
    const found = version === undefined ? 'no version' : `version ${JSON.stringify(version)}`;
    throw new RegistryError(
      'VERSION_UNKNOWN',
      `the record ${[type, ...attributes].join(' ')} has ${found}; this version of TraceCal knows version ${VERSION}.`,
    );
  }
  return record;
}

function parse(bytes: Uint8Array): { readonly record?: unknown; readonly version?: unknown } {
  return (JSON.parse(utf8Text(bytes) ?? 'null') ?? {}) as ReturnType<typeof parse>;
}
