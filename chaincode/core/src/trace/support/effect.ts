import { comparedBy } from './reference.js';
import type { ResultRow, Role, SupportedResult, Use } from './input.js';

/** How far a source moved at a place where it was used. */
export interface Moved {
  /** In the unit of the source. */
  readonly moved: number;
  /** Its value there, and its standard uncertainty before. */
  readonly value: number;
  readonly before: number;
}

/** How a move of a source changes a row of the result, in the unit of the result. NaN without a declared model. */
export type Effect = (moved: Moved, row: ResultRow, index: number, u: number) => number;

/** By the method's model; for a source outside the model, u times the root of its share of the variance, or all of u. */
export function effectOf(result: SupportedResult, role: Role, use: Use): Effect {
  if (role === 'influence' || role === 'check' || role === 'after') {
    return byShare(use);
  }
  switch (result.method) {
    case 'scaled':
      return relative(1);
    case 'product':
      return relative(Math.abs(use.exponent ?? NaN));
    case 'sum':
      return bySensitivity(use, 1);
    case 'general':
      return bySensitivity(use, NaN);
    default:
      return role === 'reference' ? compared(result) : byShare(use);
  }
}

function compared(result: SupportedResult): Effect {
  return comparedBy(result) === 'relative' ? relative(1) : ({ moved }) => moved;
}

function relative(exponent: number): Effect {
  return ({ moved, value }, { y }) => (exponent * Math.abs(y ?? NaN) * moved) / value;
}

function bySensitivity({ sensitivity }: Use, usual: number): Effect {
  const values = sensitivity?.values ?? [usual];
  return ({ moved }, _, index) => Math.abs(values[values.length === 1 ? 0 : index] ?? NaN) * moved;
}

function byShare({ share }: Use): Effect {
  return ({ moved, before }, _, __, u) => (moved === 0 ? 0 : (moved / before) * Math.sqrt(share ?? 1) * u);
}
