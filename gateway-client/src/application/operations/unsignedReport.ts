import { registrantOf } from '@tracecal/core/model';
import type { Parent, StatedCertificate } from '@tracecal/core/model';
import { ReportBuilder } from '../../client/index.js';
import type { ReportContent, ReportReference, UnsignedReport } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';

/** Identity of a report; ids are whole. */
export interface ReportIdentity {
  readonly report: string;
  readonly device: string;
  readonly technician: string;
  /** The report that it amends. */
  readonly supersedes: Pick<ReportReference, 'report' | 'digest'> | null;
}

/**
 * Assembles a report: the only place that turns facts into a statement.
 *
 * @throws ApplicationError `USAGE` for an amendment that makes public what the amended report keeps confidential, unless it is meant to
 */
export async function unsignedReport(
  session: Session,
  {
    report,
    device,
    technician,
    supersedes,
    content,
    parents,
    certificateSha256,
    confidential,
    isPublic = false,
  }: ReportIdentity & {
    readonly content: ReportContent;
    readonly parents: readonly Parent[];
    /** Of the certificate file that it was made from. */
    readonly certificateSha256: string | null;
    /** Kinds of quantity whose results are confidential; true: all; absent: none. */
    readonly confidential?: readonly string[] | true | undefined;
    /** An amendment may make public what the amended report keeps confidential. */
    readonly isPublic?: boolean | undefined;
  },
): Promise<UnsignedReport> {
  const organisation = registrantOf(technician);
  const builder = new ReportBuilder({ registry: await session.registry(), report, device, organisation, technician });
  builder.content(content);
  for (const parent of parents) {
    if (parent.kind === 'report') {
      builder.parent(parent);
    } else {
      builder.outsideParent(parent);
    }
  }
  if (certificateSha256 !== null) {
    builder.original(certificateSha256);
  }
  if (confidential) {
    builder.confidential(...(confidential === true ? [] : confidential));
  }
  if (supersedes !== null) {
    builder.supersedes(supersedes);
  }
  const unsigned = builder.build();
  await (supersedes === null || isPublic ? undefined : requireAsConfidential(session, supersedes.report, unsigned));
  return unsigned;
}

/** What the ledger once holds openly stays there. */
async function requireAsConfidential(session: Session, amended: string, { statement }: UnsignedReport): Promise<void> {
  const { body } = await (await session.reader()).getReport(amended);
  const kept = new Set(body.results.flatMap(({ quantity, sealed }) => (sealed ? [quantity] : [])));
  const named = statement.body.results.filter(({ quantity }) => kept.has(quantity));
  const open = named.filter(({ sealed }) => !sealed).map(({ quantity }) => quantity);
  if (open.length > 0) {
    const kinds = named.map(({ quantity }) => quantity).join(',');
    throw new ApplicationError(
      'USAGE',
      `Report ${amended} keeps ${open.join(', ')} confidential, and its amendment would put that on the ledger, where everybody reads it and nobody can take it back: add --private ${kinds}, or --public if that is meant.`,
    );
  }
}

/** The digest of a file would let anybody try values against it: only the salted leaves are safe to publish. */
export function inConfidence<Facts extends { readonly content: ReportContent }>(
  facts: Facts,
  confidential: readonly string[] | true,
): Facts & { readonly certificateSha256: null; readonly confidential: readonly string[] | true } {
  const { certificate, ...content } = facts.content;
  return {
    ...facts,
    content: { ...content, ...(certificate && { certificate: withoutSeal(certificate) }) },
    certificateSha256: null,
    confidential,
  };
}

function withoutSeal({ number, laboratory, code, country, issuer }: StatedCertificate): StatedCertificate {
  return {
    number,
    laboratory,
    ...(code !== undefined && { code }),
    ...(country !== undefined && { country }),
    ...(issuer !== undefined && { issuer }),
  };
}
