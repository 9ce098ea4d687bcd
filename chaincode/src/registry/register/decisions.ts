import { canonicalJson, dateOf, MAX_ACCEPTANCES_OF_A_REPORT, RegistryError } from '@tracecal/core/model';
import type { Acceptance, OwnerEntry, ReportRecord } from '@tracecal/core/model';
import { acceptanceOf, isOutdone, isRejected, kindsAmended, readStatement, said } from '@tracecal/core/open';
import type { OpenDevice, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { acceptancesOf, foundationsOf } from '../foundations.js';
import { requireNext, requireRoom } from '../numbers.js';
import { addOwnersWord } from '../ownersWords.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { ownedBy } from './devices.js';
import { noteSameWork } from './sameWork.js';

/** Registers that the owner relies on a report for a device. */
export async function accept({ state, word }: Registration<'acceptance'>): Promise<Details> {
  const { report: id } = word.statement.body;
  const report = await required('report', id, state.report(id));
  const { device, record } = await ownedBy(state, word);
  requireAccepts(word, said(report.statement, word.statement.registry, 'report'));
  requireAcceptable(report, device);
  await requireSeldomAccepted(state, device, word);
  await requireWord(state, word);
  await addOwnersWord(state, record, word.entry);
  await indexAccepted(state, device, report, word.entry);
  return { report: id };
}

/** Registers permanently that the owner does not rely on a report, or no longer does. */
export async function reject({ state, word }: Registration<'rejection'>): Promise<Details> {
  const { report: id, digest } = word.statement.body;
  const report = await required('report', id, state.report(id));
  const { device, record } = await ownedBy(state, word);
  const own = said(report.statement, word.statement.registry, 'report');
  requireAbout(id, own, device.id, digest);
  await requireWord(state, word);
  await addOwnersWord(state, record, word.entry);
  return { report: id };
}

/** Registers an owner's standing consent to a laboratory's reports; it replaces the previous consent. */
export async function consent({ state, word }: Registration<'consent'>): Promise<Details> {
  const { author, subject } = word.statement;
  await required('organisation', author, state.organisation(author));
  await required('organisation', subject.id, state.organisation(subject.id));
  const before = await state.consents(author, subject.id);
  requireNext(word, before);
  requireRoom(word, before);
  const opener = await requireWord(state, word);
  state.write(keys.consents(author, subject.id), [...before, word.entry]);
  const [owner, laboratory] = [await opener.organisation(author), await opener.organisation(subject.id)];
  return { isKnown: laboratory?.kind === 'LAB' && owner?.membership.body.certifier === laboratory.id };
}

/** An acceptance must name the report exactly as it is registered. */
export function requireAccepts({ statement }: Said<'acceptance'>, report: Said<'report'>): void {
  const { body, subject } = statement;
  requireAbout(report.statement.subject.id, report, subject.id, body.digest);
  const meant = acceptanceOf(report);
  if (canonicalJson(body) !== canonicalJson(meant)) {
    const kinds = meant.results.map(({ quantity }) => quantity).join(', ');
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${meant.report} was performed until ${meant.performed} and gives ${kinds || 'no results'}: an acceptance must state the same as the report, with the extents of its results, an adjustment and what it amends.`,
    );
  }
}

/** The owner's standing consent as the device's record would store it, if it covers the report. */
export async function applicableConsent(
  state: StateWriter,
  device: OpenDevice,
  report: Said<'report'>,
): Promise<OwnerEntry | undefined> {
  const given = (await state.consents(device.owner, report.statement.author)).at(-1);
  if (!given) {
    return undefined;
  }
  const { devices, quantities, until } = said(given, report.statement.registry, 'consent').statement.body;
  const applied = acceptanceOf(report);
  const withdrawn = await kindsAmended(state, report.statement.registry, report.statement.body);
  const kinds = withdrawn && [...withdrawn, ...kindsEnded(device, applied), ...kindsIn(applied)];
  const covers =
    (devices === null || devices.includes(device.id)) &&
    (quantities === null || kinds?.every((kind) => quantities.includes(kind)) === true) &&
    dateOf(report.registered.date) <= until;
  return covers && !isOutdone(device, applied) ? { jws: given.jws, registered: report.registered, applied } : undefined;
}

/** An adjustment ends what older reports say, of whatever kind. Nobody asks this again: a consent is applied only here. */
function kindsEnded({ decisions }: OpenDevice, { adjusted }: Acceptance): readonly string[] {
  return adjusted ? decisions.filter(({ accepts }) => accepts).flatMap(kindsIn) : [];
}

function kindsIn({ results }: Pick<Acceptance, 'results'>): readonly string[] {
  return results.map(({ quantity }) => quantity);
}

/** A report that counts is indexed by everything it depends on, and by its days of work. */
export async function indexAccepted(
  state: StateWriter,
  device: OpenDevice,
  report: ReportRecord,
  acceptance: OwnerEntry,
): Promise<void> {
  for (const on of await foundationsOf(state, report, device, { acceptances: [acceptance] })) {
    state.write(keys.rests(on, device.imprint.body.kind, device.id, report.id), null);
  }
  await noteSameWork(state, device.record, report, acceptance.registered);
}

function requireAbout(id: string, report: Said<'report'>, device: string, digest: string): void {
  if (report.statement.body.device !== device) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${id} is about device ${report.statement.body.device}, not ${device}.`,
    );
  }
  if (report.digest !== digest) {
    throw new RegistryError('INPUT_INVALID', `report ${id} has another digest than the one that is named.`);
  }
}

function requireAcceptable({ id, supersededBy }: ReportRecord, device: OpenDevice): void {
  if (supersededBy !== null) {
    throw new RegistryError('INPUT_INVALID', `report ${id} was amended by ${supersededBy}: accept that one.`);
  }
  if (isRejected(device, id)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${id} was rejected by its device's owner, which is for good: amend it.`,
    );
  }
}

/** A replaced acceptance uses no space in the device's record, but it is kept. */
async function requireSeldomAccepted(
  state: StateWriter,
  device: OpenDevice,
  { statement: { author, body } }: Said<'acceptance'>,
): Promise<void> {
  const settled = device.record.settledUntil === null ? [] : await state.settled(device.id, body.report);
  const all = [...settled, ...acceptancesOf(device, body.report)];
  const own = all.filter(({ jws }) => readStatement(jws).author === author);
  if (own.length >= MAX_ACCEPTANCES_OF_A_REPORT) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${author} has accepted report ${body.report} ${own.length} times: no more are kept.`,
    );
  }
}
