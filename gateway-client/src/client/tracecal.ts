import type {
  AffectedDevice,
  DeviceSummary,
  HistoryEntry,
  LoggedTransaction,
  ReportSummary,
} from '@tracecal/chaincode/registry';
import type { Entry, Instant, Subject } from '@tracecal/chaincode/model';
import { entriesOf, instantOf } from '@tracecal/chaincode/model';
import { nextNumber } from '@tracecal/chaincode/trace';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { common } from '@hyperledger/fabric-protos';
import type { Announced, Answers, DeviceSearch, TextAnswer } from './answers.js';
import { ContractClient } from './contractClient.js';
import { TraceCalError } from './errors.js';
import { inputOf } from './input.js';
import type { Ledger } from './ledger.js';
import type { Item } from './statements/index.js';
import { ledgerBlocks, registryEvents } from './streams.js';
import type { RegistryEvent, StreamOptions } from './streams.js';
import { traceOptionsOf } from './traceQuestion.js';
import type { TraceQuestion } from './traceQuestion.js';

/** One statement to be registered, or up to 100 of a kind that do not rest on one another: all are registered, or none. */
export type Items = Item | readonly Item[];

/**
 * The registry, as one member sees and changes it. Made by `connect`; every failure is a `TraceCalError`. What is written is
 * signed by those whose word it is (`newStatement`, `signStatement`); the member that submits it vouches for nothing.
 */
export class TraceCal extends ContractClient {
  readonly #chaincode: string;
  #registryName: Promise<string> | undefined;

  constructor(ledger: Ledger, chaincode: string, close: () => void) {
    super(ledger, close);
    this.#chaincode = chaincode;
  }

  /** The channel on which the registry lives. */
  get channel(): string {
    return this.ledger.channel;
  }

  /**
   * What every statement after the founding is signed for: the channel and the digest of the registry's founding, as this
   * member's peer tells. Compare it with what you know from elsewhere: a signature for one registry counts in no other.
   *
   * @throws TraceCalError `NOT_FOUND` before the founding
   */
  registry(): Promise<string> {
    this.#registryName ??= this.getRegistry().then(({ registry }) => registry);
    this.#registryName.catch(() => (this.#registryName = undefined));
    return this.#registryName;
  }

  // --- Writing: each waits for the block and says which one it is --------------------------------------------------
  // All of them throw, besides what is said there, TraceCalError `INPUT_INVALID`, `SIGNATURE_INVALID`, `WRONG_REGISTRY`,
  // `NOT_AUTHORISED` where signatures of those whose word it needs are missing, and `ALREADY_EXISTS` for a number or id that
  // was used.

  /**
   * Founds the registry; once, before everything else.
   *
   * @param items - `founding`, with the institutes' `certificates` and `memberships`; signed by all of them. Every member's
   * chaincode is started with its digest and refuses another.
   * @throws TraceCalError `CERTIFICATE_INVALID`
   */
  found(items: Items): Promise<Announced> {
    return this.#register('found', items);
  }

  /**
   * Admits an institute to the registry.
   *
   * @param items - `admission`, with the newcomer's `certificate` and `memberships`; signed by it and a majority of the others.
   * @throws TraceCalError `CERTIFICATE_INVALID`
   */
  admitInstitute(items: Items): Promise<Announced> {
    return this.#register('admitInstitute', items);
  }

  /** Changes the registry's policy. @param items - `policy`, signed by a majority of the institutes. */
  setPolicy(items: Items): Promise<Announced> {
    return this.#register('setPolicy', items);
  }

  /**
   * Registers an organisation below another, or a further key of one.
   *
   * @param items - `organisation`, with its `certificate`; signed by its own key and its certifier.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  createOrganisation(items: Items): Promise<Announced> {
    return this.#register('createOrganisation', items);
  }

  /**
   * Registers what a technician or an officer may do, or changes it.
   *
   * @param items - `authorisation`, with their `certificate`; signed by the organisation and the person's own key.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  createTechnician(items: Items): Promise<Announced> {
    return this.#register('createTechnician', items);
  }

  /**
   * Adds lines to an organisation's accreditation.
   *
   * @param items - `accreditation`, signed by who accredits it; of an institute by a majority of the institutes.
   * @throws TraceCalError `NOT_FOUND`
   */
  accredit(items: Items): Promise<Announced> {
    return this.#register('accredit', items);
  }

  /**
   * Ends lines of an accreditation before their time, by whom they were granted.
   *
   * @param items - `reduction`.
   * @throws TraceCalError `NOT_FOUND` if there are no such lines
   */
  reduceAccreditation(items: Items): Promise<Announced> {
    return this.#register('reduceAccreditation', items);
  }

  /**
   * Registers a device, or a further key or certificate of one.
   *
   * @param items - `device`, with its `certificate`; signed by the technician who imprinted it, its own key and its owner.
   * @throws TraceCalError `CERTIFICATE_INVALID`, `NOT_FOUND`
   */
  registerDevice(items: Items): Promise<Announced> {
    return this.#register('registerDevice', items);
  }

  /** Hands a device over. @param items - `transfer`, signed by its owner until now and the next. */
  transferDevice(items: Items): Promise<Announced> {
    return this.#register('transferDevice', items);
  }

  /** Sets a device's recalibration interval. @param items - `interval`, signed by its owner. */
  setInterval(items: Items): Promise<Announced> {
    return this.#register('setInterval', items);
  }

  /**
   * Registers reports. One counts for its device once the owner has accepted it, at once or later.
   *
   * @param items - `report`, with its `results`, and with the owner's `acceptance` where it is at hand; see `signReport`.
   * @throws TraceCalError `NOT_FOUND`, `PARENT_UNUSABLE`, `TIME_INVALID`
   *
   * @example
   * const { txId } = await tracecal.createReport(await signReport(report, [technician, standard]));
   */
  createReport(items: Items): Promise<Announced> {
    return this.#register('createReport', items);
  }

  /**
   * Registers reports that each say which one they supersede. The old ones stay readable, and count no more.
   *
   * @param items - As for {@link createReport}.
   * @throws TraceCalError as {@link createReport}
   */
  amendReport(items: Items): Promise<Announced> {
    return this.#register('amendReport', items);
  }

  /**
   * Has reports count for their devices.
   *
   * @param items - `acceptance`, signed by the device's owner; see `acceptanceOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  acceptReport(items: Items): Promise<Announced> {
    return this.#register('acceptReport', items);
  }

  /**
   * Has reports not, or no longer, count for their devices, for good.
   *
   * @param items - `rejection`, signed by the device's owner; see `rejectionOf`.
   * @throws TraceCalError `NOT_FOUND`
   */
  rejectReport(items: Items): Promise<Announced> {
    return this.#register('rejectReport', items);
  }

  /** Accepts beforehand what a laboratory will report. @param items - `consent`, signed by the owner of the devices. */
  consent(items: Items): Promise<Announced> {
    return this.#register('consent', items);
  }

  /**
   * Revokes something for good. Changes the verdict of everything that rests on it at the very next trace.
   *
   * @param items - `revocation`, signed by the organisation that is responsible for the subject, or one above it; of an
   * institute by itself or a majority of the others.
   * @throws TraceCalError `NOT_FOUND`, `STANDING_INVALID`
   */
  revoke(items: Items): Promise<Announced> {
    return this.#register('revoke', items);
  }

  /**
   * Suspends something until it is reinstated.
   *
   * @param items - `suspension`, signed as for {@link revoke}.
   * @throws TraceCalError as {@link revoke}
   */
  suspend(items: Items): Promise<Announced> {
    return this.#register('suspend', items);
  }

  /**
   * Lifts a suspension. A revocation stays.
   *
   * @param items - `reinstatement`, signed by the organisation that suspended, or one above it.
   * @throws TraceCalError as {@link revoke}
   */
  reinstate(items: Items): Promise<Announced> {
    return this.#register('reinstate', items);
  }

  /** Closes the open epoch: nothing enters it any more. @param items - `seal`, signed by an institute. */
  seal(items: Items): Promise<Announced> {
    return this.#register('seal', items);
  }

  /**
   * Registers that institutes have seen everything up to a sealed epoch.
   *
   * @param items - `heartbeat` with the digest that {@link getEpochDigest} answers, signed by the institute.
   */
  heartbeat(items: Items): Promise<Announced> {
    return this.#register('heartbeat', items);
  }

  /**
   * Registers statements of any kind for somebody else, such as the owner of a device, who does not write at this level.
   *
   * @param items - Signed by those whose word they are.
   */
  submitStatements(items: Items): Promise<Announced> {
    return this.#register('submitStatements', items);
  }

  /** Has the ledger hold a Merkle root of digests from now on. @param root - See `anchorOf`. */
  anchor(root: string): Promise<Announced> {
    return this.submit('anchor', root);
  }

  // --- Reading -----------------------------------------------------------------------------------------------------

  /**
   * Does this device's calibration trace, unbroken, to a National Metrology Institute?
   *
   * @throws TraceCalError `NOT_FOUND`, `INPUT_INVALID`
   * @example
   * const roots = await readTrustFile('trust.json');
   * const verdict = await tracecal.traceCal('lab-alpha/sensor-17', { roots, maxAgeSeconds: 86_400 });
   * if (verdict.status !== 'TRACEABLE') console.error(verdict.reason);
   */
  traceCal(deviceId: string, question: TraceQuestion = {}): Promise<Verdict> {
    return this.#evaluate('traceCal', deviceId, traceOptionsOf(question));
  }

  /**
   * Traces up to 500 devices at one moment, over the same records, without their evidence.
   *
   * @param asOf - The moment it is about; now if not given.
   * @throws TraceCalError `INPUT_INVALID`
   */
  traceMany(deviceIds: readonly string[], asOf?: Instant): Promise<Answers['traceMany']> {
    return this.#evaluate('traceMany', { devices: deviceIds, asOf: asOf ?? instantOf(Date.now()) });
  }

  /** A device with all that its owners and others said about it. @throws TraceCalError `NOT_FOUND` */
  getDevice(id: string): Promise<Answers['getDevice']> {
    return this.#evaluate('getDevice', id);
  }

  /** An organisation with its keys and accreditations. @throws TraceCalError `NOT_FOUND` */
  getOrganisation(id: string): Promise<Answers['getOrganisation']> {
    return this.#evaluate('getOrganisation', id);
  }

  /** Organisations that act through an MSP. */
  getOrganisationsOfMsp(mspId: string): Promise<Answers['getOrganisationsOfMsp']> {
    return this.#evaluate('getOrganisationsOfMsp', mspId);
  }

  /** A technician or an officer, with their keys. @throws TraceCalError `NOT_FOUND` */
  getTechnician(id: string): Promise<Answers['getTechnician']> {
    return this.#evaluate('getTechnician', id);
  }

  /** Who founded the registry, and what the institutes have decided since. @throws TraceCalError `NOT_FOUND` */
  getRegistry(): Promise<Answers['getRegistry']> {
    return this.#evaluate('getRegistry');
  }

  /** The newest standing consent of an owner to what a laboratory reports; null if there is none. */
  getConsent(owner: string, laboratory: string): Promise<Answers['getConsent']> {
    return this.#evaluate('getConsent', owner, laboratory);
  }

  /**
   * An epoch by its number; the open one if none is given.
   * @throws TraceCalError `NOT_FOUND`
   */
  getEpoch(number?: number): Promise<Answers['getEpoch']> {
    return this.#evaluate('getEpoch', number === undefined ? '' : String(number));
  }

  /** The chained digest of everything up to and with a sealed epoch: what heartbeats sign. @throws TraceCalError `NOT_FOUND` */
  getEpochDigest(epoch: number): Promise<Answers['getEpochDigest']> {
    return this.#evaluate('getEpochDigest', String(epoch));
  }

  /** The change log of an epoch: what can change a verdict. Fetched page by page as it is asked for. */
  getChanges(epoch: number): AsyncGenerator<LoggedTransaction, void, undefined> {
    return this.pages('getChanges', { epoch });
  }

  /** The newest heartbeat of an institute; null if it gave none. */
  getHeartbeat(institute: string): Promise<Answers['getHeartbeat']> {
    return this.#evaluate('getHeartbeat', institute);
  }

  /** A report of the registry with what was signed. @throws TraceCalError `NOT_FOUND` */
  getReport(id: string): Promise<Answers['getReport']> {
    return this.#evaluate('getReport', id);
  }

  /** What a report rests on, in its order. @throws TraceCalError `NOT_FOUND` */
  getParentReport(id: string): Promise<Answers['getParentReport']> {
    return this.#evaluate('getParentReport', id);
  }

  /** Reports about a device by their ids, accepted or not; fetched page by page as they are asked for. */
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

  /** Devices with a serial number, or of an owner; fetched page by page as they are asked for. */
  findDevices(search: DeviceSearch): AsyncGenerator<DeviceSummary, void, undefined> {
    return this.pages('findDevices', search);
  }

  /** Everything that rests on a subject, over all levels; fetched page by page as it is asked for. */
  affectedDevices({ kind, id }: Subject): AsyncGenerator<AffectedDevice, void, undefined> {
    return this.pages('affectedDevices', { kind, id });
  }

  /** What every transaction changed about a subject, oldest first; fetched page by page as it is asked for. */
  history({ kind, id }: Subject): AsyncGenerator<HistoryEntry, void, undefined> {
    return this.pages('history', { kind, id });
  }

  /**
   * The number that an author's next statement about a subject gets: `newStatement` is told it.
   *
   * @example
   * const number = await tracecal.nextNumber('oem-a', { kind: 'device', id: 'lab-alpha/sensor-17' });
   *
   * @throws TraceCalError `NOT_FOUND` where the subject is not registered, unless it is a person: theirs begin with 1
   */
  async nextNumber(author: string, subject: Subject): Promise<number> {
    const entries = await this.#entriesAbout(author, subject);
    return inputOf(() => nextNumber(entries, author, subject));
  }

  /** Does nothing but reach the chaincode and come back. */
  async ping(): Promise<void> {
    await this.#text('ping');
  }

  /** What the registry announced, in ledger order, from where the checkpoint file left off. */
  events(options: StreamOptions = {}): AsyncGenerator<RegistryEvent, void, undefined> {
    return registryEvents(this.ledger.network, this.#chaincode, options);
  }

  /** Whole blocks of the channel, in order, from where the checkpoint file left off. */
  blocks(options: StreamOptions = {}): AsyncGenerator<common.Block, void, undefined> {
    return ledgerBlocks(this.ledger.network, options);
  }

  /** Everything that an author could have said about a subject, wherever it is kept. */
  async #entriesAbout(author: string, { kind, id }: Subject): Promise<readonly Entry[]> {
    switch (kind) {
      case 'registry':
        return entriesOf.registry((await this.getRegistry()).record);
      case 'organisation':
        return this.#entriesAboutOrganisation(author, id);
      case 'person':
        return this.#entriesAboutPerson(id);
      case 'device':
        return entriesOf.device((await this.getDevice(id)).record);
      case 'report':
        return entriesOf.report((await this.getReport(id)).record);
    }
  }

  /** The statement that brings a person into being is numbered like those after it. */
  async #entriesAboutPerson(id: string): Promise<readonly Entry[]> {
    try {
      return entriesOf.person((await this.getTechnician(id)).record);
    } catch (error) {
      if (error instanceof TraceCalError && error.code === 'NOT_FOUND') {
        return [];
      }
      throw error;
    }
  }

  /** The institutes' decisions about one another are the registry's, and consents stand for themselves. */
  async #entriesAboutOrganisation(author: string, id: string): Promise<readonly Entry[]> {
    const [organisation, registry, consent] = await Promise.all([
      this.getOrganisation(id),
      this.getRegistry(),
      this.getConsent(author, id),
    ]);
    const kept = [...entriesOf.organisation(organisation.record), ...entriesOf.registry(registry.record)];
    return consent ? [...kept, consent] : kept;
  }

  #register(transaction: string, items: Items): Promise<Announced> {
    return this.submit(transaction, { items: 'statement' in items ? [items] : items });
  }

  #evaluate<Name extends keyof Answers>(name: Name, ...args: readonly (string | object)[]): Promise<Answers[Name]> {
    return this.ask(name, ...args);
  }

  async #text(name: TextAnswer, ...args: readonly string[]): Promise<string> {
    return Buffer.from(await this.ledger.evaluate(name, ...args)).toString('utf8');
  }
}
