import type { RegistryPolicy, Result } from '../../model/index.js';
import { judgingPolicy } from '../judge/policy.js';
import type { AskedAt } from './askedAt.js';
import { rowsAround } from './around.js';

/**
 * Which rows of a report's results a question about a place is answered from, as text. Places with the same rows have the same verdict:
 * whoever asks about many places asks once for each text.
 *
 * @param results Of the device's own reports, all of the kind that is asked about.
 */
export function rowsAsked(results: readonly Result[], at: AskedAt, policy: RegistryPolicy): string {
  const { support } = judgingPolicy(policy);
  return JSON.stringify(results.map((result) => rowsAround(result, at, support)));
}
