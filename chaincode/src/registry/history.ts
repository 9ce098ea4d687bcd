import { z } from 'zod';
import { identifier, QUESTION_LIMITS } from '../contract/index.js';
import { parseAs, RegistryError, SUBJECT_KINDS } from '../model/index.js';
import type { DeviceFile, OrganisationFile, Scope, Statement, SubjectKind } from '../model/index.js';
import type { Change, HistoryEntry } from './api.js';
import { keys } from './keys.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

const schema = z.strictObject({ kind: z.enum(SUBJECT_KINDS), id: identifier });

/** What every transaction changed about something, oldest first, out of the ledger's own history. */
export async function history(state: StateReader, json: string): Promise<readonly HistoryEntry[]> {
  const { kind, id } = parseAs(schema, 'question', json, QUESTION_LIMITS);
  const { key, changesOf } = await recordOf(state, kind, id);
  // A file's own history is all that happened in it; that of a report or technician is his part of it.
  const isAsked = (change: Change) => kind === 'device' || kind === 'organisation' || isAbout(change, kind, id);
  const versions = await state.versions(key);
  return versions.flatMap(({ txId, time, value }, index) => {
    const changes = changesOf(versions[index - 1]?.value, value).filter(isAsked);
    return changes.length === 0 ? [] : [{ txId, time, changes }];
  });
}

async function recordOf(state: StateReader, kind: SubjectKind, id: string) {
  switch (kind) {
    case 'report': {
      const { device } = await required('report', id, state.report(id));
      return { key: keys.device(device), changesOf: deviceChanges };
    }
    case 'device':
      await required('device', id, state.device(id));
      return { key: keys.device(id), changesOf: deviceChanges };
    case 'technician': {
      const { organisation } = await required('technician', id, state.technician(id));
      return { key: keys.organisation(organisation), changesOf: organisationChanges };
    }
    case 'organisation':
      await required('organisation', id, state.organisation(id));
      return { key: keys.organisation(id), changesOf: organisationChanges };
  }
}

function isAbout(change: Change, kind: SubjectKind, id: string): boolean {
  return change.kind === kind && change.id === id;
}

function deviceChanges(before: unknown, after: unknown): readonly Change[] {
  const old = before as DeviceFile | undefined;
  const { device, statements, reports } = after as DeviceFile;
  return [
    ...(old ? [] : [registered('device', device.id)]),
    ...said('device', device.id, old?.statements, statements),
    ...Object.entries(reports).flatMap(([id, report]) => {
      const was = own(old?.reports, id);
      const amendedBy = was?.supersededBy === null ? report.supersededBy : null;
      return [
        ...(was ? [] : [registered('report', id)]),
        ...(amendedBy === null ? [] : [{ kind: 'report', id, what: 'amended', amendedBy } as const]),
        ...said('report', id, was?.statements, report.statements),
      ];
    }),
  ];
}

function organisationChanges(before: unknown, after: unknown): readonly Change[] {
  const old = before as OrganisationFile | undefined;
  const { organisation, statements, scopes, technicians } = after as OrganisationFile;
  const granted = old !== undefined && scopes.length > old.scopes.length;
  return [
    ...(old ? [] : [registered('organisation', organisation.id)]),
    ...(isReduced(old?.scopes, scopes)
      ? [{ kind: 'organisation', id: organisation.id, what: 'scopes-reduced' } as const]
      : []),
    ...(granted ? [{ kind: 'organisation', id: organisation.id, what: 'scopes-granted' } as const] : []),
    ...said('organisation', organisation.id, old?.statements, statements),
    ...Object.entries(technicians).flatMap(([id, entry]) => {
      const was = own(old?.technicians, id);
      return [
        ...(was ? [] : [registered('technician', id)]),
        ...said('technician', id, was?.statements, entry.statements),
      ];
    }),
  ];
}

/** Ids may be the names of what every object inherits: `constructor`, `toString`. */
function own<T>(entries: Readonly<Record<string, T>> | undefined, id: string): T | undefined {
  return entries && Object.hasOwn(entries, id) ? entries[id] : undefined;
}

/** Lines keep their places; what changes in one is its last day. */
function isReduced(before: readonly Scope[] = [], after: readonly Scope[]): boolean {
  return before.some(({ validTo }, place) => validTo !== after[place]?.validTo);
}

function registered(kind: SubjectKind, id: string): Change {
  return { kind, id, what: 'registered' };
}

/** Statements are only ever appended: what is new stands at the end. */
function said(
  kind: SubjectKind,
  id: string,
  before: readonly Statement[] = [],
  after: readonly Statement[],
): readonly Change[] {
  if (after.length < before.length) {
    throw new RegistryError('INTERNAL', `statements about ${kind} ${id} were lost.`);
  }
  return after
    .slice(before.length)
    .map(({ action, by, reason, effective }) => ({ kind, id, what: action, by, reason, effective }));
}
