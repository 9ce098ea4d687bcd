import { ORGANISATION_ID, OWNED_ID, registrantOf } from '@tracecal/core/model';
import type { Subject, SubjectKind } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { mostErrorsIn, nearestNames } from '../../client/spelling.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';

/**
 * The whole id of something that an organisation is about to register: `t-1` of lab-alpha is `lab-alpha/t-1`.
 *
 * @throws ApplicationError `INPUT_INVALID` if the text cannot be an id, or the id belongs to another organisation
 */
export function ownId(organisation: string, given: string): string {
  const id = given.includes('/') ? given : `${organisation}/${given}`;
  if (!OWNED_ID.test(id)) {
    throw cannotBeId(given, id);
  }
  if (registrantOf(id) !== organisation) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${id} would be registered by ${registrantOf(id)}, not by ${organisation}.`,
    );
  }
  return id;
}

/** @param id - The whole id. */
function cannotBeId(given: string, id = given): ApplicationError {
  const why = whyNoId(id);
  return new ApplicationError(
    'INPUT_INVALID',
    `${JSON.stringify(given.slice(0, 80))} cannot be an id${why === undefined ? '' : `, because ${why}`}: write up to ${MAX_ID} letters (A-Z, a-z), digits and . _ : + - /, with a letter or digit at the beginning and after each /.`,
  );
}

const MAX_ID = 128;

/** The part of the rule that an id breaks. */
function whyNoId(given: string): string | undefined {
  const [character] = /[^A-Za-z0-9._:+/-]/u.exec(given) ?? [];
  if (character !== undefined) {
    return `it contains ${JSON.stringify(character)}`;
  }
  if (given.length > MAX_ID) {
    return `the whole id has ${given.length} characters`;
  }
  const part = given.split('/').find((each) => !/^[A-Za-z0-9]/.test(each));
  return part === undefined ? undefined : part === '' ? 'a part of it is empty' : `a part of it is "${part}"`;
}

/** Where ids are looked up; a session has it. */
export type Catalogue = Pick<Session, 'reader' | 'channel'> & { readonly keys: Pick<Session['keys'], 'has' | 'ids'> };

export type Owned = Exclude<SubjectKind, 'registry' | 'organisation'>;

/** Kinds of things that people name by their ids. */
export const SUBJECTS = ['report', 'device', 'person', 'organisation'] as const satisfies readonly SubjectKind[];
export type NamedKind = (typeof SUBJECTS)[number];

/**
 * The whole id of something registered: for a short id, the only one that organisations known here have registered.
 *
 * @throws ApplicationError `NOT_REGISTERED` if nothing has this id, `INPUT_INVALID` if nothing can, `USAGE` if several have
 */
export async function registeredId(catalogue: Catalogue, kind: Owned, given: string): Promise<string> {
  return (await subjectOf(catalogue, given, [kind])).id;
}

/** What an id names, of these kinds. @throws ApplicationError as {@link registeredId} */
export async function subjectOf(
  catalogue: Catalogue,
  given: string,
  kinds: readonly NamedKind[] = SUBJECTS,
): Promise<Subject<NamedKind>> {
  const found = await findSubjects(catalogue, given, kinds);
  if (found.length === 0) {
    throw notRegistered(kinds, given);
  }
  return only(given, found);
}

/**
 * The device that an id names, among those that it can name.
 *
 * @throws ApplicationError as {@link registeredId}
 */
export function deviceAmong(given: string, ids: readonly string[]): string {
  if (ids.length === 0) {
    throw notRegistered(['device'], given);
  }
  return only(
    given,
    ids.map((id) => ({ kind: 'device', id })),
  ).id;
}

/**
 * What an id names, of these kinds, among what it can name.
 *
 * @throws ApplicationError as {@link registeredId}
 */
export function subjectAmong(
  given: string,
  kinds: readonly NamedKind[],
  subjects: readonly Subject<NamedKind>[],
): Subject<NamedKind> {
  const found = subjects.filter(({ kind }) => kinds.includes(kind));
  if (found.length === 0) {
    throw notRegistered(kinds, given);
  }
  return only(given, found);
}

/**
 * For callers that choose among several subjects with a short id by another rule.
 * @throws ApplicationError `NOT_REGISTERED` if nothing has this id
 */
export async function requireRegistered(catalogue: Catalogue, kind: Owned, given: string): Promise<void> {
  if ((await findSubjects(catalogue, given, [kind])).length === 0) {
    throw notRegistered([kind], given);
  }
}

function notRegistered(kinds: readonly NamedKind[], given: string): ApplicationError {
  if (kinds.every((kind) => candidateIds(['o'], kind, given).length === 0)) {
    return cannotBeId(given);
  }
  const what = kinds.length === 1 ? (kinds[0] ?? '') : 'anything';
  const search = kinds.includes('device') ? ' Look for a device with `tracecal find --serial NUMBER`.' : '';
  return new ApplicationError(
    'NOT_REGISTERED',
    `Nobody has registered ${what} ${JSON.stringify(given.slice(0, 130))}.${search}`,
  );
}

/** Everything registered that an id can name. */
export async function findSubjects(
  catalogue: Catalogue,
  given: string,
  kinds: readonly NamedKind[],
): Promise<readonly Subject<NamedKind>[]> {
  const reader = await catalogue.reader();
  const registrants = await registrantsOf(catalogue);
  const candidates = kinds.flatMap((kind) => candidateIds(registrants, kind, given).map((id) => ({ kind, id })));
  const found = await Promise.all(
    candidates.map(async (candidate) => ((await exists(reader, candidate)) ? [candidate] : [])),
  );
  return found.flat();
}

function only(given: string, found: readonly Subject<NamedKind>[]): Subject<NamedKind> {
  const [first, another] = found;
  if (first === undefined || another !== undefined) {
    const all = found.map(({ kind, id }) => `${kind} ${id}`).join(' or ');
    throw new ApplicationError(
      'USAGE',
      `${given} can be ${all}: write the whole id, and --kind where that is not enough.`,
    );
  }
  return first;
}

/** Organisations that may have registered what a short id names: members of the channel, and others whose keys are here. */
export async function registrantsOf({ channel, keys }: Catalogue): Promise<readonly string[]> {
  return [...new Set([...channel.writers, ...channel.readers, ...(await keys.ids('organisation'))])];
}

/** The sentence about an organisation that is not registered, with those known here that it may mean. */
export async function noSuchOrganisation(catalogue: Catalogue, given: string): Promise<string> {
  const known = (await registrantsOf(catalogue)).map((name) => ({ name }));
  const near = nearestNames(given, known, mostErrorsIn(given)).slice(0, MOST_PROPOSED);
  const proposal = near.length === 0 ? '.' : `: do you mean ${near.join(' or ')}?`;
  return `No organisation ${JSON.stringify(given.slice(0, 80))} is registered${proposal}`;
}

const MOST_PROPOSED = 3;

function candidateIds(registrants: readonly string[], kind: NamedKind, given: string): readonly string[] {
  if (kind === 'organisation') {
    return ORGANISATION_ID.test(given) ? [given] : [];
  }
  return [given, ...registrants.map((organisation) => `${organisation}/${given}`)].filter((id) => OWNED_ID.test(id));
}

async function exists(reader: TraceCal, { kind, id }: Subject<NamedKind>): Promise<boolean> {
  const ask = {
    report: () => reader.getReport(id),
    device: () => reader.getDevice(id),
    person: () => reader.getTechnician(id),
    organisation: () => reader.getOrganisation(id),
  };
  return (await undefinedIfNotFound<unknown>(ask[kind]())) !== undefined;
}

/** A device for a trace: an id that is not registered stays as written, because the verdict reports it. */
export async function deviceToTrace(catalogue: Catalogue, given: string): Promise<string> {
  const found = await findSubjects(catalogue, given, ['device']);
  return found.length === 0 ? given : only(given, found).id;
}

/** Questions that are under way at the same time. */
const TOGETHER = 16;

/** Devices for a trace, each once; whole ids are not looked up. */
export async function devicesToTrace(catalogue: Catalogue, given: readonly string[]): Promise<readonly string[]> {
  const devices: string[] = [];
  for (let first = 0; first < given.length; first += TOGETHER) {
    const part = given.slice(first, first + TOGETHER);
    devices.push(
      ...(await Promise.all(part.map(async (id) => (id.includes('/') ? id : deviceToTrace(catalogue, id))))),
    );
  }
  return [...new Set(devices)];
}
