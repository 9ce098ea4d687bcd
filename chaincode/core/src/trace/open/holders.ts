import { CERTIFIES, isKind, isSamePseudonym, ORGANISATION_KINDS } from '../../model/index.js';
import type { Imprint, Membership, OrganisationKind } from '../../model/index.js';
import type { Key } from './key.js';

/** A further key does not change these: the organisations above an organisation may object to everything that it ever did. */
export function isSameMember(first: Membership, further: Membership): boolean {
  return (
    first.kind === further.kind &&
    first.mspId === further.mspId &&
    first.certifier === further.certifier &&
    isSamePseudonym(first, further)
  );
}

/** A further key belongs to the same instrument. */
export function isSameDevice(first: Imprint, further: Imprint): boolean {
  return (
    first.kind === further.kind &&
    first.serial === further.serial &&
    first.model === further.model &&
    first.manufacturer === further.manufacturer &&
    isSamePseudonym(first, further)
  );
}

/** Why the certifier of an organisation has the wrong kind. */
export function mayNotCertify(certifier: string, by: OrganisationKind, id: string, kind: OrganisationKind): string {
  const able = ORGANISATION_KINDS.filter((each) => CERTIFIES[each].includes(kind));
  return `Organisation ${id} (${kind}) is not certified by ${certifier} (${by}): it has to be certified by one of kind ${able.join(' or ')}.`;
}

/** What an organisation is, by its first key: a root belongs to an institute. */
export function kindIn([first]: readonly Key[]): OrganisationKind | undefined {
  const statement = first?.said.statement;
  return statement && isKind(statement, 'organisation') ? statement.body.kind : statement && 'NMI';
}
