import { plusDays, registrantOf } from '@tracecal/core/model';
import type {
  Acceptance,
  Anchor,
  CalendarDate,
  Disclosure,
  Instant,
  Jws,
  Parent,
  ReportRecord,
  Result,
  StatementOf,
  Vouching,
} from '@tracecal/core/model';
import { acceptanceOf, signedDigest } from '@tracecal/core/open';
import { sha256 } from '@tracecal/core/platform';
import { disclose, leafHash, merklePath, merkleRoot, payloadDigest, sealResults } from '@tracecal/core/signing';
import type { Sealed } from '@tracecal/core/signing';
import { judgeForVouching, resultsByQuantity, resultsDigests, withDisclosures } from '@tracecal/core/trace';
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
  readonly #open = new Map<string, readonly Result[]>();
  readonly #sealed = new Map<string, readonly Sealed[]>();
  #salts = 0;

  /** Signs a report and files it, with its owner's acceptance. */
  addReport(spec: ReportSpec): Item {
    const payload = this.payload(spec);
    return this.file(payload, this.sign(payload, spec.signers), { ...spec, results: this.openOf(payload.subject.id) });
  }

  /** A report as it would be submitted, without filing it. */
  draft(spec: ReportSpec, changes: Readonly<Record<string, unknown>> = {}): Item {
    const payload = this.payload(spec);
    const statement = this.changed(this.sign(payload), changes, spec.signers);
    const { id } = payload.subject;
    const results = this.openOf(id);
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
    const isSealed = ({ quantity }: Result) => spec.sealed?.includes(quantity) === true;
    const open = results.filter((result) => !isSealed(result));
    const sealed = [...resultsByQuantity(results.filter(isSealed)).values()].map((each) =>
      sealResults(each, () => this.#salt()),
    );
    this.#results.set(id, results);
    this.#open.set(id, open);
    this.#sealed.set(id, sealed);
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
        results: resultsDigests(open, sealed),
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
    const results = filing.results ?? this.openOf(subject.id);
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

  /** The results of a report that are on the ledger. */
  openOf(report: string): readonly Result[] {
    return known(this.#open.get(report) ?? this.#open.get(this.idOf('report', report)), report);
  }

  /** Disclosures of all confidential results of a report, or of those that are chosen. */
  disclosuresOf(report: string, isShown?: (result: Result) => boolean): readonly Disclosure[] {
    const id = this.idOf('report', report);
    const about = { registry: this.payloadOf(report).registry, report: id, digest: this.digestOf(report) };
    return known(this.#sealed.get(id), report).map((sealed) => disclose(sealed, about, isShown));
  }

  /** What an organisation says that has read the confidential results of a report, and of others that it rests on. */
  async vouch(
    author: string,
    report: string,
    {
      read = [report],
      changes,
      ...saying
    }: Saying & { readonly read?: readonly string[]; readonly changes?: Partial<Vouching> } = {},
  ): Promise<Item> {
    const id = this.idOf('report', report);
    const source = withDisclosures(
      this,
      read.flatMap((each) => this.disclosuresOf(each)),
    );
    const { body } = await judgeForVouching(source, id, saying.registered ?? this.dates.asOf);
    return this.say(author, id, { ...body, ...changes }, saying);
  }

  /** Says anything about a report's confidential results. */
  say(author: string, report: string, body: Vouching, saying: Saying = {}): Item {
    const id = this.idOf('report', report);
    const statement = this.statement('vouching', { ...saying, author, subject: { kind: 'report', id }, body });
    const jws = this.sign(statement, saying.signers);
    const entry = this.entry(jws, saying);
    this.vouchingsOf.set(id, [...(this.vouchingsOf.get(id) ?? []), entry]);
    return this.step({ statement: jws }, entry.registered.date);
  }

  /** As good as random for tests, and always the same. */
  #salt(): string {
    this.#salts += 1;
    return Buffer.from(sha256(`salt ${this.#salts}`), 'hex').toString('base64url');
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
