import { isKind, ownValue, registrantOf, RegistryError } from '@tracecal/core/model';
import type { Item, Jws, Reads, Statement, Subject } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { claimedSigners } from '@tracecal/core/signing';
import type { StateReader } from './state.js';

/**
 * Prefetches, in two messages, nearly all records that registering these items needs: the organisations of the submitter,
 * the subjects that the items name, and the hints stored with the devices and reports among them. Only the time depends on
 * it.
 */
export async function readAhead(state: StateReader, mspId: string, items: readonly Item[]): Promise<void> {
  const named = items.flatMap(namedBy);
  const noting = items.flatMap(notingFor);
  const results = items.flatMap(resultsNeededBy).slice(0, MAX_RESULTS_AHEAD);
  await state.readAhead([keys.registry(), keys.epoch(), keys.msp(mspId), ...named, ...noting, ...results]);
  const noted: Reads[] = [];
  for (const key of noting) {
    const reads = await state.read<Reads>(key);
    noted.push(...(reads ? [reads] : []));
  }
  await state.readAhead(
    noted.flatMap(({ people, organisations }) => [
      ...people.map((id) => keys.person(id)),
      ...organisations.map((id) => keys.organisation(id)),
    ]),
  );
}

/** Records of results may be long. When a report has many, only those that will be compared are read. */
const MAX_RESULTS_AHEAD = 256;

/** The results of parents that a report is compared with. */
function resultsNeededBy({ statement: jws }: Item): readonly Key[] {
  const statement = attempt(jws);
  if (!statement || !isKind(statement, 'report')) {
    return [];
  }
  const { parents, results } = statement.body;
  return parents.flatMap((parent) =>
    parent.kind === 'report' ? results.map(({ quantity }) => keys.results(parent.report, quantity)) : [],
  );
}

function namedBy(item: Item): readonly Key[] {
  const { statement: jws, acceptance, memberships = [] } = item;
  const statement = attempt(jws);
  const signers = [jws, ...(acceptance ? [acceptance] : []), ...memberships].flatMap(claimedSigners);
  return [
    ...signers.flatMap((signer) => (signer === null ? [] : recordsOf(signer))),
    ...(statement ? [...subjectKey(statement.subject), keys.organisation(statement.author)] : []),
    ...(statement ? bodyKeys(statement) : []),
  ];
}

/** The records that vouch for a signer's key. */
function recordsOf(signer: string): readonly Key[] {
  const end = signer.indexOf(':');
  const id = signer.slice(end + 1);
  const own: Readonly<Record<string, readonly Key[]>> = {
    organisation: [],
    officer: [keys.person(id)],
    technician: [keys.person(id)],
    device: [keys.device(id)],
  };
  const role = signer.slice(0, end);
  const vouching = ownValue(own, role);
  return vouching === undefined ? [] : [...vouching, keys.organisation(registrantOf(id))];
}

function subjectKey({ kind, id }: Subject): readonly Key[] {
  switch (kind) {
    case 'organisation':
      return [keys.organisation(id)];
    case 'person':
      return [keys.person(id)];
    case 'device':
      return [keys.device(id)];
    case 'report':
      return [keys.report(id)];
    case 'registry':
      return [];
  }
}

function bodyKeys(statement: Statement): readonly Key[] {
  if (isKind(statement, 'report')) {
    const { device, technician, parents } = statement.body;
    const above = parents.flatMap((parent) =>
      parent.kind === 'report' ? [keys.device(parent.device), keys.report(parent.report)] : [],
    );
    return [keys.device(device), keys.person(technician), ...above];
  }
  if (isKind(statement, 'acceptance') || isKind(statement, 'rejection')) {
    return [keys.report(statement.body.report)];
  }
  return isKind(statement, 'device') ? [keys.organisation(statement.body.owner)] : [];
}

/** The hints stored with the devices and reports whose traces change. */
function notingFor({ statement: jws }: Item): readonly Key[] {
  const statement = attempt(jws);
  if (!statement) {
    return [];
  }
  if (isKind(statement, 'report')) {
    const { device, parents } = statement.body;
    const above = parents.flatMap((parent) => (parent.kind === 'report' ? [keys.reads('report', parent.report)] : []));
    return [keys.reads('device', device), ...above];
  }
  if (isKind(statement, 'acceptance') || isKind(statement, 'rejection')) {
    return [keys.reads('device', statement.subject.id), keys.reads('report', statement.body.report)];
  }
  return statement.subject.kind === 'device' ? [keys.reads('device', statement.subject.id)] : [];
}

/** Ignores items that cannot be read; they are refused when they are processed. */
function attempt(jws: Jws): Statement | undefined {
  try {
    return readStatement(jws);
  } catch (error) {
    if (error instanceof RegistryError) {
      return undefined;
    }
    throw error;
  }
}
