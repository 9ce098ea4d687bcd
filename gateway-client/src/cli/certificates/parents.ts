import { isDeepStrictEqual } from 'node:util';
import type { ReportAnswer } from '@tracecal/chaincode/registry';
import type { Parent } from '@tracecal/chaincode/model';
import type { TraceCal } from '../../client/index.js';
import { oneLine, outsideParent } from '../../dcc/index.js';
import type { ParentDraft } from '../../dcc/index.js';
import { all } from '../all.js';
import { findSubjects } from '../operations/ids.js';
import type { Catalogue } from '../operations/ids.js';
import { slug } from './slug.js';

/**
 * Finds what a certificate rests on; each once, however many measurements name it. A registered report counts only if it was
 * made from the very file that the certificate names, or, where no digest is stated, from the certificate of that name and
 * about the device of that serial number. What is on paper or not registered stays outside.
 */
export async function matchParents(catalogue: Catalogue, drafts: readonly ParentDraft[]): Promise<readonly Parent[]> {
  const parents = await Promise.all(
    drafts.map(async (draft) => registered(await find(catalogue, draft)) ?? outsideParent(draft)),
  );
  return parents.filter((parent, index) => index === parents.findIndex((other) => isDeepStrictEqual(other, parent)));
}

/** Of several that it can be, that of a standard whose key is here to sign: others are somebody else's by the same number. */
async function find(catalogue: Catalogue, draft: ParentDraft): Promise<ReportAnswer | undefined> {
  const found = draft.analogue ? [] : await findAll(catalogue, draft);
  return (
    found.find(({ body }) => catalogue.keys.has('device', body.device)) ?? (found.length === 1 ? found[0] : undefined)
  );
}

async function findAll(catalogue: Catalogue, draft: ParentDraft): Promise<readonly ReportAnswer[]> {
  const reader = await catalogue.reader();
  const named = await reportsOfName(catalogue, reader, draft);
  if (draft.sha256 === null) {
    const meant = await Promise.all(
      named.map(async (report) => ((await isMeant(reader, report, draft)) ? [report] : [])),
    );
    return meant.flat();
  }
  const reports = [...named, ...(await reportsOfSerial(reader, draft))].filter(
    ({ body }) => body.certificateSha256 === draft.sha256,
  );
  return [...new Map(reports.map((report) => [report.id, report])).values()];
}

/** A parent that is registered under its number, but from another file than the certificate names. */
export interface OtherFile {
  readonly certificate: string;
  readonly report: string;
}

export async function otherFilesOf(catalogue: Catalogue, parents: readonly Parent[]): Promise<readonly OtherFile[]> {
  const reader = await catalogue.reader();
  const found = await Promise.all(
    parents.map(async (parent) => {
      if (parent.kind !== 'external' || parent.sha256 === null) return [];
      const { certificate } = parent;
      const named = await reportsOfName(catalogue, reader, { certificate });
      return named.map(({ id }): OtherFile => ({ certificate, report: id }));
    }),
  );
  return found.flat();
}

/** Whichever laboratory has issued a certificate of this number. */
async function reportsOfName(
  catalogue: Catalogue,
  reader: TraceCal,
  { certificate }: Pick<ParentDraft, 'certificate'>,
): Promise<readonly ReportAnswer[]> {
  const name = slug(certificate);
  const found = name === undefined ? [] : await findSubjects(catalogue, name, ['report']);
  return Promise.all(found.map(({ id }) => reader.getReport(id)));
}

/** Numbers are unique for a laboratory, not in the world: without a digest the standard must be the same as well. */
async function isMeant(reader: TraceCal, { body, record }: ReportAnswer, { serial }: ParentDraft): Promise<boolean> {
  if (record.supersededBy !== null) {
    return false;
  }
  const stated = oneLine(serial);
  return stated === '' || (await reader.getDevice(body.device)).serial === stated;
}

async function reportsOfSerial(reader: TraceCal, draft: ParentDraft): Promise<readonly ReportAnswer[]> {
  const serial = oneLine(draft.serial);
  if (serial === '') {
    return [];
  }
  const devices = await all(reader.findDevices({ serial }));
  const lists = await Promise.all(devices.map(({ id }) => all(reader.listReports(id))));
  return Promise.all(lists.flat().map(({ id }) => reader.getReport(id)));
}

function registered(answer: ReportAnswer | undefined): Parent | undefined {
  return answer && { kind: 'report', device: answer.body.device, report: answer.id, digest: answer.digest };
}
