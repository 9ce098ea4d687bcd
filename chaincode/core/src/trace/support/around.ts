import { kindNamed } from '../../model/index.js';
import type { SupportPolicy } from './policy.js';

/** In kelvin. A temperature has no size of which a part could be taken: its zero is a convention. */
const TEMPERATURES = 100;

/**
 * How far a number may be from a single argument and still be at the same place, in the SI unit of its kind: a part of the argument,
 * or for a temperature the same part of 100 K.
 */
export function marginAround(kind: string | null, argument: number, { edge }: Pick<SupportPolicy, 'edge'>): number {
  return edge * (kind !== null && isTemperature(kind) ? TEMPERATURES : Math.abs(argument));
}

function isTemperature(kind: string): boolean {
  const named = kindNamed(kind);
  return named?.differenceOf === null && named.units.includes('\\degreecelsius');
}
