import { registrantOf } from '@tracecal/core/model';
import type { DeviceRecord, Registered, ReportBody, ReportRecord } from '@tracecal/core/model';
import { answerableFor, claimsAccreditation, isFuller, registryOf, said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { isAcceptance } from '../ownersWords.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';

// A certificate may be imported again without the standards of the first import. Traces detect that from the owners'
// acceptances, but a device's record does not keep those forever: an owner who accepts often enough could choose what is
// forgotten.

/** Most accepted reports of one device and laboratory that are searched. */
const MOST = 5000;

type Days = ReportBody['performed'];

/**
 * After a report is accepted: notes, on the reports of the same work that claim an accreditation, which report names more
 * standards.
 * @param before The device, before its owner accepted this report.
 */
export async function noteSameWork(
  state: StateWriter,
  before: DeviceRecord,
  record: ReportRecord,
  { date }: Registered,
): Promise<void> {
  const registry = await registryOf(state);
  const statementOf = ({ statement }: ReportRecord) => said(statement, registry, 'report').statement;
  const note = (claiming: ReportRecord, { id }: ReportRecord) => {
    state.write(keys.report(claiming.id), { ...claiming, fuller: { report: id, accepted: date } });
  };
  const own = statementOf(record);
  const reportsOn = hasAccepted(before) ? reportsOnDays : NOTHING_ACCEPTED;
  const { device, parents, performed } = own.body;
  if (parents.some(({ kind }) => kind === 'report')) {
    const author = registrantOf(record.id);
    state.write(keys.shown(device, author, record.id), performed);
    for (const other of await reportsOn(state, performed, keys.claimedOf(device, author))) {
      if (!other.fuller && isFuller(own, statementOf(other))) {
        note(other, record);
      }
    }
  }
  if (claimsAccreditation(own) && !record.fuller) {
    for (const answerable of answerableFor(own)) {
      state.write(keys.claimed(device, answerable, record.id), performed);
      const others = await reportsOn(state, performed, keys.shownBy(device, answerable));
      const fuller = others.find((other) => isFuller(statementOf(other), own));
      if (fuller) {
        note(record, fuller);
      }
    }
  }
}

/** A device's first report has no others to compare with, so the peer is not asked for a range. */
function hasAccepted({ ownership, settledUntil }: DeviceRecord): boolean {
  return settledUntil !== null || ownership.some(isAcceptance);
}

const NOTHING_ACCEPTED = (): Promise<readonly ReportRecord[]> => Promise.resolve([]);

/** The reports that share a day with these. */
async function reportsOnDays(state: StateWriter, days: Days, prefix: Key): Promise<readonly ReportRecord[]> {
  const accepted = await state.list<Days>(prefix, MOST, 'accepted reports of this device and laboratory');
  const ids = accepted.flatMap(({ rest: [id], value: { begin, end } }) =>
    id !== undefined && begin <= days.end && days.begin <= end ? [id] : [],
  );
  await state.readAhead(ids.map((id) => keys.report(id)));
  return Promise.all(ids.map((id) => required('report', id, state.report(id))));
}
