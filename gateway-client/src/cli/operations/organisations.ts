import { newOrganisationSchema } from '@tracecal/chaincode/model';
import type { OrganisationKind, Scope } from '@tracecal/chaincode/model';
import type { Announced, TraceCal } from '../../client/index.js';
import { CliError } from '../errors.js';
import { ifThere, refuseRegistered } from '../ifThere.js';
import type { Session } from '../session.js';
import { requireShape } from './shape.js';

/** An organisation to be registered; what is left out is taken from the consortium's description. */
export interface OrganisationSpec {
  readonly id: string;
  readonly mspId?: string;
  readonly name?: string;
  readonly kind?: OrganisationKind;
  readonly country?: string;
  /** The organisation whose calibration key certifies it; none for an NMI. */
  readonly certifiedBy?: string;
  readonly scopes?: readonly Scope[];
}

/**
 * Makes an organisation's calibration certificate and registers it. A National Metrology Institute is submitted by every
 * one that is registered already, as far as their identities are here; the last of them creates it.
 */
export async function addOrganisation(session: Session, spec: OrganisationSpec): Promise<Announced> {
  const { id, certifiedBy = null } = spec;
  const member = session.consortium.organisations.find((organisation) => organisation.id === id);
  const { mspId, name, kind, country } = { ...member, ...spec };
  if (mspId === undefined || name === undefined || kind === undefined || country === undefined) {
    throw new CliError(
      'USAGE',
      `${id} is not in the consortium's description: give --msp, --name, --kind and --country.`,
    );
  }
  if ((kind === 'NMI') !== (certifiedBy === null)) {
    throw new CliError('USAGE', 'Give --certified-by for every organisation but a National Metrology Institute.');
  }
  await refuseRegistered('organisation', id, (await session.reader()).getOrganisation(id));
  const described = { id, mspId, name, kind, country, certifiedBy, scopes: [...(spec.scopes ?? [])] };
  requireShape(newOrganisationSchema, 'organisation', described);
  const wanted = { ...described, certificate: await session.keys.organisation(id, certifiedBy) };
  if (certifiedBy !== null) {
    return (await session.writerFor(await instituteAbove(session, certifiedBy))).createOrganisation(wanted);
  }
  return admit(session, id, (institute) => institute.createOrganisation(wanted));
}

async function admit(
  session: Session,
  id: string,
  submit: (institute: TraceCal) => Promise<Announced>,
): Promise<Announced> {
  const [first = id] = await registeredInstitutes(session);
  let admission = await submit(await session.as(first));
  for (const institute of admission.result.awaiting ?? []) {
    admission = await submit(await session.as(institute));
  }
  return admission;
}

async function registeredInstitutes(session: Session): Promise<readonly string[]> {
  const reader = await session.reader();
  const institutes = session.consortium.organisations.filter(({ kind }) => kind === 'NMI');
  const found = await Promise.all(
    institutes.map(async ({ id }) => ((await ifThere(reader.getOrganisation(id))) ? [id] : [])),
  );
  return found.flat();
}

/** The National Metrology Institute at the top of an organisation's certification: it alone registers those below. */
async function instituteAbove(session: Session, organisation: string): Promise<string> {
  const reader = await session.reader();
  let id = organisation;
  for (;;) {
    const { certifiedBy } = (await reader.getOrganisation(id)).organisation;
    if (certifiedBy === null) {
      return id;
    }
    id = certifiedBy;
  }
}
