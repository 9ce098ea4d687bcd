import type { Entry, Instant } from '../model/index.js';
import { disclosedIn } from './disclosures.js';
import type { RecordSource } from './source.js';

/** The records as they were at a moment, without later registrations. */
export function knownAt(source: RecordSource, moment: Instant): RecordSource {
  const held = <E extends Entry>(entries: readonly E[]): readonly E[] =>
    entries.filter(({ registered }) => registered.date <= moment);
  // Later statements refer to them by position, so the list is cut at the first that is too late.
  const heldFirst = <E extends Entry>(entries: readonly E[]): readonly E[] => {
    const end = entries.findIndex(({ registered }) => registered.date > moment);
    return end < 0 ? entries : entries.slice(0, end);
  };
  const ifHeld = <T extends object>(record: T | undefined, first: Entry | undefined): T | undefined =>
    first && first.registered.date <= moment ? record : undefined;
  const known: RecordSource = {
    channel: source.channel,
    async founding() {
      const record = await source.founding();
      return record && ifHeld({ ...record, changes: heldFirst(record.changes) }, record.founding);
    },
    async organisation(id) {
      const record = await source.organisation(id);
      return (
        record &&
        ifHeld(
          {
            id,
            memberships: held(record.memberships),
            accreditations: held(record.accreditations),
            requirements: held(record.requirements),
            impediments: held(record.impediments),
          },
          record.memberships[0],
        )
      );
    },
    async person(id) {
      const record = await source.person(id);
      return (
        record &&
        ifHeld(
          { id, authorisations: held(record.authorisations), impediments: held(record.impediments) },
          record.authorisations[0],
        )
      );
    },
    async device(id) {
      const record = await source.device(id);
      return (
        record &&
        ifHeld(
          {
            ...record,
            imprints: held(record.imprints),
            ownership: held(record.ownership),
            impediments: held(record.impediments),
          },
          record.imprints[0],
        )
      );
    },
    async report(id) {
      const record = await source.report(id);
      if (!record || !ifHeld(record, record.statement)) {
        return undefined;
      }
      const amending = record.supersededBy === null ? undefined : await known.report(record.supersededBy);
      const { fuller, ...others } = record;
      return {
        ...others,
        supersededBy: amending ? record.supersededBy : null,
        impediments: held(record.impediments),
        ...(fuller && fuller.accepted <= moment && { fuller }),
      };
    },
    results: (report, quantity) => source.results(report, quantity),
    settled: async (device, report) => held(await source.settled(device, report)),
    consents: async (owner, laboratory) => held(await source.consents(owner, laboratory)),
    reviews: async (amendment, laboratory) => held(await source.reviews(amendment, laboratory)),
    confirmations: async (report) => held(await source.confirmations(report)),
    vouchings: async (report) => held(await source.vouchings(report)),
    // Numbers are the same whenever somebody learns them: what was registered by then decides what they are worth.
    ...(source.disclosed && { disclosed: (report, quantity) => disclosedIn(source, report, quantity) }),
    async heartbeat(institute) {
      const record = await source.heartbeat(institute);
      return record && ifHeld(record, record.statement);
    },
  };
  return known;
}
