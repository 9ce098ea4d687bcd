import { kindNamed } from './kinds.js';
import { parseUnit } from './units.js';
import type { Unit } from './units.js';

/** A unit for values of a kind; for a difference, without the zero point. Undefined if the text is not a D-SI unit. */
export function unitOfKind(kind: string, unit: string): Unit | undefined {
  const read = parseUnit(unit);
  const isDifference = (kindNamed(kind)?.differenceOf ?? null) !== null;
  return read && isDifference ? { ...read, offset: 0 } : read;
}
