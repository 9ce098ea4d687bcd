import type { ReportAnswer } from '@tracecal/core/contracts';
import { mayBeSameName } from '@tracecal/core/model';
import type { StatedCertificate } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { findSubjects, ownId } from '../operations/ids.js';
import type { Catalogue } from '../operations/ids.js';
import { slug } from '../operations/slug.js';
import { together } from '../together.js';
import { nameOfFile } from './candidate.js';
import type { Candidate } from './candidate.js';
import { hasNumber } from './findParent.js';

export interface About {
  /** Whose report it becomes. */
  readonly organisation: string;
  readonly name: string;
  readonly certificate: StatedCertificate;
}

/** The ids that an item's report can have: the certificate's number, and for a further file of that number its digest beside it. */
function idsOf({ organisation, name }: Pick<About, 'organisation' | 'name'>, sha256: string): readonly string[] {
  return [name, `${name}+${sha256.slice(0, 8)}`].map((each) => ownId(organisation, each));
}

/** The report that was made of the same item of the same file before. */
export async function reportOfSameFile(
  reader: TraceCal,
  about: Pick<About, 'organisation' | 'name'>,
  { sha256 }: Pick<Candidate, 'sha256'>,
): Promise<ReportAnswer | undefined> {
  const existing = await together(idsOf(about, sha256), (id) => undefinedIfNotFound(reader.getReport(id)));
  return existing.find((each) => each?.body.certificateSha256 === sha256);
}

/**
 * The id under which an item of a certificate is registered.
 *
 * A laboratory gives a number once: another file of that number is an amendment or a forgery, whoever registers it and whatever it is
 * about, and only a person can tell.
 *
 * @throws ApplicationError `INPUT_INVALID`
 */
export async function reportIdFor(
  catalogue: Catalogue,
  { organisation, name, certificate }: About,
  { sha256, report, uniqueIdentifier }: Candidate,
  isAmendment: boolean,
): Promise<string> {
  const reader = await catalogue.reader();
  const own = idsOf({ organisation, name }, sha256);
  const existing = await together(own, (id) => undefinedIfNotFound(reader.getReport(id)));
  if (!isAmendment && report !== nameOfFile(sha256)) {
    const names = [...new Set([name, uniqueIdentifier, report])];
    await requireNumberIsNew(catalogue, { organisation, certificate, names, sha256 });
  }
  const free = own.find((_, place) => existing[place] === undefined);
  if (free === undefined) {
    throw new ApplicationError('INPUT_INVALID', `The ids that report ${name} could have are taken.`);
  }
  return free;
}

interface Numbered extends Omit<About, 'name'> {
  readonly names: readonly string[];
  readonly sha256: string;
}

/** What others registered under a laboratory's number never keeps the laboratory itself from registering it. */
async function requireNumberIsNew(
  catalogue: Catalogue,
  { organisation, certificate, names, sha256 }: Numbered,
): Promise<void> {
  const reader = await catalogue.reader();
  const plain = new Set(names.flatMap((each) => slug(each) ?? []));
  const found = await together([...plain], (each) => findSubjects(catalogue, each, ['report']));
  const ids = new Set(found.flat().map(({ id }) => id));
  const others = await together([...ids], (id) => reader.getReport(id));
  const other = others.find(
    (each) =>
      (each.organisation === organisation || certificate.issuer !== organisation) &&
      isOfSameLaboratory(each, certificate) &&
      stands(each),
  );
  if (other) {
    throw new ApplicationError('INPUT_INVALID', whyNot(other, organisation, certificate.number, sha256));
  }
}

function whyNot({ id, organisation: by, body }: ReportAnswer, own: string, number: string, sha256: string): string {
  const where = `registered already, as report ${id} of device ${body.device}`;
  if (body.certificateSha256 === sha256) {
    return `This file is ${where}: confirm that it reads equal with \`tracecal dcc confirm FILE --report ${id}\`.`;
  }
  const remedy =
    by === own
      ? `if this file replaces it, add --amends ${id}`
      : `only ${by} can amend it, or the laboratory revoke it`;
  return `A certificate with the number ${number} and other content is ${where}: ${remedy}.`;
}

function stands({ record }: ReportAnswer): boolean {
  return record.supersededBy === null && record.impediments.length === 0;
}

/** Laboratories number their certificates each for itself. */
function isOfSameLaboratory({ organisation, body }: ReportAnswer, { laboratory, issuer }: StatedCertificate): boolean {
  return body.certificate
    ? mayBeSameName(body.certificate.laboratory, laboratory) ||
        (issuer !== undefined && body.certificate.issuer === issuer)
    : organisation === issuer;
}

/** The report of a laboratory that a further certificate of the same device replaces, by the number of its certificate. */
export async function reportOfNumber(
  reader: TraceCal,
  organisation: string,
  device: string,
  number: string,
): Promise<ReportAnswer | undefined> {
  for await (const { id, organisation: by, supersededBy } of reader.listReports(device)) {
    if (by === organisation && supersededBy === null && hasNumber(id, number)) {
      return reader.getReport(id);
    }
  }
  return undefined;
}
