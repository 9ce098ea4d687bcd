import type { BoundedDistribution } from '@tracecal/core/model';
import type { Quantity } from '../data.js';
import { oneLine } from '../oneLine.js';
import type { Point } from '../quantities.js';
import { product } from './arithmetic.js';
import type { Cell, Column, StatedUncertainty, TablePlace } from './column.js';
import { chooseForm } from './hybrids.js';
import type { Origin } from './shapes.js';
import type { Told } from './told.js';
import { convertDifference, convertValue, draftUnit, hasConventionalZero, nearestUnit } from './units.js';
import type { DraftUnit } from './units.js';
import { lookUp, NAMES, REF_TYPES } from './vocabulary.js';
import type { Role } from './vocabulary.js';

/** The columns of a table, with what each of them is. */
export function columnsOf(table: readonly Quantity[], place: TablePlace, told: Told): Column[] {
  const parts = table.flatMap((quantity) => (quantity.kind === 'complex' ? complexParts(quantity) : [quantity]));
  const measured = parts.map((quantity) => readCells(quantity, told.units));
  const anyUncertainty = measured.some(({ cells }) => cells.some((cell) => cell.uncertainty !== null));
  const columns = parts.map((quantity, i): Column => {
    const names = (quantity.name?.all ?? []).map(({ text }) => oneLine(text)).filter(Boolean);
    const refTypes = quantity.refType?.split(/\s+/) ?? [];
    const read = measured[i] ?? readCells(quantity, told.units);
    const states = read.cells.some((cell) => cell.uncertainty !== null);
    const clues = { names, refTypes, states, alone: !anyUncertainty, words: quantity.kind === 'words' };
    const mapped = told.column(place, i + 1, [...names, ...refTypes]);
    const [role, from] = mapped ? ([mapped.role, 'mapping'] as const) : roleOf(clues);
    const name = [oneLine(quantity.name?.text), ...refTypes].find(Boolean) ?? `column ${i + 1}`;
    const ofResult = mapped?.uncertainty === 'result';
    return { name, names, refTypes, role, from, ofResult, ...read, words: wordsOf(quantity), quantity };
  });
  return columns.map((column) => withoutError(column, columns));
}

const DIFFERENCES: ReadonlySet<Role> = new Set(['error', 'correction', 'deviation']);

/** A factor or a spread repeats an error in the same table; without an error, it is an ordinary result. */
function withoutError(column: Column, table: readonly Column[]): Column {
  const states = column.cells.some((cell) => cell.uncertainty !== null);
  const repeats = !states || column.role !== 'ignored' || column.from === 'mapping';
  return repeats || table.some(({ role }) => DIFFERENCES.has(role))
    ? column
    : { ...column, role: 'value', from: 'structure' };
}

interface RoleClues {
  readonly names: readonly string[];
  readonly refTypes: readonly string[];
  readonly states: boolean;
  /** No column of the table states an uncertainty. */
  readonly alone: boolean;
  readonly words: boolean;
}

function roleOf({ names, refTypes, states, alone, words }: RoleClues): readonly [Role, Origin] {
  const byType = lookUp(REF_TYPES, refTypes);
  const told = byType ?? lookUp(NAMES, names);
  if (words) {
    return [told === 'setting' || told === 'argument' ? 'setting' : 'ignored', byType ? 'refType' : 'structure'];
  }
  if (told !== undefined) {
    return [told, byType === undefined ? 'name' : 'refType'];
  }
  return [states || alone ? 'value' : 'argument', 'structure'];
}

function readCells(
  quantity: Quantity,
  units: Readonly<Record<string, string>>,
): Pick<Column, 'unit' | 'reason' | 'cells'> {
  const { points, disagreements } = chooseForm(quantity, units);
  const [first] = points;
  if (!first) {
    return { unit: null, reason: 'It states words, not values.', cells: [] };
  }
  const unit = draftUnit(first.unit, units);
  if (!unit) {
    const near = nearestUnit(first.unit);
    const hint = near === undefined ? '' : ` The nearest D-SI unit is ${near}.`;
    const reason = `Its unit "${oneLine(first.unit)}" is not D-SI: say in a mapping file (units) what it means.${hint}`;
    return { unit: null, reason, cells: [] };
  }
  const cells = points.map((point, row) => {
    const cell = readCell(point, unit, units);
    const disagree = disagreements.get(row);
    return disagree === undefined
      ? { ...cell, uncertainty: cell.uncertainty ?? relativeUncertaintyOf(quantity, row, cell.value, unit, units) }
      : { ...cell, value: null, note: `its forms disagree: ${disagree}` };
  });
  return { unit, reason: null, cells };
}

function readCell(point: Point, unit: DraftUnit, units: Readonly<Record<string, string>>): Cell {
  const own = point.unit === unit.written ? unit : draftUnit(point.unit, units);
  if (own?.dimension !== unit.dimension) {
    return { value: null, note: `its unit is "${oneLine(point.unit)}", unlike the first`, uncertainty: null };
  }
  const { value, uncertainty } = point;
  return {
    // A written -0 means 0.
    value: value === null ? null : convertValue(value, own, unit) + 0,
    note: value === null ? 'the certificate states NaN, no value' : null,
    uncertainty: uncertainty && {
      U: uncertainty.U === null ? null : convertDifference(uncertainty.U, own, unit),
      k: uncertainty.k,
      p: uncertainty.p,
      distribution: boundedDistribution(uncertainty.distribution),
    },
  };
}

const NO_COVERAGE = { k: null, p: null, distribution: null } as const;

/** D-SI has no list of distributions, so laboratories use any names. */
const BOUNDED: readonly (readonly [RegExp, BoundedDistribution])[] = [
  [/^(?:uniform|rectang\p{L}*|rechteck\p{L}*|gleichverteil\p{L}*)/iu, 'rectangular'],
  [/^(?:triang\p{L}*|dreieck\p{L}*)/iu, 'triangular'],
  [/^(?:u[- ]?shaped?|u[- ]?förmig\p{L}*|arc[- ]?sin\p{L}*)/iu, 'u-shaped'],
];

function boundedDistribution(stated: string | null): BoundedDistribution | null {
  return BOUNDED.find(([names]) => names.test(stated?.trim() ?? ''))?.[1] ?? null;
}

/** Relative to the value of the same row; at zero it is undefined. The form has no coverage factor. */
function relativeUncertaintyOf(
  { relativeUncertainty }: Quantity,
  row: number,
  value: number | null,
  valueUnit: DraftUnit,
  units: Readonly<Record<string, string>>,
): StatedUncertainty | null {
  const stated = relativeUncertainty.length === 1 ? relativeUncertainty[0] : relativeUncertainty[row];
  const unit = stated && draftUnit(stated.unit, units);
  if (!unit || stated.value === null) {
    return null;
  }
  const hasSize = value !== null && value !== 0 && !hasConventionalZero(valueUnit);
  const usable = unit.dimension === '' && stated.value >= 0 && hasSize;
  const U = usable ? product(product(stated.value, unit.factor), Math.abs(value)) : null;
  return { U, ...NO_COVERAGE, isPartOfNothing: !hasSize };
}

/** A complex quantity becomes two real ones. Its covariance is not read, so neither has an uncertainty. */
function complexParts(quantity: Quantity): Quantity[] {
  const polar = quantity.complex[0]?.form === 'polar';
  const part = (which: 'first' | 'second', suffix: string): Quantity => ({
    ...quantity,
    kind: 'real',
    name: suffixed(quantity.name, suffix),
    complex: [],
    points: quantity.complex.map((point) => ({
      ...point[which],
      unit: polar && which === 'second' ? (point.phaseUnit ?? '\\radian') : point.unit,
      uncertainty: null,
      label: point.label,
      dateTime: null,
      conformity: null,
    })),
  });
  return polar
    ? [part('first', 'magnitude'), part('second', 'phase')]
    : [part('first', 'real part'), part('second', 'imaginary part')];
}

function suffixed(name: Quantity['name'], suffix: string): Quantity['name'] {
  const all = (name?.all ?? []).map((part) => ({ ...part, text: `${part.text}, ${suffix}` }));
  return { text: `${name?.text ?? 'complex quantity'}, ${suffix}`, all };
}

function wordsOf({ words }: Quantity): readonly string[] {
  return words === null ? [] : [oneLine(words)];
}
