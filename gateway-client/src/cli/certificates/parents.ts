import type { ReportAnswer } from '@tracecal/chaincode/registry';
import type { Parent } from '@tracecal/chaincode/model';
import type { TraceCal } from '../../client/index.js';
import type { ParentDraft } from '../../dcc/index.js';
import { all } from '../all.js';
import { ifThere } from '../ifThere.js';
import { slug } from './slug.js';

const NOT_NAMED = 'not named';

/**
 * Finds what a certificate rests on. A registered report counts only if it was made from the very file that the certificate
 * names, or, where no digest is stated, from the certificate of that name. What is not registered stays outside.
 */
export function matchParents(reader: TraceCal, drafts: readonly ParentDraft[]): Promise<readonly Parent[]> {
  return Promise.all(drafts.map(async (draft) => registered(await find(reader, draft)) ?? outside(draft)));
}

async function find(reader: TraceCal, draft: ParentDraft): Promise<ReportAnswer | undefined> {
  const named = slug(draft.certificate);
  const byName = named === undefined ? undefined : await ifThere(reader.getReport(named));
  if (byName && isMeant(byName, draft)) {
    return byName;
  }
  for (const report of await reportsOfSerial(reader, draft)) {
    if (isMeant(report, draft)) {
      return report;
    }
  }
  return undefined;
}

async function reportsOfSerial(reader: TraceCal, { serial, sha256 }: ParentDraft): Promise<readonly ReportAnswer[]> {
  // Without a digest a report of the device may be any of its calibrations.
  if (serial === null || serial === '' || sha256 === null) {
    return [];
  }
  const devices = await all(reader.findDevices({ serial }));
  const lists = await Promise.all(devices.map(({ id }) => reader.listReports(id)));
  return Promise.all(lists.flat().map(({ id }) => reader.getReport(id)));
}

function isMeant({ payload, report }: ReportAnswer, { sha256, certificate }: ParentDraft): boolean {
  if (report.supersededBy !== null) {
    return false;
  }
  return sha256 === null ? payload.report === slug(certificate) : payload.certificateSha256 === sha256;
}

function registered(answer: ReportAnswer | undefined): Parent | undefined {
  return answer && { kind: 'report', device: answer.device, report: answer.id, digest: answer.report.digest };
}

function outside({ analogue, certificate, sha256, equipment }: ParentDraft): Parent {
  const name = (certificate ?? '').trim().slice(0, 200) || NOT_NAMED;
  return analogue
    ? { kind: 'paper', certificate: name, laboratory: '', equipment }
    : { kind: 'external', certificate: name, sha256, equipment };
}
