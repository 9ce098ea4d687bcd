import { isDeepStrictEqual } from 'node:util';
import type { ReportAnswer } from '@tracecal/core/contracts';
import type { Parent } from '@tracecal/core/model';
import { DccError, oneLine, outsideParent } from '../../dcc/index.js';
import type { CertificateDraft, DraftParent } from '../../dcc/index.js';
import { findParent, reportOfPaper, serialsOf } from './findParent.js';
import type { Library } from './findParent.js';
import { contradictSerials } from './sameMaker.js';

/** Parents that a person names beside the certificate. */
export interface GivenParents {
  /** Registered reports, with the serial numbers of their devices. */
  readonly reports: readonly { readonly report: ReportAnswer; readonly serial: string }[];
  /** Descriptions of certificates on paper. */
  readonly papers: readonly Parent[];
  /** Whether given parents that match none of the certificate's own are added as further parents. */
  readonly isForThisFile: boolean;
}

const NO_PARENTS: GivenParents = { reports: [], papers: [], isForThisFile: false };

export interface MatchedParents {
  /** Each parent once, even if the certificate names it several times. */
  readonly parents: readonly Parent[];
  /** Where each parent of the certificate stands among them; null if it is none of them. */
  readonly places: readonly (number | null)[];
  /** Assumptions that were made, and missing things with the command that adds them. */
  readonly notes: readonly string[];
}

/**
 * Finds the parents of a certificate. A registered report counts if it was made from the very file that the certificate names. If no
 * comparable digest is stated, it counts if certificate number and serial number agree and maker and model do not contradict. Parents on
 * paper or not registered stay outside the registry.
 */
export async function matchParents(
  library: Library,
  { parents, items }: Pick<CertificateDraft, 'parents' | 'items'>,
  given: GivenParents = NO_PARENTS,
): Promise<MatchedParents> {
  const references = referencesAmong(items);
  const taken = new Set<object>();
  const matched: Parent[] = [];
  const notes: string[] = [];
  const places: (number | null)[] = [];
  for (const [source, draft] of parents.entries()) {
    const found = givenFor(draft, given, taken) ?? (await matchOne(library, draft, references.has(source)));
    places.push(found.parent === null ? null : placeIn(matched, found.parent));
    notes.push(...found.notes);
  }
  if (given.isForThisFile) {
    given.reports.filter((each) => !taken.has(each)).forEach(({ report }) => placeIn(matched, registered(report)));
    given.papers.filter((each) => !taken.has(each)).forEach((paper) => placeIn(matched, paper));
  }
  return { parents: matched, places, notes: [...new Set(notes)] };
}

interface Matched {
  /** Null: equipment without a certificate that no result names as its reference. */
  readonly parent: Parent | null;
  readonly notes: readonly string[];
}

async function matchOne(library: Library, draft: DraftParent, isReference: boolean): Promise<Matched> {
  const { certificate, paper } = draft;
  if (paper) {
    return onPaper(draft, outsideParent(draft));
  }
  if (certificate?.analogue) {
    const report = await reportOfPaper(library, draft);
    return { parent: outsideParent(draft), notes: [describeHint(oneLine(certificate.number), report)] };
  }
  if (certificate === null && !isReference) {
    return { parent: null, notes: [] };
  }
  if (certificate?.traceable === false) {
    const number = oneLine(certificate.number) || 'of its standard';
    return { parent: outsideParent(draft), notes: [`The issuer states that certificate ${number} is not traceable.`] };
  }
  const { report, notes } = await findParent(library, draft);
  return { parent: report ? registered(report) : outsideParent(draft), notes };
}

function describeHint(number: string, registered: ReportAnswer | undefined): string {
  const hint = `Certificate ${number || 'of its standard'} is on paper: describe it with --paper-parent FILE, or in the mapping file (parents).`;
  return registered
    ? `${hint} Report ${registered.id} has its number and serial number: if it is the same certificate, add --parent ${registered.id}.`
    : hint;
}

/** A parent given by a person takes precedence over one that was found. */
function givenFor(draft: DraftParent, { reports, papers }: GivenParents, taken: Set<object>): Matched | undefined {
  const serials = serialsOf(draft);
  const report = reports.find(({ serial }) => serials.includes(serial));
  if (report) {
    taken.add(report);
    return { parent: registered(report.report), notes: [] };
  }
  const number = oneLine(draft.certificate?.number);
  const paper = papers.find(
    (each) =>
      each.kind === 'paper' &&
      ((number !== '' && each.certificate === number) || serials.some((serial) => each.equipment.includes(serial))),
  );
  if (paper) {
    taken.add(paper);
    return onPaper(draft, paper);
  }
  return undefined;
}

/** @throws DccError `PAPER_INVALID` if the description is of other equipment than the certificate names */
function onPaper(draft: DraftParent, parent: Parent): Matched {
  const serials = serialsOf(draft);
  if (parent.kind === 'paper' && contradictSerials(serials, parent.serial ?? '')) {
    const detail = `Certificate ${parent.certificate} is described as that of serial number ${parent.serial ?? ''}, but the equipment for which it is named (${draft.name}) has ${serials.join(', ')}: describe the certificate of what was used, or correct "serial".`;
    throw new DccError('PAPER_INVALID', detail);
  }
  return { parent, notes: [] };
}

/** Parents that a result names as its reference. */
function referencesAmong(items: CertificateDraft['items']): ReadonlySet<number> {
  const uses = items.flatMap(({ results }) => results.flatMap((result) => result.uses));
  const isReference = (role: string | null) => role === 'reference' || role === 'input' || role === 'ratio';
  return new Set(uses.filter(({ role }) => isReference(role)).map(({ source }) => source));
}

function placeIn(parents: Parent[], parent: Parent): number {
  const known = parents.findIndex((other) => isDeepStrictEqual(other, parent));
  return known === -1 ? parents.push(parent) - 1 : known;
}

function registered({ id, digest, body }: ReportAnswer): Parent {
  return { kind: 'report', device: body.device, report: id, digest };
}
