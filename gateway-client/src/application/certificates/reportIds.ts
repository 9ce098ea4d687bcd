import type { ReportAnswer } from '@tracecal/core/contracts';
import { isSameNumber, mayBeSameName, registrantOf } from '@tracecal/core/model';
import type { StatedCertificate } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import { findSubjects, ownId } from '../operations/ids.js';
import type { Catalogue } from '../operations/ids.js';
import { slug } from '../operations/slug.js';
import type { Session } from '../session/session.js';
import { together } from '../together.js';
import { nameOfFile } from './candidate.js';
import type { Candidate } from './candidate.js';
import { hasNumber } from './findParent.js';
import { isRevoked } from './isRevoked.js';
import type { ImportRole } from './importRole.js';

export interface About {
  /** The organisation that registers the report. */
  readonly organisation: string;
  readonly name: string;
  readonly certificate: StatedCertificate;
}

/** The possible ids of an item's report: the certificate's number; for a second file of that number, with its digest appended. */
function idsOf({ organisation, name }: Pick<About, 'organisation' | 'name'>, sha256: string): readonly string[] {
  return [name, `${name}+${sha256.slice(0, 8)}`].map((each) => ownId(organisation, each));
}

/** The report that was made from the same item of the same file before. A revoked report does not count: the file may be imported again. */
export async function reportOfSameFile(
  session: Pick<Session, 'confidential' | 'reader'>,
  about: Pick<About, 'organisation' | 'name'>,
  { sha256 }: Pick<Candidate, 'sha256'>,
): Promise<ReportAnswer | undefined> {
  const reader = await session.reader();
  const existing = await together(idsOf(about, sha256), (id) => undefinedIfNotFound(reader.getReport(id)));
  for (const each of existing) {
    // A confidential report does not name its file: only here it is known.
    const isSame = each && (each.body.certificateSha256 ?? (await originalOf(session, each, sha256))) === sha256;
    if (isSame && !isRevoked(each)) {
      return each;
    }
  }
  return undefined;
}

async function originalOf(
  { confidential }: Pick<Session, 'confidential'>,
  { digest }: ReportAnswer,
  sha256: string,
): Promise<string | undefined> {
  return (await confidential.isFrom(digest, sha256)) ? sha256 : undefined;
}

/**
 * The id under which an item of a certificate is registered. A laboratory uses a number once, so another file of that number is an
 * amendment or a forgery, no matter who registers it and what it is about. Only a person can decide.
 *
 * @param before - What is registered of the certificate already, where it must not be: see {@link reportsOfCertificate}.
 * @throws ApplicationError `INPUT_INVALID`
 */
export async function reportIdFor(
  reader: TraceCal,
  { organisation, name, certificate }: About,
  { sha256 }: Pick<Candidate, 'sha256'>,
  before: readonly ReportAnswer[],
): Promise<string> {
  const own = idsOf({ organisation, name }, sha256);
  const existing = await together(own, (id) => undefinedIfNotFound(reader.getReport(id)));
  const other = before.find(stands);
  if (other) {
    const replaced = `if this file replaces it, add --amends ${other.id}`;
    throw new ApplicationError('INPUT_INVALID', whyNot(other, organisation, { certificate, sha256, replaced }));
  }
  const free = own.find((_, place) => existing[place] === undefined);
  if (free === undefined) {
    throw new ApplicationError('INPUT_INVALID', `The ids that report ${name} could have are taken.`);
  }
  return free;
}

/** What is registered of the certificate of an item: from its number, if it has one, or from its very file. */
export async function reportsOfCertificate(
  catalogue: Catalogue,
  { organisation, name, certificate }: About,
  { sha256, report, uniqueIdentifier }: Candidate,
): Promise<readonly ReportAnswer[]> {
  const isNumbered = report !== nameOfFile(sha256);
  const names = isNumbered ? [name, uniqueIdentifier, report] : [name];
  const found = await reportsOfNumber(catalogue, { organisation, certificate, names, sha256, device: undefined });
  return found.filter(({ body }) => isNumbered || body.certificateSha256 === sha256);
}

/** The same for the device of the item, whose reports may have names chosen by people. */
export async function reportsAboutDevice(
  catalogue: Catalogue,
  { organisation, certificate, device }: Omit<About, 'name'> & { readonly device: string },
  { sha256, report }: Candidate,
): Promise<readonly ReportAnswer[]> {
  const found = await reportsOfNumber(catalogue, { organisation, certificate, names: [], sha256, device });
  return found.filter(({ body }) => report !== nameOfFile(sha256) || body.certificateSha256 === sha256);
}

/**
 * The report that another organisation made from the same item of the same file: nothing is left to register. It may have been amended
 * since. A revoked or suspended one does not count.
 *
 * @param device - The registered device of the item, if it is known.
 */
export function reportOfOthers(
  reports: readonly ReportAnswer[],
  { organisation, name, device }: Pick<About, 'organisation' | 'name'> & { readonly device?: string | undefined },
  { sha256, draft }: Candidate,
): ReportAnswer | undefined {
  const isSameItem = ({ id, organisation: by, body }: ReportAnswer) =>
    draft.items.length === 1 || body.device === device || idsOf({ organisation: by, name }, sha256).includes(id);
  const same = reports.filter(
    (each) =>
      each.organisation !== organisation &&
      each.body.certificateSha256 === sha256 &&
      each.record.impediments.length === 0 &&
      isSameItem(each),
  );
  return same.find(stands) ?? same[0];
}

/**
 * The same check for a report with a name chosen by a person: see {@link reportIdFor}. Neither the file nor another file of its number may
 * be registered.
 *
 * @param amends - The report that it replaces, which may be of the same file.
 * @throws ApplicationError `INPUT_INVALID`
 */
export async function requireNewFile(
  catalogue: Catalogue,
  { organisation, certificate, device }: Omit<About, 'name'> & { readonly device: string },
  { sha256, report, uniqueIdentifier, draft }: Candidate,
  amends: string | null,
): Promise<void> {
  const reader = await catalogue.reader();
  const sameFile = (await reportsOfDevice(reader, device)).filter(
    ({ id, body, record }) =>
      body.certificateSha256 === sha256 &&
      record.impediments.length === 0 &&
      // A report that has been amended may be replaced again by its own file.
      (amends === null || (id !== amends && record.supersededBy === null)),
  );
  const isNumbered = amends === null && report !== nameOfFile(sha256);
  const names = [uniqueIdentifier, report];
  const ofNumber = isNumbered
    ? await reportsOfNumber(catalogue, { organisation, certificate, names, sha256, device })
    : [];
  const found = sameFile[0] ?? ofNumber.find(stands);
  // Reports of the items of one certificate share its number.
  if (found && (found.body.device === device || draft.items.length === 1)) {
    const replaced = `if this file replaces it, use \`tracecal report amend ${found.id} NEW-ID\``;
    throw new ApplicationError('INPUT_INVALID', whyNot(found, organisation, { certificate, sha256, replaced }));
  }
}

interface Numbered extends Omit<About, 'name'> {
  /** Ids that reports of that number may have. */
  readonly names: readonly string[];
  readonly sha256: string;
  /** The registered device of the certificate: reports with names chosen by people are found through it. */
  readonly device: string | undefined;
}

/** Reports that others registered under a laboratory's number never block the laboratory itself. */
async function reportsOfNumber(
  catalogue: Catalogue,
  { organisation, certificate, names, sha256, device }: Numbered,
): Promise<readonly ReportAnswer[]> {
  const reader = await catalogue.reader();
  const plain = new Set(names.flatMap((each) => slug(each) ?? []));
  const found = await together([...plain], (each) => findSubjects(catalogue, each, ['report']));
  const ids = new Set(found.flat().map(({ id }) => id));
  const named = await together([...ids], (id) => reader.getReport(id));
  const ofDevice = device === undefined ? [] : await reportsOfDevice(reader, device);
  const numbered = ofDevice.filter(
    ({ body }) => body.certificateSha256 === sha256 || isSameNumber(body.certificate?.number ?? '', certificate.number),
  );
  return [...named, ...numbered].filter(
    (each) =>
      (each.organisation === organisation || certificate.issuer !== organisation) &&
      isOfSameLaboratory(each, certificate),
  );
}

/** The report that an organisation made from this file for a device, whatever its name. */
export async function reportOfFile(
  reader: TraceCal,
  organisation: string,
  device: string,
  sha256: string,
): Promise<ReportAnswer | undefined> {
  const own = await reportsOfDevice(reader, device, (by) => by === organisation);
  return own.find((each) => each.body.certificateSha256 === sha256 && !isRevoked(each));
}

async function reportsOfDevice(
  reader: TraceCal,
  device: string,
  isWanted: (organisation: string) => boolean = () => true,
): Promise<readonly ReportAnswer[]> {
  const summaries = await all(reader.listReports(device));
  const wanted = summaries.filter(({ organisation }) => isWanted(organisation));
  return together(wanted, ({ id }) => reader.getReport(id));
}

interface Refused {
  readonly certificate: StatedCertificate;
  readonly sha256: string;
  /** The remedy if the file is meant to replace the report. */
  readonly replaced: string;
}

function whyNot(
  { id, organisation: by, body }: ReportAnswer,
  own: string,
  { certificate, sha256, replaced }: Refused,
): string {
  const where = `registered already, as report ${id} of device ${body.device}`;
  if (body.certificateSha256 === sha256) {
    const remedy = by === own ? `correct it with \`tracecal report amend ${id} NEW-ID\`` : remedyOfOthers(id, by, body);
    return `This file is ${where}: ${remedy}.`;
  }
  const remedy = by === own ? replaced : `only ${by} can amend it, or the laboratory revoke it`;
  const content = body.results.some(({ sealed }) => sealed) ? 'confidential' : 'other';
  return `A certificate with the number ${certificate.number} and ${content} content is ${where}: ${remedy}.`;
}

/** What a user can do where another organisation registered the same file. */
export function remedyOfOthers(
  id: string,
  by: string,
  { certificate }: Pick<ReportAnswer['body'], 'certificate'>,
): string {
  return certificate?.issuer === by
    ? `it is ${by}'s own certificate, and only ${by} can amend it`
    : `${by} transcribed it; confirm that it reads equal with \`tracecal dcc confirm FILE --report ${id}\``;
}

function stands({ record }: ReportAnswer): boolean {
  return record.supersededBy === null && record.impediments.length === 0;
}

/** Each laboratory numbers its own certificates. */
function isOfSameLaboratory({ organisation, body }: ReportAnswer, { laboratory, issuer }: StatedCertificate): boolean {
  return body.certificate
    ? mayBeSameName(body.certificate.laboratory, laboratory) ||
        (issuer !== undefined && body.certificate.issuer === issuer)
    : organisation === issuer;
}

/**
 * The report that the certificate amends or replaces, by the same laboratory about the same device.
 *
 * @throws ApplicationError `INPUT_INVALID` if a person names a report of another device
 */
export async function replacedReport(
  reader: TraceCal,
  { draft }: Candidate,
  { technician, amends }: ImportRole,
  device: string | undefined,
): Promise<ReportAnswer | null> {
  if (amends === undefined) {
    const number = draft.replaces?.certificate ?? null;
    const isNamed = device !== undefined && number !== null;
    return isNamed ? reportOfNumber(reader, registrantOf(technician), device, number) : null;
  }
  const report = device === undefined ? null : await reader.getReport(amends);
  if (report === null || report.body.device !== device) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Report ${amends} is not one of the device that the certificate is about.`,
    );
  }
  return report;
}

/** The report of a laboratory that a new certificate of the same device replaces, found by the number of its certificate. */
async function reportOfNumber(
  reader: TraceCal,
  organisation: string,
  device: string,
  number: string,
): Promise<ReportAnswer | null> {
  for await (const { id, organisation: by, supersededBy } of reader.listReports(device)) {
    if (by === organisation && supersededBy === null && hasNumber(id, number)) {
      return reader.getReport(id);
    }
  }
  return null;
}
