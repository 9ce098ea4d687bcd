import { parseUnit } from '@tracecal/core/model';

/** A difference, error or uncertainty in another unit of the same dimension: errors of a Celsius scale are often in kelvin. */
export function differenceIn(from: string, to: string, value: number): number | null {
  const [source, target] = [parseUnit(from), parseUnit(to)];
  return source && source.dimension === target?.dimension
    ? finite(from === to ? value : (value * source.factor) / target.factor, value)
    : null;
}

/** A value in another unit of the same dimension, with the zero points of both. */
export function valueIn(from: string, to: string, value: number): number | null {
  const [source, target] = [parseUnit(from), parseUnit(to)];
  if (!source || source.dimension !== target?.dimension) return null;
  const converted = from === to ? value : (value * source.factor + (source.offset - target.offset)) / target.factor;
  return Number.isFinite(converted) ? converted : null;
}

/** Finite, and not a zero that was not one before. */
function finite(result: number, value: number): number | null {
  return Number.isFinite(result) && (result !== 0 || value === 0) ? result : null;
}
