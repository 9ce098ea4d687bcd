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
 * What the accreditation of a report's issuer, or an institute's table of capabilities, says of a result: on all days of the
 * work it has to cover every row, with no less than the capability. A sensor maker needs none for what it imprinted or owned
 * then, as ISO 10012 has it: it calibrates that under its own responsibility.
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
    // All that is left are notes: the first says what they all do.
    return [...found.slice(0, 1), ...endedSince(asHeld, results, policy)];
  }
  const isGranted = hasLaterLines(report) && !outcomeOf(foundAtWork(report, results, policy)).because;
  return [isGranted ? grantedSince(report, results) : lacking];
}

/** What the accreditation says of the work, on each of its days. */
function foundAtWork(report: OpenReport, results: readonly Result[], policy: JudgingPolicy): readonly Finding[] {
  const { begun, done } = relyingUse(report);
  const days = [...daysOfWork(linesOf(report, results), dateOf(begun), dateOf(done))];
  return days.flatMap((day) => results.flatMap((result) => foundOn({ day, policy }, report, result)));
}

/** With those lines only that the ledger held before it took in the report. */
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

/** What was granted for the past, after the ledger knew of the work, is its grantor's later word. */
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

/** {@link accreditationOf} as far as there is work left for it. */
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

/** Rows and methods of a result, each times lines. */
function workAgainst(lines: readonly Line[], result: Result): number {
  return (countedRows(result).length + (result.methods?.length ?? 0)) * lines.length;
}

/** Rows and methods times lines that the claims of a result are held against: its accreditation, its methods. */
export function claimWork(report: OpenReport, result: Result): number {
  const claims = (report.payload.accredited ? 1 : 0) + (result.methods ? 1 : 0);
  return claims * workAgainst(linesOf(report, [result]), result);
}

/** Rows and methods times lines times days that {@link accreditationOf} and {@link accreditorsOf} look at. */
export function accreditationWork(report: OpenReport, results: readonly Result[]): number {
  const { begun, done } = relyingUse(report);
  const days = daysOfWork(linesOf(report, results), dateOf(begun), dateOf(done)).size + 1;
  // Where lines were granted later, without them and with them.
  const times = hasLaterLines(report) ? 2 * days : days;
  return results.reduce((sum, result) => sum + times * workAgainst(linesOf(report, [result]), result), 0);
}

/** Rows and methods times lines that are looked at again to tell what was compared. */
export function explainingWork({ laboratory: { lines } }: OpenReport, result: Result): number {
  return workAgainst(lines, result);
}

/** The lines of its issuer's accreditation for kinds of quantity. */
function linesOf({ laboratory: { lines } }: OpenReport, results: readonly Result[]): readonly Line[] {
  return lines.filter(({ scope }) => results.some(({ quantity }) => quantity === scope.quantity));
}

/** The worst row of a result on a day; nothing if all hold. */
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

/** What its laboratory marks as outside its accreditation no line covers. */
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
  // An institute vouches for what is outside its published capabilities with its own word.
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

/** For every counted value of a report, on the days of the work and when the ledger heard of it: who covers it. */
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
 * Whether an accreditation stands for standards that are not shown: an existing certificate claims it for this result, and its
 * lines cover every row (ILAC-P10). A report made here is signed by its standards, and always names them. Of a laboratory that is no
 * member nobody here knows the lines: those of whoever vouches for the certificate have to cover it, so that an own certificate
 * gains nothing under a stranger's name.
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
 * Whether a line belongs to the accreditation that the certificate claims, as far as both say. The claim of no member names its own,
 * while the lines are those of whoever vouches for it.
 */
function isLineClaimed({ laboratory, payload: { accredited } }: OpenReport, { body, number }: Line): boolean {
  const claim = accredited ?? { body: null, number: null };
  return (
    laboratory.id === null ||
    ((body === null || claim.body === null || isSameName(body, claim.body)) &&
      (number === null || claim.number === null || isSameNumber(number, claim.number)))
  );
}

/** A sensor maker may name certificates of others on paper for what is its own. */
function isMakersPaper(report: OpenReport): boolean {
  return report.laboratory.id === null && (isMakersOwn(report) || wasMakersOwn(report));
}

/** For every row: whether a line of the accreditation that covers it names the method. */
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

/** Who calibrated; of a certificate of no member who vouches for it, as for a certificate on paper. */
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

/** Whether a sensor maker calibrated what it owned, on the day of the work and when the ledger heard of it. */
export function wasMakersOwn(report: OpenReport): boolean {
  const { device, said } = report;
  const owners = [ownerOn(device, useOf(report).done), ownerThen(device, said.registered)];
  return isMaker(report) && owners.every((owner) => owner === responsible(report));
}
