import { issueText, registrantOf, resultSchema } from '@tracecal/core/model';
import type { Parent, Result } from '@tracecal/core/model';
import { z } from 'zod';
import type { ReportContent, UnsignedReport } from '../../client/index.js';
import { describedPaper } from '../../dcc/index.js';
import type { LeftOut } from '../../dcc/index.js';
import { ApplicationError } from '../errors.js';
import { readJsonFile } from '../files/inputFile.js';
import { registeredId } from '../operations/ids.js';
import { paperParent } from '../operations/paperParent.js';
import { inConfidence, unsignedReport } from '../operations/unsignedReport.js';
import type { ReportIdentity } from '../operations/unsignedReport.js';
import { isObject, withMeantKinds } from '../scopes/meantKinds.js';
import type { Session } from '../session/session.js';
import { contentOf, readCandidate } from './candidate.js';
import type { Candidate } from './candidate.js';
import { issuedBy } from './issuer.js';
import { itemOfDevice } from './itemOfDevice.js';
import { readMappingFile } from './mappingFile.js';
import { matchParents } from './parents.js';
import { requireNewFile } from './reportIds.js';
import { sealOf } from './seal.js';

/** Content of a report: from a certificate file, or one by one. */
export interface ReportDescription {
  /** Path of a certificate file. */
  readonly dcc?: string;
  /** Path of a file with the information that the certificate lacks. */
  readonly mapping?: string;
  /** Path of a list of results in JSON. */
  readonly results?: string;
  readonly parent?: readonly string[];
  readonly paperParent?: readonly string[];
  readonly begin?: string;
  readonly end?: string;
  readonly issued?: string;
  readonly issuer?: string;
  readonly adjusted?: boolean;
  /** Kinds of quantity whose results are confidential; true: all; absent: none. */
  readonly private?: readonly string[] | true;
  /** An amendment may put on the ledger what the report that it replaces keeps confidential. */
  readonly public?: boolean;
  /** False: an amendment names no standard on purpose, although the report that it replaces names some. */
  readonly parents?: boolean;
}

/** The device and identity of the report. */
interface Subject {
  readonly organisation: string;
  readonly device: string;
  /** The report that it replaces. */
  readonly amends: string | null;
}

interface Content extends ReportContent {
  readonly results: readonly Result[];
  readonly parents: readonly Parent[];
  readonly certificateSha256: string | null;
  readonly omitted: readonly LeftOut[];
  readonly notes: readonly string[];
  /** The certificate file that it was made from. */
  readonly original?: Candidate;
}

export interface DescribedReport {
  readonly report: UnsignedReport;
  /** Certificate content omitted from it. */
  readonly omitted: readonly LeftOut[];
  /** Assumptions that were made, and missing things with the command that adds them. */
  readonly notes: readonly string[];
}

/** The report that these options describe. The date of the report and its parents take precedence over those of the certificate. */
export async function describedReport(
  session: Session,
  identity: ReportIdentity,
  options: ReportDescription,
): Promise<DescribedReport> {
  const { device, technician } = identity;
  const about = { organisation: registrantOf(technician), device, amends: identity.supersedes?.report ?? null };
  const { original, omitted, notes, parents, certificateSha256, ...content } = await contentDescribed(
    session,
    about,
    options,
  );
  if (about.amends !== null && parents.length === 0 && options.parents !== false) {
    await requireNoParents(session, about.amends);
  }
  const facts = { ...identity, content, parents, certificateSha256, isPublic: options.public };
  const report = await unsignedReport(session, options.private ? inConfidence(facts, options.private) : facts);
  // Do not keep a file that was refused, nor one whose content has to go when the report is purged.
  await (original && !options.private && session.content.put(original.bytes));
  return { report, omitted, notes };
}

/** An amendment takes no standards over: without this, a corrected value would end the chain unnoticed. */
async function requireNoParents(session: Session, amended: string): Promise<void> {
  const { body } = await (await session.reader()).getReport(amended);
  if (body.parents.length > 0) {
    const named = body.parents.map((parent) => (parent.kind === 'report' ? parent.report : parent.certificate));
    throw new ApplicationError(
      'USAGE',
      `Report ${amended} names the standards of ${named.join(', ')}, and its amendment would name none: name them again with --parent or --paper-parent, or add --no-parents if it rests on none.`,
    );
  }
}

async function contentDescribed(session: Session, about: Subject, options: ReportDescription): Promise<Content> {
  requireOneSource(options);
  const stated = options.results === undefined ? undefined : await resultsIn(options.results);
  const certificate = await certificateGiven(session, about, options);
  const content: Partial<Content> = { ...(stated && { results: stated }), ...certificate, ...datesGiven(options) };
  const { results, performed } = content;
  if (!results || !performed) {
    throw new ApplicationError('USAGE', 'Give --dcc, or else --results and --begin.');
  }
  const given = await parentsOf(session, options);
  const whole = { ...NO_CERTIFICATE, issued: performed.end, ...content, results, performed };
  return {
    ...whole,
    ...(options.adjusted && { adjusted: true }),
    issued: options.issued ?? whole.issued,
    parents: given.length > 0 ? given : whole.parents,
  };
}

/** A report that names a certificate file and its digest must not say something else than the file. */
function requireOneSource({ dcc, results, begin, end }: ReportDescription): void {
  const given = Object.entries({ results, begin, end }).filter(([, value]) => value !== undefined);
  if (dcc !== undefined && given.length > 0) {
    const names = given.map(([name]) => `--${name}`).join(' and ');
    throw new ApplicationError(
      'USAGE',
      `The results and the days of the calibration come from the certificate of --dcc: leave out ${names}, or else --dcc.`,
    );
  }
}

const NO_CERTIFICATE = { parents: [], certificateSha256: null, omitted: [], notes: [] } as const;

interface CertificateGiven extends Pick<ReportDescription, 'mapping' | 'issuer'> {
  readonly dcc: string;
  /** True if other parents replace those that the certificate names. */
  readonly isReplaced: boolean;
}

async function certificateGiven(
  session: Session,
  about: Subject,
  { dcc, parent = [], paperParent = [], ...told }: ReportDescription,
): Promise<Content | undefined> {
  const isReplaced = parent.length + paperParent.length > 0;
  return dcc === undefined ? undefined : fromCertificate(session, about, { ...told, dcc, isReplaced });
}

function datesGiven({ begin, end = begin }: ReportDescription): Pick<Content, 'performed' | 'issued'> | undefined {
  return begin === undefined || end === undefined ? undefined : { performed: { begin, end }, issued: end };
}

async function fromCertificate(
  session: Session,
  { organisation, device, amends }: Subject,
  { dcc: file, mapping, issuer, isReplaced }: CertificateGiven,
): Promise<Content & { readonly original: Candidate }> {
  const candidate = await readCandidate(file, mapping === undefined ? undefined : await readMappingFile(mapping));
  const sealed = await sealOf(candidate);
  const { parents, places, notes } = await matchParents(session, candidate.draft);
  // The results' references to the certificate's own parents do not apply to other parents.
  const content = contentOf(candidate, isReplaced ? places.map(() => null) : places);
  const registered = await (await session.reader()).getDevice(device);
  const { item, notes: ofItem } = itemOfDevice(candidate, content.items, registered, amends);
  const issued = await issuedBy(session, item.certificate, organisation, issuer);
  await requireNewFile(session, { organisation, device, certificate: issued.certificate }, candidate, amends);
  return {
    ...item,
    certificate: issued.certificate,
    original: candidate,
    ...{ parents, certificateSha256: candidate.sha256, omitted: content.leftOut },
    notes: [...sealed.notes, ...ofItem, ...issued.notes, ...(isReplaced ? [] : notes), ...content.notes],
  };
}

const resultsSchema: z.ZodType<Result[]> = z.array(resultSchema).min(1);

async function resultsIn(file: string): Promise<readonly Result[]> {
  const written = await readJsonFile(file, z.unknown(), 'list of results');
  const meant = Array.isArray(written)
    ? written.map((each: unknown, i) => (isObject(each) ? withMeantKinds(each, `In ${file}, results[${i}]`) : each))
    : written;
  const parsed = resultsSchema.safeParse(meant);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? '';
  throw new ApplicationError(
    'INPUT_INVALID',
    `In ${file}, results${field} ${issue ? issueText(issue) : 'has the wrong shape'}; \`tracecal report issue --help\` shows an example.`,
  );
}

async function parentsOf(
  session: Session,
  { parent: reports = [], paperParent: papers = [] }: ReportDescription,
): Promise<readonly Parent[]> {
  const reader = await session.reader();
  const registered = await Promise.all(
    reports.map(async (given): Promise<Parent> => {
      const { id, digest, body } = await reader.getReport(await registeredId(session, 'report', given));
      return { kind: 'report', device: body.device, report: id, digest };
    }),
  );
  const onPaper = await Promise.all(papers.map(paperParent));
  return [...registered, ...onPaper.map((paper) => describedPaper(paper))];
}
