import type { DeviceAnswer, HistoryEntry, ReportAnswer, ReportSummary } from '@tracecal/core/contracts';
import { isKind } from '@tracecal/core/model';
import type { CalendarDate, Instant, OwnerEntry, Parent, ReportBody, Result } from '@tracecal/core/model';
import { claimedSigners } from '@tracecal/core/signing';
import { readStatement } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import type { ContentStore } from '../../dcc/index.js';
import { all } from '../all.js';
import { together } from '../together.js';

export interface NamedOrganisation {
  readonly id: string;
  readonly name: string;
  readonly country: string;
}

type DeviceIdentity = Pick<DeviceAnswer, 'id' | 'kind' | 'manufacturer' | 'model' | 'serial' | 'pseudonym'>;

/** An owner's decision about a report. */
export interface Decision {
  readonly what: 'accepted' | 'rejected';
  readonly by: string;
  readonly date: Instant;
  /** True if it was given in advance, by a standing consent. */
  readonly consent: boolean;
}

/** A laboratory's review of its report, after something it depends on was called in question. */
export interface ReviewFact {
  readonly cause: string;
  readonly date: Instant;
  readonly reason?: string;
}

/** A parent of a report. */
export interface Standard {
  readonly parent: Parent;
  /** Null if its report is not registered here. */
  readonly device: DeviceIdentity | null;
  /** The file that its report was made from. */
  readonly certificateSha256: string | null;
}

/** How many confidential results of a kind were disclosed. */
export interface DisclosedKind {
  readonly quantity: string;
  readonly shown: number;
  /** At most so many exist. */
  readonly atMost: number;
  readonly isComplete: boolean;
}

/** All facts about a report that a certificate would state, as the ledger holds them. */
export interface ReportFacts {
  readonly id: string;
  readonly registry: string;
  readonly digest: string;
  readonly registered: Instant;
  readonly body: ReportBody;
  readonly results: readonly Result[];
  /** Of its confidential kinds, those of which anything was disclosed; absent: none. */
  readonly disclosed?: readonly DisclosedKind[];
  readonly laboratory: NamedOrganisation;
  readonly device: DeviceIdentity;
  /** The owner now. */
  readonly owner: NamedOrganisation;
  /** In the report's order. */
  readonly standards: readonly Standard[];
  readonly supersededBy: string | null;
  readonly impediments: ReportSummary['impediments'];
  readonly decisions: readonly Decision[];
  readonly reviews: readonly ReviewFact[];
  /** Who signed it, in the form `technician:ID`, `device:ID`; null for a signature that names nobody. */
  readonly signers: readonly (string | null)[];
  readonly original: { readonly sha256: string; readonly isKeptHere: boolean } | null;
}

/** The ledger queries needed to show a report. */
export type FactsReader = Pick<
  TraceCal,
  'getDevice' | 'getOrganisation' | 'getParentReport' | 'getReport' | 'history' | 'listReports'
>;

export async function reportFacts(
  reader: FactsReader,
  content: Pick<ContentStore, 'has'>,
  id: string,
): Promise<ReportFacts> {
  const report = await reader.getReport(id);
  const { body, record, digest, results } = report;
  const device = await reader.getDevice(body.device);
  const { certificateSha256: sha256 } = body;
  return {
    id,
    registry: readStatement(record.statement.jws).registry,
    digest,
    registered: record.statement.registered.date,
    body,
    results,
    laboratory: await organisation(reader, report.organisation),
    device: identity(device),
    owner: await organisation(reader, device.owner),
    standards: await together(await reader.getParentReport(id), async ({ parent, report: above }) => ({
      parent,
      device: above && identity(await reader.getDevice(above.body.device)),
      certificateSha256: above?.body.certificateSha256 ?? null,
    })),
    supersededBy: record.supersededBy,
    impediments: (await summaryOf(reader, report))?.impediments ?? [],
    decisions: decisionsAbout(report, device),
    reviews: (await all(reader.history({ kind: 'report', id }))).flatMap((entry) => reviewsIn(entry, id)),
    signers: claimedSigners(record.statement.jws),
    original: sha256 === null ? null : { sha256, isKeptHere: await content.has(sha256) },
  };
}

function reviewsIn({ time, changes }: HistoryEntry, report: string): readonly ReviewFact[] {
  return changes
    .filter(({ reviewed = [] }) => reviewed.includes(report))
    .map(({ id, reason }) => ({ cause: id, date: time, ...(reason !== undefined && { reason }) }));
}

async function organisation(reader: FactsReader, id: string): Promise<NamedOrganisation> {
  const { name, country } = await reader.getOrganisation(id);
  return { id, name, country };
}

function identity({ id, kind, manufacturer, model, serial, pseudonym }: DeviceAnswer): DeviceIdentity {
  return { id, kind, manufacturer, model, serial, ...(pseudonym && { pseudonym }) };
}

async function summaryOf(reader: FactsReader, { id, body }: ReportAnswer): Promise<ReportSummary | undefined> {
  for await (const summary of reader.listReports(body.device)) {
    if (summary.id === id) {
      return summary;
    }
  }
  return undefined;
}

/** Decisions of owners about a report, in order; acceptances that newer ones replaced come first. */
function decisionsAbout({ id, settled }: ReportAnswer, { record }: DeviceAnswer): readonly Decision[] {
  return [...settled, ...record.ownership].flatMap((entry) => decisionIn(entry, id) ?? []);
}

/** Whether an owner of the device has rejected a report; a rejection is final. */
export function isRejected({ record }: Pick<DeviceAnswer, 'record'>, report: string): boolean {
  return record.ownership.some((entry) => decisionIn(entry, report)?.what === 'rejected');
}

function decisionIn({ jws, applied }: OwnerEntry, report: string): Decision | undefined {
  const statement = readStatement(jws);
  const said = { by: statement.author, date: statement.date };
  if (applied !== undefined) {
    return applied.report === report ? { what: 'accepted', ...said, consent: true } : undefined;
  }
  if (isKind(statement, 'acceptance') && statement.body.report === report) {
    return { what: 'accepted', ...said, consent: false };
  }
  return isKind(statement, 'rejection') && statement.body.report === report
    ? { what: 'rejected', ...said, consent: false }
    : undefined;
}

/** First and last day of the work on one line. */
export function daysOf({ begin, end }: { readonly begin: CalendarDate; readonly end: CalendarDate }): string {
  return begin === end ? begin : `${begin} to ${end}`;
}
