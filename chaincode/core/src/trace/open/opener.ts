import { dateOf, isKind, isUnsound, plusDays, refusalText, registrantOf } from '../../model/index.js';
import type { Entry, OrganisationRecord, PersonRecord, Result } from '../../model/index.js';
import type { Shown } from '../../signing/index.js';
import { shownBy } from '../disclosures.js';
import { areSigned } from '../results.js';
import type { Moment } from '../moment.js';
import { linesOf } from './accreditation.js';
import { firstRepeated, kindsAmended } from './amended.js';
import { asFirstHeld } from './anchor.js';
import { Authority } from './authority.js';
import type { Known } from './authority.js';
import { conclusions } from './conclusions.js';
import type { Grounds } from './conclusions.js';
import { openInstitutes } from './institutes.js';
import type { Institutes } from './institutes.js';
import { openDevice } from './device.js';
import { MAX_CHAIN } from './keyrings.js';
import type { Keyrings } from './keyrings.js';
import { remembered } from './remembered.js';
import { confirmersOf, lastOfEach } from './confirmations.js';
import { answerableFor, laboratoryOf } from './laboratory.js';
import type { Laboratory } from './laboratory.js';
import type { Objections } from './objections.js';
import type {
  CertificationChain,
  Citation,
  Line,
  OpenDevice,
  OpenOrganisation,
  OpenPerson,
  OpenReport,
  Reference,
  Unopened,
} from './opened.js';
import { requirementsOf } from './requirements.js';
import type { RequirementsSet } from './requirements.js';
import { settledDecisions } from './ownership.js';
import type { Decision } from './ownership.js';
import { fullerReportOf } from './sameWork.js';
import { readable, said } from './statement.js';
import type { Said } from './statement.js';
import { flawsOfWord } from './words.js';

/**
 * Verifies the signatures in records and combines records for the checks. Does this once in a trace for each record, and again only if
 * the record changes.
 */
export class Opener {
  readonly authority: Authority;
  readonly #grounds: Grounds;
  readonly #opened = new Map<string, Promise<unknown>>();
  readonly #lastMemberships = new Map<string, Promise<Said<'organisation'> | undefined>>();

  constructor(grounds: Grounds) {
    this.#grounds = grounds;
    this.authority = new Authority(grounds);
  }

  /** The keys that count by what is known today. */
  get keyrings(): Keyrings {
    return this.authority.keyrings('today');
  }

  get objections(): Objections {
    return this.authority.objections;
  }

  /** The registry that statements have to be signed for. */
  registry(): Promise<string> {
    return this.keyrings.registry();
  }

  /** The moment that is asked about. */
  get moment(): Moment {
    return this.#grounds;
  }

  institutes(): Promise<Institutes> {
    return this.#once('institutes', (opener) => openInstitutes(opener.#grounds, opener.authority));
  }

  /** An organisation and those that certify it, one above the other, by what is known. */
  async certification(organisation: string, known: Known = 'today'): Promise<CertificationChain> {
    const organisations: OpenOrganisation[] = [];
    let id: string | null = organisation;
    while (id !== null) {
      const open: OpenOrganisation | undefined = await this.organisation(id, known);
      if (!open || organisations.length === MAX_CHAIN) {
        return { organisations, missing: id };
      }
      organisations.push(open);
      id = open.membership.body.certifier;
    }
    return { organisations, missing: null };
  }

  /** The institute at the end of an organisation's certification; without one, the organisation itself. */
  async instituteAbove(organisation: string): Promise<string> {
    return (await this.certification(organisation)).organisations.at(-1)?.id ?? organisation;
  }

  organisation(id: string, known: Known = 'today'): Promise<OpenOrganisation | undefined> {
    return known === 'today'
      ? this.#once(`organisation ${id}`, (opener) => opener.#openOrganisation(id, known))
      : this.#openOrganisation(id, known);
  }

  /** The lines of an organisation's accreditation that were validly granted. */
  lines(id: string): Promise<readonly Line[]> {
    return this.#once(`lines ${id}`, async (opener) => {
      const record = await opener.#grounds.organisation(id);
      return record ? linesOf(opener, id, record.accreditations) : [];
    });
  }

  /** An organisation's requirements for its devices, in order. */
  requirements(id: string): Promise<readonly RequirementsSet[]> {
    return this.#once(`requirements ${id}`, async (opener) => {
      const record = await opener.#grounds.organisation(id);
      return record ? requirementsOf(opener, id, record.requirements) : [];
    });
  }

  person(id: string): Promise<OpenPerson | undefined> {
    return this.#once(`person ${id}`, (opener) => opener.#openPerson(id));
  }

  device(id: string): Promise<OpenDevice | undefined> {
    return this.#once(`device ${id}`, (opener) => openDevice(opener, opener.#grounds, id));
  }

  /** A named report, and the report that counts in its place. */
  citation(reference: Reference): Promise<Citation | Unopened> {
    return this.#once(`citation ${reference.device} ${reference.report}`, async (opener) => {
      const cited = await opener.#report(reference);
      return 'outcome' in cited ? cited : opener.#asAmended(cited);
    });
  }

  /** The first report that an amendment repeats, if it was registered in time. */
  repeatedBy({ id, device, said: { statement } }: OpenReport): Promise<OpenReport | undefined> {
    return this.#once(`repeated by ${id}`, async (opener) => {
      const report = await firstRepeated(opener.#grounds, await opener.registry(), statement);
      const first = report === undefined ? undefined : await opener.#report({ device: device.id, report });
      return first && !('outcome' in first) && !first.isTranscription ? first : undefined;
    });
  }

  /** Why a statement lacks a required signature or authority. */
  flawsOf(word: Said): Promise<readonly string[]> {
    return flawsOfWord(this, word);
  }

  /** The size of the reviews that a report's laboratory registered for a cause, about any of its reports. */
  async reviewCharacters({ organisation }: OpenReport, cause: { readonly id: string }): Promise<number> {
    const entries = await this.#grounds.reviews(cause.id, organisation);
    return entries.reduce((sum, { jws }) => sum + jws.payload.length, 0);
  }

  /** The newest review for this cause in which the report's laboratory confirms the report. */
  async reviewOf(
    { id, said: own, organisation }: OpenReport,
    cause: Pick<Said<'report'>, 'digest'> & { readonly id: string },
  ): Promise<Said<'review'> | undefined> {
    const entries = await this.#grounds.reviews(cause.id, organisation);
    const words = readable(entries, await this.registry(), 'review');
    for (const word of words.toSorted((a, b) => b.statement.number - a.statement.number)) {
      const { author, subject, body } = word.statement;
      const isMeant =
        author === organisation &&
        subject.id === cause.id &&
        body.digest === cause.digest &&
        body.reports.some(({ report, digest }) => report === id && digest === own.digest);
      if (isMeant && (await this.flawsOf(word)).length === 0) {
        return word;
      }
    }
    return undefined;
  }

  /**
   * Who confirmed a transcription. Only an institute's report ends a chain, so confirmations by others matter only for an institute's
   * transcribed certificate.
   *
   * @param trusted The institutes that the asker trusts; null: all.
   */
  async confirmedBy(
    { said: word, laboratory: { chain, isNamed }, device }: Pick<OpenReport, 'said' | 'laboratory' | 'device'>,
    trusted: ReadonlySet<string> | null = null,
  ): Promise<readonly string[]> {
    const { subject, body } = word.statement;
    return body.certificate && isNamed && chain.organisations[0]?.kind === 'NMI'
      ? confirmersOf(this, word, device.owners, await this.#grounds.confirmations(subject.id), trusted)
      : [];
  }

  /** An owner's standing consents to what a laboratory reports, in order. */
  consents(owner: string, laboratory: string): Promise<readonly Entry[]> {
    return this.#grounds.consents(owner, laboratory);
  }

  /** Statements of organisations that have read confidential results of a report, by their authors: the last of each. */
  async vouchings({ said: { statement, digest } }: OpenReport): Promise<ReadonlyMap<string, Said<'vouching'>>> {
    const { id } = statement.subject;
    const entries = await this.#grounds.vouchings(id);
    const words = readable(entries, await this.registry(), 'vouching');
    return lastOfEach(words, ({ subject, body }) => subject.id === id && body.digest === digest);
  }

  /** A report's results of one kind, if they match the signed digest; of sealed ones, if a disclosure shows all of them. */
  async results(report: OpenReport, quantity: string): Promise<readonly Result[] | undefined> {
    const named = report.payload.results.find((each) => each.quantity === quantity);
    if (named?.sealed) {
      const shown = await this.shown(report, quantity);
      return shown?.isComplete ? shown.results : undefined;
    }
    const results = named && (await this.#grounds.results(report.id, quantity));
    return results && areSigned(results, named) ? results : undefined;
  }

  /** What the asker's disclosure shows of a report's sealed results; undefined if there is none that leads to the signed root. */
  async shown({ id, said: word }: OpenReport, quantity: string): Promise<Shown | undefined> {
    const disclosure = await this.#grounds.disclosed(id, quantity);
    return disclosure && shownBy(disclosure, word);
  }

  /** @param open Receives an opener of its own, which records what the answer rests on. */
  #once<T>(name: string, open: (opener: Opener) => Promise<T>): Promise<T> {
    return remembered(this.#opened as Map<string, Promise<T>>, name, () =>
      conclusions.get(name, this.#grounds, (grounds) => open(new Opener(grounds))),
    );
  }

  async #openOrganisation(id: string, known: Known): Promise<OpenOrganisation | undefined> {
    const record = await this.#grounds.organisation(id);
    const last = record && (await this.#lastMembership(record));
    if (!record || !last) {
      return undefined;
    }
    const { keys, flaws } = await this.authority.keyrings(known).organisation(id);
    const { members } = await this.institutes();
    const { kind, certifier } = last.statement.body;
    const outsider = (kind === 'NMI') !== members.has(id) || (kind === 'NMI') !== (certifier === null);
    return {
      id,
      kind,
      membership: last.statement,
      keys,
      flaws: [
        ...(keys.length === 0 && flaws.length === 0 ? [`Nobody vouches for the key of organisation ${id}.`] : flaws),
        ...(outsider ? [`Organisation ${id} is not one of the registry's institutes.`] : []),
      ],
      impediments: members.get(id)?.impediments ?? (await this.objections.impedimentsOfOrganisation(record, known)),
    };
  }

  /** Acts of any number of moments ask for the same organisation. */
  #lastMembership({ id, memberships }: OrganisationRecord): Promise<Said<'organisation'> | undefined> {
    return remembered(this.#lastMemberships, id, async () =>
      readable(memberships, await this.registry(), 'organisation').at(-1),
    );
  }

  async #openPerson(id: string): Promise<OpenPerson | undefined> {
    const record: PersonRecord | undefined = await this.#grounds.person(id);
    if (!record) {
      return undefined;
    }
    const { keys, flaws } = await this.keyrings.person(id);
    const about = { kind: 'person', id } as const;
    const words = readable(record.authorisations, await this.registry(), 'authorisation');
    const isOfficer = words.some(({ statement }) => statement.body.role === 'officer');
    const impediments = isOfficer
      ? await this.objections.impedimentsOfOfficer(id, 'today')
      : await this.objections.impediments(about, record.impediments, [registrantOf(id)]);
    return { id, keys, flaws, impediments };
  }

  async #report({ device: deviceId, report: id }: Reference): Promise<OpenReport | Unopened> {
    const record = await this.#grounds.report(id);
    const device = record && (await this.device(deviceId));
    if (!record || !device) {
      return unregistered(`Report ${id} of device ${deviceId} is not registered.`);
    }
    let word: Said<'report'>;
    try {
      word = asFirstHeld(said(record.statement, await this.registry(), 'report'), record.anchor);
    } catch (error) {
      if (isUnsound(error)) {
        return { check: 'payload', outcome: 'failed', reason: `Report ${id} cannot be read: ${refusalText(error)}` };
      }
      throw error;
    }
    const { statement } = word;
    if (statement.body.device !== deviceId || statement.subject.id !== id) {
      return unregistered(`Report ${id} is not a report of device ${deviceId}.`);
    }
    const decisions = await this.#decisions(device, id);
    const laboratory = await laboratoryOf(this, statement);
    return {
      id,
      record,
      said: word,
      payload: statement.body,
      organisation: statement.author,
      device,
      issuer: await this.certification(statement.author),
      laboratory,
      technician: await this.person(statement.body.technician),
      ...(await this.#registration(word, laboratory)),
      confirmedBy: await this.confirmedBy({ said: word, laboratory, device }),
      fullerReport: await fullerReportOf(statement, record, device.decisions, this.#grounds, await this.registry()),
      impediments: await this.objections.impediments(statement.subject, record.impediments, answerableFor(statement)),
      decisions,
      amends: decisions.some((each) => isKind(each.said.statement, 'consent'))
        ? await kindsAmended(this.#grounds, await this.registry(), statement.body)
        : [],
      results: new Map(),
      counted: [],
      unread: [],
      closed: new Set(),
      partly: new Map(),
    };
  }

  async #decisions(device: OpenDevice, report: string): Promise<readonly Decision[]> {
    const kept = device.decisions.filter((each) => each.report === report);
    const isWhole = device.record.settledUntil === null || kept[0]?.tenure === 0;
    const settled = isWhole ? [] : await this.#grounds.settled(device.id, report);
    return [...(await settledDecisions(this, device, report, settled)), ...kept];
  }

  async #registration({ statement, registered: { date, decisions } }: Said<'report'>, { id }: Laboratory) {
    const { policy } = (await this.institutes()).after(decisions);
    const last = plusDays(statement.body.performed.end, policy.transcriptionDays);
    return { registered: date, isTranscription: id !== statement.author || dateOf(date) > last };
  }

  /**
   * The report that counts in place of this one today: itself, or its last amendment. A report's mark that it was amended is not
   * signed, but the amendment is, and has to name the report. An amendment that is withheld shows in the change log.
   */
  async #asAmended(cited: OpenReport): Promise<Citation | Unopened> {
    const passed: OpenReport[] = [];
    let latest = cited;
    while (latest.record.supersededBy !== null) {
      const next = await this.#report({ device: latest.device.id, report: latest.record.supersededBy });
      const flaw = 'outcome' in next ? next : amendmentFlaw(latest, next, passed.length);
      if (flaw || 'outcome' in next) {
        return flaw ?? unregistered(`Report ${latest.record.supersededBy} is not registered.`);
      }
      passed.push(latest);
      latest = next;
    }
    return { cited, between: passed.slice(1), report: latest };
  }
}

/** Why a report does not count in place of the report that is recorded as amended by it. */
function amendmentFlaw(old: OpenReport, next: OpenReport, step: number): Unopened | undefined {
  const { supersedes } = next.payload;
  if (supersedes?.report !== old.id || supersedes.digest !== old.said.digest || step === MAX_CHAIN) {
    return notAmended(`Report ${old.id} is filed as amended by ${next.id}, which does not amend it.`);
  }
  return next.organisation === old.organisation
    ? undefined
    : notAmended(`Report ${next.id} amends report ${old.id} of another organisation.`);
}

function notAmended(reason: string): Unopened {
  return { check: 'amendment', outcome: 'failed', reason };
}

function unregistered(reason: string): Unopened {
  return { check: 'parent-registered', outcome: 'missing', reason };
}
