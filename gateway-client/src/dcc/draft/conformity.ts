import { worstConformity, type Conformity } from '../conformity.js';
import { oneLine } from '../oneLine.js';
import type { Quantity } from '../data.js';
import type { Statement } from '../data.js';
import { difference, product } from './arithmetic.js';
import type { Column } from './column.js';
import { isOfSpan } from './fullScale.js';
import type { Group } from './groups.js';
import { cellOf, isDifference, type GroupRows } from './rows.js';
import { areApart, saysShare } from './shares.js';
import { convertDifference, convertValue, draftUnit, hasConventionalZero } from './units.js';
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
  const reader = new LimitReader(group, rows);
  const limits = columns.flatMap((column) => reader.read(limitsIn(column.quantity.metaData), column));
  const shared = [...reader.read(limitColumns, null), ...reader.read(limitsIn(ofTables), null)];
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

function limitsIn(statements: readonly Statement[]): readonly Quantity[] {
  const quantities = statements.flatMap(({ data }) => data?.quantities ?? []);
  return quantities.filter((quantity) => LIMIT_WORDS.test(marksOf(quantity)));
}

const LIMIT_WORDS = new RegExp(`limit|${LIMIT.source}`, 'i');

/** A quantity of limits; a limit without a side is one of errors, in both directions. */
interface Bound {
  readonly kind: Limit['kind'];
  readonly side: Limit['side'] | 'both';
  readonly quantity: Quantity;
}

function boundOf(quantity: Quantity): Bound {
  const marks = marksOf(quantity);
  const isLower = /lower|unter|inférieure|inferior|\bmin/i.test(marks);
  const isUpper = /upper|ober|supérieure|superior|\bmax(?!imum permissible)/i.test(marks);
  return { kind: kindOf(marks), side: isLower ? 'lower' : isUpper ? 'upper' : 'both', quantity };
}

/** Reads limits of errors, corrections, deviations, indications or values, absolute or relative, for the rows of a result. */
class LimitReader {
  readonly #group: Group;
  readonly #rows: GroupRows;

  constructor(group: Group, rows: GroupRows) {
    this.#group = group;
    this.#rows = rows;
  }

  /** @param column The column that states them; null: the table. */
  read(quantities: readonly Quantity[], column: Column | null): readonly Limit[] {
    const bounds = quantities
      .filter(({ points }) => points.length === 1 || points.length === this.#rows.rows.length)
      .map(boundOf);
    const limits = this.#rows.rows.some(({ error }) => error !== null)
      ? this.#besideErrors(bounds, column)
      : bounds.flatMap((bound) => this.#ofValues(bound));
    return limits.filter(({ values }) => values.some((value) => value !== null));
  }

  #besideErrors(bounds: readonly Bound[], column: Column | null): readonly Limit[] {
    const stating = isDifference(column) ? column : null;
    const isOfErrors = stating !== null || !this.#areAroundValues(bounds);
    const isMeasure = this.#group.difference?.role === 'deviation';
    // A limit of corrections, or of deviations from a nominal value, is one of errors with the opposite sign.
    const isTurned = stating ? stating.role !== 'error' : isMeasure;
    return bounds.flatMap((bound) => {
      if (isOfErrors || bound.side === 'both' || this.#isRelative(bound)) {
        return this.#ofErrors(bound, isTurned);
      }
      // The value of a measure is what was found; an instrument shows its value and its error.
      return isMeasure ? this.#ofValues(bound) : this.#ofIndications(bound);
    });
  }

  /** Whether limits lie around the values, not around zero. */
  #areAroundValues(bounds: readonly Bound[]): boolean {
    const sided = bounds.filter((bound) => bound.side !== 'both' && !this.#isRelative(bound));
    const isWithin = (row: number, number: number) =>
      sided.every((bound) => {
        const limit = this.#valueAt(bound, row);
        return limit === null || (bound.side === 'lower' ? limit <= number : number <= limit);
      });
    const values = this.#rows.rows.map(({ value }) => value);
    return (
      values.some((_, row) => !isWithin(row, 0)) && values.every((value, row) => value === null || isWithin(row, value))
    );
  }

  #ofValues(bound: Bound): readonly Limit[] {
    const { kind, side } = bound;
    const values = this.#rows.rows.map((_, row) => this.#valueAt(bound, row));
    return side === 'both' ? [] : [{ kind, side, of: 'value', values }];
  }

  #ofIndications(bound: Bound): readonly Limit[] {
    return this.#ofValues(bound).map(({ values, ...limit }) => ({
      ...limit,
      of: 'error',
      values: this.#rows.rows.map(({ value }, row) => {
        const shown = values[row] ?? null;
        return shown === null || value === null ? null : difference(shown, value);
      }),
    }));
  }

  #ofErrors(bound: Bound, isTurned: boolean): readonly Limit[] {
    const { kind, side } = bound;
    const stated = this.#rows.rows.map((_, row) => this.#errorAt(bound, row));
    const opposite = stated.map((value) => (value === null ? null : 0 - value));
    const limit = (of: Limit['side'], values: Limit['values']): Limit => ({ kind, side: of, of: 'error', values });
    if (side === 'both') {
      return [limit('lower', opposite), limit('upper', stated)];
    }
    return [isTurned ? limit(side === 'lower' ? 'upper' : 'lower', opposite) : limit(side, stated)];
  }

  /** A bare number beside values with a unit is a part of them; beside values of dimension one it says so, or their errors are parts. */
  #isRelative({ quantity }: Bound): boolean {
    const own = quantity.points[0] && draftUnit(quantity.points[0].unit);
    if (own?.dimension !== '') {
      return false;
    }
    const marks = [marksOf(quantity)];
    const isSaid = saysShare(marks) || isOfSpan(marks) || (this.#group.relative && areApart(own, this.#rows.unit));
    return this.#rows.unit.dimension !== '' || isSaid;
  }

  #valueAt({ quantity }: Bound, row: number): number | null {
    return this.#converted(quantity, row, convertValue);
  }

  #errorAt(bound: Bound, row: number): number | null {
    if (!this.#isRelative(bound)) {
      return this.#converted(bound.quantity, row, convertDifference);
    }
    const point = pointOf(bound.quantity, row);
    const isPart = isOfSpan([marksOf(bound.quantity)]);
    const base = isPart ? (this.#rows.spans[row] ?? null) : this.#baseOf(row);
    const own = point && draftUnit(point.unit);
    return own?.dimension === '' && point?.value != null && base !== null
      ? product(product(point.value, own.factor), Math.abs(base))
      : null;
  }

  /** What relative errors are parts of: the value or, for a measure, its nominal value. */
  #baseOf(row: number): number | null {
    const { difference: stating, nominal } = this.#group;
    if (hasConventionalZero(this.#rows.unit)) {
      return null;
    }
    const named = stating?.role === 'deviation' ? (cellOf(nominal, row)?.value ?? null) : null;
    return named !== null && nominal?.unit
      ? convertValue(named, nominal.unit, this.#rows.unit)
      : (this.#rows.rows[row]?.value ?? null);
  }

  #converted(quantity: Quantity, row: number, convert: typeof convertValue): number | null {
    const point = pointOf(quantity, row);
    const own = point && draftUnit(point.unit);
    return own?.dimension === this.#rows.unit.dimension && point?.value != null
      ? convert(point.value, own, this.#rows.unit)
      : null;
  }
}

function pointOf({ points }: Quantity, row: number) {
  return points.length === 1 ? points[0] : points[row];
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
