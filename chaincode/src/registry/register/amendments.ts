import { isKind, RegistryError } from '../../model/index.js';
import type { ReportRecord, Statement } from '../../model/index.js';
import { inForce } from '../../trace/impediments.js';
import { MAX_CHAIN } from '../../trace/open/keys.js';
import { Grounds } from '../../trace/open/conclusions.js';
import { Opener } from '../../trace/open/opener.js';
import { readStatement, said } from '../../trace/open/statement.js';
import type { Said } from '../../trace/open/statement.js';
import { MAX_EDGES } from '../../trace/options.js';
import { keys } from '../keys.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';

/** The report that this one amends, as it will be: its issuer's, of the same device, and sound until now. */
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

/** An amendment would clear what was said against a report. */
async function requireSound(state: StateWriter, { id }: ReportRecord, word: Said<'report'>): Promise<void> {
  const citation = await new Opener(new Grounds(state, word.registered.date)).citation({
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
 * What rests on the old report rests on the new one from now on: if that rests on any of it, all of it rests on itself.
 * Everything above the new report is looked through, by the reports themselves.
 */
async function requireNoCycle(state: StateWriter, { id }: ReportRecord, word: Said<'report'>): Promise<void> {
  const seen = new Set<string>();
  let level: readonly string[] = reportsCitedBy(word.statement);
  while (level.length > 0) {
    level.forEach((report) => seen.add(report));
    if (seen.has(id)) {
      throw new RegistryError(
        'INPUT_INVALID',
        `report ${word.statement.subject.id} rests on report ${id}, which it amends: it would rest on itself.`,
      );
    }
    if (seen.size > MAX_EDGES) {
      throw new RegistryError(
        'INPUT_INVALID',
        `report ${word.statement.subject.id} rests on more than ${MAX_EDGES} reports.`,
      );
    }
    await state.readAhead(level.map((report) => keys.report(report)));
    const above = await Promise.all(level.map((report) => aboveOf(state, report)));
    level = [...new Set(above.flat())].filter((report) => !seen.has(report));
  }
}

async function aboveOf(state: StateWriter, report: string): Promise<readonly string[]> {
  const record = await state.report(report);
  return record
    ? [
        ...reportsCitedBy(readStatement(record.statement.jws)),
        ...(record.supersededBy === null ? [] : [record.supersededBy]),
      ]
    : [];
}

/** The reports that a report names as its parents. */
export function reportsCitedBy(statement: Statement): readonly string[] {
  return isKind(statement, 'report')
    ? statement.body.parents.flatMap((parent) => (parent.kind === 'report' ? [parent.report] : []))
    : [];
}
