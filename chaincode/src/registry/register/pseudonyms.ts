import { claimsWithheld, looksLikePseudonym, RegistryError } from '@tracecal/core/model';
import type { Imprint, Membership } from '@tracecal/core/model';
import { readable } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { required } from '../state.js';
import type { StateReader } from '../state.js';

/** What tells who or what a subject is. */
type Identity = Said<'device' | 'organisation'>;

/**
 * Requires that nothing looks withheld, or like a pseudonym, that is registered openly: the shape of statements holds the reverse. Ledgers
 * may hold such things from before there were pseudonyms, so only what is new is asked.
 */
export function requireOpenIfNamed({ statement: { subject, body } }: Identity): void {
  if (body.pseudonym) {
    return;
  }
  if (looksLikePseudonym(subject.id)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${subject.id} looks like a pseudonym, and this statement gives none: choose another id.`,
    );
  }
  requireNothingWithheld(body);
}

/** A further key may bring another name. */
export function requireOpenIfRenamed({ statement: { body } }: Said<'organisation'>, before: Membership): void {
  if (!body.pseudonym && body.name !== before.name) {
    requireNothingWithheld(body);
  }
}

function requireNothingWithheld(body: Imprint | Membership): void {
  if (claimsWithheld(body)) {
    throw new RegistryError(
      'INPUT_INVALID',
      'only a pseudonym withholds a name, serial number, model or manufacturer: state it, or register a pseudonym.',
    );
  }
}

/** Nobody but its certifier submits for a pseudonym: another member's MSP would tell who it is. */
export async function requireCertifiersMsp(state: StateReader, { statement }: Said<'organisation'>): Promise<void> {
  const { subject, body, registry } = statement;
  if (!body.pseudonym) {
    return;
  }
  const certifier = body.certifier ?? '';
  const { memberships } = await required('organisation', certifier, state.organisation(certifier));
  const mspId = readable(memberships, registry, 'organisation').at(-1)?.statement.body.mspId;
  if (body.mspId !== mspId) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${subject.id} is registered under a pseudonym, so it acts through the MSP of ${certifier} alone.`,
    );
  }
}
