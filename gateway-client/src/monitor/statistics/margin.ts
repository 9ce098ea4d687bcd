import { requireFinite, requirePositive } from './sample.js';

/** How an error stands to the largest one that is allowed. */
export interface Margin {
  /** Share of the limit that the error and its uncertainty take, 1 at the limit. */
  readonly used: number;
  /** By simple acceptance (error alone) and with a guard band of U (JCGM 106). */
  readonly conforms: 'yes' | 'within U of the limit' | 'no';
}

/**
 * @param limit The largest error allowed, in the unit of the error.
 * @example marginOf(0.3, 0.1, 0.5) // { used: 0.8, conforms: 'yes' }
 */
export function marginOf(error: number, expanded: number, limit: number): Margin {
  requireFinite([error, expanded]);
  requirePositive(limit, 'The largest error allowed');
  const size = Math.abs(error);
  const used = (size + Math.abs(expanded)) / limit;
  if (used <= 1) return { used, conforms: 'yes' };
  return { used, conforms: size <= limit ? 'within U of the limit' : 'no' };
}
