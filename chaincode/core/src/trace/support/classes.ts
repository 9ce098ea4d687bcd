import type { Asked, MethodClass } from './asked.js';
import { direct, group, undeclared } from './comparison.js';
import type { Method } from './input.js';
import { interpolated } from './interpolated.js';
import { natural } from './natural.js';
import { general, product, scaled, sum } from './propagated.js';

/** One function for each method class: how small an uncertainty can be. */
export const CLASSES: Readonly<Record<Method, (asked: Asked) => MethodClass>> = {
  undeclared,
  direct,
  group,
  interpolated,
  scaled,
  product,
  sum,
  general,
  natural,
};

/** Classes that compute the result from quantities of other kinds. */
export function isPropagated(method: Method): method is 'product' | 'sum' | 'general' {
  return method === 'product' || method === 'sum' || method === 'general';
}
