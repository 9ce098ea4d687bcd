import { isUnsound } from '../model/index.js';
import type { Check, Link, TraceContext } from './checks/index.js';
import type { Finding } from './verdict.js';

/** What a check compared; empty for a record that cannot be read, because the findings say that already. */
export function told(check: Check, link: Link, context: TraceContext): readonly string[] {
  try {
    return check.told?.(link, context).map((sentence) => `${check.name}: ${sentence}`) ?? [];
  } catch (error) {
    if (isUnsound(error)) {
      return [];
    }
    throw error;
  }
}

/** The findings of a check. */
export function findings(check: Check, link: Link, context: TraceContext): readonly Finding[] {
  try {
    return check.examine(link, context).map((remark) => ({ check: check.name, ...remark }));
  } catch (error) {
    // A record that cannot be read (a broken certificate) fails the check that needed it.
    if (isUnsound(error)) {
      return [{ check: check.name, outcome: 'failed', reason: `Report ${link.report.id}: ${error.message}` }];
    }
    throw error;
  }
}
