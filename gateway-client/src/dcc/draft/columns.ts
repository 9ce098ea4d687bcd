import { withUnit } from '@tracecal/core/model';
import type { BoundedDistribution } from '@tracecal/core/model';
import type { Quantity } from '../data.js';
import { oneLine } from '../oneLine.js';
import type { Point } from '../quantities.js';
import { product } from './arithmetic.js';
import type { Cell, Column, StatedUncertainty, TablePlace } from './column.js';
import { chooseForm } from './hybrids.js';
import { lastDigit } from './contradictions.js';
import { isOfSpan } from './fullScale.js';
import { descriptionOf, otherMeaningOf, RESULTS } from './otherMeanings.js';
import type { Origin } from './shapes.js';
import { saysShare } from './shares.js';
import { oppositeSigns, roleBySign } from './signs.js';
import type { Told } from './told.js';
import { convertDifference, convertValue, draftUnit, hasConventionalZero, nearestUnit } from './units.js';
import type { DraftUnit } from './units.js';
import { lookUp, NAMES, namesGain, REF_TYPES } from './vocabulary.js';
import type { Role } from './vocabulary.js';

/** The columns of a table, with what each of them is. */
export function columnsOf(table: readonly Quantity[], place: TablePlace, told: Told): Column[] {
  const parts = table.flatMap((quantity) => (quantity.kind === 'complex' ? complexParts(quantity) : [quantity]));
  const measured = parts.map((quantity) => readCells(quantity, told.units));
  const anyUncertainty = measured.some(({ cells }) => cells.some((cell) => cell.uncertainty !== null));
  const columns = parts.map((quantity, i): Column => {
    const { names, refTypes } = marksOf(quantity);
    const read = measured[i] ?? readCells(quantity, told.units);
    const states = read.cells.some((cell) => cell.uncertainty !== null);
    const clues = { names, refTypes, states, alone: !anyUncertainty, words: quantity.kind === 'words' };
    const mapped = told.column(place, i + 1, [...names, ...refTypes]);
    const [role, from] = mapped ? ([mapped.role, 'mapping'] as const) : roleOf(clues);
    const name = titleOf(quantity, refTypes, i);
    const ofResult = mapped?.uncertainty === 'result';
    const ofSpan = isOfSpan([...names, ...(read.unit ? [read.unit.written] : [])]);
    const ofValue = mapped?.relative ?? (saysShare(names, refTypes) || null);
    const marks = { name, names, refTypes, role, from, ofResult, ofValue, ofSpan };
    const column = { ...marks, ...read, words: wordsOf(quantity), quantity };
    const isOpen = from !== 'mapping' && column.words.length === 0;
    const other = isOpen ? (oppositeSign(column) ?? otherMeaningOf(markedRole(clues), names)) : null;
    return other === null ? column : { ...column, role: 'ignored', from: 'name', reason: other };
  });
  return columns
    .map((column) => withoutError(column, columns))
    .map(withoutDescription)
    .map(asGain);
}

/** Why a difference is not taken whose name states the sign that its role does not. */
function oppositeSign({ role, names }: Pick<Column, 'role' | 'names'>): string | null {
  const signed = roleBySign(role, names);
  return signed === null || signed === role ? null : oppositeSigns(signed, names);
}

/** Its name, else its refType, else its place. */
function titleOf({ name }: Quantity, refTypes: readonly string[], i: number): string {
  return [oneLine(name?.text), ...refTypes].find(Boolean) ?? `column ${i + 1}`;
}

function marksOf({ name, refType }: Quantity) {
  const names = (name?.all ?? []).map(({ text }) => oneLine(text)).filter(Boolean);
  return { names, refTypes: refType?.split(/\s+/) ?? [] };
}

const DIFFERENCES: ReadonlySet<Role> = new Set(['error', 'correction', 'deviation']);

/** A factor or a spread repeats an error in the same table; without an error, it is an ordinary result. */
function withoutError(column: Column, table: readonly Column[]): Column {
  const states = column.cells.some((cell) => cell.uncertainty !== null);
  const isKept = column.role !== 'ignored' || column.from === 'mapping' || column.reason !== null;
  const repeats = !states || isKept;
  return repeats || table.some(({ role }) => DIFFERENCES.has(role))
    ? column
    : { ...column, role: 'value', from: 'structure' };
}

/** A column that describes the item is neither a part of a result nor where it holds. */
function withoutDescription(column: Column, i: number, table: readonly Column[]): Column {
  const { role, from, names, unit } = column;
  const beside = table.flatMap((other, at) =>
    at !== i && other.unit?.dimension === unit?.dimension ? other.role : [],
  );
  const isOpen = unit !== null && from !== 'mapping' && from !== 'refType';
  const reason = isOpen ? descriptionOf(role, names, beside) : null;
  return reason === null ? column : { ...column, role: 'ignored', from: 'name', reason };
}

/** A gain is a setting beside results; with an uncertainty, or without any other result, it is one itself. */
function asGain(column: Column, _: number, table: readonly Column[]): Column {
  const isSetting = column.role === 'setting' && column.from === 'name' && column.unit !== null;
  const states = column.cells.some(({ uncertainty }) => uncertainty !== null);
  const isAlone = namesGain(column.names) && !table.some(({ role }) => RESULTS.has(role));
  return isSetting && (states || isAlone) ? { ...column, role: 'value', from: 'structure' } : column;
}

interface RoleClues {
  readonly names: readonly string[];
  readonly refTypes: readonly string[];
  readonly states: boolean;
  /** No column of the table states an uncertainty. */
  readonly alone: boolean;
  readonly words: boolean;
}

/** By attribute or name. */
function markedRole({ names, refTypes }: RoleClues): Role | undefined {
  return lookUp(REF_TYPES, refTypes) ?? lookUp(NAMES, names);
}

function roleOf(clues: RoleClues): readonly [Role, Origin] {
  const { refTypes, states, alone, words } = clues;
  const byType = lookUp(REF_TYPES, refTypes);
  const told = markedRole(clues);
  if (words) {
    return [told === 'setting' || told === 'argument' ? 'setting' : 'ignored', byType ? 'refType' : 'structure'];
  }
  const signed = byType === undefined ? roleBySign(told, clues.names) : null;
  if (signed !== null) {
    return [signed, 'name'];
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
  const note = value === null ? 'the certificate states NaN, no value' : whyOutside(point);
  return {
    // A written -0 means 0.
    value: value === null || note !== null ? null : convertValue(value, own, unit) + 0,
    note,
    step: convertDifference(lastDigit(point.text), own, unit),
    uncertainty: uncertainty && {
      step: convertDifference(stepOf(uncertainty), own, unit),
      U: uncertainty.U === null ? null : convertDifference(uncertainty.U, own, unit),
      k: uncertainty.k,
      p: uncertainty.p,
      distribution: boundedDistribution(uncertainty.distribution),
    },
  };
}

/** An interval states the standard uncertainty, and U by its ends. */
function stepOf({ form, text, k }: NonNullable<Point['uncertainty']>): number {
  return lastDigit(text) * (form === 'interval' ? (k ?? 1) : 1);
}

/** A coverage interval that lies beside its value belongs to another one, so its ends state no uncertainty of this one. */
function whyOutside({ value, text, unit, uncertainty }: Point): string | null {
  if (value === null || !uncertainty?.interval) {
    return null;
  }
  const { min, max } = uncertainty.interval;
  const isWithin = (min.value ?? value) <= value && value <= (max.value ?? value);
  return isWithin
    ? null
    : `its coverage interval from ${min.text} to ${withUnit(max.text, unit)} does not contain its value, ${withUnit(text, unit)}`;
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

/** What a part is a part of; 0: of nothing. */
function sizeOf(value: number | null, unit: DraftUnit): number {
  return value === null || hasConventionalZero(unit) ? 0 : Math.abs(value);
}

/** Relative to the value of the same row; at zero it is undefined. The form has no coverage factor. */
function relativeUncertaintyOf(
  { relativeUncertainty, name }: Quantity,
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
  if (isOfSpan([...(name?.all ?? []).map(({ text }) => text), stated.unit])) {
    return { U: null, ...NO_COVERAGE, isPartOfSpan: true };
  }
  const size = sizeOf(value, valueUnit);
  const isPartOfNothing = size === 0;
  if (isPartOfNothing || unit.dimension !== '' || stated.value < 0) {
    return { U: null, ...NO_COVERAGE, step: 0, isPartOfNothing };
  }
  const part = (share: number) => product(product(share, unit.factor), size);
  return { U: part(stated.value), ...NO_COVERAGE, step: part(lastDigit(stated.text)), isPartOfNothing };
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
