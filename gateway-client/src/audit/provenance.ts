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
  found.maker = { ...what, registeredBy: author, registered, txId };
  found.owners.push({ organisation: text('owner'), from: registered, txId });
}

function transferred(found: Found, statement: ReadStatement, { device, txId, registered }: Where): void {
  if (!isAbout(statement, device)) return;
  found.owners.push({ organisation: textIn(statement.body, 'to') ?? '', from: registered, txId });
}

function calibrated({ stays }: Found, { author, subject, body }: ReadStatement, { device, txId }: Where): void {
  if (textIn(body, 'device') !== device) return;
  const [begin = '', end = ''] = ['begin', 'end'].map((name) => textIn(body, 'performed', name));
  const place = textIn(body, 'place') ?? 'laboratory';
  stays.push({ laboratory: author, report: subject.id, place, begin, end, txId, checked: null });
}

function checked({ stays }: Found, statement: ReadStatement, { device, txId }: Where): void {
  const { what, author: by, date, body } = statement;
  const at = stays.findLastIndex(({ report }) => report === textIn(body, 'report'));
  const stay = stays[at];
  if (isAbout(statement, device) && stay) stays[at] = { ...stay, checked: { what, by, date, txId } };
}

/** What no statement of the registry says. */
export const CUSTODY_LEFT_OPEN =
  'where the device was between its calibrations, who carried it, and whether it was used meanwhile: no statement of the registry says so';
