import { exactRelation, kindNamed, MAX_ARGUMENTS, parseUnit, scaleOf } from '../../model/index.js';
import type { PaperResult, Result, Use } from '../../model/index.js';
import type { AmendedSource } from '../amended.js';
import type { OpenReport } from '../open/opened.js';
import type { Versions } from '../support/change.js';
import { rowsIn } from '../results.js';
import { timesErrors } from '../support/index.js';
import { restated } from '../support/restated.js';
import type { Said, Source as SupportSource, SourceRow } from '../support/index.js';
import { convertedFoundation } from './foundation.js';
import { LastAnswer } from '../lastAnswer.js';
import type { Source } from './sources.js';
import { countedIn, endsOf, rowsWithErrors, saying, sourceRows } from './stated.js';
import { placesNow, placesRead, restate, signedResults, usageOf } from './usage.js';
import type { Places } from './usage.js';

/** A parent as a result uses it: for which kind of quantity, and which results of that kind the parent gives. */
interface Using {
  readonly of: Source;
  readonly kind: string;
  /** The kind that the parent gives: the same kind, or one from which an exact relation leads to it. */
  readonly given: string | undefined;
  /** How the result declares that it was used; absent if it does not declare that. */
  readonly declared?: Use;
  /** Whether it states as many places as the result has rows. */
  readonly isOfRows: boolean;
}

function usingOf(result: Result, sources: readonly Source[]): readonly Using[] {
  return sources.flatMap((of, place) => {
    const declared = (result.support?.uses ?? []).filter((use) => use.source === place);
    const uses = declared.length > 0 ? declared : ratioIn(of, result, place);
    return uses.length === 0
      ? [using(of, result.quantity)]
      : uses.map((use) => ({
          ...using(of, use.quantity ?? kindUsed(of, result, use)),
          declared: use,
          isOfRows: use.at?.length === result.rows.length,
        }));
  });
}

/** Kinds that are ratios by their name. */
const RATIOS: ReadonlySet<string> = new Set(kindNamed('ratio')?.members);

/** What a scaled result does not declare: a source that gives ratios only is the ratio, not an influence that needs no certificate. */
function ratioIn({ kinds }: Source, { quantity, support }: Result, source: number): readonly Use[] {
  const isRatio = kinds.size > 0 && [...kinds.keys()].every((kind) => RATIOS.has(kind) && !relates(kind, quantity));
  return support?.method === 'scaled' && isRatio ? [{ source, role: 'ratio' }] : [];
}

function using(of: Source, kind: string): Using {
  const given = of.kinds.has(kind) ? kind : [...of.kinds.keys()].find((each) => relates(each, kind));
  return { of, kind, given, isOfRows: false };
}

/** Cost of building a source and preparing it for questions. */
const WORK_OF_SOURCE = 16;
/** Cost of matching it with a further result of the same report that uses it in the same way. */
const WORK_OF_SAME_SOURCE = 6;

/** What a result may rest on. Building {@link sources} costs `work`, which is known beforehand. */
export interface Offering {
  readonly work: number;
  /** One source for each result of a parent that the result may rest on. */
  sources(): readonly Offered[];
}

/** Kinds of the parents that a result may use. */
export function lookingWork({ support }: Result, sources: readonly Source[]): number {
  const used = (support?.uses ?? []).map(({ source }) => sources[source]);
  return [...sources, ...used].reduce((sum, of) => sum + (of?.kinds.size ?? 0), 0);
}

/** What a result may rest on, from what its parents give. */
export function offeringFor(result: Result, sources: readonly Source[]): Offering {
  const all = usingOf(result, sources);
  return {
    work: all.reduce((sum, each) => sum + workOf(each) * Math.max(resultsGiven(each).length, 1), 0),
    sources: () => all.flatMap(offersOf),
  };
}

/** What a parent gives to all results that use it in the same way. */
const given = new WeakMap<Source, Map<string, readonly Offered[]>>();

/** Undefined if each row has its own use: such a key would be as expensive as building the source again. */
function nameOfUse({ kind, declared, isOfRows }: Using): string | undefined {
  const { at = [], sensitivity } = declared ?? {};
  // Two numbers are one place with its value, or the places of two rows.
  const places = at.length === 2 ? isOfRows : undefined;
  return at.length > MAX_ARGUMENTS || sensitivity ? undefined : JSON.stringify([kind, declared, places]);
}

function workOf(each: Using): number {
  const name = nameOfUse(each);
  return name !== undefined && given.get(each.of)?.has(name) === true ? WORK_OF_SAME_SOURCE : WORK_OF_SOURCE;
}

function offersOf(each: Using): readonly Offered[] {
  const { of, declared } = each;
  const name = nameOfUse(each);
  if (name === undefined) {
    return offers(each);
  }
  const known = given.get(of) ?? new Map<string, readonly Offered[]>();
  const offered = known.get(name) ?? offers(each);
  given.set(of, known.set(name, offered));
  // `declared` lets the review of amendments distinguish the uses of one result.
  return declared ? offered.map((one) => ({ ...one, declared })) : offered;
}

function resultsGiven({ of: { parent, report }, given }: Using): readonly unknown[] {
  return given === undefined ? [] : parent.kind === 'paper' ? parent.results : (report?.results.get(given) ?? []);
}

/** An input or a ratio that gives only one kind of quantity need not name the kind. */
function kindUsed({ kinds }: Source, { quantity }: Result, { role }: Use): string {
  const [only, ...more] = kinds.keys();
  return (role === 'input' || role === 'ratio') && only !== undefined && more.length === 0 ? only : quantity;
}

/** A source in the terms of the decision procedure, and its parent. */
export interface Offered {
  readonly of: Source;
  readonly source: SupportSource;
  /** The name of the parent's result. */
  readonly name?: string;
  /** The kind that the parent gives; it differs from the result's if an exact relation leads from one to the other. */
  readonly kind: string | null;
  /** How the result declares that it was used; absent if it does not declare that. */
  readonly declared?: Use;
  /** Whether it declares as many places as the result has rows. */
  readonly isOfRows?: boolean;
}

/** Whether knowledge of one kind gives the other: the kinds are the same, or an exact relation connects them. */
export function relates(from: string, to: string): boolean {
  return from === to || exactRelation(from, to) !== undefined;
}

function offers({ of, kind, given, declared: use, isOfRows }: Using): readonly Offered[] {
  const { report, parent, isLater } = of;
  const declared = use && { declared: use, isOfRows };
  const base = {
    ...namesOf(of),
    outcome: outcomeFor(of, given ?? ''),
    resolved: report !== undefined || parent.kind === 'paper',
    onPaper: parent.kind === 'paper',
    range: null,
    use: usageIn(of, { use, isOfRows }),
    isLater,
  };
  const found = given === undefined ? [] : givenBy(of, given);
  if (given === undefined || found.length === 0) {
    const role = base.use.role ?? roleOfSilent(of);
    const said = silent(of);
    return [
      {
        of,
        ...declared,
        kind: said.kind,
        source: { ...base, ...said, use: role === base.use.role ? base.use : { ...base.use, role } },
      },
    ];
  }
  return found.map(({ name, stated, foundation, ...each }) => ({
    of,
    ...declared,
    kind: given,
    source: {
      ...base,
      use: usageIn(of, { use, isOfRows }, stated, given),
      ...(given === kind ? each : convertedRows(each, given, kind)),
      ...(foundation && { foundation: convertedFoundation(foundation, kind) }),
    },
    ...(name !== undefined && { name }),
  }));
}

const conversions = new LastAnswer<readonly SourceRow[], readonly SourceRow[]>();

/** Converts a source by an exact relation: a calibrated frequency also gives a period. */
export function convertedRows(
  said: Pick<Said, 'axes' | 'rows'>,
  from: string,
  to: string,
): Omit<Said, 'report' | 'range'> {
  const relation = exactRelation(from, to);
  const rows = conversions.get(said.rows, [from, to], () =>
    said.rows.map(({ x, y, u, covered, errors }) => {
      const convert = (value: number | null) =>
        value === null ? null : (relation?.convert({ value, uncertainty: u }) ?? null);
      const estimate = convert(y);
      const inside = covered && { covered: { x: covered.x, y: convert(covered.y)?.value ?? null } };
      const own = errors && { errors: timesErrors(errors, relation?.isFalling === true ? -1 : 1) };
      return { x, y: estimate?.value ?? null, u: estimate?.uncertainty ?? null, ...inside, ...own };
    }),
  );
  const unit = kindNamed(to)?.units[0] ?? '';
  const original = { kind: from, rows: said.rows };
  return {
    axes: said.axes,
    kind: to,
    scale: scaleOf(to),
    dimension: parseUnit(unit)?.dimension ?? null,
    rows,
    original,
  };
}

/**
 * The amended report of a source and the report that counts in its place, as the result uses them: all their results of its kind,
 * whatever their names; results with the same arguments are combined.
 */
export function versionsOf({ of, source, kind: own, declared, isOfRows = false }: Offered): readonly Versions[] {
  const kind = own ?? '';
  const [before, after] = [saidTogether(of.before, kind), saidTogether(of.report, kind)];
  if (after.size === 0) {
    // If it no longer gives this kind, the findings about its use report that.
    return [];
  }
  return [...before].flatMap(([like, { results, said }]) => {
    const now = after.get(like)?.said ?? { ...said, rows: [] };
    const inUse = (version: Together['said'], places?: Places) => ({
      ...source,
      ...version,
      use: places ? { ...source.use, at: restate(places, version) } : source.use,
    });
    const all = declared?.at ? placesRead({ at: declared.at, isOfRows }, results) : [undefined];
    return all.map((places) => ({ before: inUse(said, places), after: inUse(now, places) }));
  });
}

/** Rows that {@link versionsOf} combines. */
export function statingWork({ of, kind }: Offered): number {
  return [of.before, of.report].reduce((sum, report) => sum + rowsIn(report?.results.get(kind ?? '') ?? []), 0);
}

/** Results of one kind with the same arguments, in whatever order, and all that they say. */
interface Together {
  readonly results: Result[];
  readonly said: ReturnType<typeof saying> & { readonly rows: AmendedSource['rows'][number][] };
}

function saidTogether(report: OpenReport | undefined, kind: string): ReadonlyMap<string, Together> {
  const together = new Map<string, Together>();
  for (const result of countedIn(report?.results.get(kind) ?? [])) {
    const stated = saying(result);
    const like = JSON.stringify([stated.dimension, ...stated.axes.map((axis) => axis.kind).sort()]);
    const alike = together.get(like) ?? { results: [], said: { ...stated, rows: [] } };
    together.set(like, alike);
    alike.results.push(result);
    for (const row of rowsWithErrors(result)) {
      alike.said.rows.push({ ...row, x: restated(row.x, stated, alike.said) });
    }
  }
  return together;
}

/** A paper certificate whose values nobody states passes nothing on; its use decides what that means. */
function outcomeFor({ parent, kinds, standing }: Source, kind: string): SupportSource['outcome'] {
  return parent.kind === 'paper' && kinds.size === 0 ? 'sound' : (kinds.get(kind) ?? standing).outcome;
}

function namesOf({ parent, report }: Source): Pick<SupportSource, 'report' | 'device'> {
  return parent.kind === 'report'
    ? { report: report?.id ?? parent.report, device: parent.device }
    : { report: parent.certificate, device: `certificate ${parent.certificate}` };
}

/** The results of a source for a kind of quantity, without as-found results, which no longer describe the device. */
function givenBy({ parent, report, kinds }: Source, kind: string) {
  if (parent.kind === 'paper') {
    return parent.results
      .filter(({ quantity }) => quantity === kind)
      .map((each) => ({
        ...saying(each),
        rows: endsOf(each),
        name: undefined,
        stated: each,
        foundation: undefined,
      }));
  }
  const all = report?.results.get(kind) ?? [];
  return countedIn(all).map((each) => {
    const foundation = kinds.get(kind)?.foundations?.[all.indexOf(each)]?.();
    return {
      ...saying(each),
      rows: foundation?.said.rows ?? sourceRows(each),
      name: each.name,
      stated: each,
      foundation,
    };
  });
}

const NO_ROWS: readonly SourceRow[] = [];

/** A source without results of this kind: an influence, or a source with unknown content. */
function silent({ kinds }: Source) {
  const [kind = null] = kinds.keys();
  return { kind, scale: scaleOf(kind ?? ''), dimension: null, axes: [], rows: NO_ROWS };
}

/** A source that cannot be opened, or gives nothing, may be what the result rests on. */
function roleOfSilent({ kinds }: Source): 'reference' | null {
  return kinds.size === 0 ? 'reference' : null;
}

const UNDECLARED = usageOf({}, null);
const AFTER = usageOf({ role: 'after' }, null);
const usages = new LastAnswer<Use, SupportSource['use']>();

/** A use as declared, and whether it states as many places as the result has rows. */
interface Declared {
  readonly use: Use | undefined;
  readonly isOfRows: boolean;
}

/** How a source is used, with places in SI: they are read by the report that was cited. @param stated A result of this kind. */
function usageIn(
  { before, isLater }: Source,
  { use, isOfRows }: Declared,
  stated?: Result | PaperResult,
  kind = '',
): SupportSource['use'] {
  if (!use) {
    return isLater ? AFTER : UNDECLARED;
  }
  const signed = stated && (signedResults(before, kind) ?? [stated]);
  return usages.get(use, [stated, isOfRows, ...(signed ?? [])], () =>
    usageOf(use, use.at && stated && signed ? placesNow({ at: use.at, isOfRows }, stated, signed) : null),
  );
}
