import { bucketPart, GET_BUCKET, GET_BUCKETS } from '@tracecal/core/contracts';
import type {
  AffectedDevice,
  DeviceSummary,
  HistoryEntry,
  ListedDevice,
  ListedKind,
  ListedOrganisation,
  ListedPerson,
  ListedReport,
  Page,
  ReportSummary,
} from '@tracecal/core/contracts';
import { canonicalJson, instantOf, printable } from '@tracecal/core/model';
import type { Disclosure, Instant, Jws, LoggedTransaction, Subject } from '@tracecal/core/model';
import { nextNumber } from '@tracecal/core/open';
import { payloadDigest } from '@tracecal/core/signing';
import { sourceOf } from '@tracecal/core/trace';
import type { TraceOptions, Verdict } from '@tracecal/core/trace';
import type { Answers, DeviceSearch, TextAnswer } from './answers.js';
import {
  affectedShape,
  idsShape,
  proofShape,
  questionShape,
  requireOptions,
  requireShape,
  searchShape,
  subjectShape,
} from './arguments.js';
import { inItsForm } from './answerForms.js';
import {
  heartbeatOf,
  ofEpoch,
  ofRegistry,
  reportAsSigned,
  summariesAsAsked,
  verdictAsAsked,
  withId,
} from './asAsked.js';
import { ContractClient } from './contractClient.js';
import { entriesAbout } from './entriesAbout.js';
import { TraceCalError } from './errors.js';
import { inputOf } from './input.js';
import { itemsOf } from './pages.js';
import { endorsedQuestion } from './preparedTransaction.js';
import type { EndorsedQuestion } from './preparedTransaction.js';
import { readStatement } from './statements/index.js';
import { traceHere } from './traceHere.js';
import { registryMeant, traceOptionsOf } from './traceQuestion.js';
import type { TraceQuestion } from './traceQuestion.js';
import { undefinedIfNotFound } from './undefinedIfNotFound.js';

/** The organisation that registered the listed subjects; by default, all organisations. */
export interface ListedOf {
  readonly registrant?: string;
}

/** Start of a list: after this id. */
export interface ListedFrom {
  readonly after?: string;
}

/** How a trace is to be proved. */
export interface ProofOptions {
  /** A word that is endorsed with the question, so that no older answer can take its place. */
  readonly nonce?: string;
  /** MSP ids. */
  readonly endorsers?: readonly string[];
}

/** A misspelt nonce would be a question without one. @throws TraceCalError `INPUT_INVALID` */
function checkedProof(proof: ProofOptions): Required<ProofOptions> {
  requireOptions(proofShape, 'proof', proof);
  return { nonce: '', endorsers: [], ...proof };
}

/** Queries to the registry. They write nothing. */
export abstract class RegistryReader extends ContractClient {
  /**
   * Does this device's calibration trace, unbroken, to a National Metrology Institute?
   *
   * @param deviceId - The whole id: `lab-alpha/sensor-17`.
   * @param question - The moment, quantity and value in question, and how fresh the records must be.
   * @throws TraceCalError `NOT_FOUND` if no such device is registered; `INPUT_INVALID`, also if the answer is of another registry
   * than the one that is meant; `TRUST_INVALID` if the trust file may not be used now
   * @example
   * const roots = await readTrustFile('trust.json');
   * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', { roots, maxAgeSeconds: 86_400 });
   * // By its owner's policy: TRACEABLE, or ATTESTED if the owner accepts that, and every requirement of the owner.
   * if (!relianceOn(verdict).mayRely) console.error(verdict.status, verdict.reason, verdict.requirements?.unmet);
   */
  async traceCal(deviceId: string, question: TraceQuestion = {}): Promise<Verdict> {
    requireOptions(questionShape, 'question', question);
    const options = traceOptionsOf(question);
    const answer = question.disclosures?.length
      ? await this.#traceHere(deviceId, options, question.disclosures)
      : await this.#evaluate('traceCal', deviceId, options);
    const verdict = ofRegistry(registryMeant(question), verdictAsAsked(deviceId, options, answer));
    // A verdict about an unknown device is FAILED because of some check; that the device is not registered is a clearer
    // answer.
    if (verdict.requirements === null && verdict.knownAt === null) {
      throw new TraceCalError('NOT_FOUND', `No device ${printable(deviceId)} is registered.`);
    }
    return verdict;
  }

  /**
   * Traces up to 500 devices at one moment, over the same records, without their evidence.
   *
   * @param asOf - The moment in question; now if not given.
   * @throws TraceCalError `INPUT_INVALID`
   */
  async traceMany(deviceIds: readonly string[], asOf?: Instant): Promise<Answers['traceMany']> {
    requireShape(idsShape, 'list of devices', deviceIds);
    const moment = asOf ?? instantOf(Date.now());
    const answer = await this.#evaluate('traceMany', { devices: deviceIds, asOf: moment });
    return summariesAsAsked(deviceIds, moment, answer);
  }

  /**
   * The records that a trace reads: with them anybody can run it again, without this network. `bundleOf` puts them into a
   * file.
   *
   * @param question - As for {@link traceCal}; its roots, its registry and its age do not matter.
   */
  async getEvidence(deviceId: string, question: TraceQuestion = {}): Promise<Answers['getEvidence']> {
    requireShape(questionShape, 'question', question);
    return this.#evaluate('getEvidence', deviceId, traceOptionsOf(question));
  }

  /** The records that show the newest heartbeats of all institutes: the head of the change log. `exportLog` keeps it. */
  getHead(): Promise<Answers['getHead']> {
    return this.#evaluate('getHead');
  }

  /**
   * Has peers of several organisations endorse the digests of that evidence, and of the verdict over it. Nothing is written. The
   * members whose peers endorse learn the question.
   *
   * @param question - Fixed to a moment, as a bundle has it.
   * @param proof - A nonce of the asker; MSP ids of the endorsers, by default as many as the registry's policy asks for.
   * @throws TraceCalError `ENDORSEMENTS_DIFFER` if peers stay apart
   */
  async proveTrace(
    deviceId: string,
    question: Pick<TraceOptions, 'asOf' | 'knownAt' | 'quantity' | 'intervalDays' | 'at'>,
    proof: ProofOptions = {},
  ): Promise<EndorsedQuestion> {
    const { nonce, endorsers } = checkedProof(proof);
    const { asOf, knownAt, quantity, intervalDays, at } = question;
    const options = inputOf(() => canonicalJson({ asOf, knownAt, quantity, intervalDays, at }));
    return endorsedQuestion(await this.ledger.endorse('proveTrace', [deviceId, options, nonce], endorsers));
  }

  /**
   * Has peers of several organisations endorse how devices are divided into buckets. {@link askBucket} uses it.
   *
   * @throws TraceCalError `ENDORSEMENTS_DIFFER` if peers stay apart
   */
  async proveBuckets(proof: ProofOptions = {}): Promise<EndorsedQuestion> {
    const { nonce, endorsers } = checkedProof(proof);
    return endorsedQuestion(await this.ledger.endorse(GET_BUCKETS, [nonce], endorsers));
  }

  /**
   * Has peers of several organisations endorse the verdicts about all devices of a bucket. Nothing is written, and the members learn no
   * more than the prefix.
   *
   * @param part - Number of the answer, if the bucket needs several: 0 is the first.
   * @throws TraceCalError `ENDORSEMENTS_DIFFER` if peers stay apart, `INPUT_INVALID` if buckets have another depth now
   */
  async proveBucket(prefix: string, part: number, proof: ProofOptions = {}): Promise<EndorsedQuestion> {
    const { nonce, endorsers } = checkedProof(proof);
    const args = [prefix, bucketPart(part), nonce];
    return endorsedQuestion(await this.ledger.endorse(GET_BUCKET, args, endorsers));
  }

  /** Ids of registered devices without a place in a bucket: {@link TraceCal.placeDevices} gives them one. */
  unplacedDevices(): AsyncGenerator<string, void, undefined> {
    return this.pages('getUnplaced', { pageSize: 200 });
  }

  /** A device with all statements of its owners and others about it. @throws TraceCalError `NOT_FOUND` */
  async getDevice(id: string): Promise<Answers['getDevice']> {
    return withId(id, await this.#evaluate('getDevice', id));
  }

  /** An organisation with its keys and accreditations. @throws TraceCalError `NOT_FOUND` */
  async getOrganisation(id: string): Promise<Answers['getOrganisation']> {
    return withId(id, await this.#evaluate('getOrganisation', id));
  }

  /** Organisations that act through an MSP. */
  getOrganisationsOfMsp(mspId: string): Promise<Answers['getOrganisationsOfMsp']> {
    return this.#evaluate('getOrganisationsOfMsp', mspId);
  }

  /** A technician or an officer, with their keys. @throws TraceCalError `NOT_FOUND` */
  async getTechnician(id: string): Promise<Answers['getTechnician']> {
    return withId(id, await this.#evaluate('getTechnician', id));
  }

  /** The founders of the registry, and the institutes' decisions since. @throws TraceCalError `NOT_FOUND` */
  getRegistry(): Promise<Answers['getRegistry']> {
    return this.#evaluate('getRegistry');
  }

  /** The standing consents of an owner to a laboratory's reports, oldest first: the last one counts. */
  getConsents(owner: string, laboratory: string): Promise<Answers['getConsents']> {
    return this.#evaluate('getConsents', owner, laboratory);
  }

  /** A laboratory's reviews of its reports that depend on an amended one, by the amendment, oldest first. */
  getReviews(amendment: string, laboratory: string): Promise<Answers['getReviews']> {
    return this.#evaluate('getReviews', amendment, laboratory);
  }

  /** Statements of organisations that imported the original of a transcription again, oldest first. */
  getConfirmations(report: string): Promise<Answers['getConfirmations']> {
    return this.#evaluate('getConfirmations', report);
  }

  /** Statements of organisations that have read confidential results of a report, or of those that it rests on, oldest first. */
  getVouchings(report: string): Promise<Answers['getVouchings']> {
    return this.#evaluate('getVouchings', report);
  }

  /**
   * An epoch by its number; without a number, the open one.
   * @throws TraceCalError `NOT_FOUND`
   */
  async getEpoch(number?: number): Promise<Answers['getEpoch']> {
    const answer = await this.#evaluate('getEpoch', number === undefined ? '' : String(number));
    return ofEpoch(number, answer.number, answer);
  }

  /**
   * The chained digest of everything up to and including a sealed epoch: heartbeats sign it. @throws TraceCalError
   * `NOT_FOUND`
   */
  async getEpochDigest(epoch: number): Promise<Answers['getEpochDigest']> {
    const answer = await this.#evaluate('getEpochDigest', String(epoch));
    return ofEpoch(epoch, answer.epoch, answer);
  }

  /** The change log of an epoch: everything that can change a verdict. Pages are fetched on demand. */
  getChanges(epoch: number): AsyncGenerator<LoggedTransaction, void, undefined> {
    return this.pages('getChanges', { epoch });
  }

  /** The newest heartbeat of an institute; null if it never signed one. */
  async getHeartbeat(institute: string): Promise<Answers['getHeartbeat']> {
    return heartbeatOf(institute, await this.#evaluate('getHeartbeat', institute));
  }

  /** A registered report with the signed statement. @throws TraceCalError `NOT_FOUND` */
  async getReport(id: string): Promise<Answers['getReport']> {
    return reportAsSigned(id, await this.#evaluate('getReport', id));
  }

  /**
   * The causes that call a report in question now: amendments of reports that it depends on, calibrations that found its
   * standards out of their limits. Each tells whether the report's laboratory has reviewed it since.
   * @throws TraceCalError `NOT_FOUND`
   */
  getDoubts(report: string): Promise<Answers['getDoubts']> {
    return this.#evaluate('getDoubts', report);
  }

  /** The parents of a report, in its order. @throws TraceCalError `NOT_FOUND` */
  getParentReport(id: string): Promise<Answers['getParentReport']> {
    return this.#evaluate('getParentReport', id);
  }

  /** Reports about a device by their ids, accepted or not; pages are fetched on demand. */
  listReports(deviceId: string): AsyncGenerator<ReportSummary, void, undefined> {
    return this.pages('listReports', { device: deviceId });
  }

  /** Full name of an organisation. @throws TraceCalError `NOT_FOUND` */
  getOrgName(id: string): Promise<string> {
    return this.#text('getOrgName', id);
  }

  /** The organisation that a technician works for. @throws TraceCalError `NOT_FOUND` */
  getTechnicianOrganisation(id: string): Promise<string> {
    return this.#text('getTechnicianOrganisation', id);
  }

  /** Devices with a serial number, or of an owner; pages are fetched on demand. */
  async *findDevices(search: DeviceSearch): AsyncGenerator<DeviceSummary, void, undefined> {
    requireShape(searchShape, 'search', search);
    yield* this.pages('findDevices', search);
  }

  /** All organisations by their ids; pages are fetched on demand. */
  organisations(from: ListedFrom = {}): AsyncGenerator<ListedOrganisation, void, undefined> {
    return this.#listed('organisation', {}, from);
  }

  /** Technicians and officers by their ids: all, or those of an organisation. */
  people(of: ListedOf = {}, from: ListedFrom = {}): AsyncGenerator<ListedPerson, void, undefined> {
    return this.#listed('person', of, from);
  }

  /**
   * Devices by their ids: all, those that an organisation has registered, or those of an owner.
   *
   * @example
   * for await (const { id, impediment } of tracecal.devices({ owner: 'oem-a' })) console.log(id, impediment?.state);
   */
  devices(
    of: ListedOf | { readonly owner: string } = {},
    from: ListedFrom = {},
  ): AsyncGenerator<ListedDevice, void, undefined> {
    return this.#listed('device', of, from);
  }

  /** Reports by their ids: all, or those of a laboratory. About one device: {@link listReports}. */
  reports(of: ListedOf = {}, from: ListedFrom = {}): AsyncGenerator<ListedReport, void, undefined> {
    return this.#listed('report', of, from);
  }

  /**
   * Everything that depends on a subject, over all levels; pages are fetched on demand.
   *
   * @param options - `except`: organisations whose devices and reports are left out. If too many depend on the subject for one answer, the
   * error names the organisation that registered most of them.
   */
  async *affectedDevices(
    subject: Subject,
    options: { readonly except?: readonly string[] } = {},
  ): AsyncGenerator<AffectedDevice, void, undefined> {
    requireShape(subjectShape, 'subject', subject);
    requireShape(affectedShape, 'options', options);
    const { kind, id } = subject;
    const { except = [] } = options;
    yield* this.pages('affectedDevices', { kind, id, ...(except.length > 0 && { except }) });
  }

  /** What every transaction changed about a subject, oldest first; pages are fetched on demand. */
  async *history(subject: Subject): AsyncGenerator<HistoryEntry, void, undefined> {
    requireShape(subjectShape, 'subject', subject);
    const { kind, id } = subject;
    yield* this.pages('history', { kind, id });
  }

  /**
   * The number of an author's next statement about a subject, for `newStatement`.
   *
   * @example
   * const number = await tracecal.nextNumber('oem-a', { kind: 'device', id: 'lab-alpha/sensor-17' });
   *
   * @throws TraceCalError `NOT_FOUND` if the subject is not registered, unless it is a person: numbers about a person start at 1
   */
  async nextNumber(author: string, subject: Subject): Promise<number> {
    requireShape(subjectShape, 'subject', subject);
    const entries = await entriesAbout(this, author, subject);
    return inputOf(() => nextNumber(entries, author, subject));
  }

  /**
   * Whether the subject's record contains this very statement, whoever has signed it. No record contains seals, heartbeats
   * and statements that newer ones have replaced.
   */
  async isRegistered(jws: Jws): Promise<boolean> {
    const { author, subject } = readStatement(jws);
    const entries = await undefinedIfNotFound(entriesAbout(this, author, subject));
    return (entries ?? []).some((entry) => payloadDigest(entry.jws) === payloadDigest(jws));
  }

  /** Calls the chaincode and returns, without any work. */
  async ping(): Promise<void> {
    await this.#text('ping');
  }

  #listed<T>(kind: ListedKind, of: object, { after = '' }: ListedFrom): AsyncGenerator<T, void, undefined> {
    return itemsOf((bookmark) =>
      this.ask<Page<T>>('listRegistered', { kind, ...of, bookmark: bookmark === '' ? after : bookmark }),
    );
  }

  /** A peer that was asked with a disclosure would know it. */
  async #traceHere(device: string, options: object, disclosures: readonly Disclosure[]): Promise<Verdict> {
    const { evidence } = await this.#evaluate('getEvidence', device, options);
    return traceHere(sourceOf(evidence), device, options, disclosures);
  }

  async #evaluate<Name extends keyof Answers>(
    name: Name,
    ...args: readonly (string | object)[]
  ): Promise<Answers[Name]> {
    return inItsForm(name, await this.ask<Answers[Name]>(name, ...args));
  }

  async #text(name: TextAnswer, ...args: readonly string[]): Promise<string> {
    return Buffer.from(await this.ledger.evaluate(name, ...args)).toString('utf8');
  }
}
