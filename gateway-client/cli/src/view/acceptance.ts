/** How an owner's officer goes on where a report is not accepted yet. */
export function acceptanceHint(report: string): string {
  return `Its owner has not accepted it yet, and must before it counts: tracecal report accept ${report}`;
}
