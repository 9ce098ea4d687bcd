import type { VerdictCounts } from '@tracecal/core/contracts';
import { VERDICT_STATUSES } from '@tracecal/core/trace';

/** `2 TRACEABLE, 1 FAILED`. */
export function countsText(counts: VerdictCounts): string {
  const present = VERDICT_STATUSES.filter((status) => counts[status] > 0);
  return present.map((status) => `${counts[status]} ${status}`).join(', ');
}

/** `1 device`, `2 devices`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
