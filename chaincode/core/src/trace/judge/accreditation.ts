import { dateOf, plusDays, precedes, registrantOf } from '../../model/index.js';
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
import { askedInTurn } from './inTurn.js';
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
  const days = [...daysOfWork(linesOf(report, results), report)];
  return days.flatMap((day) => results.flatMap((result) => foundOn({ day, policy }, report, result)));
}

/** Uses only the lines that were registered before the report; the report itself if all were. */
export function grantedBefore(report: OpenReport): OpenReport {
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

export function isHeldBefore({ registered }: Line, report: OpenReport): boolean {
  return precedes(registered, (report.repeats ?? report).said.registered);
}

/** A line that was granted for the past after the work was registered is only the grantor's later word. */
export function grantedSince(report: OpenReport, results: readonly Result[]): Finding {
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
  const last = lastDay(report);
  const ended = results.find((result) =>
    foundOn({ day: last, policy }, report, result).some(({ outcome }) => outcome !== 'note'),
  );
  return ended
    ? [
        {
          check: 'scope',
          outcome: 'attested',
          reason: `The accreditation of ${responsible(report)} for ${ended.quantity} ended between the work of report ${report.id}, ${report.payload.performed.end}, and its registration on ${last}.`,
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
  let found: readonly Finding[] = [];
  for (const asked of first ? askedInTurn(report) : []) {
    if (!budget.takeComparisons(accreditationWork(asked, results))) {
      return [tooMuch(report, first)];
    }
    found = accreditationOf(asked, results, policy);
    if (found.length === 0) {
      break;
    }
  }
  return found;
}

/** Work for a result: rows and methods, each times lines. */
export function workAgainst(lines: readonly Line[], result: Result): number {
  return (countedRows(result).length + (result.methods?.length ?? 0)) * lines.length;
}

/** Work of {@link accreditationOf} and {@link accreditorsOf}: rows and methods, times lines, times days. */
export function accreditationWork(report: OpenReport, results: readonly Result[]): number {
  const days = daysOfWork(linesOf(report, results), report).size + 1;
  // If lines were granted later, once without them and once with them.
  const times = hasLaterLines(report) ? 2 * days : days;
  return results.reduce((sum, result) => sum + times * workAgainst(linesOf(report, [result]), result), 0);
}

/** Work to explain what was compared. */
export function explainingWork({ laboratory: { lines } }: OpenReport, result: Result): number {
  return workAgainst(lines, result);
}

/** The lines of its issuer's accreditation for kinds of quantity. */
export function linesOf({ laboratory: { lines } }: OpenReport, results: readonly Result[]): readonly Line[] {
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
      reason: judgement.compared.isBeyond
        ? `${what} is just beyond the accreditation of ${responsible(report)}: ${described(judgement)}.`
        : `${what} states a smaller uncertainty than the accreditation of ${responsible(report)} allows, but only within rounding: ${described(judgement)}.`,
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

/** The first and the last day as signed, and those between them on which a line has just ended. */
function daysOfWork(lines: readonly Line[], { payload }: OpenReport): ReadonlySet<CalendarDate> {
  const { begin: first, end: last } = payload.performed;
  const ended = lines.map(({ scope: { validTo } }) => plusDays(validTo, 1)).filter((day) => first < day && day < last);
  return new Set([last, first, ...ended]);
}

/** The last day on which the accreditation counts; by UTC, a laboratory far in the east registers before its day of the work. */
export function lastDay(report: OpenReport): CalendarDate {
  const { end } = report.payload.performed;
  const registered = dateOf(relyingUse(report).registered);
  return registered < end ? end : registered;
}

/** The accreditors on whose lines each counted value of a report rests, on the days of the work and when it was registered. */
export function accreditorsOf(report: OpenReport, policy: JudgingPolicy): readonly (readonly string[])[] {
  return bearersOf(report, policy).map((lines) => lines.map(({ by }) => by));
}

/** The lines that can bear each counted value of a report, on the days of the work and when it was registered. */
export function bearersOf(report: OpenReport, policy: JudgingPolicy): readonly (readonly Line[])[] {
  const own = linesOf(report, report.counted);
  const days = new Set([...daysOfWork(own, report), lastDay(report)]);
  return report.counted.flatMap((result) => {
    const lines = linesOf(asJudged(report, result, policy), [result]);
    return [...days].flatMap((day) =>
      countedRows(result).map(({ row }) =>
        lines.flatMap((line) => {
          const judged = judgeRow(report, result, row, [line], { day, policy });
          return judged.outcome === 'sound' || judged.outcome === 'note' ? [line] : [];
        }),
      ),
    );
  });
}

/** With the lines that a result's judgement rests on: later ones do not take the place of those that were granted in time. */
function asJudged(report: OpenReport, result: Result, policy: JudgingPolicy): OpenReport {
  const asHeld = grantedBefore(report);
  return asHeld === report || outcomeOf(foundAtWork(asHeld, [result], policy)).because ? report : asHeld;
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
  const { device, said } = report.repeats ?? report;
  const owners = [ownerOn(device, useOf(report).done), ownerThen(device, said.registered)];
  return isMaker(report) && owners.every((owner) => owner === responsible(report));
}
