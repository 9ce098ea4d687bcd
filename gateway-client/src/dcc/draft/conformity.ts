import { worstConformity, type Conformity } from '../conformity.js';
import { oneLine } from '../oneLine.js';
import type { Quantity } from '../data.js';
import type { Statement } from '../data.js';
import type { Group } from './groups.js';
import type { GroupRows } from './rows.js';
import { convertDifference, convertValue, draftUnit } from './units.js';
import { LIMIT } from './vocabulary.js';

/** A limit for values or errors, row by row, in the unit of the result. */
export interface Limit {
  /** A tolerance still needs the guard band of the decision rule; an acceptance limit includes it. */
  readonly kind: 'tolerance' | 'acceptance' | 'limit';
  readonly side: 'lower' | 'upper';
  readonly of: 'error' | 'value';
  readonly values: readonly (number | null)[];
}

/** A certificate's statements about conformity with a specification. */
export interface DraftConformity {
  /** One per row; null if none is stated. */
  readonly stated: readonly (Conformity | null)[];
  readonly limits: readonly Limit[];
  readonly decisionRule: string | null;
  /** Of the whole certificate. */
  readonly certificate: Conformity | null;
  /** The certificate's statement about the whole is better than about a point. */
  readonly contradicted: boolean;
}

/** Null if the certificate says nothing about it. */
export function conformityOf(
  group: Group,
  rows: GroupRows,
  limitColumns: readonly Quantity[],
  ofTables: readonly Statement[],
  ofCertificate: readonly Statement[],
): DraftConformity | null {
  const columns = [group.difference, group.indication, group.value, ...group.further].filter((c) => c !== null);
  const stated = rows.rows.map((_, i) =>
    worstConformity(
      columns.map(({ quantity }) => quantity.points[quantity.points.length === 1 ? 0 : i]?.conformity ?? null),
    ),
  );
  const limits = columns.flatMap((column) => {
    const of = column === group.difference ? ('error' as const) : ('value' as const);
    return limitsIn(column.quantity.metaData, of, rows);
  });
  const hasErrors = rows.rows.some(({ error }) => error !== null);
  const ofShared = hasErrors ? ('error' as const) : ('value' as const);
  const inTable = limitColumns.flatMap((quantity) => limitsOf(quantity, ofShared, rows));
  const shared = [...inTable, ...limitsIn(ofTables, ofShared, rows)];
  const whole = worstConformity(ofCertificate.flatMap(({ conformity }) => conformity));
  const all = [...columns.flatMap(({ quantity }) => quantity.metaData), ...ofTables, ...ofCertificate];
  const worst = worstConformity([...stated, ...ofTables.flatMap(({ conformity }) => conformity)]);
  const found: DraftConformity = {
    stated,
    limits: [...limits, ...shared],
    decisionRule: decisionRuleIn(all),
    certificate: whole,
    contradicted: whole !== null && worst !== null && worstConformity([whole, worst]) !== whole,
  };
  const empty = worst === null && whole === null && found.limits.length === 0 && found.decisionRule === null;
  return empty ? null : found;
}

function limitsIn(statements: readonly Statement[], of: Limit['of'], rows: GroupRows): Limit[] {
  const quantities = statements.flatMap(({ data }) => data?.quantities ?? []);
  return quantities
    .filter((quantity) => LIMIT_WORDS.test(marksOf(quantity)))
    .flatMap((each) => limitsOf(each, of, rows));
}

const LIMIT_WORDS = new RegExp(`limit|${LIMIT.source}`, 'i');

/** Which side a quantity of limits bounds: one side or, for maximum permissible errors, both. */
function limitsOf(quantity: Quantity, of: Limit['of'], rows: GroupRows): Limit[] {
  const marks = marksOf(quantity);
  const kind = kindOf(marks);
  if (/lower|unter|inférieure|inferior|\bmin/i.test(marks)) {
    return limitOf(quantity, { kind, side: 'lower', of }, rows);
  }
  if (/upper|ober|supérieure|superior|\bmax(?!imum permissible)/i.test(marks)) {
    return limitOf(quantity, { kind, side: 'upper', of }, rows);
  }
  const [upper] = limitOf(quantity, { kind, side: 'upper', of }, rows);
  // A limit without a side is a limit of errors, in both directions.
  return upper && of === 'error'
    ? [{ ...upper, side: 'lower', values: upper.values.map((value) => value && -value) }, upper]
    : [];
}

function marksOf({ refType, name }: Quantity): string {
  return `${refType ?? ''} ${(name?.all ?? []).map(({ text }) => text).join(' ')}`;
}

function kindOf(marks: string): Limit['kind'] {
  if (/acceptance|akzeptanz|acceptation|aceptación/i.test(marks)) {
    return 'acceptance';
  }
  return /toleran|permissible|fehlergrenze/i.test(marks) ? 'tolerance' : 'limit';
}

function limitOf({ points }: Quantity, which: Pick<Limit, 'kind' | 'side' | 'of'>, { rows, unit }: GroupRows): Limit[] {
  if (points.length !== 1 && points.length !== rows.length) {
    return [];
  }
  const convert = which.of === 'error' ? convertDifference : convertValue;
  const values = rows.map((_, i) => {
    const point = points.length === 1 ? points[0] : points[i];
    const own = point && draftUnit(point.unit);
    return own?.dimension === unit.dimension && point?.value != null ? convert(point.value, own, unit) : null;
  });
  return values.every((value) => value === null) ? [] : [{ ...which, values }];
}

const DECISION = /decision ?rule|entscheidungsregel|règle de décision|regla de decisión/i;
const RULES = /ILAC-?\s?G8|JCGM 106|ISO 14253|simple acceptance|guard band/i;

function decisionRuleIn(statements: readonly Statement[]): string | null {
  for (const { refType, name, declaration, norms, references } of statements) {
    const texts = [name?.text ?? '', declaration?.text ?? '', ...norms, ...references];
    if (DECISION.test(refType ?? '') || texts.some((text) => DECISION.test(text) || RULES.test(text))) {
      return oneLine(texts.filter(Boolean).join(', ')) || (refType ?? null);
    }
  }
  return null;
}
