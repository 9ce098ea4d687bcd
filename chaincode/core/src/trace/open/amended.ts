import type { ReportBody } from '../../model/index.js';
import type { RecordSource } from '../source.js';
import { MAX_CHAIN } from './keyrings.js';
import { readable } from './statement.js';

/**
 * The kinds of quantity of all reports that a report amends, directly or through other amendments: it withdraws them. Undefined if one
 * of these reports is not available.
 */
export async function kindsAmended(
  source: Pick<RecordSource, 'report'>,
  registry: string,
  { supersedes }: ReportBody,
): Promise<readonly string[] | undefined> {
  const kinds: string[] = [];
  let earlier = supersedes;
  for (let step = 0; earlier !== null; step += 1) {
    const record = step < MAX_CHAIN ? await source.report(earlier.report) : undefined;
    const [word] = record ? readable([record.statement], registry, 'report') : [];
    if (word?.digest !== earlier.digest) {
      return undefined;
    }
    kinds.push(...word.statement.body.results.map(({ quantity }) => quantity));
    earlier = word.statement.body.supersedes;
  }
  return kinds;
}
