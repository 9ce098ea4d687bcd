import { Memo, parseAs, RegistryError, reportPayloadSchema } from '../model/index.js';
import type { DeviceFile, Instant, OrganisationFile, Report, ReportPayload } from '../model/index.js';
import { payloadText } from '../signing/index.js';
import type { CertificationChain, Citation, OpenedReport, Reference } from './checks/index.js';
import type { RecordSource } from './source.js';
import type { CheckName } from './verdict.js';

/** Longest chain of organisations above one another, and of amendments after one another. */
const MAX_CHAIN = 16;

/** Why a report could not be opened. */
export interface Unopened {
  readonly check: CheckName;
  readonly outcome: 'missing' | 'failed';
  readonly reason: string;
}

/** Reads each record at most once a trace, and puts together what the checks need to look at a report. */
export class Opener {
  readonly #source: RecordSource;
  readonly #devices = new Map<string, Promise<DeviceFile | undefined>>();
  readonly #organisations = new Map<string, Promise<OrganisationFile | undefined>>();
  readonly #citations = new Map<string, Promise<Citation | Unopened>>();

  constructor(source: RecordSource) {
    this.#source = source;
  }

  device(id: string): Promise<DeviceFile | undefined> {
    return remembered(this.#devices, id, () => this.#source.device(id));
  }

  /** A report that is named somewhere, and the one that counts in its place. */
  citation(reference: Reference): Promise<Citation | Unopened> {
    return remembered(this.#citations, JSON.stringify([reference.device, reference.report]), async () => {
      const cited = await this.#report(reference.device, reference.report);
      const report = 'outcome' in cited ? cited : await this.#asAmended(cited);
      return 'outcome' in cited ? cited : 'outcome' in report ? report : { cited, report };
    });
  }

  async #report(device: string, id: string): Promise<OpenedReport | Unopened> {
    const file = await this.device(device);
    const record = file && reportIn(file, id);
    if (!file || !record) {
      return {
        check: 'parent-registered',
        outcome: 'missing',
        reason: `Report ${id} of device ${device} is not registered.`,
      };
    }
    const payload = payloadOf(record);
    if (payload instanceof RegistryError) {
      return { check: 'payload', outcome: 'failed', reason: `Report ${id} cannot be read: ${payload.message}` };
    }
    const issuer = await this.certification(payload.organisation);
    const imprinter = await this.certification(file.device.organisation);
    return { id, file, record, payload, issuer, imprinter };
  }

  /** The report that stands in for this one today: itself, or the last of those that amend it one after another. */
  async #asAmended(cited: OpenedReport): Promise<OpenedReport | Unopened> {
    let latest = cited;
    for (let step = 0; latest.record.supersededBy !== null; step += 1) {
      const next = await this.#report(latest.file.device.id, latest.record.supersededBy);
      if ('outcome' in next) {
        return next;
      }
      const { supersedes } = next.payload;
      if (supersedes?.report !== latest.id || supersedes.digest !== latest.record.digest || step === MAX_CHAIN) {
        const reason = `Report ${latest.id} is filed as amended by ${next.id}, which does not amend it.`;
        return { check: 'amendment', outcome: 'failed', reason };
      }
      latest = next;
    }
    return latest;
  }

  async certification(organisation: string): Promise<CertificationChain> {
    const organisations: OrganisationFile[] = [];
    let id: string | null = organisation;
    while (id !== null) {
      const file: OrganisationFile | undefined = await this.#organisation(id);
      if (!file || organisations.length === MAX_CHAIN) {
        return { organisations, missing: id };
      }
      organisations.push(file);
      id = file.organisation.certifiedBy;
    }
    return { organisations, missing: null };
  }

  #organisation(id: string): Promise<OrganisationFile | undefined> {
    return remembered(this.#organisations, id, () => this.#source.organisation(id));
  }
}

/** The report that a device relied on at a moment: the newest by date of calibration that no other amends. */
export function currentReport(file: DeviceFile, asOf: Instant): string | undefined {
  const candidates = Object.entries(file.reports).flatMap(([id, report]) => {
    const payload = payloadOf(report);
    if (
      report.supersededBy !== null ||
      (!(payload instanceof RegistryError) && `${payload.performed.end}T00:00:00Z` > asOf)
    ) {
      return [];
    }
    // A report that cannot be read counts as newest: it must surface, not hide behind an older one.
    const performed = payload instanceof RegistryError ? '~' : payload.performed.end;
    return [{ id, order: [performed, report.registered.time, id].join(' ') }];
  });
  return candidates.sort((a, b) => (a.order < b.order ? 1 : -1))[0]?.id;
}

const payloads = new Memo<ReportPayload | RegistryError>(16_384);
/** The same for as long as somebody holds the record: within a transaction also for what is too long for the memo. */
const payloadsOfRecords = new WeakMap<Report, ReportPayload | RegistryError>();

/** What was signed for a report, or why it cannot be read. */
export function payloadOf(report: Report): ReportPayload | RegistryError {
  const known = payloadsOfRecords.get(report) ?? payloads.get(report.jws.payload, () => parsePayload(report));
  payloadsOfRecords.set(report, known);
  return known;
}

function parsePayload({ jws }: Report): ReportPayload | RegistryError {
  try {
    return parseAs<ReportPayload>(reportPayloadSchema, 'report', payloadText(jws));
  } catch (error) {
    if (error instanceof RegistryError) {
      return error;
    }
    throw error;
  }
}

function reportIn(file: DeviceFile, id: string): Report | undefined {
  return Object.hasOwn(file.reports, id) ? file.reports[id] : undefined;
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const record = known.get(key) ?? read();
  known.set(key, record);
  return record;
}
