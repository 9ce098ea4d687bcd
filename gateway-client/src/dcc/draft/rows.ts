import { withUnit } from '@tracecal/core/model';
import { difference as exactDifference, product, withoutNoise } from './arithmetic.js';
import type { Cell, Column, StatedUncertainty } from './column.js';
import { contradict, isThousandsApart } from './contradictions.js';
import { columnsIn, type Group } from './groups.js';
import type { Row, RowNote, RowUncertainty } from './shapes.js';
import { isShare } from './shares.js';
import { contestedIn, isPositive, largestOf, otherUncertainty, type ByColumn } from './statedUncertainties.js';
import { convertDifference, convertValue, differenceUnit, hasConventionalZero, type DraftUnit } from './units.js';

/** The rows of a result, without their arguments. */
export interface GroupRows {
  readonly unit: DraftUnit;
  readonly rows: readonly Omit<Row, 'at'>[];
  readonly notes: readonly RowNote[];
  /** Uncertainties without a coverage factor, by row; null elsewhere. */
  readonly withoutCoverage: readonly (number | null)[];
  /** Only the reference has an uncertainty: that of its own values, not of the calibrated device. */
  readonly ofReferenceOnly: boolean;
  /** Why the whole result is refused. */
  readonly refused: string | null;
  /** Columns whose uncertainties contradict each other in a row. */
  readonly contested: readonly string[];
  /** Relative columns that are parts of a full scale which is not stated. */
  readonly ofUnknownSpan: readonly string[];
  /** Columns of dimension one of which nobody says whether they are parts of the values. */
  readonly maybeShares: readonly Column[];
  /** The full scale, by row. */
  readonly spans: readonly (number | null)[];
}

/** The parts of a table outside its groups. */
export interface Beside {
  /** Columns of uncertainties, with their coverage factors. */
  readonly uncertainties: readonly { readonly column: Column; readonly coverageFactor: Column | null }[];
  /** The mapping file's coverage factor, for certificates that state none. */
  readonly coverage: { readonly k: number; readonly p?: number | undefined } | null;
  /** The full scale. */
  readonly span: Column | null;
}

/** Reads a group row by row. Null if it holds no number at all. */
export function rowsOf(group: Group, beside: Beside): GroupRows | null {
  const unit = unitOf(group);
  const count = rowCount(group);
  if (!unit || count === 0) {
    return null;
  }
  const reader = new RowReader(group, unit, beside);
  const read = Array.from({ length: count }, (_, i) => reader.read(i));
  const zero = read.findIndex(({ U }) => U?.U === 0);
  return {
    unit,
    rows: read.map(({ row }) => row),
    notes: read.flatMap(({ notes }, i) => notes.map((note) => ({ row: i + 1, note }))),
    withoutCoverage: read.map(({ U }) => (U?.U != null && U.U > 0 && U.k === null ? U.U : null)),
    ofReferenceOnly: read.every(({ U }) => U === null) && statesUncertainty(ofReference(group)),
    refused:
      zero === -1 ? null : `It states the uncertainty 0 (row ${zero + 1}): no measurement is without uncertainty.`,
    contested: [...new Set(read.flatMap(({ contested }) => contested))],
    ofUnknownSpan: beside.span ? [] : partsOfSpan(group, beside, unit).map(({ name }) => name),
    maybeShares: statingColumns(group, beside).filter((column) => isShare(column, unit) === null),
    spans: read.map((_, i) => reader.span(i)),
  };
}

function statingColumns(group: Group, { uncertainties }: Beside): readonly Column[] {
  return [...columnsIn(group), ...uncertainties.map(({ column }) => column)];
}

function partsOfSpan(group: Group, beside: Beside, unit: DraftUnit): readonly Column[] {
  const columns = statingColumns(group, beside);
  return columns.filter((column) => column.ofSpan && isShare(column, unit));
}

/** The reference values of a comparison. Their uncertainty is not the uncertainty of the compared values. */
function ofReference({ value, indication, difference }: Group): Column | null {
  const isCompared = difference !== null || indication !== null;
  return isCompared && value?.role === 'reference' && !value.ofResult ? value : null;
}

function statesUncertainty(column: Column | null): boolean {
  return column?.cells.some(({ uncertainty }) => uncertainty !== null) ?? false;
}

/** The values decide. Errors without values are differences, which have no zero point. */
function unitOf({ value, indication, nominal, difference }: Group): DraftUnit | null {
  const points = [value, indication, nominal].find((column) => column?.unit);
  return points?.unit ?? (difference?.unit ? differenceUnit(difference.unit) : null);
}

function rowCount({ value, indication, nominal, difference }: Group): number {
  return Math.max(0, ...[value, indication, nominal, difference].map((column) => column?.cells.length ?? 0));
}

const STANDARD =
  /standard (?:measurement )?uncertainty|standard(?:mess)?unsicherheit|incertitude.type|incertidumbre.(?:típica|estándar)/i;

interface ReadRow {
  readonly row: Omit<Row, 'at'>;
  readonly U: StatedUncertainty | null;
  readonly notes: readonly string[];
  readonly contested: readonly string[];
}

class RowReader {
  readonly #group: Group;
  readonly #unit: DraftUnit;
  readonly #beside: Beside;

  constructor(group: Group, unit: DraftUnit, beside: Beside) {
    this.#group = group;
    this.#unit = unit;
    this.#beside = beside;
  }

  read(i: number): ReadRow {
    const { value: values, indication, nominal, difference } = this.#group;
    const cells = [values, indication, difference, nominal].flatMap((column) => cellOf(column, i) ?? []);
    const error = this.#error(i);
    const value = this.#value(i, error);
    const all = this.#uncertainties(i, value);
    const U = largestOf(all, this.#beside.coverage?.k ?? null);
    const uncertainty = U && this.#usable(U);
    const contested = contestedIn(all, this.#beside.coverage?.k ?? null);
    const contradiction = this.#contradiction(i, error, U, contested);
    return {
      row: contradiction === null ? { value, error, uncertainty } : { value: null, error: null, uncertainty },
      U,
      notes: [
        ...cells.flatMap(({ note }) => note ?? []),
        ...(uncertainty ? [] : this.#whyNoUncertainty(U)),
        ...(contradiction === null ? [] : [contradiction]),
      ],
      contested: contested.map(({ name }) => name),
    };
  }

  #whyNoUncertainty(stated: StatedUncertainty | null): string[] {
    if (!stated) {
      return this.#states() ? ['it states no uncertainty'] : [];
    }
    if (stated.U === null) {
      if (stated.isPartOfSpan === true) {
        return ['its uncertainty is stated as a part of the full scale, which is not stated'];
      }
      if (stated.mayBePart === true) {
        return ['it is not said whether its uncertainty is a part of the value'];
      }
      return [stated.isPartOfNothing === true ? PART_OF_NOTHING : 'its uncertainty is not a number'];
    }
    return [stated.U < 0 ? 'its uncertainty is negative' : 'its uncertainty is stated without a coverage factor'];
  }

  /** The value as stated; if only indications or nominal values are stated, the value computed from them and the error. */
  #value(i: number, error: number | null): number | null {
    const { value, indication, nominal, difference } = this.#group;
    const stated = this.#point(value, i);
    if (value) {
      return stated;
    }
    const indicated = this.#point(indication, i);
    if (indication) {
      return indicated === null || error === null ? null : finite(exactDifference(indicated, error));
    }
    const nominalValue = this.#point(nominal, i);
    const isMeasure = difference?.role === 'deviation';
    return isMeasure && nominalValue !== null && error !== null
      ? finite(exactDifference(nominalValue, error))
      : nominalValue;
  }

  #error(i: number): number | null {
    const { value, indication, difference } = this.#group;
    if (difference) {
      return this.#errorIn(difference, i);
    }
    const [shown, reference] = [this.#point(indication, i), this.#point(value, i)];
    return shown === null || reference === null ? null : finite(exactDifference(shown, reference));
  }

  #errorIn(difference: Column, i: number): number | null {
    const stated = cellOf(difference, i)?.value ?? null;
    const isPart = isShare(difference, this.#unit);
    if (stated === null || !difference.unit || isPart === null) {
      return null;
    }
    const absolute = isPart
      ? this.#fromPart(i, product(stated, difference.unit.factor), difference)
      : convertDifference(stated, difference.unit, this.#unit);
    // The deviation of a measure from its nominal value is the error of its nominal value with the opposite sign.
    return absolute === null ? null : finite(difference.role === 'error' ? absolute : 0 - absolute);
  }

  /** A difference that is stated as a part of the full scale, or of the value. */
  #fromPart(i: number, share: number, difference: Column): number | null {
    if (!difference.ofSpan) {
      return this.#fromShare(i, share, difference);
    }
    const span = this.span(i);
    return span && product(span, share);
  }

  /**
   * A difference that is stated as a part: of the value or, for a measure, of its nominal value. What is shown exceeds the value by
   * that part of the value. Null for scales with a conventional zero.
   */
  #fromShare(i: number, share: number, difference: Column): number | null {
    const { value, indication, nominal, difference: own } = this.#group;
    const base = (difference.role === 'deviation' ? this.#point(nominal, i) : null) ?? this.#point(value, i);
    if (hasConventionalZero(this.#unit)) {
      return null;
    }
    if (base !== null || difference !== own) {
      return base === null ? null : product(share, base);
    }
    const shown = this.#point(indication, i);
    const excess = 1 + (difference.role === 'error' ? share : 0 - share);
    return shown === null || excess <= 0 ? null : withoutNoise((shown * share) / excess);
  }

  #contradiction(
    i: number,
    error: number | null,
    U: StatedUncertainty | null,
    contested: readonly ByColumn[],
  ): string | null {
    const how = this.#otherError(i, error, U) ?? this.#otherPrefix(i) ?? otherUncertainty(contested);
    return how === null
      ? null
      : `what the certificate states here contradicts itself (${how}), so the row counts as without value`;
  }

  /** Compares the error with other columns that state it. If they differ, a sign or a column was mistaken. */
  #otherError(i: number, error: number | null, U: StatedUncertainty | null): string | null {
    const other = error === null ? undefined : this.#otherErrors(i).find(({ told }) => contradict(told, error, U?.U));
    return other
      ? `by ${other.by} the error is ${other.told}, by "${this.#group.difference?.name}" it is ${error}`
      : null;
  }

  /** A value that is a power of a thousand away from its nominal value is in another unit than it says. */
  #otherPrefix(i: number): string | null {
    const { value, indication, nominal } = this.#group;
    const [stated, named] = [this.#point(value ?? indication, i), this.#point(nominal, i)];
    return stated !== null && named !== null && !hasConventionalZero(this.#unit) && isThousandsApart(stated, named)
      ? `the value is ${withUnit(stated, this.#unit.text)}, the nominal value ${withUnit(named, this.#unit.text)}: a prefix of a unit is wrong`
      : null;
  }

  /** The error according to the other columns. */
  #otherErrors(i: number): readonly { readonly told: number; readonly by: string }[] {
    const { value, indication, nominal, difference, further } = this.#group;
    const [reference, shown, named] = [value, indication, nominal].map((column) => this.#point(column, i));
    // A measure indicates its nominal value.
    const indicated = shown ?? (difference?.role === 'deviation' ? named : null) ?? null;
    const columns = reference == null || indicated === null ? [] : [exactDifference(indicated, reference)];
    return [
      ...columns.map((told) => ({
        told,
        by: shown == null ? 'nominal value less value' : 'indication less reference',
      })),
      ...further.flatMap((column) => {
        const told = isDifference(column) ? this.#errorIn(column, i) : null;
        return told === null ? [] : [{ told, by: `"${column.name}"` }];
      }),
    ];
  }

  #point(column: Column | null, i: number): number | null {
    const value = cellOf(column, i)?.value ?? null;
    return value === null || !column?.unit ? null : finite(convertValue(value, column.unit, this.#unit));
  }

  /**
   * Every uncertainty that is stated for the row: first next to the error, because that was measured; then next to the indication, the
   * value and further columns, then in separate columns. A column that the mapping file calls the uncertainty is the only one.
   */
  #uncertainties(i: number, value: number | null): readonly ByColumn[] {
    const inside = this.#measured().flatMap((column): ByColumn[] => {
      const stated = cellOf(column, i)?.uncertainty;
      if (!stated || !column?.unit) {
        return [];
      }
      return [{ name: column.name, stated: this.#scaled(stated, column, value, i), isPart: this.#isPart(column) }];
    });
    const separate = this.#beside.uncertainties.flatMap((each) => this.#separate(each, i, value));
    const told = this.#beside.uncertainties.filter(({ column }) => column.from === 'mapping');
    const chosen = separate.filter(({ name }) => told.some(({ column }) => column.name === name));
    return chosen.length > 0 ? chosen : [...inside, ...separate];
  }

  #isPart(column: Column): boolean {
    const { difference, indication, value } = this.#group;
    return difference !== null && (column === indication || column === value);
  }

  /** The full scale at a row, as a difference in the unit of the result. */
  span(i: number): number | null {
    const { span } = this.#beside;
    const value = cellOf(span, i)?.value ?? null;
    return value === null || !span?.unit ? null : Math.abs(convertDifference(value, span.unit, this.#unit));
  }

  /** A bare number next to values with a unit is relative to them. */
  #isBare({ dimension }: DraftUnit): boolean {
    return dimension === '' && this.#unit.dimension !== '';
  }

  /** The size of a relative unit at a value; undefined at zero, and for scales with a conventional zero. */
  #share(value: number | null, { factor }: DraftUnit): number | null {
    return value === null || value === 0 || hasConventionalZero(this.#unit) ? null : Math.abs(value) * factor;
  }

  #separate({ column, coverageFactor }: Beside['uncertainties'][number], i: number, value: number | null): ByColumn[] {
    if (!column.unit || !(this.#isOwn(column.unit) || this.#isBare(column.unit))) {
      return [];
    }
    const { value: U = null, step = 0 } = cellOf(column, i) ?? {};
    const isStandard = column.names.some((name) => STANDARD.test(name));
    const k = isStandard ? 1 : (cellOf(coverageFactor, i)?.value ?? null);
    const stated = { U, k, p: null, distribution: null, step };
    return [{ name: column.name, stated: this.#scaled(stated, column, value, i), isPart: false }];
  }

  #isOwn({ dimension }: DraftUnit): boolean {
    return dimension === this.#unit.dimension;
  }

  #scaled(stated: StatedUncertainty, column: Column, value: number | null, i: number): StatedUncertainty {
    return scaled(stated, this.#sizeOf(column, value, i), column, isShare(column, this.#unit) === null);
  }

  #sizeOf(column: Column, value: number | null, i: number): number | null {
    const { unit, ofSpan } = column;
    const isPart = isShare(column, this.#unit);
    if (!unit || isPart === null) {
      return null;
    }
    if (ofSpan && isPart) {
      const span = this.span(i);
      return span === null ? null : product(span, unit.factor);
    }
    return isPart ? this.#share(value, unit) : convertDifference(1, unit, this.#unit);
  }

  /** Columns with the uncertainty of the result. */
  #measured(): readonly (Column | null)[] {
    const { difference, indication, value, further } = this.#group;
    return [difference, indication, value === ofReference(this.#group) ? null : value, ...further];
  }

  #states(): boolean {
    return [...this.#measured(), ...this.#beside.uncertainties.map(({ column }) => column)].some(statesUncertainty);
  }

  #usable({ U, k, p, distribution }: StatedUncertainty): RowUncertainty | null {
    const [factor, probability] = k === null ? [this.#beside.coverage?.k, this.#beside.coverage?.p] : [k, p];
    if (!isPositive(U) || !isPositive(factor)) {
      return null;
    }
    const known = isPositive(probability) && probability <= 1;
    return {
      expanded: U,
      coverageFactor: factor,
      coverageProbability: known ? probability : null,
      ...(distribution && { distribution }),
    };
  }
}

const PART_OF_NOTHING =
  'its uncertainty is stated as a part of the value, which gives none at zero or where zero is a convention';

export function isDifference(column: Column | null): column is Column {
  return column?.role === 'error' || column?.role === 'correction' || column?.role === 'deviation';
}

/** A number outside the range of doubles is not a value: nothing may be compared with it. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function scaled(
  stated: StatedUncertainty,
  factor: number | null,
  { ofSpan }: Column,
  mayBePart: boolean,
): StatedUncertainty {
  const isOpen = stated.U !== null && factor === null;
  return {
    ...stated,
    U: scaledSize(stated.U, factor),
    ...(stated.step !== undefined && { step: stated.step * (factor ?? 0) }),
    isPartOfNothing: stated.isPartOfNothing === true || (isOpen && !ofSpan && !mayBePart),
    mayBePart: isOpen && mayBePart,
    isPartOfSpan: stated.isPartOfSpan === true || (isOpen && ofSpan),
  };
}

function scaledSize(U: number | null, factor: number | null): number | null {
  return U === null || factor === null ? null : factor === 1 ? U : product(U, factor);
}

/** A column with a single value applies to all rows. */
export function cellOf(column: Column | null | undefined, i: number): Cell | undefined {
  return column?.cells.length === 1 ? column.cells[0] : column?.cells[i];
}
