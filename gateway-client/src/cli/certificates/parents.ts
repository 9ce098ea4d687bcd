import { isDeepStrictEqual } from 'node:util';
import type { ReportAnswer } from '@tracecal/chaincode/registry';
import type { Parent } from '@tracecal/chaincode/model';
import type { TraceCal } from '../../client/index.js';
import type { ParentDraft } from '../../dcc/index.js';
import { all } from '../all.js';
import { ifThere } from '../ifThere.js';
import { oneLine } from './oneLine.js';
import { slug } from './slug.js';

const NOT_NAMED = 'not named';

/**
 * Finds what a certificate rests on; each once, however many measurements name it. A registered report counts only if it was
 * made from the very file that the certificate names, or, where no digest is stated, from the certificate of that name and
 * about the device of that serial number. What is on paper or not registered stays outside.
 */
export async function matchParents(reader: TraceCal, drafts: readonly ParentDraft[]): Promise<readonly Parent[]> {
  const parents = await Promise.all(
    drafts.map(async (draft) => registered(await find(reader, draft)) ?? outside(draft)),
  );
  return parents.filter((parent, index) => index === parents.findIndex((other) => isDeepStrictEqual(other, parent)));
}

async function find(reader: TraceCal, draft: ParentDraft): Promise<ReportAnswer | undefined> {
  if (draft.analogue) {
    return undefined;
  }
  const named = slug(draft.certificate);
  const byName = named === undefined ? undefined : await ifThere(reader.getReport(named));
  if (draft.sha256 === null) {
    return byName && (await isMeant(reader, byName, draft)) ? byName : undefined;
  }
  const isFile = ({ payload }: ReportAnswer) => payload.certificateSha256 === draft.sha256;
  return byName && isFile(byName) ? byName : (await reportsOfSerial(reader, draft)).find(isFile);
}

/** Numbers are unique for a laboratory, not in the world: without a digest the standard must be the same as well. */
async function isMeant(
  reader: TraceCal,
  { device: id, report }: ReportAnswer,
  { serial }: ParentDraft,
): Promise<boolean> {
  if (report.supersededBy !== null) {
    return false;
  }
  const stated = oneLine(serial);
  return stated === '' || (await reader.getDevice(id)).device.serial === stated;
}

async function reportsOfSerial(reader: TraceCal, draft: ParentDraft): Promise<readonly ReportAnswer[]> {
  const serial = oneLine(draft.serial);
  if (serial === '') {
    return [];
  }
  const devices = await all(reader.findDevices({ serial }));
  const lists = await Promise.all(devices.map(({ id }) => reader.listReports(id)));
  return Promise.all(lists.flat().map(({ id }) => reader.getReport(id)));
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
