import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opener.js';
import type { Finding } from '../verdict.js';

/** A trace that would hold more results against one another than it may. */
export function tooMuch({ id }: OpenReport, { quantity }: Result): Finding {
  return {
    check: 'limits',
    outcome: 'missing',
    reason: `Report ${id} and its parents have more results than one trace compares: ask about one kind of quantity (--quantity ${quantity}).`,
  };
}
