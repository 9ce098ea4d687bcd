import type { Change, HistoryEntry, Page } from '@tracecal/core/contracts';
import { entriesOf, isKind, kindOf, parseAs, RegistryError, SUBJECT_KINDS } from '@tracecal/core/model';
import type {
  CertifiedEntry,
  Entry,
  OwnerEntry,
  ReportBody,
  ReportRecord,
  Statement,
  SubjectKind,
} from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { readCertificate } from '@tracecal/core/signing';
import type { CertificateRole } from '@tracecal/core/signing';
import { z } from 'zod';
import { bookmark, identifier, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import { amendedParts, calibrationIn } from './calibrations.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

/** Most reports whose acceptances were moved out of a device's record: more than a long service life produces. */
const MAX_SETTLED = 5000;
/** Most laboratories that reviewed reports because of one cause, and most causes for which one report was reviewed. */
const MAX_REVIEWS = 5000;

/** Limit of one page. The first transaction always fits, because an answer is no larger than a transaction. */
const MAX_CHARACTERS = 262_144;

const schema = z.strictObject({ kind: z.enum(SUBJECT_KINDS), id: identifier, pageSize, bookmark });

/**
 * What every transaction changed about a subject, oldest first. Nothing in a record is ever overwritten, so the record
 * itself is enough and no earlier versions are read. The bookmark is the number of transactions already shown.
 */
export async function history(state: StateReader, json: string): Promise<Page<HistoryEntry>> {
  const { kind, id, pageSize: size, bookmark: after } = parseAs(schema, 'question', json, QUESTION_LIMITS);
  const first = placeOf(after);
  const entries = byTransaction(await changesOf(state, kind, id));
  const items = pageOf(entries.slice(first, first + size));
  const end = first + items.length;
  return { items, bookmark: end < entries.length ? String(end) : '' };
}

function pageOf(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let characters = 0;
  const end = entries.findIndex((entry, place) => {
    characters += JSON.stringify(entry).length;
    return place > 0 && characters > MAX_CHARACTERS;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** An entry, and its statement about the requested subject. */
interface Noted {
  readonly entry: Entry;
  readonly change: Change;
}

async function changesOf(state: StateReader, kind: SubjectKind, id: string): Promise<readonly Noted[]> {
  switch (kind) {
    case 'registry': {
      const record = await required(kind, id, id === state.channel ? state.founding() : undefined);
      return entriesOf.registry(record).map(noted);
    }
    case 'organisation': {
      const record = await required(kind, id, state.organisation(id));
      const { changes = [] } = (await state.founding()) ?? {};
      const about = changes.filter(({ jws }) => isAbout(readStatement(jws), kind, id));
      return [...entriesOf.organisation(record), ...about]
        .map(noted)
        .map(renewing(record.memberships, () => 'organisation'));
    }
    case 'person': {
      const record = await required(kind, id, state.person(id));
      return entriesOf.person(record).map(noted).map(renewing(record.authorisations, roleOf));
    }
    case 'device': {
      const record = await required(kind, id, state.device(id));
      const settled = await state.list<readonly Entry[]>(
        keys.settledOf(id),
        MAX_SETTLED,
        `reports whose acceptances have left the record of device ${id}`,
      );
      return [...entriesOf.device(record), ...settled.flatMap(({ value }) => value)]
        .map(noted)
        .map(renewing(record.imprints, () => 'device'));
    }
    case 'report':
      return reportChanges(state, id);
  }
}

/** Says of later registrations what they brought: the same statement makes a subject known, and renews it. */
function renewing(
  registrations: readonly CertifiedEntry[],
  roleIn: (entry: Entry) => CertificateRole,
): (noted: Noted) => Noted {
  return (each) => {
    const place = registrations.findIndex((registration) => registration === each.entry);
    const [own, before] = [registrations[place], registrations[place - 1]];
    return own && before ? { ...each, change: { ...each.change, renewed: broughtBy(own, before, roleIn(own)) } } : each;
  };
}

function broughtBy(
  { certificate }: CertifiedEntry,
  before: CertifiedEntry,
  role: CertificateRole,
): NonNullable<Change['renewed']> {
  if (certificate === before.certificate) {
    return 'terms';
  }
  const [now, then] = [readCertificate(certificate, role), readCertificate(before.certificate, role)];
  return now.keySha256 === then.keySha256 ? 'certificate' : 'key';
}

function roleOf({ jws }: Entry): CertificateRole {
  const statement = readStatement(jws);
  return isKind(statement, 'authorisation') ? statement.body.role : 'technician';
}

async function reportChanges(state: StateReader, id: string): Promise<readonly Noted[]> {
  const record = await required('report', id, state.report(id));
  const later = record.supersededBy === null ? undefined : await state.report(record.supersededBy);
  const caused = await state.list<readonly Entry[]>(
    keys.reviewsAbout(id),
    MAX_REVIEWS,
    `laboratories that reviewed their reports because of ${id}`,
  );
  return [
    ...[...entriesOf.report(record), ...(await state.confirmations(id)), ...(await state.vouchings(id))]
      .map(noted)
      .map(await amending(state, record)),
    ...(later ? [{ ...noted(later.statement), change: amendment(id, record.statement, later.statement) }] : []),
    ...caused.flatMap(({ value }) => value).map(noted),
    ...(await reviewsOf(state, id, record.statement)).map(noted),
  ];
}

/** The statements of a report's laboratory since something that the report depends on was called in question. */
async function reviewsOf(state: StateReader, id: string, { jws }: Entry): Promise<readonly Entry[]> {
  const { author } = readStatement(jws);
  const causes = await state.list<null>(
    keys.reviewedFor(id),
    MAX_REVIEWS,
    `causes for which report ${id} was reviewed`,
  );
  const reviews: Entry[] = [];
  for (const { rest } of causes) {
    const all = await state.reviews(rest[0] ?? '', author);
    reviews.push(...all.filter((entry) => names(readStatement(entry.jws), id)));
  }
  return reviews;
}

function names(statement: Statement, id: string): boolean {
  return isKind(statement, 'review') && statement.body.reports.some(({ report }) => report === id);
}

/** Lists the differences of a report from the one that it amends next to its content. */
async function amending(state: StateReader, { statement: own }: ReportRecord): Promise<(noted: Noted) => Noted> {
  const { supersedes } = bodyOf(own);
  const before = supersedes ? await state.report(supersedes.report) : undefined;
  return (each) =>
    before && each.entry === own ? { ...each, change: { ...each.change, ...amendedIn(before.statement, own) } } : each;
}

function amendment(id: string, before: Entry, entry: Entry): Change {
  const { author, number, subject } = readStatement(entry.jws);
  return { kind: 'report', id, what: 'report', by: author, number, report: subject.id, ...amendedIn(before, entry) };
}

function amendedIn(before: Entry, after: Entry): Pick<Change, 'amended'> {
  return { amended: amendedParts(bodyOf(before), bodyOf(after)) };
}

function bodyOf({ jws }: Entry): ReportBody {
  return readStatement(jws).body as ReportBody;
}

function noted(entry: Entry): Noted {
  const statement = readStatement(entry.jws);
  const { author, number, subject, body } = statement;
  const about = body as Partial<Pick<Change, 'report' | 'reason' | 'effective'>>;
  const { reason, effective } = about;
  const { applied } = entry as OwnerEntry;
  const isDecision = isKind(statement, 'acceptance') || isKind(statement, 'rejection');
  const report = isDecision ? about.report : applied?.report;
  const calibration = calibrationIn(entry, statement);
  const reviewed = isKind(statement, 'review') ? statement.body.reports.map((each) => each.report) : undefined;
  return {
    entry,
    change: {
      kind: subject.kind,
      id: subject.id,
      what: kindOf(statement),
      by: author,
      number,
      ...(report !== undefined && { report }),
      ...(isKind(statement, 'transfer') && { owner: statement.body.to }),
      ...(calibration && { calibration }),
      ...witnessed(statement),
      ...(reviewed && { reviewed }),
      ...(reason !== undefined && { reason }),
      ...(effective !== undefined && { effective }),
    },
  };
}

/** What an organisation says that has read a transcribed certificate, or confidential results. */
function witnessed(statement: Statement): Pick<Change, 'equal' | 'judged'> {
  if (isKind(statement, 'vouching')) {
    const { judged } = statement.body;
    return { judged: Object.fromEntries(judged.map(({ quantity, outcome }) => [quantity, outcome])) };
  }
  return isKind(statement, 'confirmation') ? { equal: statement.body.equal } : {};
}

function isAbout({ subject }: Statement, kind: SubjectKind, id: string): boolean {
  return subject.kind === kind && subject.id === id;
}

/** Each list of a record is in order. Epoch and date merge the lists. */
function byTransaction(all: readonly Noted[]): readonly HistoryEntry[] {
  const transactions = new Map<string, HistoryEntry>();
  for (const { entry, change } of all) {
    const { txId, date, epoch } = entry.registered;
    const { changes = [] } = transactions.get(txId) ?? {};
    transactions.set(txId, { txId, time: date, epoch, changes: [...changes, change] });
  }
  const order = ({ epoch, time }: HistoryEntry) => `${String(epoch).padStart(16, '0')} ${time}`;
  return [...transactions.values()].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

function placeOf(after: string): number {
  if (!/^\d{0,6}$/.test(after)) {
    throw new RegistryError('INPUT_INVALID', 'the bookmark belongs to a different query; begin again without one.');
  }
  return Number(after);
}
