import { canonicalJson } from '../../model/index.js';
import type { ReportBody, StatementOf } from '../../model/index.js';
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

/**
 * The first of the reports that an amendment repeats: they state the same work with the same results. An address may differ, or the number
 * and the file of the certificate, because no verdict depends on them. Undefined if it repeats no report.
 */
export async function firstRepeated(
  source: Pick<RecordSource, 'report'>,
  registry: string,
  own: StatementOf<'report'>,
): Promise<string | undefined> {
  const content = contentOf(own);
  let first: string | undefined;
  let earlier = own.body.supersedes;
  for (let step = 0; earlier !== null && step < MAX_CHAIN; step += 1) {
    const record = await source.report(earlier.report);
    const [word] = record ? readable([record.statement], registry, 'report') : [];
    if (word?.digest !== earlier.digest || contentOf(word.statement) !== content) {
      break;
    }
    first = earlier.report;
    earlier = word.statement.body.supersedes;
  }
  return first;
}

/** All that a verdict may depend on, except who signed and when. */
function contentOf({ author, body }: StatementOf<'report'>): string {
  const { certificate, ...stated } = body;
  const { laboratory, code, country, issuer } = certificate ?? {};
  const named = certificate ? { laboratory, code, country, issuer } : null;
  const aside = { issued: null, technician: null, certificateSha256: null, supersedes: null };
  return canonicalJson(defined({ author, ...stated, ...aside, named: named && defined(named) }));
}

function defined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
