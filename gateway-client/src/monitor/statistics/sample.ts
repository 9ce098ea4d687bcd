import { RegistryError } from '@tracecal/core/model';

/** Number, mean and standard deviation of some values. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** With count - 1 degrees of freedom. */
  readonly deviation: number;
}

/**
 * Number, mean and standard deviation of values: the base that a control chart gets its limits from, if the process was in order then.
 *
 * @throws RegistryError `INPUT_INVALID` with fewer than two values, or one that is no finite number
 * @example sampleOf([1, 2, 3]) // { count: 3, mean: 2, deviation: 1 }
 */
export function sampleOf(values: readonly number[]): Sample {
  requireFinite(values);
  requireValues(values.length, 2, 'a standard deviation');
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count: values.length, mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** Mean of values, computed around the first one: large values that differ little keep their digits. */
export function meanOf(values: readonly number[]): number {
  const [first = Number.NaN] = values;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/**
 * Standard deviation of values around the means of their groups, and its degrees of freedom: what repeated measurements have in common
 * though they were made on days of different means.
 */
export function pooledDeviation(groups: readonly (readonly number[])[]): { deviation: number; freedom: number } {
  const repeated = groups.filter(({ length }) => length > 1).map(sampleOf);
  requireValues(repeated.length, 1, 'a pooled standard deviation', 'groups of two or more');
  const freedom = repeated.reduce((sum, { count }) => sum + count - 1, 0);
  const squares = repeated.reduce((sum, { count, deviation }) => sum + (count - 1) * deviation ** 2, 0);
  return { deviation: Math.sqrt(squares / freedom), freedom };
}

/** @throws RegistryError `INPUT_INVALID` */
export function requireFinite(values: readonly number[]): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new RegistryError('INPUT_INVALID', `Value ${at + 1} of ${values.length} is no finite number.`);
  }
}

/** @throws RegistryError `INPUT_INVALID` */
export function requirePositive(value: number, name: string): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new RegistryError('INPUT_INVALID', `${name} is ${value}: it has to be a positive number.`);
  }
}

/** @throws RegistryError `INPUT_INVALID` */
export function requireValues(count: number, needed: number, purpose: string, what = 'values'): void {
  if (count < needed) {
    throw new RegistryError('INPUT_INVALID', `For ${purpose} give at least ${needed} ${what}: there are ${count}.`);
  }
}
