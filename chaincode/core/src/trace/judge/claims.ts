import { isSameName, isSameNumber } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import type { Budget } from '../budget.js';
import type { Line, OpenReport } from '../open/opened.js';
import { grantedBefore, isMakersOwn, linesOf, wasMakersOwn, workAgainst } from './accreditation.js';
import { countedRows, judgeRow } from './capability.js';
import { askedInTurn } from './inTurn.js';
import type { JudgingPolicy } from './policy.js';

/** What the accreditation of its laboratory allows a result to claim. */
export interface Claims {
  /** Whether it stands for standards that are not shown. */
  readonly accredited: boolean;
  /** Places of the rows that a line covers which names their method. */
  readonly inScope: ReadonlySet<number>;
  /** Those among them that only lines cover which were granted after the ledger had taken in the report. */
  readonly late: ReadonlySet<number>;
}

/**
 * What a result may claim; undefined if there is no work left for that.
 *
 * @param own The result with those rows only that are asked about.
 */
export function claimsWithin(
  report: OpenReport,
  { result, own }: { readonly result: Result; readonly own: Result },
  { budget, policy }: { readonly budget: Budget; readonly policy: JudgingPolicy },
): Claims | undefined {
  let claims: Claims | undefined;
  for (const asked of askedInTurn(report)) {
    if (!budget.takeComparisons(claimWork(asked, result))) {
      return undefined;
    }
    const inScope = result.methods ? methodInScope(asked, result, policy) : NOWHERE;
    const asHeld = grantedBefore(asked);
    const then = asHeld === asked || inScope.size === 0 ? inScope : methodInScope(asHeld, result, policy);
    claims = {
      accredited: isAccredited(asked, own, policy),
      inScope,
      late: new Set([...inScope].filter((place) => !then.has(place))),
    };
    if (isAllGranted(report, result, claims)) {
      break;
    }
  }
  return claims;
}

const NOWHERE: ReadonlySet<number> = new Set();

function isAllGranted({ payload }: OpenReport, result: Result, { accredited, inScope, late }: Claims): boolean {
  const isInScope = late.size === 0 && inScope.size === countedRows(result).length;
  return (accredited || payload.accredited === undefined) && (!result.methods || isInScope);
}

/** Work to compare the claims of a result (its accreditation, its methods) with lines: methods twice if lines were granted later. */
export function claimWork(report: OpenReport, result: Result): number {
  const methods = grantedBefore(report) === report ? 1 : 2;
  const claims = (report.payload.accredited ? 1 : 0) + (result.methods ? methods : 0);
  return claims * workAgainst(linesOf(report, [result]), result);
}

/** For each row that a claim of a result is about: the accreditors whose lines bear it. */
export function claimantsOf(report: OpenReport, policy: JudgingPolicy): readonly (readonly string[])[] {
  return claimedLinesOf(report, policy).map((lines) => lines.map(({ by }) => by));
}

/** For each row that a claim of a result is about: the lines that bear it. */
export function claimedLinesOf(report: OpenReport, policy: JudgingPolicy): readonly (readonly Line[])[] {
  const bearing = (result: Result, one: (line: OpenReport) => ReadonlySet<number>) => {
    const each = linesOf(report, [result]).map((line) => ({ line, rows: one(withOnly(report, line)) }));
    return countedRows(result).map(({ place }) => each.flatMap(({ line, rows }) => (rows.has(place) ? [line] : [])));
  };
  return report.counted.flatMap((result) => {
    const isClaimed = isAccredited(report, result, policy);
    return [
      ...(result.methods ? bearing(result, (line) => methodInScope(line, result, policy)) : []),
      ...(isClaimed ? bearing(result, (line) => rowsClaimed(line, result, policy)) : []),
    ];
  });
}

function withOnly({ laboratory, ...report }: OpenReport, line: Line): OpenReport {
  return { ...report, laboratory: { ...laboratory, lines: [line] } };
}

/**
 * Whether an accreditation may replace standards that are not shown: an existing certificate claims the accreditation for this result,
 * and its lines cover every row (ILAC-P10). A report made here is signed by its standards and always names them. For a laboratory that
 * is not a member, no lines are known here: the lines of the member that vouches for the certificate have to cover the result. So a
 * member gains nothing by issuing its own certificate under another name.
 */
function isAccredited(report: OpenReport, result: Result, policy: JudgingPolicy): boolean {
  const { certificate, accredited } = report.payload;
  return (
    certificate !== undefined &&
    accredited !== undefined &&
    result.excluded === undefined &&
    report.fullerReport === undefined &&
    (isMakersPaper(report) || rowsClaimed(report, result, policy).size === countedRows(result).length)
  );
}

/** The rows that lines of the claimed accreditation cover. */
function rowsClaimed(report: OpenReport, result: Result, policy: JudgingPolicy): ReadonlySet<number> {
  const lines = linesOf(report, [result]).filter((line) => isLineClaimed(report, line));
  const covered = countedRows(result).filter(({ row }) => {
    const { outcome } = judgeRow(report, result, row, lines, { day: report.payload.performed.end, policy });
    return outcome === 'sound' || outcome === 'note';
  });
  return new Set(covered.map(({ place }) => place));
}

/**
 * Whether a line belongs to the accreditation that the certificate claims, as far as both state it. This is not compared for a
 * laboratory that is not a member: it names its own accreditation, while the lines are those of the member that vouches for the
 * certificate.
 */
function isLineClaimed({ laboratory, payload: { accredited } }: OpenReport, { body, number }: Line): boolean {
  const claim = accredited ?? { body: null, number: null };
  return (
    laboratory.id === null ||
    ((body === null || claim.body === null || isSameName(body, claim.body)) &&
      (number === null || claim.number === null || isSameNumber(number, claim.number)))
  );
}

/** A sensor maker may name paper certificates of others for its own devices. */
function isMakersPaper(report: OpenReport): boolean {
  return report.laboratory.id === null && (isMakersOwn(report) || wasMakersOwn(report));
}

/** For every row: whether a line that covers it names the method. A line of one accreditor never hides one of another. */
function methodInScope(report: OpenReport, result: Result, policy: JudgingPolicy): ReadonlySet<number> {
  const all = linesOf(report, [result]);
  const grantors = [...new Set(all.map(({ by }) => by))];
  const each = grantors.map((grantor) => all.filter(({ by }) => by === grantor));
  const covered = countedRows(result).filter(({ row }) =>
    each.some((lines) => {
      const judged = judgeRow(report, result, row, lines, { day: report.payload.performed.end, policy });
      return judged.outcome !== 'missing' && judged.compared.byMethod;
    }),
  );
  return new Set(covered.map(({ place }) => place));
}
