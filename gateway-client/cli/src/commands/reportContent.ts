import { registrantOf, resultSchema } from '@tracecal/core/model';
import type { Parent, ReportBody, Result } from '@tracecal/core/model';
import { ReportBuilder } from '@tracecal/gateway-client';
import type { ReportContent, UnsignedReport } from '@tracecal/gateway-client';
import {
  ApplicationError,
  calibratedItem,
  contentOf as contentOfCertificate,
  isObject,
  issuedBy,
  matchParents,
  PAPER_EXAMPLE,
  PAPER_OPTION,
  paperParent,
  readCandidate,
  readJsonFile,
  readMappingFile,
  registeredId,
  sealOf,
  withMeantKinds,
} from '@tracecal/gateway-client/application';
import type { Candidate, Session } from '@tracecal/gateway-client/application';
import { describedPaper } from '@tracecal/gateway-client/dcc';
import type { ItemReport, LeftOut } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { z } from 'zod';
import { collect, date } from '../parse.js';

/** What a report says, as options: out of a certificate file, or one by one. */
export interface ContentOptions {
  readonly technician: string;
  readonly dcc?: string;
  readonly mapping?: string;
  readonly results?: string;
  readonly parent?: readonly string[];
  readonly paperParent?: readonly string[];
  readonly begin?: string;
  readonly end?: string;
  readonly issued?: string;
  readonly issuer?: string;
  readonly adjusted?: boolean;
}

/** Uncertainties are expanded; one that is not stated is null, and so is a coverage probability. */
const RESULTS_EXAMPLE = `[
  {
    "name": "Temperature",
    "quantity": "temperature",
    "unit": "\\\\degreecelsius",
    "rows": [
      { "value": 20.01, "uncertainty": { "expanded": 0.02, "coverageFactor": 2, "coverageProbability": 0.95 } }
    ]
  }
]`;

export function contentOptions(command: Command): Command {
  return command
    .requiredOption('--technician <id>', 'who signs; their organisation issues it')
    .option('--dcc <file>', 'digital calibration certificate to take results, dates and parents from')
    .option(
      '--mapping <file>',
      'what the certificate does not tell (kinds, arguments, coverage factors, items, parents)',
    )
    .option('--results <file>', 'JSON list of results: name, quantity, unit, rows (instead of a certificate)')
    .option('--parent <report>', 'report of a standard that was used; may be repeated', collect)
    .option('--paper-parent <facts>', PAPER_OPTION, collect)
    .option('--begin <date>', 'first day of the calibration', date)
    .option('--end <date>', 'last day (default: the first)', date)
    .option('--issuer <organisation>', 'the member that issued the certificate, where its name does not tell')
    .option('--issued <date>', 'date of the report (default: the last day)', date)
    .option('--adjusted', 'the device was adjusted or repaired: no older calibration of it counts any more')
    .addHelpText(
      'after',
      `\nA file for --results (docs/results.md has one for every method, and all fields):\n${RESULTS_EXAMPLE}\n\nA file for --paper-parent:\n${PAPER_EXAMPLE}`,
    );
}

/** What a report is; ids are whole. */
interface Identity {
  readonly report: string;
  readonly device: string;
  readonly technician: string;
  readonly supersedes: ReportBody['supersedes'];
}

interface Content extends Omit<ReportContent, 'results'> {
  readonly results: readonly Result[];
  readonly parents: readonly Parent[];
  readonly certificateSha256: string | null;
  readonly omitted: readonly LeftOut[];
  readonly notes: readonly string[];
}

export interface DescribedReport {
  readonly report: UnsignedReport;
  /** Certificate content omitted from it. */
  readonly omitted: readonly LeftOut[];
  /** What was taken for granted, and what is missing with the command that mends it. */
  readonly notes: readonly string[];
}

/** The report that these options describe. What is given one by one goes before what the certificate says. */
export async function describedReport(
  session: Session,
  identity: Identity,
  options: ContentOptions,
): Promise<DescribedReport> {
  const { report, device, technician, supersedes } = identity;
  const organisation = registrantOf(technician);
  const content = await contentOf(session, { organisation, device }, options);
  const builder = new ReportBuilder({
    registry: await session.registry(),
    report,
    device,
    organisation,
    technician,
  }).content(content);
  content.parents.forEach((parent) =>
    parent.kind === 'report' ? builder.parent(parent) : builder.outsideParent(parent),
  );
  if (content.certificateSha256 !== null) {
    builder.original(content.certificateSha256);
  }
  const { omitted, notes } = content;
  return { report: (supersedes ? builder.supersedes(supersedes) : builder).build(), omitted, notes };
}

async function contentOf(
  session: Session,
  about: { readonly organisation: string; readonly device: string },
  options: ContentOptions,
): Promise<Content> {
  const stated = options.results === undefined ? undefined : await resultsIn(options.results);
  const certificate = await certificateGiven(session, about, options, stated);
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

const NO_CERTIFICATE = { parents: [], certificateSha256: null, omitted: [], notes: [] } as const;

interface CertificateGiven extends Pick<ContentOptions, 'mapping' | 'issuer'> {
  readonly dcc: string;
  /** Other parents are given in the place of those that the certificate names. */
  readonly isReplaced: boolean;
}

async function certificateGiven(
  session: Session,
  about: { readonly organisation: string; readonly device: string },
  { dcc, parent = [], paperParent = [], ...told }: ContentOptions,
  stated: readonly Result[] | undefined,
): Promise<Content | undefined> {
  const isReplaced = parent.length + paperParent.length > 0;
  return dcc === undefined ? undefined : fromCertificate(session, about, { ...told, dcc, isReplaced }, stated);
}

function datesGiven({ begin, end = begin }: ContentOptions): Pick<Content, 'performed' | 'issued'> | undefined {
  return begin === undefined || end === undefined ? undefined : { performed: { begin, end }, issued: end };
}

async function fromCertificate(
  session: Session,
  { organisation, device }: { readonly organisation: string; readonly device: string },
  { dcc: file, mapping, issuer, isReplaced }: CertificateGiven,
  stated?: readonly Result[],
): Promise<Content> {
  const candidate = await readCandidate(file, mapping === undefined ? undefined : await readMappingFile(mapping));
  await sealOf(candidate);
  const { parents, places, notes } = await matchParents(session, candidate.draft);
  // What a result says about the certificate's own parents does not hold for others.
  const content = contentOfCertificate(candidate, isReplaced ? places.map(() => null) : places);
  const item = await itemOf(session, device, candidate, content.items);
  const issued = await issuedBy(session, item.certificate, organisation, issuer);
  const certificateSha256 = await session.content.put(candidate.bytes);
  const omitted = stated ? [] : content.leftOut;
  return {
    ...item,
    ...(stated && { results: stated }),
    certificate: issued.certificate,
    ...{ parents, certificateSha256, omitted },
    notes: [...issued.notes, ...(isReplaced ? [] : notes), ...content.notes],
  };
}

/** Of several items the one that the report is about. */
async function itemOf(
  session: Session,
  device: string,
  candidate: Candidate,
  items: readonly ItemReport[],
): Promise<ItemReport> {
  const [first, ...others] = items;
  if (!first) {
    throw new ApplicationError('INPUT_INVALID', 'The certificate states nothing that can be a result of a report.');
  }
  const { serial } = await (await session.reader()).getDevice(device);
  const own = items.find(({ item }) => calibratedItem(candidate, item).serial === serial);
  if (!own && others.length > 0) {
    const serials = items.map(({ item }) => calibratedItem(candidate, item).serial).join(', ');
    throw new ApplicationError(
      'INPUT_INVALID',
      `The certificate is about several items (${serials}), and ${device} has serial number ${serial}.`,
    );
  }
  return own ?? first;
}

const resultsSchema: z.ZodType<Result[]> = z.array(resultSchema);

async function resultsIn(file: string): Promise<readonly Result[]> {
  const written = await readJsonFile(file, z.unknown(), 'list of results');
  const meant = Array.isArray(written)
    ? written.map((each: unknown, i) => (isObject(each) ? withMeantKinds(each, `In ${file}, results[${i}]`) : each))
    : written;
  const parsed = resultsSchema.safeParse(meant);
  if (parsed.success) {
    return parsed.data;
  }
  const [{ path, message } = { path: [], message: 'wrong shape' }] = parsed.error.issues;
  const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const why = message.endsWith('received undefined') ? 'is missing' : `is wrong: ${message}`;
  throw new ApplicationError(
    'INPUT_INVALID',
    `In ${file}, results${field} ${why}; \`tracecal report issue --help\` shows an example.`,
  );
}

async function parentsOf(
  session: Session,
  { parent: reports = [], paperParent: papers = [] }: ContentOptions,
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
