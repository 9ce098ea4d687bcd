import type { AccreditationGrant, Membership, OrganisationKind, StatementOf } from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { signerName } from '@tracecal/core/signing';
import { certificateDigest, newStatement, signStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { accreditationItem } from './accreditations.js';
import { officerOf, personItem } from './people.js';
import { statedOfOrganisation } from './pseudonyms.js';
import { refuseRegistered, requireOrganisation } from './registered.js';
import { settle } from './settle.js';
import type { Renewed } from './settle.js';
import { sign } from './sign.js';

/** An organisation to be registered; what is left out is taken from the consortium's description. */
export interface OrganisationSpec {
  readonly id: string;
  readonly mspId?: string;
  readonly name?: string;
  readonly kind?: OrganisationKind;
  readonly country?: string;
  /** The organisation whose calibration key certifies it; none for an institute. */
  readonly certifiedBy?: string;
  /** It is registered under this pseudonym, which is its id: it acts through the MSP of its certifier. */
  readonly pseudonym?: PseudonymFile;
  readonly scopes?: AccreditationGrant;
}

/**
 * All statements that register an organisation, in order: its membership, signed by itself and its certifier (for an institute its
 * admission by a majority of the others); an officer; its accreditation.
 *
 * @throws ApplicationError `USAGE`, `ALREADY_EXISTS` or `KEYS_MISSING`
 */
export async function organisationItems(session: Session, spec: OrganisationSpec): Promise<readonly Item[]> {
  const { id, scopes } = spec;
  const wanted = describe(session, spec);
  const registry = await session.registry();
  requireMembership(registry, id, wanted);
  await refuseRegistered('organisation', id, (await session.reader()).getOrganisation(id));
  await (wanted.certifier !== null && requireOrganisation(session, wanted.certifier));
  const certificate = await session.keys.organisation(id, wanted.certifier);
  const membership = membershipOf(registry, id, { ...wanted, certificateSha256: certificateDigest(certificate) });
  const joining =
    wanted.certifier === null
      ? await admission(session, membership, certificate)
      : { statement: await sign(session, membership), certificate };
  const officer = await personItem(session, {
    role: 'officer',
    id: officerOf(id),
    organisation: id,
    quantities: [],
  });
  const { certifier } = wanted;
  const accreditation =
    certifier === null || scopes === undefined ? [] : [await accreditationItem(session, id, certifier, scopes)];
  return [joining, officer, ...accreditation];
}

/** Signs a further key of a registered organisation, which one of its officers carries over, as it and its certifier. */
export async function renewOrganisation(session: Session, id: string): Promise<Renewed> {
  const reader = await session.reader();
  const { kind, mspId, name, country, certifier, pseudonym } = await reader.getOrganisation(id);
  if (certifier !== null) {
    await settle(session, 'organisation', certifier);
  }
  await settle(session, 'organisation', id);
  const number = await reader.nextNumber(id, { kind: 'organisation', id });
  const { certificate, signer } = await session.keys.organisationRenewal(id, certifier);
  const certificateSha256 = certificateDigest(certificate);
  const statement = membershipOf(
    await session.registry(),
    id,
    { kind, mspId, name, country, certifier, certificateSha256, ...(pseudonym && { pseudonym }) },
    number,
  );
  return {
    item: { statement: await sign(session, statement, { [signerName('organisation', id)]: signer }), certificate },
    done: () => settle(session, 'organisation', id),
  };
}

type Described = Omit<Membership, 'certificateSha256'>;

function describe(session: Session, spec: OrganisationSpec): Described {
  const { id, certifiedBy = null } = spec;
  const member = session.consortium.organisations.find((organisation) => organisation.id === id);
  const { mspId, name, kind, country } = {
    ...member,
    ...spec,
    ...(spec.pseudonym && statedOfOrganisation(spec.pseudonym)),
  };
  const missing = Object.entries({ '--msp': mspId, '--name': name, '--kind': kind, '--country': country })
    .filter(([, value]) => value === undefined)
    .map(([option]) => option);
  if (mspId === undefined || name === undefined || kind === undefined || country === undefined) {
    throw new ApplicationError(
      'USAGE',
      `${id} is not in the consortium's description: give ${missing.join(' and ')} as well.`,
    );
  }
  if ((kind === 'NMI') !== (certifiedBy === null)) {
    throw new ApplicationError(
      'USAGE',
      'Give --certified-by for every organisation but a National Metrology Institute.',
    );
  }
  if (certifiedBy === id) {
    throw new ApplicationError(
      'USAGE',
      `${id} cannot certify itself: name the organisation above it with --certified-by.`,
    );
  }
  if (kind === 'NMI' && spec.scopes !== undefined) {
    throw new ApplicationError(
      'USAGE',
      `A majority of the institutes accredits another once it is admitted: use \`tracecal scopes grant ${id}\`.`,
    );
  }
  const { pseudonym } = spec;
  return {
    ...{ mspId, name, kind, country, certifier: certifiedBy },
    ...(pseudonym && { pseudonym: pseudonym.pseudonym }),
  };
}

function membershipOf(
  registry: string,
  id: string,
  body: StatementOf<'organisation'>['body'],
  number = 0,
): StatementOf<'organisation'> {
  return newStatement('organisation', {
    registry,
    author: id,
    number,
    subject: { kind: 'organisation', id },
    body,
  });
}

/** Check the shape first, so that no key is made for a statement that the registry would refuse. */
function requireMembership(registry: string, id: string, described: Described): void {
  membershipOf(registry, id, { ...described, certificateSha256: '0'.repeat(64) });
}

/** Admission of a further institute: signed by itself and by a majority of the institutes in good standing. */
async function admission(
  session: Session,
  membership: StatementOf<'organisation'>,
  certificate: string,
): Promise<Item> {
  const { id } = membership.subject;
  const own = await session.keys.signer('organisation', id);
  const statement = newStatement('admission', {
    registry: await session.registry(),
    author: await firstInstitute(session),
    subject: { kind: 'organisation', id },
    body: { certificateSha256: membership.body.certificateSha256 },
  });
  return {
    statement: await sign(session, statement),
    certificate,
    memberships: [await signStatement(membership, [own])],
  };
}

/** The author of a joint statement of the institutes: the one that the user acts as, or the first. */
export async function firstInstitute(session: Session): Promise<string> {
  const ids = (await session.institutes()).map(({ id }) => id);
  return (
    ids.find((id) => id === session.actor) ?? ids.find((id) => session.keys.has('organisation', id)) ?? ids[0] ?? ''
  );
}
