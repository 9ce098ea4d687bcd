import { createHash } from 'node:crypto';
import {
  canonicalJson,
  dateOf,
  grantScopesSchema,
  MAX_SCOPES,
  newOrganisationSchema,
  parseAs,
  reduceScopesSchema,
  RegistryError,
} from '../model/index.js';
import type { NewOrganisation, OrganisationFile, Scope, ScopeGrant, ScopeReduction } from '../model/index.js';
import { certifiedUpToNmi, impediment } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement } from './api.js';
import { certificationChain, requireStanding } from './caller.js';
import type { Caller } from './caller.js';
import { keys } from './keys.js';
import { openLane, requireLanes } from './lanes.js';
import { refuseRemarks } from './refusal.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

/**
 * Registers an organisation. A national institute stands at the top and must be admitted by every other one: each of them
 * submits the same document, and the last of them creates it. Any other organisation is registered by the national
 * institute above the organisation that certifies it.
 */
export async function createOrganisation(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('registrar');
  const wanted = parseAs<NewOrganisation>(newOrganisationSchema, 'organisation', json);
  if (await state.organisation(wanted.id)) {
    throw new RegistryError('ALREADY_EXISTS', `organisation ${wanted.id} is registered already.`);
  }
  const { scopes, ...organisation } = wanted;
  const file: OrganisationFile = {
    organisation: { ...organisation, registered: state.stamp },
    scopes,
    statements: [],
    technicians: {},
  };
  return wanted.kind === 'NMI' ? await admit(state, caller, file, wanted) : await certify(state, caller, file);
}

/** Extends an organisation's accreditation: by an organisation above it; a national institute states its own CMCs. */
export async function grantScopes(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('registrar');
  const grant = parseAs<ScopeGrant>(grantScopesSchema, 'grant of scopes', json);
  const chain = await certificationChain(state, grant.organisation);
  const file = await required('organisation', grant.organisation, state.organisation(grant.organisation));
  const granter = caller.actsFor(granters(chain), state.now);
  const scopes = [...file.scopes, ...grant.scopes];
  // Those that have run out say nothing about what is calibrated from now on.
  if (scopes.filter(({ validTo }) => validTo >= dateOf(state.now)).length > MAX_SCOPES) {
    throw new RegistryError(
      'INPUT_INVALID',
      `an organisation can hold at most ${MAX_SCOPES} scopes that have not run out: join lines, or wait until some have.`,
    );
  }
  await requireLanes(state, [granter.organisation.mspId]);
  const remedy = 'register the organisation once more, under an id for the accreditations to come';
  await state.writeGrown(keys.organisation(grant.organisation), { ...file, scopes }, remedy);
  return state.announce({ type: EVENTS.scopesGranted, id: grant.organisation });
}

/**
 * Ends lines of an accreditation before their time (ISO/IEC 17011: reducing the scope): by whom they could have been granted.
 * Calibrations after the last day are no longer covered, whenever they were registered; those before still are.
 */
export async function reduceScopes(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('registrar');
  const reduction = parseAs<ScopeReduction>(reduceScopesSchema, 'reduction of scopes', json);
  const { organisation: id, validTo } = reduction;
  const chain = await certificationChain(state, id);
  const file = await required('organisation', id, state.organisation(id));
  const granter = caller.actsFor(granters(chain), state.now);
  const scopes = reduction.scopes.reduce((held, scope) => ended(id, held, scope, validTo), file.scopes);
  await requireLanes(state, [granter.organisation.mspId]);
  await state.write(keys.organisation(id), { ...file, scopes });
  return state.announce({ type: EVENTS.scopesReduced, id });
}

function ended(id: string, held: readonly Scope[], scope: Scope, validTo: string): readonly Scope[] {
  const meant = canonicalJson(scope);
  const place = held.findIndex((line) => canonicalJson(line) === meant);
  if (place < 0) {
    throw new RegistryError('NOT_FOUND', `organisation ${id} holds no such scope: state it as the registry does.`);
  }
  if (validTo >= scope.validTo || validTo < scope.validFrom) {
    throw new RegistryError(
      'TIME_INVALID',
      `a scope of ${scope.quantity} holds from ${scope.validFrom} to ${scope.validTo}: it cannot end early on ${validTo}.`,
    );
  }
  return held.with(place, { ...scope, validTo });
}

/** Who has a say about an organisation: those above it; about a national institute, itself. */
export function granters(chain: readonly OrganisationFile[]): readonly OrganisationFile[] {
  return chain.length > 1 ? chain.slice(1) : chain;
}

async function certify(state: StateWriter, caller: Caller, file: OrganisationFile): Promise<Announcement> {
  const { id, certifiedBy } = file.organisation;
  if (certifiedBy === null) {
    throw new RegistryError('INPUT_INVALID', `organisation ${id} must name the organisation that certifies it.`);
  }
  const above = await certificationChain(state, certifiedBy);
  const nmi = caller.actsFor(above.slice(-1), state.now);
  for (const { organisation, statements } of above) {
    requireStanding(`organisation ${organisation.id}`, statements, state.now);
  }
  requireCertificates(state, [file, ...above]);
  await requireLanes(
    state,
    [...above.slice(0, 1), nmi].map(({ organisation }) => organisation.mspId),
  );
  await state.write(keys.certified(certifiedBy, id), null);
  return register(state, file);
}

async function admit(
  state: StateWriter,
  caller: Caller,
  file: OrganisationFile,
  wanted: NewOrganisation,
): Promise<Announcement> {
  const { id, mspId, certifiedBy } = file.organisation;
  if (certifiedBy !== null) {
    throw new RegistryError('INPUT_INVALID', `national institute ${id} stands at the top: certifiedBy must be null.`);
  }
  requireCertificates(state, [file]);
  const roots = await state.roots();
  if (roots.length === 0) {
    return found(state, caller, file);
  }
  const institutes = await activeInstitutes(state, roots);
  // Institutes that share an MSP have one voice: whoever speaks through it speaks for all of them.
  const admitting = institutesOf(institutes, caller, id);
  const digest = createHash('sha256').update(canonicalJson(wanted)).digest('hex');
  const admission = keys.admission(id, digest);
  const admitted = new Set([...((await state.read<readonly string[]>(admission)) ?? []), ...admitting]);
  const awaiting = institutes.map(({ organisation }) => organisation.id).filter((root) => !admitted.has(root));
  if (awaiting.length > 0) {
    await requireLanes(state, [caller.mspId]);
    await state.write(admission, [...admitted].sort());
    return state.announce({ type: EVENTS.organisationProposed, id, awaiting });
  }
  await requireLanes(
    state,
    institutes.map(({ organisation }) => organisation.mspId).filter((lane) => lane !== mspId),
  );
  await state.write(keys.roots(), [...roots, id].sort());
  return register(state, file);
}

/** The first national institute can be admitted by nobody: it registers itself, and the channel's members endorse it. */
async function found(state: StateWriter, caller: Caller, file: OrganisationFile): Promise<Announcement> {
  caller.actsFor([file], state.now);
  await state.write(keys.roots(), [file.organisation.id]);
  return register(state, file);
}

/** One that is revoked or suspended neither admits others nor can keep them out. */
async function activeInstitutes(state: StateWriter, roots: readonly string[]): Promise<readonly OrganisationFile[]> {
  const institutes = await Promise.all(roots.map((root) => required('organisation', root, state.organisation(root))));
  return institutes.filter(({ statements }) => impediment(statements, state.now, state.now) === undefined);
}

/** Those of them that act through the caller's MSP. @throws RegistryError `NOT_AUTHORISED` if there is none */
function institutesOf(institutes: readonly OrganisationFile[], caller: Caller, wanted: string): readonly string[] {
  const own = institutes.filter(({ organisation }) => organisation.mspId === caller.mspId);
  if (own.length === 0) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `only the national institutes that are registered may admit ${wanted}, not a caller of ${caller.mspId}.`,
    );
  }
  return own.map(({ organisation }) => organisation.id);
}

/** The certificates of a new organisation and those above it, by the rules that every trace applies. */
function requireCertificates(state: StateWriter, organisations: readonly OrganisationFile[]): void {
  const chain = { organisations, missing: null };
  refuseRemarks('CERTIFICATE_INVALID', certifiedUpToNmi(chain, dateOf(state.now), true));
}

async function register(state: StateWriter, file: OrganisationFile): Promise<Announcement> {
  const { id, mspId } = file.organisation;
  const sharing = (await state.read<readonly string[]>(keys.msp(mspId))) ?? [];
  // A lane that exists is its MSP's own: sharing an MSP needs that MSP's peer.
  await (sharing.length === 0 ? openLane(state, mspId) : requireLanes(state, [mspId]));
  await state.write(keys.msp(mspId), [...sharing, id].sort());
  await state.write(keys.organisation(id), file);
  return state.announce({ type: EVENTS.organisationCreated, id });
}
