import { dateOf, isKind } from '../../model/index.js';
import type { StatementOf } from '../../model/index.js';
import { failed, holds, missing } from './check.js';
import type { Check, OpenReport, Remark } from './check.js';

/** The owner of the device has accepted the report, or consented beforehand to what this laboratory reports. */
export const acceptance: Check = {
  name: 'acceptance',
  about: 'citation',
  examine({ cited, report }) {
    const reports = cited.id === report.id ? [report] : [cited, report];
    return reports.flatMap((each) => accepted(each, each === report));
  },
};

function accepted(report: OpenReport, counts: boolean): readonly Remark[] {
  const { id, device, decision } = report;
  if (!decision) {
    // What an amendment replaced need not have been accepted.
    return counts ? missing(`The owner of device ${device.id} has not accepted report ${id}.`) : holds;
  }
  const [flaw] = decision.flaws;
  if (flaw !== undefined) {
    return missing(`The acceptance of report ${id} does not count: ${flaw}`);
  }
  if (!decision.accepts) {
    return failed(`The owner of device ${device.id}, ${decision.said.statement.author}, has rejected report ${id}.`);
  }
  if (!isSameReport(report)) {
    return failed(`What the owner of device ${device.id} has accepted as ${id} is not this report.`);
  }
  const { statement } = decision.said;
  return isKind(statement, 'consent') ? consented(report, statement) : holds;
}

/** Which report a standing consent was applied to is not signed: it has to be the one that both describe. */
function isSameReport({ said, payload, decision }: OpenReport): boolean {
  const quantities = payload.results.map(({ quantity }) => quantity).join(' ');
  return (
    decision?.digest === said.digest &&
    decision.performed === payload.performed.end &&
    [...decision.quantities].sort().join(' ') === quantities
  );
}

function consented(report: OpenReport, { subject, body }: StatementOf<'consent'>): readonly Remark[] {
  const { id, device, organisation, payload, said } = report;
  const beyond = payload.results.find(({ quantity }) => body.quantities && !body.quantities.includes(quantity));
  const covers =
    subject.id === organisation &&
    (body.devices === null || body.devices.includes(device.id)) &&
    !beyond &&
    dateOf(said.registered.date) <= body.until;
  return covers
    ? holds
    : missing(
        `The standing consent of the owner of device ${device.id} does not cover report ${id}: it has to be accepted.`,
      );
}
