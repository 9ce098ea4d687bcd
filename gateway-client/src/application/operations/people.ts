import type { PersonRole, StatementOf } from '@tracecal/core/model';
import { signerName } from '@tracecal/core/signing';
import { certificateDigest, newStatement } from '../../client/index.js';
import type { Item, Signer } from '../../client/index.js';
import type { Session } from '../session/session.js';
import { requireEmployer } from './actor.js';
import { refuseRegistered, requireOrganisation } from './registered.js';
import { settle } from './settle.js';
import type { Renewed } from './settle.js';
import { sign } from './sign.js';

export interface PersonSpec {
  readonly role: PersonRole;
  /** The whole id: `lab-alpha/t-1`. */
  readonly id: string;
  readonly organisation: string;
  /** Kinds of quantity that a technician may sign for; empty for an officer. */
  readonly quantities: readonly string[];
}

/** The default officer of every organisation that `tracecal` registers. */
export function officerOf(organisation: string): string {
  return `${organisation}/officer`;
}

/** Makes a technician's or an officer's key and certificate, and signs what they may do. */
export async function personItem(session: Session, spec: PersonSpec): Promise<Item> {
  await requireAuthorisation(session, spec);
  const { role, id, organisation } = spec;
  await settle(session, 'organisation', organisation);
  const certificate = await session.keys[role](id);
  return authorisation(session, spec, 1, certificate);
}

/**
 * Checks first that the person is not registered, so that no key is made for them.
 * @throws ApplicationError `ALREADY_EXISTS`
 */
export async function newPersonItem(session: Session, spec: PersonSpec): Promise<Item> {
  requireEmployer(session, spec.id);
  await requireAuthorisation(session, spec);
  await requireOrganisation(session, spec.organisation);
  await refuseRegistered('person', spec.id, (await session.reader()).getTechnician(spec.id));
  return personItem(session, spec);
}

/** Signs a new authorisation of a registered technician or officer, with a new key if wanted. */
export async function reauthorise(session: Session, spec: PersonSpec, newKey: boolean): Promise<Renewed> {
  const { role, id, organisation } = spec;
  requireEmployer(session, id);
  await settle(session, 'organisation', organisation);
  await settle(session, role, id);
  const number = await (await session.reader()).nextNumber(organisation, { kind: 'person', id });
  if (!newKey) {
    const item = await authorisation(session, spec, number, await session.keys.certificate(role, id));
    return { item, done: () => Promise.resolve() };
  }
  const { certificate, signer } = await session.keys.renewal(role, id);
  return {
    item: await authorisation(session, spec, number, certificate, signer),
    done: () => settle(session, role, id),
  };
}

async function authorisation(
  session: Session,
  spec: PersonSpec,
  number: number,
  certificate: string,
  holder?: Signer,
): Promise<Item> {
  const statement = authorisationOf(await session.registry(), spec, number, certificateDigest(certificate));
  const others = holder ? { [signerName(spec.role, spec.id)]: holder } : {};
  return { statement: await sign(session, statement, others), certificate };
}

/** Check the shape first, so that no key is made for a statement that the registry would refuse. */
async function requireAuthorisation(session: Session, spec: PersonSpec): Promise<void> {
  authorisationOf(await session.registry(), spec, 1, '0'.repeat(64));
}

function authorisationOf(
  registry: string,
  { role, id, organisation, quantities }: PersonSpec,
  number: number,
  certificateSha256: string,
): StatementOf<'authorisation'> {
  return newStatement('authorisation', {
    registry,
    author: organisation,
    number,
    subject: { kind: 'person', id },
    body: { role, certificateSha256, quantities: [...quantities] },
  });
}
