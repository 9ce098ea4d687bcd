import { dateOf, isSameName, isSameNumber, plusDays, precedes, registrantOf } from '../../model/index.js';
import type { CalendarDate, Result } from '../../model/index.js';
import { relyingUse, useOf } from '../checks/check.js';
import { described } from '../cmc/index.js';
import type { CmcJudgement } from '../cmc/index.js';
import type { Budget } from '../budget.js';
import type { Line, OpenReport } from '../open/opened.js';
import { ownerOn, ownerThen } from '../open/ownership.js';
import type { Finding } from '../verdict.js';
import { countedRows, judgeRow } from './capability.js';
import type { OnDay } from './capability.js';
import { LastAnswer } from '../lastAnswer.js';
import { tooMuch } from './limits.js';
import { outcomeOf } from './outcome.js';
import type { JudgingPolicy } from './policy.js';
import { whereOf, resultTitle } from './words.js';

/**
 * Compares a result with the accreditation of the report's issuer, or with an institute's table of capabilities: on all days of the
 * work it has to cover every row, and no uncertainty may be below the CMC. A sensor maker needs no accreditation for devices that it
 * imprinted or owned then: it calibrates them under its own responsibility (ISO 10012).
 */
function accreditationOf(report: OpenReport, results: readonly Result[], policy: JudgingPolicy): readonly Finding[] {
  const { begun, done, registered } = relyingUse(report);
  const [first] = results;
  const held = report.said.registered;
  const on = [
    report.laboratory.lines,
    report.payload,
    begun,
    done,
    registered,
    held.epoch,
    held.date,
    policy,
    ...results,
  ];
  return first ? judged.get(first, on, () => judgedOn(report, results, policy)) : [];
}

const judged = new LastAnswer<Result, readonly Finding[]>();

function judgedOn(report: OpenReport, results: readonly Result[], policy: JudgingPolicy): readonly Finding[] {
  const asHeld = grantedBefore(report);
  const found = foundAtWork(asHeld, results, policy);
  const lacking = outcomeOf(found).because;
  if (!lacking) {
    // Only notes are left, and the first one is enough.
    return [...found.slice(0, 1), ...endedSince(asHeld, results, policy)];
  }
  const isGranted = hasLaterLines(report) && !outcomeOf(foundAtWork(report, results, policy)).because;
  return [isGranted ? grantedSince(report, results) : lacking];
}

/** The findings about the accreditation, for each day of the work. */
function foundAtWork(report: OpenReport, results: readonly Result[], policy: JudgingPolicy): readonly Finding[] {
  const { begun, done } = relyingUse(report);
  const days = [...daysOfWork(linesOf(report, results), dateOf(begun), dateOf(done))];
  return days.flatMap((day) => results.flatMap((result) => foundOn({ day, policy }, report, result)));
}

/** Uses only the lines that were registered before the report. */
function grantedBefore(report: OpenReport): OpenReport {
  return hasLaterLines(report)
    ? {
        ...report,
        laboratory: {
          ...report.laboratory,
          lines: report.laboratory.lines.filter((line) => isHeldBefore(line, report)),
        },
      }
    : report;
}

function hasLaterLines(report: OpenReport): boolean {
  return report.laboratory.lines.some((line) => !isHeldBefore(line, report));
}

function isHeldBefore({ registered }: Line, { said }: OpenReport): boolean {
  return precedes(registered, said.registered);
}

/** A line that was granted for the past after the work was registered is only the grantor's later word. */
function grantedSince(report: OpenReport, results: readonly Result[]): Finding {
  const { id, said } = report;
  const [line] = linesOf(report, results).filter((each) => !isHeldBefore(each, report));
  const kinds = [...new Set(results.map(({ quantity }) => quantity))].join(' and ');
  return {
    check: 'scope',
    outcome: 'attested',
    reason: `The accreditation of ${responsible(report)} for ${kinds} was granted on ${dateOf(line?.registered.date ?? said.registered.date)}, after the ledger had taken in report ${id} on ${dateOf(said.registered.date)}.`,
  };
}

function endedSince(report: OpenReport, results: readonly Result[], policy: JudgingPolicy): readonly Finding[] {
  const { done, registered } = relyingUse(report);
  const last = dateOf(registered);
  const ended = results.find((result) =>
    foundOn({ day: last, policy }, report, result).some(({ outcome }) => outcome !== 'note'),
  );
  return ended
    ? [
        {
          check: 'scope',
          outcome: 'attested',
          reason: `The accreditation of ${responsible(report)} for ${ended.quantity} ended between the work of report ${report.id}, ${dateOf(done)}, and its registration on ${last}.`,
        },
      ]
    : [];
}

/** {@link accreditationOf}, if enough work is left. */
export function accreditationWithin(
  report: OpenReport,
  results: readonly Result[],
  { budget, policy }: { readonly budget: Budget; readonly policy: JudgingPolicy },
): readonly Finding[] {
  const [first] = results;
  return first && !budget.takeComparisons(accreditationWork(report, results))
    ? [tooMuch(report, first)]
    : accreditationOf(report, results, policy);
}

/** Work for a result: rows and methods, each times lines. */
function workAgainst(lines: readonly Line[], result: Result): number {
  return (countedRows(result).length + (result.methods?.length ?? 0)) * lines.length;
}

/** Work to compare the claims of a result (its accreditation, its methods) with lines. */
export function claimWork(report: OpenReport, result: Result): number {
  const claims = (report.payload.accredited ? 1 : 0) + (result.methods ? 1 : 0);
  return claims * workAgainst(linesOf(report, [result]), result);
}

/** Work of {@link accreditationOf} and {@link accreditorsOf}: rows and methods, times lines, times days. */
export function accreditationWork(report: OpenReport, results: readonly Result[]): number {
  const { begun, done } = relyingUse(report);
  const days = daysOfWork(linesOf(report, results), dateOf(begun), dateOf(done)).size + 1;
  // If lines were granted later, once without them and once with them.
  const times = hasLaterLines(report) ? 2 * days : days;
  return results.reduce((sum, result) => sum + times * workAgainst(linesOf(report, [result]), result), 0);
}

/** Work to explain what was compared. */
export function explainingWork({ laboratory: { lines } }: OpenReport, result: Result): number {
  return workAgainst(lines, result);
}

/** The lines of its issuer's accreditation for kinds of quantity. */
function linesOf({ laboratory: { lines } }: OpenReport, results: readonly Result[]): readonly Line[] {
  return lines.filter(({ scope }) => results.some(({ quantity }) => quantity === scope.quantity));
}

/** The finding about the worst row of a result on a day; undefined if all rows hold. */
function foundOn(on: OnDay, report: OpenReport, result: Result): readonly Finding[] {
  if (result.excluded === 'not-accredited') {
    return [excludedByIssuer(report, result)];
  }
  const lines = linesOf(report, [result]);
  const rows = countedRows(result).map(({ row, place }) => ({
    place,
    judgement: judgeRow(report, result, row, lines, on),
  }));
  const worst =
    rows.find(({ judgement }) => judgement.outcome === 'failed') ??
    rows.find(({ judgement }) => judgement.outcome === 'missing') ??
    rows.find(({ judgement }) => judgement.outcome === 'note' && judgement.compared.ratio !== null);
  return worst ? [finding(on.day, report, result, worst)] : [];
}

/** No line covers a result that its laboratory marks as outside its accreditation. */
function excludedByIssuer(report: OpenReport, result: Result): Finding {
  return {
    check: 'scope',
    outcome: isInstitutes(report) ? 'attested' : 'missing',
    reason: `Report ${report.id}, ${resultTitle(result)}: its issuer itself states that its accreditation does not cover this.`,
  };
}

function finding(
  day: CalendarDate,
  report: OpenReport,
  result: Result,
  { place, judgement }: { readonly place: number; readonly judgement: CmcJudgement },
): Finding {
  const what = `${resultTitle(result)} of report ${report.id} at ${whereOf(result, place)}`;
  const laboratory = report.laboratory.id;
  if (judgement.outcome === 'note') {
    return {
      check: 'scope',
      outcome: 'note',
      reason: `${what} states a smaller uncertainty than the accreditation of ${responsible(report)} allows, but only within rounding: ${described(judgement)}.`,
    };
  }
  if (laboratory === null) {
    return {
      check: 'scope',
      outcome: 'missing',
      reason: `${what}: its laboratory is no member of this registry, and ${report.organisation}, which vouches for it, had no accreditation of its own for it on ${day}: ${described(judgement)}.`,
    };
  }
  if (judgement.outcome === 'failed') {
    return {
      check: 'scope',
      outcome: 'failed',
      reason: `${what} states a smaller uncertainty than the accreditation of ${laboratory} allows on ${day}: ${described(judgement)}.`,
    };
  }
  // Outside its published capabilities, an institute's result rests on its own word.
  return {
    check: 'scope',
    outcome: isInstitutes(report) ? 'attested' : 'missing',
    reason: `Organisation ${laboratory} had no accreditation on ${day} that covers ${what}: ${described(judgement)}.`,
  };
}

/** The first and the last day, and those between them on which a line has just ended. */
function daysOfWork(lines: readonly Line[], first: CalendarDate, last: CalendarDate): ReadonlySet<CalendarDate> {
  const ended = lines.map(({ scope: { validTo } }) => plusDays(validTo, 1)).filter((day) => first < day && day < last);
  return new Set([last, first, ...ended]);
}

/** The accreditors that cover each counted value of a report, on the days of the work and when it was registered. */
export function accreditorsOf(report: OpenReport, policy: JudgingPolicy): readonly (readonly string[])[] {
  const { begun, done, registered } = relyingUse(report);
  const days = new Set([...daysOfWork(report.laboratory.lines, dateOf(begun), dateOf(done)), dateOf(registered)]);
  return [...days].flatMap((day) =>
    report.counted.flatMap((result) =>
      countedRows(result).map(({ row }) =>
        report.laboratory.lines.flatMap((line) => {
          const judged = judgeRow(report, result, row, [line], { day, policy });
          return judged.outcome === 'sound' || judged.outcome === 'note' ? [line.by] : [];
        }),
      ),
    ),
  );
}

/**
 * Whether an accreditation may replace standards that are not shown: an existing certificate claims the accreditation for this result,
 * and its lines cover every row (ILAC-P10). A report made here is signed by its standards and always names them. For a laboratory that
 * is not a member, no lines are known here: the lines of the member that vouches for the certificate have to cover the result. So a
 * member gains nothing by issuing its own certificate under another name.
 */
export function isAccredited(report: OpenReport, result: Result, policy: JudgingPolicy): boolean {
  const { certificate, accredited } = report.payload;
  const { done } = relyingUse(report);
  const lines = linesOf(report, [result]).filter((line) => isLineClaimed(report, line));
  return (
    certificate !== undefined &&
    accredited !== undefined &&
    result.excluded === undefined &&
    report.fullerReport === undefined &&
    (isMakersPaper(report) ||
      countedRows(result).every(({ row }) => {
        const { outcome } = judgeRow(report, result, row, lines, { day: dateOf(done), policy });
        return outcome === 'sound' || outcome === 'note';
      }))
  );
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

/** For every row: whether a line that covers it names the method. */
export function methodInScope(report: OpenReport, result: Result, policy: JudgingPolicy): ReadonlySet<number> {
  const { done } = relyingUse(report);
  const lines = linesOf(report, [result]);
  const covered = countedRows(result).filter(({ row }) => {
    const judged = judgeRow(report, result, row, lines, { day: dateOf(done), policy });
    return judged.outcome !== 'missing' && judged.compared.byMethod;
  });
  return new Set(covered.map(({ place }) => place));
}

/** Whether a national institute calibrated. */
export function isInstitutes({ laboratory }: OpenReport): boolean {
  return laboratory.chain.organisations[0]?.kind === 'NMI';
}

/** The calibrator; for a certificate of a laboratory that is not a member, the member that vouches for it. */
export function responsible({ laboratory, organisation }: OpenReport): string {
  return laboratory.id ?? organisation;
}

function isMaker({ laboratory, issuer }: OpenReport): boolean {
  const { organisations } = laboratory.id === null ? issuer : laboratory.chain;
  return organisations[0]?.kind === 'OEM';
}

/** Whether a sensor maker calibrated what it imprinted. */
export function isMakersOwn(report: OpenReport): boolean {
  return isMaker(report) && registrantOf(report.device.id) === responsible(report);
}

/** Whether a sensor maker calibrated a device that it owned, on the day of the work and when it was registered. */
export function wasMakersOwn(report: OpenReport): boolean {
  const { device, said } = report;
  const owners = [ownerOn(device, useOf(report).done), ownerThen(device, said.registered)];
  return isMaker(report) && owners.every((owner) => owner === responsible(report));
}
