import type { Instant } from '@tracecal/core/model';
import type { Maker, Owner, Provenance, Stay } from './audit.js';
import type { ReadTransaction } from './readTransaction.js';
import type { ReadStatement } from './readStatements.js';
import { textIn } from './content.js';

/** Folds the valid transactions about a device, in order. */
export function provenanceOf(device: string, transactions: readonly ReadTransaction[]): Provenance {
  const found: Found = { maker: null, owners: [], stays: [] };
  for (const { txId, registered, validity, statements } of transactions) {
    if (validity !== 'VALID') continue;
    for (const statement of statements) READERS[statement.what]?.(found, statement, { device, txId, registered });
  }
  return found;
}

interface Found {
  maker: Maker | null;
  readonly owners: Owner[];
  readonly stays: Stay[];
}

interface Where {
  readonly device: string;
  readonly txId: string;
  readonly registered: Instant | null;
}

/** By type of statement. */
const READERS: Readonly<Record<string, (found: Found, statement: ReadStatement, where: Where) => void>> = {
  device: made,
  transfer: transferred,
  report: calibrated,
  acceptance: checked,
  rejection: checked,
  revocation: revoked,
};

function isAbout({ subject }: ReadStatement, device: string): boolean {
  return subject.kind === 'device' && subject.id === device;
}

/** The first registration: further ones bring another key. */
function made(found: Found, statement: ReadStatement, { device, txId, registered }: Where): void {
  if (!isAbout(statement, device) || found.maker) return;
  const { author, body } = statement;
  const text = (name: string) => textIn(body, name) ?? '';
  const what = { manufacturer: text('manufacturer'), model: text('model'), serial: text('serial') };
  const isHidden = textIn(body, 'pseudonym', 'root') !== undefined;
  found.maker = { ...what, ...(isHidden && { pseudonymous: true }), registeredBy: author, registered, txId };
  found.owners.push({ organisation: text('owner'), from: registered, txId });
}

function transferred(found: Found, statement: ReadStatement, { device, txId, registered }: Where): void {
  if (!isAbout(statement, device)) return;
  found.owners.push({ organisation: textIn(statement.body, 'to') ?? '', from: registered, txId });
}

function calibrated({ stays, owners }: Found, statement: ReadStatement, { device, txId }: Where): void {
  const { author, subject, body } = statement;
  if (textIn(body, 'device') !== device) return;
  const [begin = '', end = ''] = ['begin', 'end'].map((name) => textIn(body, 'performed', name));
  const isOwn = owners.at(-1)?.organisation === author;
  const place = isOwn ? 'own' : (textIn(body, 'place') ?? 'laboratory');
  const replaces = textIn(body, 'supersedes', 'report') ?? null;
  const stay: Stay = {
    ...{ laboratory: author, report: subject.id, replaces, place, begin, end, txId },
    ...{ checked: null, revoked: null },
  };
  const at = stays.findLastIndex(({ report }) => report === replaces);
  // An amended report is about the same work: no second stay.
  if (at < 0) stays.push(stay);
  else stays[at] = stay;
}

function checked({ stays }: Found, statement: ReadStatement, { device, txId }: Where): void {
  const { what, author: by, date, body } = statement;
  const at = stays.findLastIndex(({ report }) => report === textIn(body, 'report'));
  const stay = stays[at];
  if (isAbout(statement, device) && stay) stays[at] = { ...stay, checked: { what, by, date, txId } };
}

function revoked({ stays }: Found, { what, subject, author: by, date }: ReadStatement, { txId }: Where): void {
  const at = stays.findLastIndex(({ report }) => subject.kind === 'report' && report === subject.id);
  const stay = stays[at];
  if (stay) stays[at] = { ...stay, revoked: stay.revoked ?? { what, by, date, txId } };
}

/** Where a device comes from, as far as the registry says. */
export function makerWords({ manufacturer, model, serial, pseudonymous, registeredBy }: Maker): string {
  return pseudonymous
    ? `registered under a pseudonym by ${registeredBy}: maker ${manufacturer}, model ${model}, serial number ${serial}`
    : `made by ${manufacturer}: ${model}, serial number ${serial}; registered by ${registeredBy}`;
}

/** What no statement of the registry says. */
export const CUSTODY_LEFT_OPEN =
  'where the device was between its calibrations, who carried it, and whether it was used meanwhile: no statement of the registry says so';
