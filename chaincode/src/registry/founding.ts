import { RegistryError } from '@tracecal/core/model';
import type { RegistryRecord } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import type { Configuration } from './configuration.js';
import type { StateReader } from './state.js';

/**
 * Requires that this service was started with the digest of the founding on the ledger, or of the founding about to be
 * written. Otherwise the members of a channel together could write a different founding, and no peer would notice.
 *
 * @throws RegistryError `WRONG_REGISTRY`
 */
export async function requireFounding(state: StateReader, { founding }: Configuration, digest?: string): Promise<void> {
  if (founding === null) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      'this service does not know which registry it serves: start it with TRACECAL_FOUNDING, the SHA-256 of the founding statement.',
    );
  }
  const record = await state.founding();
  const found = digest ?? (record && payloadDigest(record.founding.jws));
  if (found !== undefined && found !== founding) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `this service was started for another founding: TRACECAL_FOUNDING is ${founding.slice(0, 64)}, the statement's digest ${found}.`,
    );
  }
}

/** The registry's own record. @throws RegistryError `NOT_FOUND` before the founding */
export async function founded(state: StateReader): Promise<RegistryRecord> {
  const record = await state.founding();
  if (!record) {
    throw new RegistryError('NOT_FOUND', 'this registry is not founded yet: submit its founding statement first.');
  }
  return record;
}
