import { isKind, RegistryError } from '@tracecal/core/model';
import type { ReportRecord, Statement } from '@tracecal/core/model';
import { MAX_CHAIN, readStatement, said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { inForce, MAX_EDGES } from '@tracecal/core/trace';
import { openerFor } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';

/** The amended report as it will be. It must have the same issuer and device, and be sound until now. */
export async function amendedBy(state: StateWriter, word: Said<'report'>): Promise<ReportRecord | undefined> {
  const { subject, author, body } = word.statement;
  if (body.supersedes === null) {
    return undefined;
  }
  const { report: id, digest } = body.supersedes;
  const old = await required('report', id, state.report(id));
  const own = said(old.statement, word.statement.registry, 'report');
  if (own.digest !== digest) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} names report ${id} with another digest than it has.`,
    );
  }
  if (own.statement.author !== author) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `report ${id} is of ${own.statement.author}: only its issuer may amend it.`,
    );
  }
  if (own.statement.body.device !== body.device) {
    throw new RegistryError('INPUT_INVALID', `report ${id} is about another device, ${own.statement.body.device}.`);
  }
  if (old.supersededBy !== null) {
    throw new RegistryError('ALREADY_EXISTS', `report ${id} was amended by ${old.supersededBy}: amend that one.`);
  }
  await requireSound(state, old, word);
  await requireShortChain(state, old);
  await requireNoCycle(state, old, word);
  return { ...old, supersededBy: subject.id };
}

/** An amendment would remove an impediment that was stated against a report. */
async function requireSound(state: StateWriter, { id }: ReportRecord, word: Said<'report'>): Promise<void> {
  const citation = await openerFor(state, word).citation({
    device: word.statement.body.device,
    report: id,
  });
  if ('outcome' in citation) {
    throw new RegistryError('INPUT_INVALID', citation.reason);
  }
  const revoked = citation.cited.impediments.some(({ state: what }) => what === 'revoked');
  const found = inForce(citation.cited.impediments, word.registered.date);
  if (revoked || found) {
    throw new RegistryError(
      'STANDING_INVALID',
      `report ${id} is ${revoked ? 'revoked' : 'suspended'} and cannot be amended: register a new report instead.`,
    );
  }
}

async function requireShortChain(state: StateWriter, last: ReportRecord): Promise<void> {
  let [record, amendments]: [ReportRecord | undefined, number] = [last, 1];
  while (record) {
    const statement = readStatement(record.statement.jws);
    const earlier = isKind(statement, 'report') ? statement.body.supersedes : null;
    if (earlier && amendments === MAX_CHAIN) {
      throw new RegistryError(
        'INPUT_INVALID',
        `report ${last.id} ends a chain of ${MAX_CHAIN} amendments, the most that are followed: register a new report instead.`,
      );
    }
    record = earlier ? await state.report(earlier.report) : undefined;
    amendments += 1;
  }
}

/**
 * Reports that depend on the old report will depend on the new one. None of them may be above the new one: it would depend
 * on itself, or its device would calibrate itself through another report. So everything above the new report is searched:
 * the reports themselves, and for each device there, its other reports accepted since the amended work.
 */
async function requireNoCycle(state: StateWriter, old: ReportRecord, word: Said<'report'>): Promise<void> {
  const { subject, body } = word.statement;
  const above = await reportsAbove(state, reportsCitedBy(word.statement), subject.id);
  if (above.has(old.id)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} rests on report ${old.id}, which it amends: it would rest on itself.`,
    );
  }
  const since = performedIn(readStatement(old.statement.jws));
  for (const device of new Set([...above.values()].map(deviceOf))) {
    const others = device === body.device ? [] : await acceptedReports(state, device, since);
    const below = await reportsAbove(state, others, subject.id, since);
    if (device === body.device || below.has(old.id)) {
      throw new RegistryError(
        'INPUT_INVALID',
        `report ${subject.id} rests on device ${device}, which rests on report ${old.id}, which it amends: ${device} would calibrate itself.`,
      );
    }
  }
}

/**
 * These reports, the reports that count in their place, and all that they depend on, by id.
 * @param since Work performed earlier cannot depend on the reports searched for.
 */
async function reportsAbove(
  state: StateWriter,
  reports: readonly string[],
  about: string,
  since = '',
): Promise<ReadonlyMap<string, Statement>> {
  const seen = new Map<string, Statement>();
  let level = reports;
  while (level.length > 0) {
    await state.readAhead(level.map((report) => keys.report(report)));
    const next: string[] = [];
    for (const id of level) {
      const record = seen.has(id) ? undefined : await state.report(id);
      const statement = record && readStatement(record.statement.jws);
      if (record && statement) {
        seen.set(id, statement);
        const cited = performedIn(statement) < since ? [] : reportsCitedBy(statement);
        next.push(...(record.supersededBy === null ? cited : [record.supersededBy]));
      }
    }
    if (seen.size > MAX_EDGES) {
      throw new RegistryError('INPUT_INVALID', `report ${about} rests on more than ${MAX_EDGES} reports.`);
    }
    level = [...new Set(next)].filter((report) => !seen.has(report));
  }
  return seen;
}

/** The reports performed since a day that a device's owners have accepted, as far as its record keeps them. */
async function acceptedReports(state: StateWriter, device: string, since: string): Promise<readonly string[]> {
  const { ownership = [] } = (await state.device(device)) ?? {};
  return ownership.flatMap(({ jws, applied }) => {
    const statement = readStatement(jws);
    const accepted = isKind(statement, 'acceptance') ? statement.body : applied;
    return accepted && accepted.performed >= since ? [accepted.report] : [];
  });
}

function deviceOf(statement: Statement): string {
  return isKind(statement, 'report') ? statement.body.device : '';
}

function performedIn(statement: Statement): string {
  return isKind(statement, 'report') ? statement.body.performed.end : '';
}

/** The reports that a report names as its parents. */
export function reportsCitedBy(statement: Statement): readonly string[] {
  return isKind(statement, 'report')
    ? statement.body.parents.flatMap((parent) => (parent.kind === 'report' ? [parent.report] : []))
    : [];
}
