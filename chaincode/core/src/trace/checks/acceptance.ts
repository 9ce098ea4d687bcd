import { canonicalJson, dateOf, isKind, kindOf, precedes } from '../../model/index.js';
import type { StatementOf } from '../../model/index.js';
import { useAt } from '../impediments.js';
import { acceptanceOf } from '../open/acceptance.js';
import { reaches } from '../open/ownership.js';
import { LastAnswer } from '../lastAnswer.js';
import { hasReached } from '../moment.js';
import type { When } from '../moment.js';
import type { Decision } from '../open/ownership.js';
import { attested, failed, holds, missing, relyingUse } from './check.js';
import type { Check, Link, OpenReport, Remark } from './check.js';

/**
 * The owner of the device has accepted the report, or consented beforehand to what this laboratory reports. For work with the device,
 * the statements of those who had owned it by then count.
 */
export const acceptance: Check = {
  name: 'acceptance',
  about: 'citation',
  examine(link, { moment }) {
    const { reliant, cited, report } = link;
    const { done, registered } = reliant ? relyingUse(reliant) : { done: moment, registered: moment };
    const counting = cameAfterSale(link, done) ? cited : report;
    const reports = cited.id === report.id ? [report] : [cited, report];
    return reports.flatMap((each) => {
      const found = accepted(each, lastDecision(each, done), each === counting);
      return found.length > 0 ? found : rejectedSince(each, lastDecision(each, registered));
    });
  },
  told({ reliant, report }, { options }) {
    const { done } = reliant ? relyingUse(reliant) : useAt(options.asOf);
    const decision = lastDecision(report, done);
    return decision
      ? [
          `The last word on report ${report.id} by ${done} is the ${kindOf(decision.said.statement)} of ${decision.said.statement.author}, registered on ${dateOf(decision.said.registered.date)}.`,
        ]
      : [];
  },
};

/** The last statement about a report by those who had owned its device by then. */
export function lastDecision({ device, decisions }: OpenReport, moment: When): Decision | undefined {
  return decisions.findLast((each) => reaches(device, each, moment));
}

/** An amendment made after the sale needs no acceptance by the former owner, who can no longer give one. */
function cameAfterSale({ cited, report }: Link, done: When): boolean {
  const { device, said } = report;
  const sold = device.since.slice(1).find(({ date }) => !hasReached(done, date));
  return cited !== report && sold !== undefined && precedes(sold, said.registered);
}

function accepted(report: OpenReport, decision: Decision | undefined, counts: boolean): readonly Remark[] {
  const { id, device } = report;
  if (!decision) {
    // A report that was amended need not have been accepted.
    return counts ? missing(`The owner of device ${device.id} has not accepted report ${id}.`) : holds;
  }
  const [flaw] = decision.flaws;
  if (flaw !== undefined) {
    return missing(`The ${decision.accepts ? 'acceptance' : 'rejection'} of report ${id} does not count: ${flaw}`);
  }
  if (!decision.accepts) {
    return failed(`The owner of device ${device.id}, ${decision.said.statement.author}, has rejected report ${id}.`);
  }
  if (!isSameReport(report, decision)) {
    return failed(`The owner of device ${device.id} has accepted another report under the id ${id}, not this one.`);
  }
  const { statement } = decision.said;
  return isKind(statement, 'consent') ? consented(report, statement) : holds;
}

/** Whether the device was sold between the work and its registration, and the buyer has rejected the report. */
function rejectedSince({ id, device }: OpenReport, decision: Decision | undefined): readonly Remark[] {
  return !decision || decision.accepts || decision.flaws.length > 0
    ? holds
    : attested(
        `${decision.said.statement.author}, who came to own device ${device.id} between the work and its registration, has rejected report ${id}.`,
      );
}

/** Nobody signs which report a standing consent was applied to, so the consent and the acceptance must both describe this report. */
function isSameReport({ said }: OpenReport, decision: Decision): boolean {
  return same.get(decision, [said.statement, said.digest], () => isSame(said, decision));
}

const same = new LastAnswer<Decision, boolean>();

function isSame(
  said: OpenReport['said'],
  { report, digest, performed, results, adjusted, supersedes }: Decision,
): boolean {
  const accepted = {
    report,
    digest,
    performed,
    results,
    ...(adjusted && { adjusted }),
    ...(supersedes && { supersedes }),
  };
  return canonicalJson(accepted) === canonicalJson(acceptanceOf(said));
}

function consented(report: OpenReport, { subject, body }: StatementOf<'consent'>): readonly Remark[] {
  const { id, device, organisation, payload, said } = report;
  const kinds = report.amends && [...report.amends, ...payload.results.map(({ quantity }) => quantity)];
  const isSealed = payload.results.some(({ sealed }) => sealed);
  const covers =
    !isSealed &&
    subject.id === organisation &&
    (body.devices === null || body.devices.includes(device.id)) &&
    (body.quantities === null || kinds?.every((kind) => body.quantities?.includes(kind)) === true) &&
    dateOf(said.registered.date) <= body.until;
  return covers
    ? holds
    : missing(
        `The standing consent of the owner of device ${device.id} does not cover report ${id}: it has to be accepted.`,
      );
}
