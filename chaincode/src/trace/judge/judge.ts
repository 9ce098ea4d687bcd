import type { Result } from '../../model/index.js';
import type { Budget } from '../budget.js';
import type { OpenReport } from '../open/opener.js';
import { isUsable, siPoints } from '../quantities.js';
import { comparisonsOf, decideSupport, DEFAULT_SUPPORT_POLICY, sentenceOf } from '../support/index.js';
import type { Reason, ReasonCode, ResultFinding, SupportedResult } from '../support/index.js';
import type { Finding } from '../verdict.js';
import { accreditationOf, isAccredited, isMakersOwn, methodInScope, wasMakersOwn } from './accreditation.js';
import { supportedResult, supportSources } from './asked.js';
import type { Offered } from './asked.js';
import { capabilityCompared, conformityCompared, supportCompared } from './compared.js';
import { conformityFindings } from './conformity.js';
import { outcomeOf, worstOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import { NOWHERE } from './sources.js';
import type { Source, Standing } from './sources.js';
import { placeOf, wordsFor } from './words.js';

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly standing: Standing;
  /** What was compared, also where it holds; empty unless it is asked for. */
  readonly compared: readonly string[];
}

/** What a judgement may cost, and whether it says what it compared. */
export interface Terms {
  readonly budget: Budget;
  readonly explain: boolean;
}

/**
 * How a report's results of one kind stand: by the accreditation of their laboratory, and by what they rest on. An institute's
 * own result that rests on no reference of the ledger ends there.
 */
export function judge(report: OpenReport, kind: string, sources: readonly Source[], terms: Terms): Judgement {
  const results = (report.results.get(kind) ?? []).filter(({ asFound }) => !asFound);
  const counted = results.filter((result) => siPoints(result).some(isUsable));
  const isInstitutes = report.issuer.organisations[0]?.kind === 'NMI';
  // An institute vouches for its own realisation: to name what cannot be seen here must not be worse than to name nothing.
  const known = isInstitutes ? sources.filter(({ parent }) => parent.kind === 'report') : sources;
  const isRoot = isInstitutes && !known.some(({ kinds }) => kinds.has(kind));
  const isMakers = isMakersOwn(report) || wasMakersOwn(report);
  const scope = isMakers ? [] : accreditationOf(report, counted);
  // Without an uncertainty nothing can be held against what it rests on, which has to stand all the same.
  const judged = (counted.length > 0 && !report.placed ? counted : results).map((result) =>
    judgeResult(report, result, known, isRoot, terms),
  );
  const findings = [
    ...counted.flatMap((result) => [...denial(report, result), ...conformityFindings(report, result)]),
    ...scope,
    ...judged.flatMap((each) => each.findings),
  ];
  const isInformative = counted.length === 0;
  return {
    findings,
    standing: {
      ...worstOf([
        ...(isInformative ? [uncertaintyMissing(report, kind)] : []),
        outcomeOf(findings),
        ...judged.flatMap(({ above }) => above),
      ]),
      roots: isRoot ? new Set([report.organisation]) : rootsOf(known, kind),
      isInformative,
    },
    compared: [
      ...(terms.explain ? statedCompared(report, counted, isMakers) : []),
      ...judged.flatMap((each) => each.compared),
    ],
  };
}

function statedCompared(report: OpenReport, results: readonly Result[], isMakers: boolean): readonly string[] {
  const scope = isMakers ? [makersOwn(report)] : results.flatMap((result) => capabilityCompared(report, result));
  return [...results.flatMap((result) => conformityCompared(report, result)), ...scope];
}

function makersOwn({ organisation, device }: OpenReport): string {
  return `scope: ${organisation} is a sensor maker and calibrated device ${device.id} of its own: no accreditation is needed (ISO 10012).`;
}

function rootsOf(sources: readonly Source[], kind: string): ReadonlySet<string> {
  return new Set(sources.flatMap(({ kinds }) => [...(kinds.get(kind)?.roots ?? NOWHERE)]));
}

function uncertaintyMissing({ id }: OpenReport, kind: string): Outcome {
  const reason = `Report ${id} states no measurement uncertainty of ${kind}.`;
  return outcomeOf([{ check: 'results', outcome: 'missing', reason }]);
}

interface Judged {
  readonly findings: readonly Finding[];
  /** How that stands which it rests on, as far as it is passed on. */
  readonly above: readonly Outcome[];
  readonly compared: readonly string[];
}

function judgeResult(
  report: OpenReport,
  own: Result,
  sources: readonly Source[],
  isRoot: boolean,
  { budget, explain }: Terms,
): Judged {
  // How a result was obtained is declared of all its rows: some of them cannot be decided without the others.
  const { whole: result, rows } = report.placed?.get(own) ?? { whole: own, rows: null };
  const offered = supportSources(result, sources);
  const asked = askedOf(report, result, own);
  const given = offered.map(({ source }) => source);
  if (!budget.takeComparisons(comparisonsOf(asked, given))) {
    return { findings: [tooMuch(report, result)], above: [], compared: [] };
  }
  const decided = onlyAsked(decideSupport(asked, given, DEFAULT_SUPPORT_POLICY), rows);
  const about = { report, result, offered };
  const reasons = reasonsIn(decided).filter(({ reason: { code } }) => !(isRoot && code === 'no-reference'));
  return {
    findings: reasons.flatMap((each) => findingOf(about, each)),
    above: reasons.flatMap(({ reason }) => passedOn(about, reason)),
    compared: explain
      ? isRoot
        ? [realised(report, result)]
        : supportCompared(report, { result, rows }, decided, wordsFor(result, offered))
      : [],
  };
}

/** A row that is asked about counts, whether it states a usable uncertainty or not. */
function onlyAsked(found: ResultFinding, asked: ReadonlySet<number> | null): ResultFinding {
  return asked === null
    ? found
    : { ...found, rows: found.rows.map((row, place) => ({ ...row, counted: asked.has(place) })) };
}

function realised({ id, organisation }: OpenReport, { name, quantity }: Result): string {
  return `support: Report ${id}, ${name}: the national institute ${organisation} realises ${quantity} itself, and the chain ends here.`;
}

interface About {
  readonly report: OpenReport;
  readonly result: Result;
  readonly offered: readonly Offered[];
}

interface Placed {
  readonly reason: Reason;
  /** Undefined: about the result as a whole. */
  readonly row: number | undefined;
}

/** What counts: of rows the first that says it, for a table may have a thousand. */
function reasonsIn({ reasons, rows }: ResultFinding): readonly Placed[] {
  const first = new Map<string, Placed>();
  for (const [row, { counted, reasons: own }] of rows.entries()) {
    for (const reason of counted ? own : []) {
      const name = `${reason.code} ${String(reason.source)}`;
      first.set(name, first.get(name) ?? { reason, row });
    }
  }
  return [...reasons.map((reason) => ({ reason, row: undefined })), ...first.values()];
}

/** These say how a source stands, which its own findings say better. */
const PASSED_ON: ReadonlySet<ReasonCode> = new Set([
  'source-failed',
  'source-missing',
  'source-attested',
  'unresolved',
]);
/** These hold for most results, and say nothing that a reader would do something about. */
const SILENT: ReadonlySet<ReasonCode> = new Set(['combined', 'bracketed', 'edge', 'between-nodes', 'zero']);

function passedOn({ result, offered }: About, { code, source }: Reason): readonly Outcome[] {
  const of = source === undefined ? undefined : offered[source];
  return of && PASSED_ON.has(code) ? [of.of.kinds.get(of.source.kind ?? result.quantity) ?? of.of.standing] : [];
}

function findingOf({ report, result, offered }: About, { reason, row }: Placed): readonly Finding[] {
  const { code, source } = reason;
  if (PASSED_ON.has(code) || SILENT.has(code) || reason.outcome === 'sound') {
    return [];
  }
  const where = row === undefined ? result.name : `${result.name} at ${placeOf(result, row)}`;
  const of = source === undefined ? undefined : offered[source]?.of;
  const because = code === 'influence-open' && of?.standing.because ? ` ${of.standing.because.reason}` : '';
  const said = sentenceOf(reason, wordsFor(result, offered));
  return [{ check: 'support', outcome: reason.outcome, reason: `Report ${report.id}, ${where}: ${said}${because}` }];
}

/** @param own With the rows only that are asked about. */
function askedOf(report: OpenReport, result: Result, own: Result): SupportedResult {
  const stated = supportedResult(result);
  const accredited = isAccredited(report, own);
  if (!result.methods) {
    return { ...stated, accredited };
  }
  const inScope = methodInScope(report, result);
  const rows = stated.rows.map((row, place) => (inScope.has(place) ? { ...row, methodInScope: true } : row));
  return { ...stated, rows, accredited };
}

function denial({ id }: OpenReport, { name, excluded }: Result): readonly Finding[] {
  return excluded === 'not-traceable'
    ? [
        {
          check: 'denial',
          outcome: 'failed',
          reason: `Report ${id}, ${name}: its issuer states itself that it is not traceable.`,
        },
      ]
    : [];
}

function tooMuch({ id }: OpenReport, { quantity }: Result): Finding {
  return {
    check: 'limits',
    outcome: 'missing',
    reason: `Report ${id} and its parents have more results than one trace compares: ask about one kind of quantity (--quantity ${quantity}).`,
  };
}
