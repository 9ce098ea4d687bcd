import { issueText, MAX_RESULTS, MAX_ROWS, resultSchema } from '@tracecal/core/model';
import type { ReportBody, Result, StatedCertificate } from '@tracecal/core/model';
import type { CertificateDraft, DraftResult, ItemDraft, ItemIdentity, LeftOut } from '../draft/index.js';
import { oneLine } from '../oneLine.js';
import { resultNotes } from './notes.js';
import { resultRecord } from './result.js';
import type { ParentPlaces } from './result.js';

/** The content of a report about one item of a certificate. The file does not decide whose report it becomes. */
export interface ItemReport extends Pick<
  ReportBody,
  'performed' | 'issued' | 'accredited' | 'place' | 'recalibrateBy' | 'adjusted'
> {
  readonly item: ItemIdentity;
  /** As the certificate names itself and its laboratory; the file does not tell which member that is. */
  readonly certificate: StatedCertificate;
  readonly results: readonly Result[];
}

export interface CertificateReports {
  /** One for each item with results. Those of a set have the same certificate. */
  readonly items: readonly ItemReport[];
  /** Certificate content omitted from them, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Why the certificate cannot be registered, with the remedy; empty if it can. */
  readonly refusals: readonly string[];
  /** Information missing in the certificate that a verdict will need, each with the remedy. */
  readonly notes: readonly string[];
}

/**
 * What a drafted certificate becomes in the registry: a report an item, with its results.
 *
 * What a report can hold as missing (no coverage factor, no place of a deviation) is recorded as missing. Of what it cannot hold
 * (a kind that nobody knows, a result of nobody knows which item, the uncertainty 0) the certificate is refused, unless other
 * results are left without it.
 *
 * @param places - Where each parent of the certificate stands among the report's; by default in their order.
 * @example
 * const { items } = reportsOf(draftCertificate(readCertificate(bytes), { proposeKind }));
 */
export function reportsOf(
  draft: CertificateDraft,
  places: ParentPlaces = draft.parents.map((_, i) => i),
): CertificateReports {
  const blocked = [
    ...draft.unassigned,
    ...draft.items.flatMap(({ results, asFound }) => [...results, ...asFound].filter(isNameless)),
  ];
  const others = draft.items.flatMap(({ results }) => results.filter((result) => !blocked.includes(result)));
  const isLess = others.some(({ counted }) => counted);
  const drafted = draft.items.map((item) => itemReport(draft, item, blocked, places));
  const items = drafted.flatMap(({ report }) => (report.results.some(({ asFound }) => !asFound) ? [report] : []));
  const withoutPlace = blocked.map((result) => ({ name: result.result.name, reason: questionOf(draft, result) }));
  const leftOut = [...draft.refused, ...draft.leftOut, ...withoutPlace, ...drafted.flatMap((each) => each.leftOut)];
  const refusals = isLess
    ? []
    : [...draft.refused.map(({ name, reason }) => `${name}: ${reason}`), ...withoutPlace.map(({ reason }) => reason)];
  return {
    items,
    leftOut,
    refusals: refusals.length === 0 && items.length === 0 ? [nothingIn(leftOut)] : refusals,
    notes: [
      ...draft.questions
        .filter(({ text }) => !withoutPlace.some(({ reason }) => reason === text))
        .map(({ text }) => text),
      ...resultNotes(draft),
    ],
  };
}

function nothingIn([first]: readonly LeftOut[]): string {
  const why = first ? ` ${first.name}: ${first.reason}` : '';
  return `The certificate states nothing that can be a result of a report.${why}`;
}

/** For results of an ambiguous kind without a name. */
function isNameless({ result, questions }: DraftResult): boolean {
  return result.quantity.startsWith('unnamed-') && questions.some(({ asks }) => asks === 'kind');
}

function questionOf({ questions }: CertificateDraft, { result: { name } }: DraftResult): string {
  const asked = questions.find(({ asks, result }) => result === name && (asks === 'item' || asks === 'kind'));
  return asked?.text ?? `The certificate does not tell what "${name}" is.`;
}

interface Drafted {
  readonly report: ItemReport;
  readonly leftOut: readonly LeftOut[];
}

function itemReport(
  draft: CertificateDraft,
  { item, results, asFound, adjusted }: ItemDraft,
  blocked: readonly DraftResult[],
  places: ParentPlaces,
): Drafted {
  const usable = results.filter((result) => !blocked.includes(result));
  const accredited = accreditationClaimed(draft, usable);
  const claimed = usable.map((result) => withClaim(resultRecord(result, places), result, accredited !== undefined));
  const found = asFound
    .filter((result) => !blocked.includes(result))
    .map((result): Result => ({ ...resultRecord(result, places), asFound: true }));
  const all = [...claimed, ...found];
  const reasons = all.map((result, place) => whyNot(result, place));
  return {
    report: {
      item,
      certificate: certificateOf(draft),
      results: all.filter((_, place) => reasons[place] === null),
      performed: draft.performed,
      issued: draft.issued,
      ...(accredited && { accredited }),
      ...(isOnSite(draft.place) && { place: 'on-site' }),
      ...(draft.recalibration !== null && { recalibrateBy: draft.recalibration }),
      ...((adjusted || isAdjusted(draft, asFound)) && { adjusted: true }),
    },
    leftOut: all.flatMap(({ name }, place) => {
      const reason = reasons[place] ?? null;
      return reason === null ? [] : [{ name, reason }];
    }),
  };
}

function certificateOf({ uniqueIdentifier, laboratory }: CertificateDraft): StatedCertificate {
  const { name, country, code } = laboratory;
  const plain = oneLine(code);
  return {
    number: oneLine(uniqueIdentifier) || 'not stated',
    laboratory: oneLine(name) || 'not named',
    ...(plain !== '' && { code: plain }),
    ...(/^[A-Z]{2}$/.test(country) && { country }),
  };
}

function whyNot(result: Result, place: number): string | null {
  if (place >= MAX_RESULTS) {
    return `A report holds at most ${MAX_RESULTS} results.`;
  }
  if (result.rows.length > MAX_ROWS) {
    return `A result of a report holds at most ${MAX_ROWS} rows.`;
  }
  const [issue] = resultSchema.safeParse(result).error?.issues ?? [];
  return issue ? `It does not fit into a report: ${issue.path.map(String).join('.')} ${issueText(issue)}.` : null;
}

/** The accreditation of the results, as the certificate claims for at least one of them. */
function accreditationClaimed(
  { laboratory }: CertificateDraft,
  results: readonly DraftResult[],
): ReportBody['accredited'] {
  return results.some(({ claims }) => claims.accredited === true) ? { body: null, number: laboratory.code } : undefined;
}

/** A claim that names some results does not apply to the others. */
function withClaim(record: Result, { claims }: DraftResult, isClaimed: boolean): Result {
  return isClaimed && claims.accredited !== true && record.excluded === undefined
    ? { ...record, excluded: 'not-accredited' }
    : record;
}

/** `laboratory` and `laboratoryBranch` are the laboratory's own rooms; so is a missing statement. */
function isOnSite(place: string | null): boolean {
  return place !== null && !/^laborator/i.test(place);
}

function isAdjusted({ conditions }: CertificateDraft, asFound: readonly DraftResult[]): boolean {
  return asFound.length > 0 || conditions.some(({ status }) => /adjustment|repair/i.test(status ?? ''));
}
