import type { Column } from './column.js';
import type { Decision } from './shapes.js';
import { saysPart } from './shares.js';

/** The columns of a table that describe the same quantity: together they are one result. */
export interface Group {
  /** Values of the standard or, if there are none, of the calibrated device. */
  readonly value: Column | null;
  readonly indication: Column | null;
  /** Error, correction or deviation from the nominal value, absolute or relative to the value. */
  readonly difference: Column | null;
  /** Whether the error is a bare number although the value has a unit. */
  readonly relative: boolean;
  readonly nominal: Column | null;
  /** Further columns of the same kind: they repeat the others. */
  readonly further: readonly Column[];
}

export interface Grouped {
  readonly groups: readonly Group[];
  /** Columns that state the arguments of the rows. */
  readonly arguments: readonly Column[];
  readonly decisions: readonly Decision[];
}

const DIFFERENCES = ['error', 'correction', 'deviation'] as const;
/** Columns with values that an error can belong to, the best first. */
const POINTS = ['reference', 'value', 'indication', 'nominal', 'argument'] as const;

/** The same for a deviation from the nominal value. */
const OF_MEASURES = ['value', 'indication', 'reference', 'nominal'] as const;

/** Finds the results of a table among its columns. */
export function groupColumns(columns: readonly Column[]): Grouped {
  return new Grouping(columns).group();
}

class Grouping {
  readonly #columns: readonly Column[];
  readonly #used = new Set<Column>();
  readonly #groups: Group[] = [];
  readonly #decisions: Decision[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns.filter((column) => column.unit !== null || column.words.length > 0);
  }

  group(): Grouped {
    for (const difference of DIFFERENCES.flatMap((role) => this.#of(role))) {
      if (!this.#repeats(difference)) {
        this.#groups.push(this.#groupOf(difference));
      }
    }
    for (const reference of this.#of('reference')) {
      this.#compare(reference);
    }
    for (const value of [...this.#of('value'), ...this.#of('indication')]) {
      this.#stand(value);
    }
    this.#leftReferences();
    const places = [
      ...this.#of('argument').filter((column) => !this.#isLikeAnError(column)),
      ...this.#of('setting'),
      ...this.#leftNominals(),
    ];
    return { groups: this.#groups, arguments: this.#inOrder(places), decisions: this.#decisions };
  }

  #of(role: Column['role']): Column[] {
    return this.#columns.filter((column) => column.role === role && !this.#used.has(column));
  }

  /** An error and a correction for the same values, or the same error again, relative to them. */
  #repeats(difference: Column): boolean {
    const i = this.#groups.findIndex(({ value, difference: first, relative }) => {
      const isOf = isLike(first, difference) || isLike(value, difference) || (!relative && isBare(difference));
      // Two errors in one unit, as of rising and falling pressure, are two results.
      const isOther =
        first !== null && (isBare(first) !== isBare(difference) || saysPart(first) !== saysPart(difference));
      return first && isOf && (first.role !== difference.role || isOther);
    });
    const found = this.#groups[i];
    const ofOther = POINTS.flatMap((role) => this.#of(role)).some((column) => isLike(column, difference));
    if (!found || ofOther) {
      return false;
    }
    this.#groups[i] = { ...found, further: [...found.further, this.#take(difference)] };
    return true;
  }

  #groupOf(difference: Column): Group {
    this.#used.add(difference);
    const said = saysPart(difference) ? this.#relativeTo(difference) : null;
    return said ?? this.#absolute(difference) ?? this.#relativeTo(difference) ?? this.#alone(difference);
  }

  #absolute(difference: Column): Group | null {
    const shown = this.#partner(difference, 'indication') ?? null;
    const nominal = this.#partner(difference, 'nominal') ?? null;
    const told = this.#pointsOf(difference, shown);
    const value = told ?? (shown || nominal ? null : this.#lone(difference, isLike));
    if (!value && !shown && !nominal) {
      return null;
    }
    [value, shown, nominal].forEach((column) => column && this.#used.add(column));
    const indication = shown === value ? null : shown;
    return { difference, relative: false, value, indication, nominal, further: [] };
  }

  /** A deviation from the nominal value belongs to the value itself; an error belongs to the standard's value. */
  #pointsOf(difference: Column, shown: Column | null): Column | null {
    const reference = this.#partner(difference, 'reference');
    const measured = this.#partner(difference, 'value');
    const best = difference.role === 'deviation' ? (measured ?? shown ?? reference) : (reference ?? measured);
    return best ?? this.#shared((value) => isLike(value, difference));
  }

  /** Values that already have another difference. */
  #shared(fits: (value: Column) => boolean): Column | null {
    return this.#groups.find(({ value, difference }) => difference && value && fits(value))?.value ?? null;
  }

  /** An error as a bare number belongs to the nearest values before it. */
  #relativeTo(difference: Column): Group | null {
    if (!isBare(difference)) {
      return null;
    }
    const isMeasure = difference.role === 'deviation';
    const bases = (isMeasure ? OF_MEASURES : POINTS.slice(0, -1)).flatMap((role) => this.#of(role));
    const hasUnit = (column: Column) => !isBare(column);
    const isBase = (column: Column) => hasUnit(column) || (saysPart(difference) && !saysPart(column));
    const own = bases.find(hasUnit) ?? bases.find(isBase) ?? this.#lone(difference, hasUnit);
    const base = own ?? this.#shared((value) => isBase(value) && value.cells.length === difference.cells.length);
    if (!base) {
      return null;
    }
    const beside = (role: Column['role']) =>
      this.#of(role).find((column) => column !== base && isLike(base, column)) ?? null;
    const [indication, nominal] = isMeasure ? [null, beside('nominal')] : [beside('indication'), null];
    [base, indication, nominal].forEach((column) => column && this.#used.add(column));
    this.#decide(difference, `relative to "${base.name}": made absolute at every value`);
    const relative = { ...NOTHING, difference, relative: true };
    // As with absolute differences, these say what the value is: what was shown less the error, or the nominal value and the deviation.
    if (base.role === 'indication' && !isMeasure) {
      return { ...relative, indication: base };
    }
    return base.role === 'nominal' && isMeasure
      ? { ...relative, nominal: base }
      : { ...relative, value: base, indication, nominal };
  }

  /** A column that cannot be identified by its name, if it is the only one whose values the error can belong to. */
  #lone(difference: Column, fits: (column: Column, difference: Column) => boolean): Column | null {
    const guessed = this.#of('argument').filter((column) => column.from === 'structure' && column.unit);
    const [only, ...others] = guessed.filter((column) => fits(column, difference));
    if (only && others.length === 0) {
      this.#decide(only, `the only values that "${difference.name}" can be of`);
      return only;
    }
    return null;
  }

  #alone(difference: Column): Group {
    return { value: null, indication: null, difference, relative: false, nominal: null, further: [] };
  }

  /** A reference next to an indication: the error is their difference. */
  #compare(reference: Column): void {
    const like = (columns: readonly Column[]) => columns.filter((column) => isLike(reference, column));
    const named = like(this.#of('indication'));
    const guessed = like(this.#of('value')).filter(({ from }) => from === 'structure');
    const shown = named.length > 0 ? named : guessed.length === 1 ? guessed : [];
    // Several with an uncertainty, of their own or beside them, are several results: of rising and of falling pressure.
    const [first, ...others] = shown;
    const states = ({ cells }: Column) => cells.some(({ uncertainty }) => uncertainty !== null);
    const apart = shown.some(states) ? others.filter(states) : others;
    for (const indication of first ? [first, ...apart] : []) {
      this.#take(reference);
      this.#take(indication);
      this.#decide(indication, `its error is its difference from "${reference.name}"`);
      this.#groups.push({ ...NOTHING, value: reference, indication, nominal: this.#nominalOf(reference) });
    }
  }

  /** What was set stands beside what the reference measured. */
  #nominalOf(reference: Column): Column | null {
    const nominal = this.#of('nominal').find((column) => isLike(reference, column)) ?? null;
    return nominal && this.#take(nominal);
  }

  #stand(value: Column): void {
    const nominal = this.#of('nominal').find((column) => isLike(value, column)) ?? null;
    const known = this.#groups.length > 0 && !value.cells.some((cell) => cell.uncertainty !== null);
    this.#take(value);
    if (known) {
      // A reading without an uncertainty, next to a result, is only a circumstance of the result.
      this.#decide(value, 'it states no uncertainty beside results that do: it is informative');
    }
    if (nominal) {
      this.#take(nominal);
    }
    this.#groups.push({ ...NOTHING, value, nominal });
  }

  /** A reference of a different kind than every result is an argument; without results, it is a result itself. */
  #leftReferences(): void {
    const [hasGroups, references] = [this.#groups.length > 0, this.#of('reference')];
    for (const reference of references) {
      if (!hasGroups) {
        this.#take(reference);
        this.#groups.push({ ...NOTHING, value: reference });
      } else {
        this.#decide(reference, 'no result is compared with it: the results hold at its values');
      }
    }
  }

  /** A nominal frequency at which a sensitivity holds is its argument, unless the table also states what was measured. */
  #leftNominals(): readonly Column[] {
    const stated = [...this.#of('argument'), ...this.#of('reference'), ...this.#groups.flatMap(columnsIn)];
    const dimensions = new Set(stated.map(({ unit }) => unit?.dimension));
    const places = this.#of('nominal').filter(({ unit }) => unit !== null && !dimensions.has(unit.dimension));
    for (const nominal of this.#groups.length > 0 ? places : []) {
      this.#decide(nominal, 'it is not of the kind of the results: they hold at its values');
    }
    return this.#groups.length > 0 ? places : [];
  }

  /**
   * A column that counts as an argument only because of the table's structure may be a reading, if it has the kind of values
   * with an error.
   */
  #isLikeAnError(column: Column): boolean {
    const guessed = column.from === 'structure';
    return guessed && this.#groups.some(({ value, difference }) => difference !== null && isLike(value, column));
  }

  #inOrder(places: readonly Column[]): readonly Column[] {
    const left = this.#of('reference');
    return this.#columns.filter((column) => places.includes(column) || left.includes(column));
  }

  /**
   * A column of that role with values of the kind of the difference: in their order where there is one for each difference, else
   * the nearest before it, else the first after.
   */
  #partner(difference: Column, role: Column['role']): Column | undefined {
    const place = this.#columns.indexOf(difference);
    const fitting = this.#of(role).filter((column) => column !== difference && isLike(column, difference));
    const peers = this.#of(difference.role).filter((column) => isLike(column, difference));
    if (fitting.length === peers.length + 1) {
      return fitting[0];
    }
    return fitting.findLast((column) => this.#columns.indexOf(column) < place) ?? fitting[0];
  }

  #take(column: Column): Column {
    this.#used.add(column);
    return column;
  }

  #decide(column: Column, decided: string): void {
    this.#decisions.push({ about: column.name, decided, from: 'structure' });
  }
}

const NOTHING: Group = {
  value: null,
  indication: null,
  difference: null,
  relative: false,
  nominal: null,
  further: [],
};

function isBare({ unit }: Column): boolean {
  return unit?.dimension === '';
}

function isLike(one: Column | null, other: Column): boolean {
  return one?.unit != null && one.unit.dimension === other.unit?.dimension && one.cells.length === other.cells.length;
}

/** The columns of a group, each once. */
export function columnsIn({ value, indication, difference, nominal, further }: Group): readonly Column[] {
  const columns = [value, indication, difference, nominal, ...further].filter((column) => column !== null);
  return [...new Set(columns)];
}
