import { isKind, namesLaboratory, WITHHELD } from '../../model/index.js';
import type { Membership, StatementOf, StatedCertificate } from '../../model/index.js';
import type { CertificationChain, Line } from './opened.js';
import type { Opener } from './opener.js';

/** The laboratory whose calibration a report is about. */
export interface Laboratory {
  /** The author of the report; for a transcription, the member that issued the certificate. Null: not a member. */
  readonly id: string | null;
  /** The member and those above it. */
  readonly chain: CertificationChain;
  /** Its accreditation. If it is not a member: the accreditation of the transcriber, who has to be competent for what they vouch for. */
  readonly lines: readonly Line[];
  /**
   * Those that are asked first: granted by the institute above it and the bodies of that, or, where they granted none, by whoever granted
   * first. Nobody is asked for a line: what strangers grant besides must not make work where these say enough.
   */
  readonly nearest: readonly Line[];
  /** Whether the registry knows the member by the name or the code on the certificate. */
  readonly isNamed: boolean;
}

/** Who may object to a report: its author and, for a transcription, the member that is stated to have issued the certificate. */
export function answerableFor({ author, body: { certificate } }: StatementOf<'report'>): readonly string[] {
  return [...new Set([author, certificate?.issuer ?? author])];
}

const NOBODY: CertificationChain = { organisations: [], missing: null };

/**
 * The laboratory of a report. A certificate of another member is never judged by the accreditation of its transcriber. A certificate
 * with the author's own name is the author's, whatever else the report states.
 */
export async function laboratoryOf(opener: Opener, { author, body }: StatementOf<'report'>): Promise<Laboratory> {
  const { certificate } = body;
  const own = await memberOf(opener, author, certificate);
  if (!certificate || certificate.issuer === author || (certificate.issuer === undefined && own.isNamed)) {
    return own;
  }
  return certificate.issuer === undefined
    ? { id: null, chain: NOBODY, lines: own.lines, nearest: own.nearest, isNamed: false }
    : memberOf(opener, certificate.issuer, certificate);
}

async function memberOf(opener: Opener, id: string, certificate: StatedCertificate | undefined): Promise<Laboratory> {
  const chain = await opener.certification(id);
  const lines = await opener.lines(id);
  const isNamed = !certificate || isCalled(id, chain, await naming(opener, chain, lines, certificate), certificate);
  return { id, chain, lines, nearest: await nearestOf(opener, chain, lines), isNamed };
}

async function nearestOf(opener: Opener, chain: CertificationChain, lines: readonly Line[]): Promise<readonly Line[]> {
  const [first, ...others] = new Set(lines.map(({ by }) => by));
  if (first === undefined || others.length === 0) {
    return lines;
  }
  const near = await nearGrantors(opener, chain, lines);
  return lines.filter(({ by }) => (near.size > 0 ? near.has(by) : by === first));
}

/**
 * The lines whose numbers name a laboratory: those that the institute above it and the bodies of that have granted, of an institute all.
 * Nobody is asked for a line, so a stranger could give a laboratory the number of another one.
 */
async function naming(
  opener: Opener,
  chain: CertificationChain,
  lines: readonly Line[],
  { code }: StatedCertificate,
): Promise<readonly Line[]> {
  if (code === undefined || chain.organisations[0]?.kind === 'NMI') {
    return lines;
  }
  const near = await nearGrantors(opener, chain, lines);
  return lines.filter(({ by }) => near.has(by));
}

/** The grantors below the same institute, and that institute. */
async function nearGrantors(
  opener: Opener,
  { organisations }: CertificationChain,
  lines: readonly Line[],
): Promise<ReadonlySet<string>> {
  const near = new Set<string>();
  for (const grantor of new Set(lines.map(({ by }) => by))) {
    const above = await opener.certification(grantor);
    if (above.organisations.at(-1)?.id === organisations.at(-1)?.id) {
      near.add(grantor);
    }
  }
  return near;
}

/** By its id, a name that its certifier signed, or the number of an accreditation that was granted it from above. */
function isCalled(
  id: string,
  { organisations: [member] }: CertificationChain,
  lines: readonly Line[],
  certificate: StatedCertificate,
): boolean {
  const memberships = member ? [member.membership, ...member.keys.map(({ said }) => said.statement)] : [];
  const names = memberships.flatMap((statement) => (isKind(statement, 'organisation') ? namesIn(statement.body) : []));
  const numbers = lines.flatMap(({ number }) => number ?? []);
  return namesLaboratory(certificate, { names: [id, ...names], numbers });
}

/** Nobody is called by what a pseudonym states in place of a name. */
function namesIn({ name, pseudonym }: Membership): readonly string[] {
  return pseudonym && name === WITHHELD ? [] : [name];
}
