/** What a cell says, and what a search through all that somebody has must find: everything, nothing, or a part. */
export interface Cell {
  readonly says: string;
  readonly finds: 'all' | 'none' | 'some';
}

export interface Row<Column extends string, Secret extends string> {
  readonly what: string;
  /** What is looked for. */
  readonly secret: Secret;
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** Who sees what: the tables of docs/private-reports.md and docs/pseudonyms.md, which test/scenarios/whoSeesWhat.test.ts tests cell by cell. */
export interface Matrix<Column extends string, Secret extends string> {
  readonly page: string;
  readonly head: string;
  readonly columns: Readonly<Record<Column, string>>;
  readonly rows: readonly Row<Column, Secret>[];
}

export type ReportColumn = 'issuer' | 'reader' | 'member' | 'node' | 'outsider';
export type ReportSecret =
  | 'values'
  | 'uncertainties'
  | 'names'
  | 'salts'
  | 'number'
  | 'root'
  | 'dates'
  | 'parents'
  | 'laboratory'
  | 'vouchers'
  | 'later';

export type PseudonymColumn = 'member' | 'node' | 'outsider' | 'certifier' | 'reader';
export type PseudonymSecret =
  | 'maker'
  | 'serial'
  | 'salts'
  | 'owner'
  | 'ownersPseudonym'
  | 'certifier'
  | 'calibrator'
  | 'results'
  | 'dates'
  | 'parents'
  | 'children'
  | 'when'
  | 'submitter';

const NO: Cell = { says: 'no', finds: 'none' };
const YES: Cell = { says: 'yes', finds: 'all' };
const all = (says: string): Cell => ({ says, finds: 'all' });
const none = (says: string): Cell => ({ says, finds: 'none' });
const some = (says: string): Cell => ({ says, finds: 'some' });

/** A row whose cells stand in the order of the columns. */
function row<Column extends string, Secret extends string>(
  columns: Readonly<Record<Column, string>>,
  what: string,
  secret: Secret,
  ...cells: readonly Cell[]
): Row<Column, Secret> {
  const names = Object.keys(columns) as Column[];
  if (names.length !== cells.length) throw new Error(`${what} needs ${names.length} cells.`);
  return { what, secret, cells: Object.fromEntries(names.map((name, place) => [name, cells[place]])) as never };
}

const REPORT_COLUMNS: Readonly<Record<ReportColumn, string>> = {
  issuer: 'issuer',
  reader: 'reader of a disclosure',
  member: 'member, observer',
  node: 'peer, orderer',
  outsider: 'outsider',
};

export const REPORT_MATRIX: Matrix<ReportColumn, ReportSecret> = {
  page: 'docs/private-reports.md',
  head: 'what',
  columns: REPORT_COLUMNS,
  rows: [
    row(REPORT_COLUMNS, 'measured values', 'values', YES, some('those disclosed'), NO, NO, NO),
    row(REPORT_COLUMNS, 'uncertainties', 'uncertainties', YES, some('those disclosed'), NO, NO, NO),
    row(REPORT_COLUMNS, 'names of the results', 'names', YES, some('those disclosed'), NO, NO, NO),
    row(REPORT_COLUMNS, 'salts', 'salts', YES, some('those disclosed'), NO, NO, NO),
    row(
      REPORT_COLUMNS,
      'number of results',
      'number',
      YES,
      none('of at most how many'),
      none('at most 8, 16, 32...'),
      none('the same'),
      none('the same'),
    ),
    row(REPORT_COLUMNS, 'that a kind is confidential, and its root', 'root', YES, YES, YES, YES, YES),
    row(REPORT_COLUMNS, 'dates of the work', 'dates', YES, all('as a member'), YES, YES, YES),
    row(REPORT_COLUMNS, 'device, owner and parents', 'parents', YES, all('as a member'), YES, YES, YES),
    row(REPORT_COLUMNS, 'laboratory and technician', 'laboratory', YES, all('as a member'), YES, YES, YES),
    row(REPORT_COLUMNS, 'who vouched', 'vouchers', YES, all('as a member'), YES, YES, YES),
    row(
      REPORT_COLUMNS,
      'reports that rest on it',
      'later',
      YES,
      all('as a member'),
      YES,
      YES,
      none('not in its bundle'),
    ),
  ],
};

const PSEUDONYM_COLUMNS: Readonly<Record<PseudonymColumn, string>> = {
  member: 'member, observer',
  node: 'peer, orderer',
  outsider: 'outsider',
  certifier: 'certifier of the device',
  reader: 'reader of an opening',
};

export const PSEUDONYM_MATRIX: Matrix<PseudonymColumn, PseudonymSecret> = {
  page: 'docs/pseudonyms.md',
  head: 'what',
  columns: PSEUDONYM_COLUMNS,
  rows: [
    row(PSEUDONYM_COLUMNS, 'manufacturer, model, further facts', 'maker', NO, NO, NO, YES, some('if opened')),
    row(PSEUDONYM_COLUMNS, 'serial number', 'serial', NO, NO, NO, YES, all('if opened')),
    row(PSEUDONYM_COLUMNS, 'salts', 'salts', NO, NO, NO, YES, some('of what is opened')),
    row(
      PSEUDONYM_COLUMNS,
      'who the owner is',
      'owner',
      NO,
      NO,
      NO,
      none("its owner's certifier knows"),
      none("if the owner's certifier opens it"),
    ),
    row(PSEUDONYM_COLUMNS, "the owner's pseudonym", 'ownersPseudonym', YES, YES, YES, YES, all('as a member')),
    row(PSEUDONYM_COLUMNS, 'who certifies it', 'certifier', YES, YES, YES, YES, YES),
    row(PSEUDONYM_COLUMNS, 'who calibrated it', 'calibrator', YES, YES, YES, YES, all('as a member')),
    row(PSEUDONYM_COLUMNS, 'results', 'results', YES, YES, all('of the kinds in the bundle'), YES, all('as a member')),
    row(
      PSEUDONYM_COLUMNS,
      'dates of calibrations',
      'dates',
      YES,
      YES,
      all('of the reports in the chain'),
      YES,
      all('as a member'),
    ),
    row(
      PSEUDONYM_COLUMNS,
      'a chain through it',
      'parents',
      YES,
      YES,
      all('that of the bundle'),
      YES,
      all('as a member'),
    ),
    row(
      PSEUDONYM_COLUMNS,
      'all that rests on it',
      'children',
      YES,
      YES,
      none('only the chain of the bundle'),
      YES,
      all('as a member'),
    ),
    row(
      PSEUDONYM_COLUMNS,
      'when it was registered and used',
      'when',
      YES,
      YES,
      all('of the records in the chain'),
      YES,
      all('as a member'),
    ),
    row(
      PSEUDONYM_COLUMNS,
      'who submitted it',
      'submitter',
      all("the certifier's client"),
      YES,
      NO,
      YES,
      all('as a member'),
    ),
  ],
};

export const MATRICES: readonly Matrix<string, string>[] = [REPORT_MATRIX, PSEUDONYM_MATRIX];

/** The table as it stands on its page. */
export function tableOf({ head, columns, rows }: Matrix<string, string>): string {
  const names = Object.keys(columns);
  const lines = [
    [head, ...Object.values(columns)],
    ...rows.map(({ what, cells }) => [what, ...names.map((name) => cells[name]?.says ?? '')]),
  ];
  const widths = names.concat('').map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = lines;
  return [text(first), text(widths.map((width) => '-'.repeat(width))), ...others.map(text)].join('\n');
}
