import { entriesOf, isKind } from '@tracecal/core/model';
import type { DeviceRecord, Entry, Instant, OwnerEntry, ResultsSummary } from '@tracecal/core/model';
import { calibrationsOf, nextNumber, readStatement } from '@tracecal/core/open';
import type { Decision, OpenDevice } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { areWithin } from '@tracecal/core/trace';
import { foundationsOf } from './foundations.js';
import { deviceAsWritten, writeDevice } from './reads.js';
import type { Fresh } from './reads.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

// A device may be calibrated every month for decades, but a trace reads its whole record. So an acceptance that newer ones
// have replaced for all its kinds of quantity needs no space of its owner, and is moved out of the record when there are
// many of them.

/** Number of replaced acceptances that a record keeps, to show what counted in recent years. */
const KEPT = 32;

/** An acceptance that no trace starts from any more, and since when. */
interface Replaced {
  readonly decision: Decision;
  readonly since: Instant;
}

/** Adds an owner's statement to the record of a device. Returns the entries that are now too old for the record. */
export async function addOwnersWord(
  state: StateWriter,
  before: DeviceRecord,
  entry: OwnerEntry,
  fresh?: Fresh,
): Promise<void> {
  const record = { ...before, ownership: [...before.ownership, entry] };
  const written = await deviceAsWritten(state, record, fresh);
  const device = await required('device', record.id, written.device);
  const replaced = replacedIn(device);
  const leaving = replaced.slice(0, Math.max(0, replaced.length - KEPT));
  for (const [report, entries] of byReport(leaving)) {
    await settle(state, device, report, entries);
  }
  await writeDevice(
    state,
    leaving.length === 0 ? written : await deviceAsWritten(state, without(record, leaving), fresh),
  );
}

/** Whether this statement makes an owner rely on a report: an acceptance, or a standing consent that was applied to it. */
export function isAcceptance({ jws, applied }: OwnerEntry): boolean {
  return applied !== undefined || isKind(readStatement(jws), 'acceptance');
}

/** The entries that count towards the space of their author in a device's record. */
export function lastingEntries(device: OpenDevice): readonly Entry[] {
  const replaced = new Set<Entry>(replacedIn(device).map(({ decision }) => decision.said.entry));
  return entriesOf.device(device.record).filter((entry) => !replaced.has(entry));
}

/**
 * Oldest first. The owner's last statement about the device stays: its number prevents older statements from being
 * registered again.
 */
function replacedIn(device: OpenDevice): readonly Replaced[] {
  const { record, decisions } = device;
  const entries = entriesOf.device(record);
  const accepted = decisions.filter(({ accepts }) => accepts);
  const lasting = lastingReports(device);
  return accepted.flatMap((decision, place) => {
    const { statement } = decision.said;
    const { report } = decision;
    const newer = accepted
      .slice(place + 1)
      .filter((each) => !lasting.has(report) || each.report === report || each.supersedes === report)
      // An adjustment ends what older reports say: this one is kept until a newer report states an adjustment, too.
      .filter(({ adjusted }) => !decision.adjusted || adjusted);
    const since = replacedSince(decision, newer);
    const isLast =
      !isKind(statement, 'consent') &&
      nextNumber(entries, statement.author, statement.subject) === statement.number + 1;
    return since !== undefined && !isLast ? [{ decision, since }] : [];
  });
}

/**
 * Reports that found the device out of its limits. Work done with the device before such a report needs review, even if the
 * device was calibrated since. Each comes with the calibration before it: if that one found the device within its limits,
 * work done before it needs no review.
 */
function lastingReports(device: OpenDevice): ReadonlySet<string> {
  const inOrder = calibrationsOf(device);
  const before = inOrder.flatMap(({ results }, place) =>
    results
      .filter(({ foundOutOfLimits }) => foundOutOfLimits)
      .flatMap(({ quantity }) => inOrder.slice(0, place).findLast((each) => states(each, quantity)) ?? []),
  );
  return new Set([...tellingOfPast(device), ...before.map(({ report }) => report)]);
}

function states({ results }: Decision, quantity: string): boolean {
  return results.some((each) => each.quantity === quantity);
}

/** Reports that found the device out of its limits, and the reports that amend one and may correct that finding. */
function tellingOfPast({ decisions }: OpenDevice): ReadonlySet<string> {
  const telling = new Set<string>();
  for (const { report, results, supersedes } of decisions) {
    if (results.some(({ foundOutOfLimits }) => foundOutOfLimits) || (supersedes && telling.has(supersedes))) {
      telling.add(report);
    }
  }
  return telling;
}

/** When newer acceptances covered everything that an older one covers. A report without results is replaced by any other. */
function replacedSince({ results }: Decision, newer: readonly Decision[]): Instant | undefined {
  if (results.length === 0) {
    return newer[0]?.said.registered.date;
  }
  const since = results.map((own) => newer.find((each) => replaces(each, own))?.said.registered.date);
  return since.every((moment) => moment !== undefined) ? since.sort().at(-1) : undefined;
}

function replaces({ results }: Decision, { quantity, extents }: ResultsSummary): boolean {
  const given = results.find((each) => each.quantity === quantity);
  return (
    given !== undefined &&
    !given.sealed &&
    (!given.extents || (!!extents && areWithin(extents, given.extents, quantity)))
  );
}

function without(record: DeviceRecord, leaving: readonly Replaced[]): DeviceRecord {
  const entries = new Set<Entry>(leaving.map(({ decision }) => decision.said.entry));
  const moments = [
    ...leaving.map(({ since }) => since),
    ...(record.settledUntil === null ? [] : [record.settledUntil]),
  ];
  return {
    ...record,
    ownership: record.ownership.filter((entry) => !entries.has(entry)),
    settledUntil: moments.sort().at(-1) ?? null,
  };
}

function byReport(leaving: readonly Replaced[]): ReadonlyMap<string, readonly OwnerEntry[]> {
  const entries = new Map<string, readonly OwnerEntry[]>();
  for (const { decision } of leaving) {
    const { report, said: word } = decision;
    entries.set(report, [...(entries.get(report) ?? []), word.entry]);
  }
  return entries;
}

/** Reports of others may cite an accepted report: its acceptances are stored with it from now on. */
async function settle(
  state: StateWriter,
  device: OpenDevice,
  report: string,
  entries: readonly OwnerEntry[],
): Promise<void> {
  const { id, imprint, decisions } = device;
  const earlier = await state.settled(id, report);
  const settled = [...earlier, ...entries];
  state.write(keys.settled(id, report), settled);
  const leaving = new Set<Entry>(entries);
  const isStillAccepted = decisions.some((each) => each.report === report && !leaving.has(each.said.entry));
  if (imprint.body.kind === 'field' && !isStillAccepted) {
    const record = await required('report', report, state.report(report));
    for (const on of await foundationsOf(state, record, device, { acceptances: settled })) {
      state.remove(keys.rests(on, 'field', id, report));
    }
  }
}
