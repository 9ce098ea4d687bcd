import { withUnit } from '@tracecal/core/model';
import type { Point } from '../quantities.js';
import type { Quantity } from '../data.js';
import { agreeInSize, lastDigit, type StatedSize } from './contradictions.js';
import { draftUnit, unitForChecks, type DraftUnit } from './units.js';

/** The form that represents a hybrid, and the rows in which its forms contradict each other. */
export interface ChosenForm {
  readonly points: readonly Point[];
  /** By row, counted from 0: both forms, as written. */
  readonly disagreements: ReadonlyMap<number, string>;
}

/**
 * The first form with a usable unit. Rows in which the values or the uncertainties of two forms differ by more than their last digits are
 * reported.
 */
export function chooseForm(
  { points, alternatives }: Pick<Quantity, 'points' | 'alternatives'>,
  units: Readonly<Record<string, string>>,
): ChosenForm {
  const forms = [points, ...alternatives];
  const chosen = forms.find((form) => form.every(({ unit }) => draftUnit(unit, units))) ?? points;
  const disagreements = new Map<number, string>();
  for (const other of forms.filter((form) => form !== chosen)) {
    chosen.forEach((point, row) => {
      const same = other[row];
      if (!same || !agree(point, same)) {
        disagreements.set(row, `${written(point)} and ${same ? written(same) : 'nothing'}`);
      } else if (!agreeInUncertainty(point, same)) {
        disagreements.set(row, `${withUncertainty(point)} and ${withUncertainty(same)}`);
      }
    });
  }
  return { points: chosen, disagreements };
}

/** An unknown unit is no evidence against the value. */
function agree(a: Point, b: Point): boolean {
  const [unitA, unitB] = [unitForChecks(a.unit), unitForChecks(b.unit)];
  if (!unitA || !unitB || a.value === null || b.value === null) {
    return a.value !== null || b.value === null;
  }
  const [siA, siB] = [inSi(a.value, unitA), inSi(b.value, unitB)];
  const digits = lastDigit(a.text) * unitA.factor + lastDigit(b.text) * unitB.factor;
  // A double adds its own rounding error to that of the last digits.
  const rounding = 1e-12 * Math.max(Math.abs(siA), Math.abs(siB));
  return unitA.dimension === unitB.dimension && Math.abs(siA - siB) <= digits + rounding;
}

function written({ text, unit }: Point): string {
  return withUnit(text, unit);
}

function withUncertainty(point: Point): string {
  const { uncertainty, unit } = point;
  const [name, k] = uncertainty?.form === 'expanded' ? ['U', `, k = ${uncertainty.k ?? 'NaN'}`] : ['u', ''];
  return `${written(point)} (${name} = ${withUnit(uncertainty?.text ?? '', unit)}${k})`;
}

/** Often only one form states an uncertainty. */
function agreeInUncertainty(a: Point, b: Point): boolean {
  const [one, other] = [spreadOf(a), spreadOf(b)];
  return !one || !other || agreeInSize(one, other);
}

/** The standard uncertainty of a point and one step of its last digit, in SI units. */
function spreadOf({ uncertainty, unit: stated }: Point): StatedSize | null {
  const unit = unitForChecks(stated);
  const { U = null, k = null } = uncertainty ?? {};
  if (!uncertainty || !unit || U === null || k === null || k <= 0) {
    return null;
  }
  const step = lastDigit(uncertainty.text) * unit.factor;
  return { size: (U / k) * unit.factor, step: uncertainty.form === 'expanded' ? step / k : step };
}

function inSi(value: number, { factor, offset }: DraftUnit): number {
  return value * factor + offset;
}
