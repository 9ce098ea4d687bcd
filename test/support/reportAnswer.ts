import { isKind } from '@tracecal/core/model';
import type { ReportAnswer } from '@tracecal/core/contracts';
import { readSigned } from './hierarchy.js';
import type { Hierarchy } from './hierarchy.js';

/** What a registry that holds a hierarchy answers about one of its reports. */
export function reportAnswer(hierarchy: Hierarchy, report: string): ReportAnswer {
  const record = hierarchy.recordOf(report);
  const statement = readSigned(record.statement.jws);
  if (!isKind(statement, 'report')) {
    throw new Error(`${report} is no report.`);
  }
  return {
    id: record.id,
    digest: hierarchy.digestOf(report),
    organisation: statement.author,
    body: statement.body,
    results: hierarchy.resultsOf(report),
    settled: [],
    record,
  };
}
