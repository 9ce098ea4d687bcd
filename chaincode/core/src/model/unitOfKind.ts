import { kindNamed } from './kinds.js';
import { parseUnit } from './units.js';
import type { Unit } from './units.js';

/** A unit as values of a kind are read in it: a difference never takes its zero point. Undefined if it is no D-SI unit. */
export function unitOfKind(kind: string, unit: string): Unit | undefined {
  const read = parseUnit(unit);
  const isDifference = (kindNamed(kind)?.differenceOf ?? null) !== null;
  return read && isDifference ? { ...read, offset: 0 } : read;
}
