import { plusDays, registrantOf } from '@tracecal/core/model';
import type {
  Acceptance,
  Anchor,
  CalendarDate,
  Instant,
  Jws,
  Parent,
  ReportRecord,
  Result,
  StatementOf,
} from '@tracecal/core/model';
import { acceptanceOf, signedDigest } from '@tracecal/core/open';
import { leafHash, merklePath, merkleRoot, payloadDigest } from '@tracecal/core/signing';
import { resultsByQuantity, resultsDigests } from '@tracecal/core/trace';
import { Devices, noonOf } from './devices.js';
import { known, ownedId } from './records.js';
import { temperatureResult } from './samples.js';
import { readSigned } from './statements.js';
import type { Item, ReportSpec, Saying } from './specs.js';

type Word = Saying & {
  /** By default the device's owner. */
  readonly by?: string;
};

/** How a report is filed that a test has signed. */
export interface Filing extends Pick<ReportSpec, 'registered' | 'accepted'> {
  readonly results?: readonly Result[];
  /** What else stands in the record. */
  readonly record?: Partial<ReportRecord>;
}

/** Reports, and their owners' decisions. */
export class Reports extends Devices {
  readonly #results = new Map<string, readonly Result[]>();

  /** Signs a report and files it, with its owner's acceptance. */
  addReport(spec: ReportSpec): Item {
    const payload = this.payload(spec);
    return this.file(payload, this.sign(payload, spec.signers), spec);
  }

  /** A report as it would be submitted, without filing it. */
  draft(spec: ReportSpec, changes: Readonly<Record<string, unknown>> = {}): Item {
    const payload = this.payload(spec);
    const statement = this.changed(this.sign(payload), changes, spec.signers);
    const { id } = payload.subject;
    const results = this.resultsOf(id);
    if (spec.accepted !== undefined && spec.accepted !== true) {
      return { statement, results };
    }
    const body = acceptanceOfReport(payload, statement);
    const acceptance = this.ownersWord('acceptance', payload.body.device, body, { registered: payload.date });
    return { statement, results, acceptance };
  }

  /** What would be signed for a report: for tests that change it or sign it differently. */
  payload(spec: ReportSpec): StatementOf<'report'> {
    const technician = this.idOf('person', spec.technician);
    const author = spec.organisation ?? registrantOf(technician);
    const id = ownedId(author, spec.id);
    const parents = (spec.parents ?? []).map((parent) => (typeof parent === 'string' ? this.parent(parent) : parent));
    const performed = spec.performed ?? this.#dayAfter(parents);
    const issued = spec.issued ?? performed;
    const results = spec.results ?? [temperatureResult(this.#best(parents) * 2)];
    this.#results.set(id, results);
    const supersedes = spec.supersedes === undefined ? null : this.#reference(spec.supersedes);
    const statement = this.statement('report', {
      author,
      date: spec.date ?? spec.registered ?? this.#registrationOf(issued),
      ...(spec.number !== undefined && { number: spec.number }),
      subject: { kind: 'report', id },
      body: {
        device: this.idOf('device', spec.device),
        technician,
        parents,
        results: resultsDigests(results),
        performed: { begin: spec.begun ?? performed, end: performed },
        issued,
        certificateSha256: null,
        ...spec.stated,
        supersedes,
      },
    });
    return { ...statement, registry: spec.registry ?? this.registry };
  }

  /** Files a report as it is. */
  file(payload: StatementOf<'report'>, jws: Jws, filing: Filing = {}): Item {
    const { subject, body, date } = payload;
    const results = filing.results ?? this.resultsOf(subject.id);
    const at = filing.registered ?? date;
    const statement = this.entry(jws, { registered: at });
    const record = { id: subject.id, statement, supersededBy: null, impediments: [] };
    this.reports.set(subject.id, { ...record, ...filing.record });
    this.resultsOfReports.set(subject.id, resultsByQuantity(results));
    if (body.supersedes) {
      this.changeReport(body.supersedes.report, (old) => ({ ...old, supersededBy: subject.id }));
    }
    const acceptance = this.#acceptAtOnce(payload, filing.accepted ?? true, at);
    return this.step({ statement: jws, results, ...(acceptance && { acceptance }) }, at);
  }

  /** Puts something else in the place of what was signed. */
  changeReportJws(report: string, change: (jws: Jws) => Jws): void {
    this.changeReport(report, (old) => ({ ...old, statement: { ...old.statement, jws: change(old.statement.jws) } }));
  }

  // --- What owners decide -------------------------------------------------------------------------------------------

  /** The owner's word, or somebody else's, that a report counts. */
  accept(report: string, { changes, ...word }: Word & { readonly changes?: Partial<Acceptance> } = {}): Item {
    const saying = { registered: this.#registered(report), ...word };
    const { device } = this.payloadOf(report).body;
    const statement = this.ownersWord('acceptance', device, { ...this.acceptanceOf(report), ...changes }, saying);
    const entry = this.own(device, this.entry(statement, saying));
    return this.step({ statement }, entry.registered.date);
  }

  reject(report: string, word: Word = {}): Item {
    const saying = { registered: this.#registered(report), ...word };
    const { device } = this.payloadOf(report).body;
    const statement = this.ownersWord('rejection', device, this.#reference(report), saying);
    const entry = this.own(device, this.entry(statement, saying));
    return this.step({ statement }, entry.registered.date);
  }

  /** What an owner signs to accept a report. */
  acceptanceOf(report: string): Acceptance {
    return acceptanceOfReport(this.payloadOf(report), this.recordOf(report).statement.jws);
  }

  // --- Looking ----------------------------------------------------------------------------------------------------

  /** A report as a child names it. */
  parent(id: string): Parent {
    const { device } = this.payloadOf(id).body;
    return { kind: 'report', device, ...this.#reference(id) };
  }

  payloadOf(report: string): StatementOf<'report'> {
    return readSigned(this.recordOf(report).statement.jws) as StatementOf<'report'>;
  }

  recordOf(report: string): ReportRecord {
    return known(this.reports.get(this.idOf('report', report)), report);
  }

  /** SHA-256 of what was signed, by which others name a report. */
  digestOf(report: string): string {
    return payloadDigest(this.recordOf(report).statement.jws);
  }

  resultsOf(report: string): readonly Result[] {
    return known(this.#results.get(report) ?? this.#results.get(this.idOf('report', report)), report);
  }

  /** A proof that signed reports were anchored together in a Merkle root, for the one at a place. */
  anchorOf(statements: readonly Jws[], place: number, date: Instant): Anchor {
    const leaves = statements.map((jws) => leafHash(signedDigest(jws)));
    return {
      root: merkleRoot(leaves),
      index: place,
      size: leaves.length,
      path: merklePath(leaves, place),
      registered: this.stamp(date),
    };
  }

  // --- Parts ------------------------------------------------------------------------------------------------------

  #acceptAtOnce(payload: StatementOf<'report'>, accepted: boolean | 'consent', registered: Instant): Jws | undefined {
    const { device } = payload.body;
    if (accepted === 'consent') {
      const consent = this.consentOf(this.ownerOf(device), payload.author);
      this.own(device, { ...this.entry(consent, { registered }), applied: this.acceptanceOf(payload.subject.id) });
      return undefined;
    }
    if (!accepted) {
      return undefined;
    }
    const acceptance = this.ownersWord('acceptance', device, this.acceptanceOf(payload.subject.id), { registered });
    this.own(device, this.entry(acceptance, { registered }));
    return acceptance;
  }

  #registered(report: string): Instant {
    return this.recordOf(report).statement.registered.date;
  }

  #reference(report: string): { readonly report: string; readonly digest: string } {
    return { report: this.idOf('report', report), digest: this.digestOf(report) };
  }

  #dayAfter(parents: readonly Parent[]): string {
    const days = this.#registeredParents(parents).map((report) =>
      plusDays(this.payloadOf(report).body.performed.end, 1),
    );
    return days.sort().at(-1) ?? this.dates.rootDay;
  }

  #best(parents: readonly Parent[]): number {
    const stated = this.#registeredParents(parents).flatMap((report) =>
      this.resultsOf(report).flatMap(({ rows }) => rows.map(({ uncertainty }) => uncertainty?.expanded ?? 0)),
    );
    return Math.max(0.0005, ...stated);
  }

  #registeredParents(parents: readonly Parent[]): readonly string[] {
    return parents.flatMap((parent) =>
      parent.kind === 'report' && this.reports.has(parent.report) ? [parent.report] : [],
    );
  }

  /** A report is registered on the day on which it was issued, but not before the registry was founded. */
  #registrationOf(issued: CalendarDate): Instant {
    const noon = noonOf(issued);
    return noon < this.dates.founded ? this.dates.founded : noon;
  }
}

function acceptanceOfReport(statement: StatementOf<'report'>, jws: Jws): Acceptance {
  return acceptanceOf({ statement, digest: payloadDigest(jws) });
}
