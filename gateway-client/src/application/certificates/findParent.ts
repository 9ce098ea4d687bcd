import type { ReportAnswer } from '@tracecal/core/contracts';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { DccError, matchDigest, oneLine } from '../../dcc/index.js';
import type { DigestMatch, DraftParent } from '../../dcc/index.js';
import { all } from '../all.js';
import { findSubjects } from '../operations/ids.js';
import type { Catalogue } from '../operations/ids.js';
import { slug } from '../operations/slug.js';
import type { Session } from '../session/session.js';
import { isRevoked } from './isRevoked.js';
import { contradictMakers, contradictModels, contradictSerials } from './sameMaker.js';

/** Access to registered reports and their original files; a session has it. */
export type Library = Catalogue & Pick<Session, 'content'>;

export interface FoundParent {
  readonly report: ReportAnswer | undefined;
  /** How it was found, or why it was not taken and which command takes it. */
  readonly notes: readonly string[];
}

/**
 * The registered report that a certificate means by a parent. If the certificate states a digest, a report with another digest is never
 * found by name. A report that only looks similar is proposed, not taken. Even a report with the right digest is not taken if its device
 * differs from the one that was used.
 */
export async function findParent(library: Library, draft: DraftParent): Promise<FoundParent> {
  const reader = await library.reader();
  const candidates = await candidatesFor(library, reader, draft);
  const { certificate } = draft;
  const procedure = certificate?.procedure ?? null;
  const value = certificate?.value ?? null;
  if (value === null || candidates.length === 0) {
    return findByIdentity(library, reader, draft, candidates);
  }
  const compared = await Promise.all(
    candidates.map(async (report) => ({ report, match: await compare(library, report, { procedure, value }) })),
  );
  const same = compared.filter(({ match }) => match.kind === 'match');
  const judged = await Promise.all(
    same.map(async ({ report }) => ({ report, serial: await otherSerial(reader, draft, report) })),
  );
  const reports = newestOf(judged.filter(({ serial }) => serial === null).map(({ report }) => report));
  const taken = preferred(library, reports) ?? reports[0];
  if (taken) {
    return { report: taken, notes: amendedSince(draft, taken) };
  }
  const [stranger] = judged;
  if (stranger) {
    return { report: undefined, notes: [ofStranger(draft, stranger)] };
  }
  // A confidential report names no file, so nothing differs: like a certificate that states no digest, it is found by its number.
  const confidential = candidates.filter(isConfidential);
  if (confidential.length > 0) {
    return findByIdentity(library, reader, draft, confidential);
  }
  const other = compared.find(({ match }) => match.kind === 'mismatch');
  return other
    ? { report: undefined, notes: [fromOtherFile(draft, value, other)] }
    : findByIdentity(library, reader, draft, candidates);
}

function ofStranger(
  draft: DraftParent,
  { report, serial }: { readonly report: ReportAnswer; readonly serial: string | null },
): string {
  return `${draft.name} has the serial number ${serialsOf(draft).join(', ')}, but the certificate that is named for it, report ${report.id}, is about ${serial ?? ''}. Obtain the certificate of what was used, or, if this is it, add --parent ${report.id}.`;
}

function fromOtherFile(
  { name }: DraftParent,
  stated: string,
  { report, match }: { readonly report: ReportAnswer; readonly match: DigestMatch },
): string {
  return `${name}: its certificate is registered, as report ${report.id}, but from another file (${otherFile(stated, report)}). ${match.detail} Obtain the certificate that was used, or name the report with --parent ${report.id}.`;
}

function isConfidential({ body }: ReportAnswer): boolean {
  return body.certificateSha256 === null && body.results.some(({ sealed }) => sealed === true);
}

/** The report of a certificate on paper, if it was registered: it may be the same certificate, which only a person can tell. */
export async function reportOfPaper(library: Library, draft: DraftParent): Promise<ReportAnswer | undefined> {
  const reader = await library.reader();
  const serials = serialsOf(draft);
  const candidates = await candidatesFor(library, reader, draft);
  const judged = await Promise.all(
    candidates.map(async (report) => ({ report, against: await objectionTo(reader, draft, serials, report) })),
  );
  const [first] = newestOf(judged.filter(({ against }) => against === null).map(({ report }) => report));
  return first;
}

/** Both digests, shortened for comparison by eye. */
function otherFile(stated: string, { body: { certificateSha256 } }: ReportAnswer): string {
  const short = (digest: string) => `${digest.slice(0, 8)}…`;
  return `digest ${short(stated)} is stated${certificateSha256 === null ? '' : `, ${short(certificateSha256)} registered`}`;
}

/** The serial number of a report's device, if it contradicts that of the parent. */
async function otherSerial(reader: TraceCal, draft: DraftParent, { body }: ReportAnswer): Promise<string | null> {
  const { serial } = await reader.getDevice(body.device);
  return contradictSerials(serialsOf(draft), serial) ? serial : null;
}

async function compare(
  { content }: Library,
  { body }: ReportAnswer,
  stated: { readonly procedure: string | null; readonly value: string },
): Promise<DigestMatch> {
  const { certificateSha256 } = body;
  // The digest is on the ledger, so the file is not needed.
  if (certificateSha256 !== null && stated.value.trim().toLowerCase() === certificateSha256) {
    return { kind: 'match', algorithm: 'sha256', form: 'file', signature: 'kept', detail: 'SHA-256 of the file.' };
  }
  const original = certificateSha256 === null ? undefined : await originalOf(content, certificateSha256);
  if (original) {
    return matchDigest(original, stated);
  }
  const readable = await matchDigest(new Uint8Array(), stated);
  return readable.kind === 'mismatch'
    ? { ...readable, detail: 'Its original is not here, and the digest of its file differs.' }
    : readable;
}

async function originalOf(content: Library['content'], sha256: string): Promise<Uint8Array | undefined> {
  try {
    return await content.get(sha256);
  } catch (error) {
    if (error instanceof DccError && error.code === 'STORE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

async function findByIdentity(
  library: Library,
  reader: TraceCal,
  draft: DraftParent,
  candidates: readonly ReportAnswer[],
): Promise<FoundParent> {
  const serials = serialsOf(draft);
  const number = oneLine(draft.certificate?.number);
  const judged = await Promise.all(
    candidates
      .filter(({ id, record }) => record.supersededBy === null || hasNumber(id, number))
      .map(async (report) => ({ report, against: await objectionTo(reader, draft, serials, report) })),
  );
  const agreeing = newestOf(judged.filter(({ against }) => against === null).map(({ report }) => report));
  const taken = preferred(library, agreeing) ?? (agreeing.length === 1 ? agreeing[0] : undefined);
  if (taken) {
    const unseen = isConfidential(taken)
      ? ' Its file is confidential, so its digest is neither compared nor named.'
      : '';
    const note = `${draft.name} is taken for the device of report ${taken.id}: certificate number and serial number agree.${unseen}`;
    return { report: taken, notes: [note, ...amendedSince(draft, taken)] };
  }
  const first = judged.find(({ report }) => hasNumber(report.id, number)) ?? judged[0];
  if (!first) {
    return { report: undefined, notes: [notRegistered(draft)] };
  }
  const why = first.against ?? 'several reports fit';
  const note = `${draft.name} may be the device of report ${first.report.id}, but ${why}. If it is, add --parent ${first.report.id}.`;
  return { report: undefined, notes: [note] };
}

/** The reports that were neither amended nor revoked, if any; else those that were not amended. */
function newestOf(reports: readonly ReportAnswer[]): readonly ReportAnswer[] {
  const newest = reports.filter(({ record }) => record.supersededBy === null);
  const standing = newest.filter((report) => !isRevoked(report));
  return [standing, newest, reports].find(({ length }) => length > 0) ?? [];
}

/** A certificate that names an amended report depends on the amendment: a trace continues there, and reports whether it matters. */
function amendedSince({ name }: DraftParent, { id, record: { supersededBy } }: ReportAnswer): readonly string[] {
  return supersededBy === null
    ? []
    : [
        `${name}: report ${id} was amended by ${supersededBy}, which counts in its place. If the certificate rests on the amendment itself, add --parent ${supersededBy}.`,
      ];
}

function notRegistered({ name, certificate }: DraftParent): string {
  const number = oneLine(certificate?.number);
  return number === ''
    ? `The certificate names no certificate of ${name}: name its report with --parent REPORT, or describe its certificate with --paper-parent FILE.`
    : `Certificate ${number} of ${name} is not registered: import it, too, or describe it with --paper-parent FILE if it is on paper.`;
}

/** Why a report is not taken for the parent without confirmation by a person; null if it is taken. */
async function objectionTo(
  reader: TraceCal,
  { manufacturer, model, certificate }: DraftParent,
  serials: readonly string[],
  { id, body }: ReportAnswer,
): Promise<string | null> {
  const device = await reader.getDevice(body.device);
  if (serials.length === 0) {
    return 'the certificate states no serial number';
  }
  if (!serials.includes(oneLine(device.serial))) {
    return `its serial number is ${device.serial}`;
  }
  if (contradictMakers(manufacturer, device.manufacturer)) {
    return `its maker is ${device.manufacturer}, not ${oneLine(manufacturer)}`;
  }
  if (contradictModels(model, device.model)) {
    return `its model is ${device.model}, not ${oneLine(model)}`;
  }
  const number = oneLine(certificate?.number);
  if (number === '') {
    return 'the certificate does not name its certificate';
  }
  return hasNumber(id, number) ? null : `its certificate is not ${number}`;
}

/** Of several possible reports, prefers one of a standard whose key is here to sign: others have the same number by coincidence. */
function preferred({ keys }: Library, reports: readonly ReportAnswer[]): ReportAnswer | undefined {
  return reports.find(({ body }) => keys.has('device', body.device));
}

async function candidatesFor(library: Library, reader: TraceCal, draft: DraftParent): Promise<readonly ReportAnswer[]> {
  const name = slug(draft.certificate?.number ?? null);
  const named = name === undefined ? [] : await findSubjects(library, name, ['report']);
  const byName = await Promise.all(named.map(({ id }) => reader.getReport(id)));
  const bySerial = await Promise.all(serialsOf(draft).map((serial) => reportsOfSerial(reader, serial)));
  return [...new Map([...byName, ...bySerial.flat()].map((report) => [report.id, report])).values()];
}

async function reportsOfSerial(reader: TraceCal, serial: string): Promise<readonly ReportAnswer[]> {
  const devices = await all(reader.findDevices({ serial }));
  const lists = await Promise.all(devices.map(({ id }) => all(reader.listReports(id))));
  const found = await Promise.all(lists.flat().map(({ id }) => undefinedIfNotFound(reader.getReport(id))));
  return found.filter((report) => report !== undefined);
}

/** A laboratory's own number of a device counts as much as its maker's. */
export function serialsOf({ serial, numbers }: DraftParent): readonly string[] {
  return [...new Set([serial, ...numbers.map(({ value }) => value)].map(oneLine))].filter((each) => each !== '');
}

/** Whether a report was made from a certificate of this number: its name, that of an item of a set, or of a further file. */
export function hasNumber(report: string, number: string): boolean {
  const name = slug(number);
  const own = report.slice(report.indexOf('/') + 1);
  return (
    name !== undefined &&
    (own === name ||
      own.startsWith(`${name}:`) ||
      (own.startsWith(`${name}+`) && /^[0-9a-f]{8}$/.test(own.slice(name.length + 1))))
  );
}
