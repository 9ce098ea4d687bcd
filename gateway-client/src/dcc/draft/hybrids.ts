import { withUnit } from '@tracecal/core/model';
import type { Point } from '../quantities.js';
import type { Quantity } from '../data.js';
import { draftUnit, unitForChecks, type DraftUnit } from './units.js';

/** The form that represents a hybrid, and the rows in which its forms contradict each other. */
export interface ChosenForm {
  readonly points: readonly Point[];
  /** By row, counted from 0: both values, as written. */
  readonly disagreements: ReadonlyMap<number, string>;
}

/** The first form with a usable unit. Rows in which two forms differ by more than their last digits are reported. */
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
        disagreements.set(
          row,
          `${withUnit(point.text, point.unit)} and ${same ? withUnit(same.text, same.unit) : 'nothing'}`,
        );
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

function inSi(value: number, { factor, offset }: DraftUnit): number {
  return value * factor + offset;
}

/** The value of one step of the last written digit. */
function lastDigit(text: string): number {
  const [, decimals = '', exponent = '0'] = /^[-+]?\d*\.?(\d*)(?:[Ee]([-+]?\d+))?$/.exec(text) ?? [];
  return Number(`1e${Number(exponent) - decimals.length}`);
}
