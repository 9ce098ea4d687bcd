import type { Observation } from '@tracecal/gateway-client/monitor';
import { millisecondsOf } from '@tracecal/core/model';
import type { Observed } from '../../model/index.js';
import type { Period } from './input.js';

/** A value beside a reference, and the digest of what shows it. */
export interface Compared extends Observation {
  readonly evidence: string;
}

/** The values of a device that can be compared, oldest first, and what was left out. */
export interface Comparison {
  /** Unit of the newest value: the one that is reported. */
  readonly unit?: string;
  readonly compared: readonly Compared[];
  readonly withoutReference: number;
  readonly inOtherUnits: number;
}

/** A value that reached the monitor twice counts once; values from the end of the period on do not count. */
export function valuesOf(
  device: string,
  observed: readonly Observed[],
  { to }: Pick<Period, 'to'>,
): readonly Observed[] {
  const before = observed.filter((each) => each.device === device && isBefore(each.time, to));
  const once = new Map(before.map((each) => [`${each.evidence} ${each.time} ${each.value}`, each]));
  return [...once.values()].sort((one, other) => millisecondsOf(one.time) - millisecondsOf(other.time));
}

export function comparisonOf(values: readonly Observed[]): Comparison {
  const unit = values.at(-1)?.unit;
  const inUnit = values.filter((each) => each.unit === unit);
  const compared = inUnit.flatMap(({ time, value, uncertainty, reference, evidence }) =>
    reference ? [{ time, value, reference, evidence, ...(uncertainty && { uncertainty }) }] : [],
  );
  return {
    ...(unit !== undefined && { unit }),
    compared,
    withoutReference: inUnit.length - compared.length,
    inOtherUnits: values.length - inUnit.length,
  };
}

export function isWithin(time: string, { from, to }: Period): boolean {
  return !isBefore(time, from) && isBefore(time, to);
}

export function isBefore(time: string, other: string): boolean {
  return millisecondsOf(time) < millisecondsOf(other);
}
