import { proposeKind as proposeKindByName } from '@tracecal/core/model';
import type { Certificate } from '../certificate.js';
import type { Circumstances, Condition } from '../data.js';
import { oneLine } from '../oneLine.js';
import type { Result as CertificateResult } from '../results.js';
import { omissionsOf } from '../reportContent.js';
import type { Omission } from '../reportContent.js';
import { splitAsFound, whyEarlier } from './asFound.js';
import { conditionsOf, type DraftCondition } from './conditions.js';
import { columnsOf } from './columns.js';
import { disagreementsOf } from './disagreements.js';
import { digestOf, type ParentDigest } from './digests.js';
import { groupColumns } from './groups.js';
import { ItemList, type FoundItem, type ItemIdentity } from './items.js';
import { takeKind, type KindProposer } from './kinds.js';
import { NO_MAPPING, type Mapping } from './mapping.js';
import { ParentList, type DraftParent } from './parents.js';
import { draftResults, joinDrafts } from './results.js';
import type { Drafted, DraftResult, Source } from './drafted.js';
import type { Decision, LeftOut, Question } from './shapes.js';
import { tablesOf } from './tables.js';
import { Told } from './told.js';
import { outsideValidity } from './validity.js';
import { checkWork } from './work.js';

/** A certificate's content for the registry: one report per item, and their common parts. */
export interface CertificateDraft {
  readonly uniqueIdentifier: string;
  readonly laboratory: { readonly name: string; readonly country: string; readonly code: string | null };
  readonly performed: { readonly begin: string; readonly end: string };
  /** The date of issue; if the certificate states none, the last day of the calibration. */
  readonly issued: string;
  /** Where the work was done: `laboratory`, `customer`, ... */
  readonly place: string | null;
  /** The certificate that this one amends or replaces. */
  readonly replaces: DraftReplacement | null;
  /** An earlier calibration of the same item. */
  readonly previous: { readonly certificate: string | null; readonly digest: ParentDigest | null } | null;
  /** Due date of the next calibration, as agreed with the customer. */
  readonly recalibration: string | null;
  readonly items: readonly ItemDraft[];
  /** The set that the items form; null for a single item. */
  readonly set: { readonly name: string; readonly manufacturer: string | null; readonly serial: string | null } | null;
  readonly parents: readonly DraftParent[];
  /** Environmental and other conditions; conditions of a single quantity are also arguments of its result. */
  readonly conditions: readonly DraftCondition[];
  /** Results that the certificate assigns to no item. */
  readonly unassigned: readonly DraftResult[];
  readonly leftOut: readonly LeftOut[];
  /** Content that no report may contain: the issuer must correct the certificate. */
  readonly refused: readonly LeftOut[];
  /** Open questions about all results: a mapping file answers them. */
  readonly questions: readonly Question[];
  /** Decisions about all results, each with its source. */
  readonly decisions: readonly Decision[];
  /** Unused entries of the mapping file: a misspelt name, or a wrong number of values. */
  readonly unused: readonly string[];
  /** Content that ISO/IEC 17025:2017 requires of a calibration certificate and that is missing. */
  readonly omissions: readonly Omission[];
  /** Why the certificate contains nothing that a verdict could use; null if it does. */
  readonly reason: string | null;
}

export interface ItemDraft {
  readonly item: ItemIdentity;
  readonly results: readonly DraftResult[];
  /** Before an adjustment or a repair. */
  readonly asFound: readonly DraftResult[];
  /** Whether the names of its results say that it was adjusted or repaired. */
  readonly adjusted: boolean;
}

export interface DraftReplacement {
  readonly change: 'amended' | 'substituted' | null;
  readonly certificate: string | null;
  readonly digest: ParentDigest | null;
}

export interface DraftOptions {
  readonly mapping?: Mapping;
  readonly proposeKind?: KindProposer;
}

/**
 * Drafts reports from a certificate. Nothing is decided silently: each decision names its source, and missing information
 * becomes a question.
 *
 * @throws DccError `MAPPING_INVALID` if the mapping is for another certificate, `XML_TOO_MANY`
 */
export function draftCertificate(certificate: Certificate, options: DraftOptions = {}): CertificateDraft {
  const { mapping = NO_MAPPING, proposeKind = proposeKindByName } = options;
  const { core, laboratory } = certificate;
  checkWork(certificate);
  const told = new Told(mapping, core.uniqueIdentifier);
  const parents = new ParentList(certificate, told.parents);
  const list = new ItemList(certificate, told);
  const context = { certificate, told, proposeKind, parents };
  const drafted = joinDrafts(
    certificate.results.map((result, i) => draftResults(sourceOf(result, i, certificate), context)),
  );
  const asFound = certificate.conditions.filter((condition) => isAsFound(condition, told));
  const surroundings = certificate.conditions.filter((condition) => !asFound.includes(condition));
  const found = joinDrafts(asFoundSources(certificate, asFound).map((source) => draftResults(source, context)));
  const named = { ...drafted, results: uniqueNames(drafted.results) };
  const places = new Map([...named.results, ...found.results].map((result) => [result, list.itemOf(result)]));
  const split = list.items.map((_, i) => {
    const own = named.results.filter((result) => places.get(result)?.item === i);
    return splitAsFound(own, certificate, told);
  });
  const byName = split.flatMap(({ asFound: earlier }) => earlier);
  const earlier = split.flatMap((each) => each.earlier);
  const taken = named.results.filter((result) => !earlier.includes(result));
  const unassigned = named.results.filter((result) => !places.get(result));
  const questions = unassigned.map(({ result: { name } }): Question => ({
    asks: 'item',
    result: name,
    text: itemQuestion(name, list),
  }));
  return {
    uniqueIdentifier: core.uniqueIdentifier,
    laboratory: { name: oneLine(laboratory.name?.text), country: core.country, code: laboratory.code },
    performed: core.performed,
    issued: core.issued ?? core.performed.end,
    place: core.location,
    ...replacementOf(certificate),
    recalibration: recalibrationOf(certificate),
    items: list.items.map((item, i) => ({
      item,
      results: split[i]?.current ?? [],
      asFound: [
        ...(split[i]?.asFound ?? []),
        ...found.results.filter((result) => (places.get(result)?.item ?? 0) === i),
      ],
      adjusted: split[i]?.adjusted ?? false,
    })),
    set: setOf(certificate),
    parents: parents.parents,
    conditions: conditionsOf(
      surroundings,
      (clues, { text }) => takeKind(proposeKind(clues, text), core.uniqueIdentifier).quantity,
    ),
    unassigned,
    leftOut: [...drafted.leftOut, ...found.leftOut, ...earlier.map(leftOutEarlier)],
    refused: [...drafted.refused, ...found.refused],
    questions: [
      ...questions,
      ...taken.flatMap((result) => result.questions),
      ...split.flatMap(({ current }) => disagreementsOf(current)),
      ...outsideValidity(certificate, taken),
    ],
    decisions: [
      ...taken.flatMap((result) => result.decisions),
      ...byName.flatMap(({ decisions }) => decisions.slice(-1)),
      ...[...places].flatMap(([{ result }, found]) => itemDecision(result.name, found, list)),
    ],
    unused: told.unused,
    omissions: omissionsOf(certificate),
    reason: reasonOf({ ...named, results: taken }),
  };
}

function leftOutEarlier(draft: DraftResult): LeftOut {
  return { name: draft.result.name, reason: whyEarlier(draft) };
}

function sourceOf(result: CertificateResult, i: number, { common, items }: Certificate): Source {
  const { measurement } = result;
  const names = (result.name?.all ?? []).map(({ text }) => oneLine(text)).filter(Boolean);
  const farther = [measurement.name, items.name, ...items.items.map(({ name }) => name)];
  return {
    name: oneLine(result.name?.text) || oneLine(measurement.name?.text) || `result ${i + 1}`,
    place: { result: i + 1, names },
    tables: tablesOf(result),
    refType: result.refType,
    refIds: [...result.refIds, ...(result.id === null ? [] : [result.id]), ...measurement.refIds],
    clues: farther.flatMap((text) => (text?.all ?? []).map((part) => oneLine(part.text))),
    circumstances: [measurement.circumstances, common],
    metaData: [...result.metaData, ...measurement.metaData],
  };
}

/** Results before an adjustment or a repair are listed among the conditions. */
function asFoundSources(certificate: Certificate, conditions: readonly Condition[]): Source[] {
  return conditions.map(({ data, name, refType }): Source => ({
    name: `${oneLine(name?.text) || 'results'}, as found`,
    place: { result: 0, names: (name?.all ?? []).map(({ text }) => oneLine(text)) },
    tables: tablesOf(data ?? NO_DATA),
    refType,
    refIds: [],
    clues: certificate.items.items.flatMap((item) => (item.name?.all ?? []).map(({ text }) => oneLine(text))),
    circumstances: circumstancesAround(certificate),
    metaData: data?.metaData ?? [],
  }));
}

const NO_DATA = { quantities: [] };

/** Whether a condition contains errors instead of environmental values. */
function isAsFound({ data, status }: Condition, told: Told): boolean {
  if (!/^before/i.test(status ?? '')) {
    return false;
  }
  return tablesOf(data ?? NO_DATA).some((table) =>
    groupColumns(columnsOf(table, { result: 0, names: [] }, told)).groups.some(
      ({ difference, indication }) => difference !== null || indication !== null,
    ),
  );
}

function circumstancesAround({ results, common }: Certificate): readonly Circumstances[] {
  return [...new Set(results.map(({ measurement }) => measurement.circumstances)), common];
}

/** Within a report, results are identified by their names. */
function uniqueNames(results: readonly DraftResult[]): DraftResult[] {
  const taken = new Set<string>();
  return results.map((draft) => {
    let name = draft.result.name;
    for (let i = 2; taken.has(name); i += 1) {
      name = `${draft.result.name} (${i})`;
    }
    taken.add(name);
    return { ...draft, result: { ...draft.result, name } };
  });
}

function replacementOf({ core }: Certificate): Pick<CertificateDraft, 'replaces' | 'previous'> {
  const { replaces, previousReport } = core;
  const previous = previousReport && { certificate: previousReport.referralId, digest: digestOf(previousReport) };
  if (!replaces) {
    return { replaces: null, previous };
  }
  const change = (['amended', 'substituted'] as const).find((each) => each === replaces.change?.toLowerCase()) ?? null;
  const certificate = replaces.uniqueIdentifier ?? previous?.certificate ?? null;
  return { replaces: { change, certificate, digest: previous?.digest ?? null }, previous };
}

function recalibrationOf({ statements }: Certificate): string | null {
  return statements.find(({ refType, date }) => /recalibration/i.test(refType ?? '') && date !== null)?.date ?? null;
}

function setOf({ items }: Certificate): CertificateDraft['set'] {
  const { name, manufacturer, serial } = items;
  return items.items.length > 1 ? { name: oneLine(name?.text) || 'set', manufacturer, serial } : null;
}

/** With a single item there is nothing to decide. */
function itemDecision(result: string, found: FoundItem | null, { items }: ItemList): Decision[] {
  const item = found && items.length > 1 ? items[found.item] : undefined;
  return found && item ? [{ about: result, decided: `of the item ${item.name}`, from: found.from }] : [];
}

function itemQuestion(result: string, { items }: ItemList): string {
  const names = items.map(({ name, serial }) => (serial === null ? name : `${name} (${serial})`));
  return `Which item is "${result}" of: ${names.join(', ')}? Tell it in a mapping file (items).`;
}

function reasonOf({ results, refused, leftOut }: Drafted): string | null {
  if (results.some(({ counted }) => counted)) {
    return null;
  }
  const [first] = [...refused, ...leftOut];
  if (results.length > 0 && refused.length === 0) {
    return 'No result states an uncertainty that can be used.';
  }
  return first ? `${first.name}: ${first.reason}` : 'It states no result.';
}
