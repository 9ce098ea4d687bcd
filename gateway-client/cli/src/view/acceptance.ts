import type { Style } from '../style.js';

/** How an owner's officer goes on where a report is not accepted yet. */
export function acceptanceHint(report: string, { hint }: Style): string {
  return `Its owner has not accepted it yet; until then it does not count: ${hint(`report accept ${report}`)}.`;
}
