import { createHash, verify, X509Certificate } from 'node:crypto';
import type {
  Acceptance,
  DeviceRecord,
  Entry,
  OrganisationRecord,
  Parent,
  PersonRecord,
  RegistryRecord,
  ReportRecord,
  Result,
  Statement,
  StatementKind,
  StatementOf,
} from '@tracecal/core/model';
import type { VerdictStatus } from '@tracecal/core/trace';

/** The records of a registry. */
export interface Records {
  readonly channel: string;
  readonly registryRecord: RegistryRecord | undefined;
  readonly organisations: ReadonlyMap<string, OrganisationRecord>;
  readonly people: ReadonlyMap<string, PersonRecord>;
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly reports: ReadonlyMap<string, ReportRecord>;
  /** By owner and laboratory, oldest first. */
  readonly standingConsents: ReadonlyMap<string, readonly Entry[]>;
  readonly resultsOfReports: ReadonlyMap<string, ReadonlyMap<string, readonly Result[]>>;
}

/**
 * The trace once more, written straight from the rules: no caches, no shared code with the chaincode, every path walked
 * on its own. Only the status; slow; for temperatures in degrees Celsius at fixed points, of which nobody declares how they were
 * derived, with one key a holder, one line of accreditation from -50 to 250 °C, and founding institutes only. Differences are
 * defects.
 */
export function naiveStatus(records: Records, device: string, asOf: string): VerdictStatus {
  if (!records.devices.has(device)) {
    return 'FAILED';
  }
  const trace = new NaiveTrace(records, asOf);
  const current = trace.current(device);
  if (current === undefined) {
    return 'INCOMPLETE';
  }
  trace.walk(device, current, null, []);
  const [worst] = (['failed', 'missing', 'attested'] as const).filter((outcome) => trace.found.has(outcome));
  return worst === undefined ? 'TRACEABLE' : STATUS[worst];
}

type Outcome = 'failed' | 'missing' | 'attested';

const STATUS: Readonly<Record<Outcome, VerdictStatus>> = {
  failed: 'FAILED',
  missing: 'INCOMPLETE',
  attested: 'ATTESTED',
};

/** The days of the work from the first second to the last, and when the ledger heard of it. */
interface Use {
  readonly begun: string;
  readonly done: string;
  readonly registered: string;
}

interface Span {
  readonly revoked: boolean;
  readonly forward: boolean;
  readonly from: string;
  to: string | null;
  readonly by: string;
}

interface Child {
  readonly statement: StatementOf<'report'>;
  readonly entry: Entry;
}

/**
 * By what keys count: by what is known today of those who vouched for them, or by what the ledger held on a date; whoever they are, for
 * what is said against something; and if they were not revoked, for what lifts that from an officer.
 */
type Known = 'today' | 'whoever' | 'unrevoked' | { readonly date: string };

class NaiveTrace {
  readonly found = new Set<Outcome>();

  constructor(
    readonly records: Records,
    readonly asOf: string,
  ) {}

  demand(holds: boolean, otherwise: Outcome = 'failed'): void {
    if (!holds) this.found.add(otherwise);
  }

  /** What the owner accepted last, of what was finished; an empty report only where there is nothing else. */
  current(device: string): string | undefined {
    const accepted = this.decisions(device).filter(
      ({ acceptance, entry }) => acceptance && isFinished(acceptance.performed, entry.registered.date, this.asOf),
    );
    const last = accepted.filter(({ acceptance }) => acceptance!.results.length > 0).at(-1) ?? accepted.at(-1);
    return last?.report;
  }

  decisions(device: string) {
    const record = this.records.devices.get(device);
    const { owner } = bodyOf<'device'>(record!.imprints[0]!).body;
    return record!.ownership.flatMap((entry) => {
      const statement = bodyOf<StatementKind>(entry);
      if (statement.author !== owner) return [];
      const consent = statement.type === 'tracecal-consent/1';
      const rejects = statement.type === 'tracecal-rejection/1';
      const body = (consent ? entry.applied : statement.body) as Acceptance;
      return [{ report: body.report, acceptance: rejects ? undefined : body, digest: body.digest, consent, entry }];
    });
  }

  /** Returns whether anything from here on rests on somebody's word. */
  walk(device: string, cited: string, child: Child | null, below: readonly string[]): boolean {
    const file = this.records.devices.get(device);
    const named = this.records.reports.get(cited);
    if (!file || !named) {
      this.found.add('missing');
      return false;
    }
    const before = new Set(this.found);
    this.found.delete('attested');
    const [id, report] = this.amended(cited, named);
    const statement = bodyOf<'report'>(report.statement);
    const entry = report.statement;
    const imprint = bodyOf<'device'>(file.imprints[0]!);

    this.cited(cited, named, child);
    this.replaced(named, report, child);
    this.accepted(device, cited, named, id, report);
    this.signed(statement, entry);
    this.certified(statement, entry, file, imprint);
    this.stands(statement, entry, device, [cited, id], child);
    this.dated(statement, entry, child);
    this.used(device, imprint, child);
    this.demand(!below.includes(device));
    this.measured(id, statement, device, imprint);

    for (const parent of statement.body.parents) {
      if (parent.kind === 'report') {
        this.walk(parent.device, parent.report, { statement, entry }, [...below, device]);
      } else if (!this.founders().includes(statement.author)) {
        this.outside(parent);
      }
    }
    const attested = this.found.has('attested');
    const decision = this.decisions(device)
      .filter((each) => each.report === id)
      .at(-1);
    this.demand(!attested || !decision?.consent, 'missing');
    // A consent is about the report itself, not about when it is used.
    this.due(statement, named, imprint, child);
    before.forEach((outcome) => this.found.add(outcome));
    return attested;
  }

  /** An influence that was measured by what is only on paper makes nothing worse. */
  outside(parent: Exclude<Parent, { kind: 'report' }>): void {
    if (parent.kind === 'external' || parent.results.length === 0) {
      this.found.add('missing');
    } else if (parent.results.some(({ quantity }) => quantity === 'temperature')) {
      this.found.add('attested');
    }
  }

  amended(id: string, report: ReportRecord): readonly [string, ReportRecord] {
    const next = report.supersededBy;
    return next === null ? [id, report] : this.amended(next, this.records.reports.get(next)!);
  }

  cited(cited: string, report: ReportRecord, child: Child | null): void {
    const named = child?.statement.body.parents.find((parent) => parent.kind === 'report' && parent.report === cited);
    this.demand(child === null || (named?.kind === 'report' && named.digest === digestOf(report.statement)));
  }

  /** The owner accepted what counts, and has not rejected what was cited. */
  accepted(device: string, cited: string, named: ReportRecord, id: string, report: ReportRecord): void {
    for (const [each, record] of new Map([
      [cited, named],
      [id, report],
    ])) {
      const decision = this.decisions(device)
        .filter((one) => one.report === each)
        .at(-1);
      if (!decision) {
        this.demand(each !== id, 'missing');
      } else if (!this.holds(decision.entry)) {
        this.found.add('missing');
      } else {
        this.demand(decision.acceptance !== undefined && decision.digest === digestOf(record.statement));
        this.demand(!decision.consent || this.isCovered(decision.entry, record, device), 'missing');
      }
    }
  }

  isCovered(entry: Entry, record: ReportRecord, device: string): boolean {
    const { author, subject, body } = bodyOf<'consent'>(entry);
    const report = bodyOf<'report'>(record.statement);
    const given = this.records.standingConsents.get(`${author} ${subject.id}`) ?? [];
    const then = given.filter(({ registered }) => registered.date <= entry.registered.date).at(-1);
    return (
      then?.jws.payload === entry.jws.payload &&
      subject.id === report.author &&
      (body.devices?.includes(device) ?? true) &&
      this.kinds(record).every((quantity) => body.quantities?.includes(quantity) ?? true) &&
      record.statement.registered.date.slice(0, 10) <= body.until
    );
  }

  /** Kinds of quantity of a report, and of all that it amends. */
  kinds({ statement }: ReportRecord): readonly string[] {
    const { results, supersedes } = bodyOf<'report'>(statement).body;
    const earlier = supersedes && this.records.reports.get(supersedes.report);
    return [...results.map(({ quantity }) => quantity), ...(earlier ? this.kinds(earlier) : [])];
  }

  /** What counts in the place of the cited report gives the kinds for which that is relied on. */
  replaced(named: ReportRecord, report: ReportRecord, child: Child | null): void {
    const kindsOf = ({ body }: StatementOf<'report'>) => body.results.map(({ quantity }) => quantity);
    const own = kindsOf(bodyOf<'report'>(named.statement));
    const given = kindsOf(bodyOf<'report'>(report.statement));
    const shared = child ? own.filter((kind) => kindsOf(child.statement).includes(kind)) : own;
    const needed = shared.length > 0 ? shared : own;
    this.demand(
      needed.every((kind) => given.includes(kind)),
      'missing',
    );
  }

  signed({ body }: StatementOf<'report'>, entry: Entry): void {
    const parents = body.parents.flatMap((parent) => (parent.kind === 'report' ? [`device:${parent.device}`] : []));
    const expected = new Set([`technician:${body.technician}`, ...parents]);
    const signers = signersOf(entry);
    this.demand(signers.length === expected.size && [...expected].every((signer) => signers.includes(signer)));
  }

  certified(statement: StatementOf<'report'>, entry: Entry, file: DeviceRecord, imprint: StatementOf<'device'>): void {
    const use = signing(statement, entry);
    const technician = `technician:${statement.body.technician}`;
    const key = this.keyOf(technician);
    this.demand(key !== null && signs(entry, technician, key));
    this.demand(key === null || validFor(key, use));
    this.chainCertified(statement.author, use);
    const imprinted = file.imprints[0]!.registered.date;
    this.chainCertified(imprint.author, at(imprinted));
  }

  /** The device's key was certified when it was used as a standard; of the device itself, when it is asked about. */
  used(device: string, imprint: StatementOf<'device'>, child: Child | null): void {
    const key = this.keyOf(`device:${device}`);
    const use = child ? signing(child.statement, child.entry) : at(this.asOf);
    this.demand(key !== null && validFor(key, use));
    this.demand(this.heldThen(this.records.devices.get(device)!.imprints[0]!, imprint.body.owner));
    if (child) {
      this.demand(imprint.body.kind === 'standard');
      this.demand(key !== null && signs(child.entry, `device:${device}`, key));
    }
  }

  chainCertified(organisation: string, use: Use): void {
    for (const id of this.above(organisation)) {
      const certificate = this.keyOf(`organisation:${id}`);
      this.demand(this.records.organisations.has(id) && certificate !== null);
      this.demand(certificate === null || validFor(certificate, use));
    }
  }

  stands(
    { author, ...statement }: StatementOf<'report'>,
    entry: Entry,
    device: string,
    reports: readonly string[],
    child: Child | null,
  ): void {
    const used = child ? relying(child.statement, child.entry) : at(this.asOf);
    for (const id of new Set(reports)) {
      const { impediments } = this.records.reports.get(id)!;
      this.bears(impediments, [author], used, 'attested');
    }
    const file = this.records.devices.get(device)!;
    const imprint = bodyOf<'device'>(file.imprints[0]!);
    this.bears(file.impediments, [imprint.author, imprint.body.owner], used, 'attested');
    const { date } = file.imprints[0]!.registered;
    for (const [organisation, technician, use] of [
      [author, statement.body.technician, signing({ author, ...statement }, entry)],
      [imprint.author, imprint.body.technician, at(date)],
    ] as const) {
      this.bears(this.records.people.get(technician)?.impediments ?? [], [organisation], use, 'failed');
    }
    // A laboratory answers for the day of the work, also where its report is transcribed later.
    this.demand(this.chainStands(author, working({ author, ...statement }, entry)));
    this.demand(this.chainStands(imprint.author, at(date)));
  }

  chainStands(organisation: string, use: Use): boolean {
    return this.above(organisation).every((id) => this.bearing(this.against(id), use, 'failed') === undefined);
  }

  /** Impediments of an organisation. */
  against(id: string, known = (entries: readonly Entry[]) => entries): readonly Span[] {
    const founders = this.founders();
    if (!founders.includes(id)) {
      return this.spans(this.records.organisations.get(id)?.impediments ?? [], [id]);
    }
    const heard = known(this.records.registryRecord!.changes).filter((entry) => {
      const { author, subject } = bodyOf<'revocation'>(entry);
      const others = founders.filter((founder) => founder !== id);
      return subject.id === id && (author === id ? this.speaksInOffice(entry, id) : this.isDecided(entry, others));
    });
    return spansOf(heard);
  }

  /** Of three institutes two decide, also about the third one; one of them in whose name it is. */
  isDecided(entry: Entry, institutes: readonly string[]): boolean {
    const speaking = institutes.filter((id) => this.speaksInOffice(entry, id));
    return speaking.length >= 2 && speaking.includes(bodyOf<StatementKind>(entry).author);
  }

  bears(entries: readonly Entry[], responsible: readonly string[], use: Use, between: Outcome): void {
    const outcome = this.bearing(this.spans(entries, responsible), use, between);
    this.demand(outcome === undefined, outcome);
  }

  /** What those who are responsible, or stand above them, have said against something. */
  spans(entries: readonly Entry[], responsible: readonly string[], known: Known = 'today'): readonly Span[] {
    const authorities = responsible.flatMap((id) => this.above(id));
    const heard = entries.filter((entry) => {
      const statement = bodyOf<StatementKind>(entry);
      const lifts = 'lifts' in statement.body;
      const mayLift = !lifts || this.above(statement.body.lifts).includes(statement.author);
      const speaks = () =>
        lifts ? this.lifts(entry, statement, known) : this.speaks(entry, statement.author, 'whoever');
      return authorities.includes(statement.author) && mayLift && speaks();
    });
    return spansOf(heard);
  }

  /** Whether somebody may end by their word what was said; about people officers cannot. */
  lifts(entry: Entry, { author, subject }: StatementOf<StatementKind>, known: Known): boolean {
    if (known === 'unrevoked' || known === 'whoever') return false;
    if (subject.kind !== 'person') {
      return known === 'today'
        ? signersOf(entry).some(
            (signer) => this.isVoice(entry, signer, author) && this.counts(entry, signer, author, known),
          )
        : this.speaksInOffice(entry, author);
    }
    const duties = this.records.people.get(subject.id)?.authorisations ?? [];
    const isOfficer = duties.some((each) => bodyOf<'authorisation'>(each).body.role === 'officer');
    const keys = known !== 'today' ? 'whoever' : isOfficer ? 'unrevoked' : 'today';
    const signer = `organisation:${author}`;
    const days = [bodyOf<StatementKind>(entry).date, entry.registered.date];
    return this.isVoice(entry, signer, author, keys) && days.every((day) => validOn(this.keyOf(signer, keys)!, day));
  }

  /** `between`: what a limit between the work and its registration means, for signers or for what is relied on. */
  bearing(
    spans: readonly Span[],
    { begun, done, registered }: Use,
    between: Outcome,
    asOf = this.asOf,
  ): Outcome | undefined {
    const outcomes = spans
      .filter(({ from }) => from <= asOf)
      .flatMap(({ revoked, forward, from, to }): Outcome[] => {
        const within = (moment: string) => from <= moment && (to === null || moment < to);
        const breaks = revoked
          ? !forward || from <= done
          : within(asOf) ||
            (from <= done && (to === null || begun < to)) ||
            (between === 'failed' && within(registered));
        const limits = done < from && from <= registered;
        return breaks ? ['failed'] : limits && (revoked || between === 'attested') ? [between] : [];
      });
    return outcomes.includes('failed') ? 'failed' : outcomes[0];
  }

  dated({ body }: StatementOf<'report'>, entry: Entry, child: Child | null): void {
    const { date } = entry.registered;
    this.demand(body.performed.begin <= body.performed.end && body.performed.end <= body.issued);
    this.demand(child === null || body.performed.end <= child.statement.body.performed.begin);
    this.demand(date <= this.asOf, 'attested');
    this.demand(!isLate(body.performed.end, date), 'attested');
  }

  /** The owner's interval, as the device was registered with it. */
  due({ body }: StatementOf<'report'>, named: ReportRecord, imprint: StatementOf<'device'>, child: Child | null): void {
    const use = child ? relying(child.statement, child.entry) : at(this.asOf);
    const required = this.required(imprint.body.owner, use.done);
    // What gives nothing is relied on for no kind.
    const isOfKind = bodyOf<'report'>(named.statement).body.results.length > 0;
    const ofKind = isOfKind ? required?.intervals?.[0]?.days : undefined;
    const days = imprint.body.intervalDays ?? ofKind ?? required?.intervalDays;
    if (days === undefined) return;
    const last = daysAfter(body.performed.end, days + (required?.graceDays ?? 0));
    this.demand(use.done.slice(0, 10) <= last);
    this.demand(use.registered.slice(0, 10) <= last, 'attested');
  }

  /** The last that an owner had said by then of what it requires; by kind of temperature only. */
  required(owner: string, moment: string): StatementOf<'requirements'>['body'] | undefined {
    const said = this.records.organisations.get(owner)?.requirements ?? [];
    const heard = said.filter((entry) => entry.registered.date <= moment && this.heldThen(entry, owner));
    return heard.map((entry) => bodyOf<'requirements'>(entry).body).at(-1);
  }

  measured(id: string, { author, body }: StatementOf<'report'>, device: string, imprint: StatementOf<'device'>): void {
    const points = this.points(id);
    const counted = points.filter(({ expanded }) => expanded !== null);
    this.demand(counted.length > 0, 'missing');
    this.supported(points, author, body);
    const kind = this.membership(author)?.body.kind;
    // What a sensor maker makes or owns it calibrates under its own responsibility.
    if (kind === 'OEM' && (device.startsWith(`${author}/`) || imprint.body.owner === author)) return;
    const isCovered = this.isAccredited(author) && counted.every(({ value }) => value >= -50 && value <= 250);
    // An institute vouches for what lies outside its capabilities; nobody vouches for what a laboratory does there.
    this.demand(counted.length === 0 || isCovered, this.founders().includes(author) ? 'attested' : 'missing');
  }

  /** Whether lines were validly granted. */
  isAccredited(organisation: string): boolean {
    const founders = this.founders();
    return (this.records.organisations.get(organisation)?.accreditations ?? []).some((entry) =>
      founders.includes(organisation)
        ? this.isDecided(entry, founders)
        : bodyOf<StatementKind>(entry).author === this.above(organisation).at(-1) && this.holds(entry),
    );
  }

  /** Nothing is declared: compared with the best, where several only together could be better that is missing. */
  supported(points: readonly Point[], author: string, { parents }: StatementOf<'report'>['body']): void {
    const isInstitutes = this.founders().includes(author);
    const shown = parents.filter(({ kind }) => kind === 'report');
    if (isInstitutes && shown.length === 0) return;
    const references = (isInstitutes ? shown : parents).map((parent) => this.given(parent)).filter(isGiven);
    this.demand(references.length > 0, 'missing');
    for (const { value, expanded } of references.length > 0 ? points : []) {
      if (expanded !== null) this.bounded(value, expanded, references);
    }
  }

  /** What a parent gives; nothing if it is not there, or gives no temperature. */
  given(parent: Parent): Reference {
    if (parent.kind === 'paper') {
      const points = parent.results
        .filter(({ quantity }) => quantity === 'temperature')
        .flatMap(({ min, max, uncertainty: { expanded } }) => [min, max].map((value) => ({ value, expanded })));
      return { report: parent.certificate, points, above: [] };
    }
    const cited = parent.kind === 'report' ? this.records.reports.get(parent.report) : undefined;
    if (!cited || parent.kind !== 'report' || !this.records.devices.has(parent.device)) {
      return { report: JSON.stringify(parent), points: [], above: [] };
    }
    const [report, { statement }] = this.amended(parent.report, cited);
    const { author, body } = bodyOf<'report'>(statement);
    const named = body.parents.filter(({ kind }) => kind === 'report' || !this.founders().includes(author));
    const isInfluence = (each: Parent) =>
      each.kind === 'paper' && each.results.length > 0 && this.given(each).points.length === 0;
    const above = named.filter((each) => !isInfluence(each)).map((each) => this.given(each));
    return { report, points: this.points(report), above };
  }

  /** 5 % for rounding; all with the same factor. */
  bounded(value: number, expanded: number, references: readonly Reference[]): void {
    const isBelow = (bound: number) => expanded < 0.95 * bound * (1 - 1e-9);
    const covering = references.filter(({ points }) => reaches(points, value));
    const sides = [nearest(references, value, -1), nearest(references, value, 1)];
    if (covering.length > 0) {
      const bounds = covering.flatMap((each) => interpolated(each.points, value).map((u) => ({ of: each, u })));
      this.demand(bounds.length > 0, 'missing');
      this.demand(bounds.length === 0 || !isBelow(sharing(bounds, value)));
      this.demand(bounds.length === 0 || !isBelow(Math.min(...bounds.map(({ u }) => u))), 'missing');
    } else if (sides.every((side) => side.length > 0)) {
      const isKnown = sides.every((side) => side.some((point) => point.expanded !== null));
      // Each counts once, with the better of its points around the value.
      const bounds = references.flatMap((of) => {
        const own = sides.flat().filter((point) => of.points.includes(point));
        const stated = own.flatMap((point) => point.expanded ?? []);
        return stated.length > 0 ? [{ of, u: Math.min(...stated) }] : [];
      });
      this.demand(isKnown && !isBelow(Math.min(...bounds.map(({ u }) => u))), 'missing');
      this.demand(!isKnown || !isBelow(sharing(bounds, value)));
    } else {
      this.found.add('missing');
      const best = references.flatMap(({ points }) => {
        const stated = points.flatMap((point) => point.expanded ?? []);
        return stated.length > 0 ? [Math.min(...stated)] : [];
      });
      this.demand(best.length === 0 || !isBelow(together(best)));
    }
  }

  points(report: string): readonly Point[] {
    const results = [...(this.records.resultsOfReports.get(report)?.values() ?? [])].flat();
    return results.flatMap((result) =>
      result.rows.map(({ value, uncertainty }) => ({ value: value ?? NaN, expanded: uncertainty?.expanded ?? null })),
    );
  }

  // --- Who signed ---------------------------------------------------------------------------------------------------

  /** Whether an owner's or a certifier's word counts: signed in its name by somebody entitled to on both days. */
  holds(entry: Entry): boolean {
    const { author, date, type } = bodyOf<StatementKind>(entry);
    const use = at(date, entry.registered.date);
    if (type === 'tracecal-rejection/1') return this.heldThen(entry, author);
    const signer = signersOf(entry).find((each) => this.isVoice(entry, each, author));
    if (signer === undefined) return false;
    const officer = signer.startsWith('officer:')
      ? this.records.people.get(signer.slice('officer:'.length))
      : undefined;
    const spans = officer ? this.spans(officer.impediments, [author]) : [];
    const chain = this.above(author);
    return (
      validOn(this.keyOf(signer)!, use.done) &&
      validOn(this.keyOf(signer)!, use.registered) &&
      this.bearing(spans, use, 'failed') === undefined &&
      this.chainStands(author, use) &&
      chain.every((id) => this.records.organisations.has(id)) &&
      chain.every((id) => validOn(this.keyOf(`organisation:${id}`)!, use.done))
    );
  }

  /** Like {@link holds}, for what is done by saying it: nothing that was said later undoes it. */
  heldThen(entry: Entry, author: string): boolean {
    const { date } = entry.registered;
    const chain = this.above(author);
    const known = (entries: readonly Entry[]) => entries.filter(({ registered }) => registered.date <= date);
    return (
      this.speaksInOffice(entry, author) &&
      chain.every((id) => {
        const record = this.records.organisations.get(id);
        const certificate = this.keyOf(`organisation:${id}`, { date });
        const spans = this.founders().includes(id)
          ? this.against(id, known)
          : this.spans(known(record?.impediments ?? []), [id], { date });
        return record !== undefined && certificate !== null && validOn(certificate, date) && !isHindered(spans, date);
      })
    );
  }

  /** Whether an organisation's key or one of its officers has signed. */
  speaks(entry: Entry, organisation: string, known: Known): boolean {
    return signersOf(entry).some((signer) => this.isVoice(entry, signer, organisation, known));
  }

  /** Whether an organisation vouches for a key, also by what is known of the officer who signed. */
  vouches(entry: Entry, organisation: string, known: Known): boolean {
    const signer = signersOf(entry).find((each) => this.isVoice(entry, each, organisation, known));
    return signer !== undefined && (known === 'whoever' || this.counts(entry, signer, organisation, known));
  }

  /** Whether what somebody signed for others counts by what is known of them. */
  counts(entry: Entry, signer: string, organisation: string, known: Known): boolean {
    const key = this.keyOf(signer, known)!;
    const { date: done } = bodyOf<StatementKind>(entry);
    const use = { begun: done, done, registered: entry.registered.date };
    const asked = typeof known === 'string' ? this.asOf : known.date;
    const officer = this.records.people.get(signer.slice(signer.indexOf(':') + 1));
    const against = officer && signer.startsWith('officer:') ? officer.impediments : [];
    const heard = against.filter(({ registered }) => typeof known === 'string' || registered.date <= known.date);
    const spans = this.spans(heard, [organisation], known).filter(
      (span) =>
        span.revoked || (known !== 'unrevoked' && (isHindered([span], use.done) || isHindered([span], use.registered))),
    );
    return (
      validOn(key, use.done) && validOn(key, use.registered) && this.bearing(spans, use, 'failed', asked) === undefined
    );
  }

  /** Whether one of those voices could speak by what the ledger held then. */
  speaksInOffice(entry: Entry, organisation: string): boolean {
    const { date } = entry.registered;
    const known = { date };
    return signersOf(entry).some((signer) => {
      if (!this.isVoice(entry, signer, organisation, known) || !validOn(this.keyOf(signer, known)!, date)) return false;
      const id = signer.slice(signer.indexOf(':') + 1);
      if (!signer.startsWith('officer:')) return true;
      const said = (this.records.people.get(id)?.impediments ?? []).filter(({ registered }) => registered.date <= date);
      return !isHindered(this.spans(said, [organisation], known), date);
    });
  }

  isVoice(entry: Entry, signer: string, organisation: string, known: Known = 'today'): boolean {
    const isTheirs = signer === `organisation:${organisation}` || signer.startsWith(`officer:${organisation}/`);
    const certificate = isTheirs ? this.keyOf(signer, known) : null;
    return certificate !== null && signs(entry, signer, certificate);
  }

  /** The certificate of a signer, if everybody has vouched for it whose word it needs. */
  keyOf(signer: string, known: Known = 'today'): X509Certificate | null {
    const [kind, id] = [signer.slice(0, signer.indexOf(':')), signer.slice(signer.indexOf(':') + 1)];
    if (kind === 'organisation') return this.organisationKey(id, known);
    return kind === 'device' ? this.deviceKey(id) : this.personKey(id, signer, known);
  }

  organisationKey(id: string, known: Known): X509Certificate | null {
    const { founding, certificates = [] } = this.records.registryRecord ?? {};
    const place = founding ? this.founders().indexOf(id) : -1;
    const entry = this.records.organisations.get(id)?.memberships[0];
    if (place >= 0) return certificateOf(certificates[place]!);
    const certifier = entry && bodyOf<'organisation'>(entry).body.certifier;
    const above = certifier ? this.organisationKey(certifier, known) : null;
    const own = entry && certificateOf(entry.certificate);
    const holds = own && above && isIssued(own, above) && signs(entry, `organisation:${id}`, own);
    return holds && this.vouches(entry, certifier!, known) ? own : null;
  }

  personKey(id: string, signer: string, known: Known): X509Certificate | null {
    const organisation = id.slice(0, id.indexOf('/'));
    const entry = this.records.people.get(id)?.authorisations[0];
    const above = this.organisationKey(organisation, known);
    if (!entry || !above) return null;
    const own = certificateOf(entry.certificate);
    const authorised = signer.startsWith('officer:')
      ? signs(entry, `organisation:${organisation}`, above)
      : this.vouches(entry, organisation, known);
    return authorised && isIssued(own, above) && signs(entry, signer, own) ? own : null;
  }

  deviceKey(id: string): X509Certificate | null {
    const entry = this.records.devices.get(id)?.imprints[0];
    if (!entry) return null;
    const { technician, owner } = bodyOf<'device'>(entry).body;
    const above = this.keyOf(`technician:${technician}`);
    const own = certificateOf(entry.certificate);
    const holds =
      above &&
      isIssued(own, above) &&
      signs(entry, `technician:${technician}`, above) &&
      signs(entry, `device:${id}`, own);
    return holds && this.speaks(entry, owner, entry.registered) ? own : null;
  }

  /** The organisation and those that certify it, by what is validly signed, up to where the records end. */
  above(id: string): readonly string[] {
    const certifier = this.organisationKey(id, 'whoever') && this.membership(id)?.body.certifier;
    return certifier ? [id, ...this.above(certifier)] : [id];
  }

  membership(id: string): StatementOf<'organisation'> | undefined {
    const entry = this.records.organisations.get(id)?.memberships[0];
    return entry && bodyOf<'organisation'>(entry);
  }

  founders(): readonly string[] {
    const { founding } = this.records.registryRecord!;
    return bodyOf<'founding'>(founding).body.institutes.map(({ id }) => id);
  }
}

interface Point {
  readonly value: number;
  readonly expanded: number | null;
}

/** A calibration of temperature, and those that it rests on itself. */
interface Reference {
  readonly report: string;
  readonly points: readonly Point[];
  readonly above: readonly Reference[];
}

function isGiven({ points }: Reference): boolean {
  return points.length > 0;
}

interface Bound {
  readonly of: Reference;
  readonly u: number;
}

/** Of the mean of several, which is no better than that of the calibrations that all of them come from. */
function sharing(bounds: readonly Bound[], value: number): number {
  const best = Math.min(...bounds.map(({ u }) => u));
  let floor = together(bounds.map(({ u }) => u));
  const met = bounds.flatMap(({ of }) => [...new Set(upwards(of))]);
  if (new Set(met).size === met.length) return floor;
  let level = bounds.map(({ of }) => of);
  for (let height = highest(level); height > 0; height = highest(level)) {
    const top = height;
    level = level.flatMap((each) => (heightOf(each) === top ? each.above : [each]));
    level = level.filter(({ report }, place) => level.findIndex((other) => other.report === report) === place);
    const stated = level.map(({ points }) => (reaches(points, value) ? interpolated(points, value) : []));
    if (stated.every((each) => each.length > 0)) {
      floor = Math.max(floor, Math.min(best, together(stated.flat())));
    }
  }
  return floor;
}

function upwards({ report, above }: Reference): readonly string[] {
  return [report, ...above.flatMap(upwards)];
}

function heightOf({ above }: Reference): number {
  return above.length === 0 ? 0 : 1 + highest(above);
}

function highest(references: readonly Reference[]): number {
  return Math.max(0, ...references.map(heightOf));
}

/** Calibrated there, or beside it by no more than a fiftieth of its range. */
function reaches(points: readonly Point[], value: number): boolean {
  if (points.length === 0) return false;
  const values = points.map((point) => point.value);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const margin = 0.02 * (max - min);
  return value >= min - margin && value <= max + margin;
}

/** The points of all references that are nearest to a value on one side of it. */
function nearest(references: readonly Reference[], value: number, side: 1 | -1): readonly Point[] {
  const beyond = references.flatMap(({ points }) => points).filter((point) => side * (point.value - value) > 0);
  const distance = Math.min(...beyond.map((point) => Math.abs(point.value - value)));
  return beyond.filter((point) => Math.abs(point.value - value) === distance);
}

/** Of the mean of several; NaN of none. */
function together(all: readonly number[]): number {
  return all.length === 0 ? NaN : 1 / Math.sqrt(all.reduce((sum, each) => sum + 1 / (each * each), 0));
}

/** The uncertainty on the straight line between the two nearest values, beyond them that of the end; none if not stated. */
function interpolated(points: readonly Point[], value: number): readonly number[] {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const below = sorted.filter((point) => point.value <= value).at(-1) ?? sorted[0]!;
  const above = sorted.find((point) => point.value >= value) ?? sorted.at(-1)!;
  if (below.expanded === null || above.expanded === null) return [];
  const width = above.value - below.value;
  const weight = width === 0 ? 0 : (value - below.value) / width;
  return [(1 - weight) * below.expanded + weight * above.expanded];
}

function spansOf(entries: readonly Entry[]): readonly Span[] {
  const spans: Span[] = [];
  for (const entry of entries) {
    const { type, author, body } = bodyOf<StatementKind>(entry);
    if (type === 'tracecal-reinstatement/1') {
      const open = spans
        .filter(({ revoked, from, to, by }) => !revoked && by === body.lifts && to === null && from <= body.effective)
        .at(-1);
      // What was found until the ledger heard of its end stays found.
      if (open) open.to = [body.effective, entry.registered.date].sort().at(-1)!;
    } else if (type === 'tracecal-revocation/1' || type === 'tracecal-suspension/1') {
      const forward = ['cessation', 'accreditation-withdrawn'].includes(body.reason);
      const revoked = type === 'tracecal-revocation/1';
      spans.push({ revoked, forward, from: body.effective, to: null, by: author });
    }
  }
  return spans;
}

/** One moment, or what was done in one and registered in another. */
function at(done: string, registered = done): Use {
  return { begun: done, done, registered };
}

/** The days of the work to their end, or until the ledger heard of it, and that moment. */
function working({ body }: StatementOf<'report'>, { registered: { date } }: Entry): Use {
  const end = `${body.performed.end}T23:59:59Z`;
  const begin = `${body.performed.begin}T00:00:00Z`;
  return { begun: begin < date ? begin : date, done: end < date ? end : date, registered: date };
}

/** A transcriber answers for the day of registration, everybody else for both days. */
function signing(statement: StatementOf<'report'>, entry: Entry): Use {
  const use = working(statement, entry);
  return isLate(statement.body.performed.end, use.registered) ? at(use.registered) : use;
}

/** What a transcription relied on is judged on the day of the work. */
function relying(statement: StatementOf<'report'>, entry: Entry): Use {
  const use = working(statement, entry);
  return isLate(statement.body.performed.end, use.registered) ? { ...use, registered: use.done } : use;
}

function isHindered(spans: readonly Span[], moment: string): boolean {
  return spans.some(({ from, to, revoked }) => from <= moment && (revoked || to === null || moment < to));
}

/** By UTC its day has come; or it has been accepted, in a place where the day comes up to 14 hours earlier. */
function isFinished(performed: string, accepted: string, asOf: string): boolean {
  const earliest = `${daysAfter(performed, -1)}T10:00:00Z`;
  return performed <= asOf.slice(0, 10) || (accepted <= asOf && earliest <= asOf);
}

function isLate(performed: string, registered: string): boolean {
  return registered.slice(0, 10) > daysAfter(performed, 90);
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function validFor(certificate: X509Certificate, { begun, done, registered }: Use): boolean {
  return [begun, done, registered].every((moment) => validOn(certificate, moment));
}

/** Whole days, in UTC, the first and the last included. */
function validOn(certificate: X509Certificate, moment: string): boolean {
  const day = moment.slice(0, 10);
  const dayOf = (date: string) => new Date(date).toISOString().slice(0, 10);
  return dayOf(certificate.validFrom) <= day && day <= dayOf(certificate.validTo);
}

function bodyOf<Kind extends StatementKind>({ jws }: Entry): StatementOf<Kind> & Statement {
  return JSON.parse(Buffer.from(jws.payload, 'base64url').toString()) as StatementOf<Kind> & Statement;
}

function digestOf({ jws }: Entry): string {
  return createHash('sha256').update(Buffer.from(jws.payload, 'base64url')).digest('hex');
}

const certificates = new Map<string, X509Certificate>();

function certificateOf(base64: string): X509Certificate {
  const certificate = certificates.get(base64) ?? new X509Certificate(Buffer.from(base64, 'base64'));
  certificates.set(base64, certificate);
  return certificate;
}

/** Whether a certificate was signed with the key of another one. */
function isIssued(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return once(`${certificate.fingerprint256} ${issuer.fingerprint256}`, () => certificate.verify(issuer.publicKey));
}

const answers = new Map<string, boolean>();

/** What is true of the same bytes stays true: hundreds of hierarchies share their people. */
function once(question: string, ask: () => boolean): boolean {
  const answer = answers.get(question) ?? ask();
  answers.set(question, answer);
  return answer;
}

function signersOf({ jws }: Entry): readonly string[] {
  return jws.signatures.map(
    (each) => (JSON.parse(Buffer.from(each.protected, 'base64url').toString()) as { kid: string }).kid,
  );
}

function signs({ jws }: Entry, signer: string, certificate: X509Certificate): boolean {
  const header = Buffer.from(`{"alg":"ES256","kid":"${signer}"}`).toString('base64url');
  const signature = jws.signatures.find((each) => each.protected === header)?.signature ?? '';
  const signed = `${header}.${jws.payload}`;
  const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return once(`${certificate.fingerprint256} ${signed} ${signature}`, () =>
    verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url')),
  );
}
