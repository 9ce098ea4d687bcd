import type { Uncertainty } from '@tracecal/core/model';
import { requireFinite, requirePositive } from './sample.js';

/** A value with the half-width of an interval around it. */
export interface Expanded {
  readonly value: number;
  /** U, expanded. */
  readonly expanded: number;
}

export interface Standard {
  readonly value: number;
  /** u, standard. */
  readonly standard: number;
}

/** In one scheme of scores: in order, doubtful (to be watched), or not in order. */
export type Grade = 'satisfactory' | 'questionable' | 'unsatisfactory';

/**
 * En of ISO/IEC 17043: the difference of two results by their expanded uncertainties. They agree if it is at most 1, from -1 on. It has the
 * sign of the first minus the second.
 */
export function enScore(own: Expanded, reference: Expanded): number {
  return difference(own, reference) / combined(own.expanded, reference.expanded, 'U');
}

/** Zeta of ISO 13528: the same with standard uncertainties. Above 2 it is questionable, above 3 unsatisfactory. */
export function zetaScore(own: Standard, reference: Standard): number {
  return difference(own, reference) / combined(own.standard, reference.standard, 'u');
}

/** z' of ISO 13528: by the standard deviation that fits the purpose, widened by the uncertainty of the assigned value. */
export function zPrimeScore(value: number, assigned: Standard, purpose: number): number {
  return difference({ value }, assigned) / combined(purpose, assigned.standard, 'The standard deviation');
}

export function gradeOfEn(en: number): Grade {
  return Math.abs(en) <= 1 ? 'satisfactory' : 'unsatisfactory';
}

export function gradeOfZ(z: number): Grade {
  if (Math.abs(z) <= 2) return 'satisfactory';
  return Math.abs(z) <= 3 ? 'questionable' : 'unsatisfactory';
}

/** A standard uncertainty from a stated one. */
export function standardOf({ expanded, coverageFactor }: Pick<Uncertainty, 'expanded' | 'coverageFactor'>): number {
  return expanded / coverageFactor;
}

function difference(own: { readonly value: number }, reference: { readonly value: number }): number {
  requireFinite([own.value, reference.value]);
  return own.value - reference.value;
}

function combined(one: number, other: number, name: string): number {
  requireFinite([one, other]);
  const both = Math.hypot(one, other);
  requirePositive(both, `${name} of both together`);
  return both;
}
