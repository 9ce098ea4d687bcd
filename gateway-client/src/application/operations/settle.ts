import type { CertifiedEntry } from '@tracecal/core/model';
import type { SignerKind } from '@tracecal/core/signing';
import { undefinedIfNotFound } from '../../client/index.js';
import type { Item, TraceCal } from '../../client/index.js';
import type { Session } from '../session/session.js';

/** A statement that brings a further key. */
export interface Renewed {
  readonly item: Item;
  /** Call this once it is registered. */
  readonly done: () => Promise<void>;
}

/**
 * Replaces the key in use by the waiting one, once the registry has it, no matter who submitted it: a replaced key cannot sign anything
 * new.
 */
export async function settle(session: Pick<Session, 'keys' | 'reader'>, kind: SignerKind, id: string): Promise<void> {
  const next = await session.keys.next(kind, id);
  if (next === undefined) {
    return;
  }
  const registered = await registeredCertificates(await session.reader(), kind, id);
  const current = session.keys.has(kind, id) ? await session.keys.certificate(kind, id) : '';
  // A newer key may have been registered since, and its private key may be elsewhere.
  if (registered.lastIndexOf(next) > registered.lastIndexOf(current)) {
    await session.keys.takeNext(kind, id);
  }
}

/** Registered certificates of a holder, the newest last: DER, base64. */
async function registeredCertificates(reader: TraceCal, kind: SignerKind, id: string): Promise<readonly string[]> {
  const entries = await undefinedIfNotFound(certifiedEntries(reader, kind, id));
  return (entries ?? []).map(({ certificate }) => certificate);
}

async function certifiedEntries(reader: TraceCal, kind: SignerKind, id: string): Promise<readonly CertifiedEntry[]> {
  switch (kind) {
    case 'organisation':
      return (await reader.getOrganisation(id)).record.memberships;
    case 'technician':
    case 'officer':
      return (await reader.getTechnician(id)).record.authorisations;
    case 'device':
      return (await reader.getDevice(id)).record.imprints;
  }
}
