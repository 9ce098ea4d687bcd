import type { Result } from '../../model/index.js';
import type { Budget } from '../budget.js';
import type { OpenReport } from '../open/opened.js';
import { comparisonsOf, decideSupport, reason as reasonFor, roleOf, sentenceOf } from '../support/index.js';
import type { Foundation, Reason, ResultFinding, Source as SupportSource, SupportedResult } from '../support/index.js';
import type { Finding } from '../verdict.js';
import { grantedSince, isInstitutes as isByInstitute, responsible } from './accreditation.js';
import { amendmentFindings } from './amendments.js';
import { lookingWork, offeringFor, relates } from './offered.js';
import { supportedResult } from './stated.js';
import type { Offered } from './offered.js';
import { capabilityCompared, conformityCompared, supportCompared } from './compared.js';
import { claimsWithin } from './claims.js';
import type { Claims } from './claims.js';
import { declaredCompared } from './declared.js';
import type { Doubt } from './doubt.js';
import { isOnPaper, judgeStated, rootless, uncertaintyMissing } from './itself.js';
import { LastAnswer } from '../lastAnswer.js';
import { atMost, tooMuch, tooMuchOnce } from './limits.js';
import { foundationOf } from './foundation.js';
import { outcomeOf, worstOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { JudgingPolicy } from './policy.js';
import { BY_ACCREDITATION, PASSED_ON, reasonsIn, SILENT } from './reasons.js';
import type { Placed } from './reasons.js';
import { NOWHERE } from './sources.js';
import type { Source, Standing } from './sources.js';
import { whereOf, resultTitle, wordsFor } from './words.js';

/** The budget of a trace, and its registry's tolerances. */
export interface Terms {
  readonly budget: Budget;
  readonly policy: JudgingPolicy;
  /** The owner of the traced device, if they refuse an accreditation in place of a chain; otherwise absent. */
  readonly refusedBy?: string | undefined;
  /** Whether to explain what was compared. */
  readonly explain: boolean;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** All of them, even if fewer findings are shown. */
  readonly doubts: readonly Doubt[];
  readonly standing: Standing;
  /** The status of the results alone, without that of what they rest on. */
  readonly own: Outcome;
  /** What was compared, also if it holds; empty unless requested. */
  readonly compared: readonly string[];
  /** Whether confidential results, above the parents, could make it worse than it seems. */
  readonly isUnsure: boolean;
}

/**
 * Decides the status of a report's results of one kind: by the accreditation of their laboratory and by what they rest on. The chain
 * ends at an institute's own result without a reference on the ledger.
 */
export function judge(report: OpenReport, kind: string, sources: readonly Source[], terms: Terms): Judgement {
  const all = report.results.get(kind) ?? [];
  const results = all.filter(({ asFound }) => !asFound);
  const { counted, isInformative, isMakers, findings: stated } = judgeStated(report, kind, terms);
  // Without an uncertainty, nothing can be compared with the sources; the sources have to hold all the same.
  const judged = (counted.length > 0 && !report.isAskedAbout ? counted : results).map((result) =>
    judgeResult(report, result, sources, terms),
  );
  const findings = tooMuchOnce([...stated, ...leftOut(report, judged), ...judged.flatMap((each) => each.findings)]);
  const foundations = new Map(judged.map(({ of, foundation }) => [of, foundation]));
  const roots = new Set(judged.flatMap((each) => [...each.roots]));
  const found = worstOf([
    ...(isInformative && !report.isAskedAbout ? [uncertaintyMissing(report, kind)] : []),
    outcomeOf(findings),
    ...judged.flatMap(({ above }) => above),
    ...(isInformative ? [uncertaintyMissing(report, kind)] : []),
  ]);
  // Zeros that need no reference do not replace one: a sound result has to lead to an institute.
  const loose = found.outcome === 'sound' && roots.size === 0 ? rootless(report, kind) : [];
  return {
    findings: [...findings, ...loose],
    own: worstOf([...(isInformative ? [uncertaintyMissing(report, kind)] : []), outcomeOf(findings), outcomeOf(loose)]),
    doubts: judged.flatMap((each) => each.doubts),
    isUnsure: judged.some((each) => each.isUnsure),
    standing: {
      ...worstOf([found, outcomeOf(loose)]),
      roots,
      isInformative,
      foundations: all.map((result) => foundations.get(result)),
    },
    compared: terms.explain
      ? [...statedCompared(report, counted, isMakers, terms), ...judged.flatMap((each) => each.compared)]
      : [],
  };
}

function statedCompared(
  report: OpenReport,
  results: readonly Result[],
  isMakers: boolean,
  terms: Terms,
): readonly string[] {
  return [
    ...results.flatMap((result) => conformityCompared(report, result)),
    ...(isMakers ? [makersOwn(report)] : results.flatMap((result) => capabilityCompared(report, result, terms))),
  ];
}

function makersOwn(report: OpenReport): string {
  return `scope: ${responsible(report)} is a sensor maker and calibrated device ${report.device.id} of its own: no accreditation is needed (ISO 10012).`;
}

interface Judged {
  readonly of: Result;
  /** Only a report that relies on the result asks for it. */
  readonly foundation: (() => Foundation) | undefined;
  readonly findings: readonly Finding[];
  readonly doubts: readonly Doubt[];
  /** The status of its sources, as far as it is passed on. */
  readonly above: readonly Outcome[];
  /** Where its calibrations end. */
  readonly roots: ReadonlySet<string>;
  readonly compared: readonly string[];
  readonly isUnsure: boolean;
}

function judgeResult(report: OpenReport, own: Result, sources: readonly Source[], terms: Terms): Judged {
  const { budget, policy, explain } = terms;
  // A declaration is about all rows of a result, so some rows cannot be decided without the others.
  const { whole: result, rows } = report.placed?.get(own) ?? { whole: own, rows: null };
  const ready = readyToJudge(report, { result, own }, sources, terms);
  if (!ready) {
    return unaffordable(report, own, result);
  }
  const { claims, offering } = ready;
  const { offered, isRoot } = restsOn(report, result, offering.sources());
  const asked = {
    ...askedOf(result, claims),
    ...(isRoot && { method: 'undeclared' as const }),
    ...(rows && { only: rows }),
  };
  const given = offered.map(({ source }) => source);
  if (!budget.takeComparisons(comparisonsOf(asked, given, budget.room))) {
    return unaffordable(report, own, result);
  }
  const about = { report, result, offered, refusedBy: terms.refusedBy };
  const on: unknown[] = [asked.accredited, asked.rows, rows, asked.method, policy];
  given.forEach((source) => on.push(...partsOf(source)));
  const decided = decisions.get(result, on, () => decideSupport(asked, given, policy.support));
  const placed = onlyPlaced(decided, rows, report.isAskedAbout === true);
  const judged = { ...placed, reasons: placed.reasons.map((each) => unusedOnPaper(report, offered, each)) };
  const found = reasonsIn(result, judged);
  const reasons = found.filter(({ reason: { code } }) => !(isRoot && code === 'no-reference'));
  const isZero = isZeroAlone(decided);
  const amended = amendmentFindings(report, { result, rows }, asked, offered, terms);
  return {
    of: own,
    foundation: () => foundationOf(report, result, offered, decided),
    // The first of equal findings comes first in the answer, so influences (the thermometer of the room) come last.
    findings: atMost([
      ...amended.filter(({ of }) => supports(of, result)).map(({ finding }) => finding),
      ...reasons.flatMap((each) => findingOf(about, each)),
      ...grantedTooLate(about, placed, claims),
      ...(isZero ? rootless(report, resultTitle(result)) : []),
      ...amended.filter(({ of }) => !supports(of, result)).map(({ finding }) => finding),
    ]),
    doubts: amended.flatMap(({ doubt }) => doubt ?? []),
    above: reasons.flatMap(({ reason }) => passedOn(about, reason)),
    roots: isRoot ? new Set([responsible(report)]) : isZero ? NOWHERE : rootsOf(about),
    compared: explain ? comparedOf(about, judged, isRoot, rows) : [],
    isUnsure: isUnsure(about, asked, decided, terms),
  };
}

/** What a result claims and is offered to rest on; undefined if there is no work left to look at it. */
function readyToJudge(
  report: OpenReport,
  of: { readonly result: Result; readonly own: Result },
  sources: readonly Source[],
  terms: Terms,
) {
  const { budget } = terms;
  const claims = claimsWithin(report, of, terms);
  if (!claims || !budget.takeComparisons(lookingWork(of.result, sources))) {
    return undefined;
  }
  const offering = offeringFor(of.result, sources);
  return budget.takeComparisons(offering.work) ? { claims, offering } : undefined;
}

function unaffordable(report: OpenReport, of: Result, result: Result): Judged {
  return {
    of,
    foundation: undefined,
    findings: [tooMuch(report, result)],
    doubts: [],
    above: [],
    roots: NOWHERE,
    compared: [],
    isUnsure: false,
  };
}

/** Decides what a result rests on. An institute's own result that no source supports is a root. */
function restsOn(
  report: OpenReport,
  result: Result,
  all: readonly Offered[],
): { readonly offered: readonly Offered[]; readonly isRoot: boolean } {
  if (!isByInstitute(report)) {
    return { offered: all, isRoot: false };
  }
  // An institute vouches for its own realisation: naming a source that is not on the ledger must not be worse than naming none.
  const offered = shownOf(result, all);
  return { offered, isRoot: !offered.some((each) => supports(each, result)) };
}

/** A zero needs no reference, so the standards do not matter for a result of zeros only. */
function isZeroAlone({ rows }: ResultFinding): boolean {
  const counted = rows.filter((row) => row.counted);
  return counted.length > 0 && counted.every(({ position }) => position === 'zero');
}

/**
 * Whether a result could be worse than it seems, because somebody's confidential results lie above its standards. Their uncertainty may
 * have used the tolerances already, and standards that rest on one calibration share its error.
 */
function isUnsure(
  { result, offered }: About,
  asked: SupportedResult,
  decided: ResultFinding,
  { budget, policy: { support } }: Terms,
): boolean {
  const isHidden = ({ of, kind }: Offered) =>
    of.kinds.get(kind ?? result.quantity)?.sealed?.some(({ isOpen }) => !isOpen) === true;
  if (!offered.some(isHidden)) {
    return false;
  }
  const made = offered.filter((each) => supports(each, result));
  if (!made.some(isHidden)) {
    return false;
  }
  const cautious = offered.map((each) => (isHidden(each) ? wider(each.source, support.floorTolerance) : each.source));
  if (
    new Set(made.map(({ source: { report } }) => report)).size > 1 ||
    !budget.takeComparisons(comparisonsOf(asked, cautious, budget.room))
  ) {
    return true;
  }
  const again = decideSupport(asked, cautious, support);
  const isWorse = again.outcome !== decided.outcome && ['missing', 'failed'].includes(again.outcome);
  return isWorse || again.rows.some(({ counted, position }) => counted && position === 'edge');
}

function wider(source: SupportSource, tolerance: number): SupportSource {
  return {
    ...source,
    rows: source.rows.map((row) => ({ ...row, u: row.u === null ? null : row.u / (1 - tolerance) })),
  };
}

/** A paper certificate of another kind that no result declares is not an influence that anybody names. */
function unusedOnPaper({ payload, results }: OpenReport, offered: readonly Offered[], found: Reason): Reason {
  const { code, source: index } = found;
  const of = index === undefined ? undefined : offered[index]?.of;
  if (code !== 'influence-paper' || index === undefined || of?.parent.kind !== 'paper') {
    return found;
  }
  const place = payload.parents.indexOf(of.parent);
  const isUsed = [...results.values()]
    .flat()
    .some(
      ({ quantity, support }) =>
        [...of.kinds.keys()].some((kind) => relates(kind, quantity)) ||
        support?.uses.some(({ source }) => source === place) === true,
    );
  return isUsed ? found : reasonFor('paper-unused', { source: index });
}

/** A row in the question counts, with or without a usable uncertainty. */
function onlyPlaced(found: ResultFinding, rows: ReadonlySet<number> | null, areAsked: boolean): ResultFinding {
  return rows === null
    ? found
    : {
        ...found,
        rows: found.rows.map((row, place) => (areAsked && rows.has(place) ? { ...row, counted: true } : row)),
      };
}

function comparedOf(
  { report, result, offered }: About,
  found: ResultFinding,
  isRoot: boolean,
  rows: ReadonlySet<number> | null,
): readonly string[] {
  return isRoot
    ? [
        `support: Report ${report.id}, ${result.name}: the national institute ${report.laboratory.id ?? ''} realises ${result.quantity} itself, and the chain ends here.`,
      ]
    : [
        ...declaredCompared(report, result, offered),
        ...supportCompared(report, { result, rows }, found, wordsFor(result, offered)),
      ];
}

const decisions = new LastAnswer<Result, ResultFinding>();

/** Everything that a decision reads of a source. */
function partsOf(source: SupportSource): readonly unknown[] {
  const { report, device, kind, outcome, resolved, onPaper, rows, use, isLater, foundation } = source;
  return [report, device, kind, outcome, resolved, onPaper, rows, use, isLater, foundation];
}

/** Without what is not on the ledger, as far as an institute does not declare that it made the result with it, and with others. */
function shownOf(result: Result, all: readonly Offered[]): readonly Offered[] {
  const shown = all.filter(({ of }) => of.parent.kind === 'report');
  const declared = all.filter(({ of, declared: use }) => of.parent.kind === 'report' || use !== undefined);
  return shown.some((each) => supports(each, result)) ? declared : shown;
}

/** Whether the result is made with a source: a standard, an input of a model or a ratio, not an influence or a check. */
function supports({ source }: Offered, { quantity }: Result): boolean {
  return ['reference', 'input', 'ratio'].includes(roleOf(source, { kind: quantity }));
}

function rootsOf({ result, offered }: About): ReadonlySet<string> {
  const made = offered.filter((each) => supports(each, result));
  return new Set(made.flatMap(({ of, kind }) => [...(of.kinds.get(kind ?? result.quantity)?.roots ?? NOWHERE)]));
}

/** Beyond its references a result rests on the accreditation of its method: of a line that was granted later, on its grantor's word. */
function grantedTooLate({ report, result }: About, { rows }: ResultFinding, { late }: Claims): readonly Finding[] {
  const isBeyond = rows.some(
    ({ counted, reasons }, place) =>
      counted && late.has(place) && reasons.some(({ code }) => code === 'extrapolated-in-scope'),
  );
  return isBeyond ? [grantedSince(report, [result])] : [];
}

interface About {
  readonly report: OpenReport;
  readonly result: Result;
  readonly offered: readonly Offered[];
  readonly refusedBy: string | undefined;
}

function passedOn({ result, offered }: About, { code, source }: Reason): readonly Outcome[] {
  const of = source === undefined ? undefined : offered[source];
  return of && PASSED_ON.has(code) ? [of.of.kinds.get(of.kind ?? result.quantity) ?? of.of.standing] : [];
}

function findingOf({ report, result, offered, refusedBy }: About, { reason, row }: Placed): readonly Finding[] {
  const { code, source } = reason;
  if (PASSED_ON.has(code) || SILENT.has(code) || reason.outcome === 'sound' || isToldOfCertificate(report, reason)) {
    return [];
  }
  const where = row === undefined ? result.name : `${result.name} at ${whereOf(result, row)}`;
  const of = source === undefined ? undefined : offered[source]?.of;
  const because = code === 'influence-open' && of?.standing.because ? ` ${of.standing.because.reason}` : '';
  const said = sentenceOf(reason, wordsFor(result, offered));
  const sentence = `Report ${report.id}, ${where}: ${said}${because}`;
  const found: Finding = { check: 'support', outcome: reason.outcome, reason: sentence };
  return [BY_ACCREDITATION.has(code) ? onAccreditation(named(found, report), refusedBy) : found];
}

/** Names the laboratory and the accreditation that the certificate claims, because users have to know whose accreditation they rely on. */
function named(
  found: Finding,
  { payload: { accredited, certificate }, laboratory, organisation }: OpenReport,
): Finding {
  const grant = [accredited?.body, accredited?.number].filter((each) => typeof each === 'string').join(' ');
  const name = laboratory.id ?? certificate?.laboratory ?? organisation;
  return grant === ''
    ? found
    : { ...found, reason: `${found.reason} The laboratory is ${name}, its accreditation ${grant}.` };
}

/** @param refusedBy The owner of the traced device, if they do not accept an accreditation in place of the chain. */
function onAccreditation(found: Finding, refusedBy: string | undefined): Finding {
  const because = `${found.reason} ${refusedBy ?? ''}, which owns the traced device, requires the chain itself.`;
  return refusedBy === undefined
    ? { ...found, basis: 'accreditation' }
    : { ...found, outcome: 'missing', reason: because, basis: 'accreditation' };
}

/** The report's findings state once that it rests on its transcriber's word. */
function isToldOfCertificate(report: OpenReport, { code }: Reason): boolean {
  return isOnPaper(report) && BY_ACCREDITATION.has(code);
}

function askedOf(result: Result, { accredited, inScope }: Claims): SupportedResult {
  const stated = supportedResult(result);
  const rows = stated.rows.map((row, place) => (inScope.has(place) ? { ...row, methodInScope: true } : row));
  return { ...stated, rows: result.methods ? rows : stated.rows, accredited };
}

/** Why an accreditation does not replace the missing standards. */
function leftOut({ id, fullerReport }: OpenReport, judged: readonly Judged[]): readonly Finding[] {
  const isMissing = judged.some(({ findings }) => findings.some(({ outcome }) => outcome === 'missing'));
  const reason = `Report ${id} leaves out standards that report ${fullerReport ?? ''} of the same work names: an accreditation cannot stand in for standards that were shown.`;
  return fullerReport !== undefined && isMissing ? [{ check: 'support', outcome: 'missing', reason }] : [];
}
