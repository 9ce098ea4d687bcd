import type {
  AffectedDevice,
  DeviceSummary,
  HistoryEntry,
  ParentAnswer,
  ReportAnswer,
  ReportSummary,
} from '@tracecal/chaincode/registry';
import type {
  DeviceFile,
  Heartbeat,
  Instant,
  Jws,
  NewDevice,
  NewOrganisation,
  NewTechnician,
  OrganisationFile,
  ScopeGrant,
  ScopeReduction,
  StandingRequest,
  Technician,
} from '@tracecal/chaincode/model';
import { instantOf } from '@tracecal/chaincode/model';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { common } from '@hyperledger/fabric-protos';
import type { Announced, Answers, DeviceSearch, Subject, TextAnswer } from './answers.js';
import { ContractClient } from './contractClient.js';
import type { Ledger } from './ledger.js';
import { ledgerBlocks, registryEvents } from './streams.js';
import type { RegistryEvent, StreamOptions } from './streams.js';

/** The question that is put to a device; see `TraceOptions` of the registry for the full meaning. */
export interface TraceQuestion {
  /** The moment it is about; now if not given. */
  readonly asOf?: Instant;
  /** False only to measure what signatures cost. */
  readonly signatures?: boolean;
  /** The asker's own recalibration interval for this device, in days. */
  readonly intervalDays?: number;
  /** How old, in seconds, the newest heartbeat of the NMIs may be. */
  readonly maxAgeSeconds?: number;
}

/** The registry, as one member sees and changes it. Made by {@link connect}; every failure is a `TraceCalError`. */
export class TraceCal extends ContractClient {
  readonly #chaincode: string;

  constructor(ledger: Ledger, chaincode: string, close: () => void) {
    super(ledger, close);
    this.#chaincode = chaincode;
  }

  /** The channel: reports are signed for it. */
  get registry(): string {
    return this.ledger.channel;
  }

  // --- Writing: each waits for the block and says which one it is --------------------------------------------------

  /**
   * Registers an organisation with its calibration certificate. By a National Metrology Institute; a new institute is created
   * when every registered one has submitted the same document, and the answer says who is still awaited.
   * @throws TraceCalError `INPUT_INVALID`, `CERTIFICATE_INVALID`, `NOT_AUTHORISED`, `ALREADY_EXISTS`
   */
  createOrganisation(organisation: NewOrganisation): Promise<Announced> {
    return this.submit('createOrganisation', organisation);
  }

  /** Extends an organisation's accreditation. By an organisation above it; an institute states its own. */
  grantScopes(grant: ScopeGrant): Promise<Announced> {
    return this.submit('grantScopes', grant);
  }

  /**
   * Ends lines of an organisation's accreditation before their time. By whom it could have been granted.
   * @throws TraceCalError `NOT_FOUND` if it holds no such scope, `TIME_INVALID`, `NOT_AUTHORISED`
   */
  reduceScopes(reduction: ScopeReduction): Promise<Announced> {
    return this.submit('reduceScopes', reduction);
  }

  /** Registers a technician, certified by his organisation's calibration key. */
  createTechnician(technician: NewTechnician): Promise<Announced> {
    return this.submit('createTechnician', technician);
  }

  /** Registers a device, whose key a technician certified at imprinting. */
  registerDevice(device: NewDevice): Promise<Announced> {
    return this.submit('registerDevice', device);
  }

  /** Issues a report that `signReport` signed. */
  createReport(jws: Jws): Promise<Announced> {
    return this.submit('createReport', jws);
  }

  /** Issues a report whose payload says which one it supersedes; the old one stays readable. */
  amendReport(jws: Jws): Promise<Announced> {
    return this.submit('amendReport', jws);
  }

  /** For good. Changes the verdict of everything that rests on it at the very next trace. */
  revoke(request: StandingRequest): Promise<Announced> {
    return this.submit('revoke', request);
  }

  /** Until it is reinstated. */
  suspend(request: StandingRequest): Promise<Announced> {
    return this.submit('suspend', request);
  }

  /** Lifts a suspension: by whom it was said, or above. A revocation stays. */
  reinstate(request: StandingRequest): Promise<Announced> {
    return this.submit('reinstate', request);
  }

  /** Puts an NMI's sign of life, signed by `signHeartbeat`, on the ledger. */
  heartbeat(jws: Jws): Promise<Announced> {
    return this.submit('heartbeat', jws);
  }

  // --- Reading -----------------------------------------------------------------------------------------------------

  /**
   * Does this device's calibration trace, unbroken, to a National Metrology Institute?
   *
   * @example
   * const verdict = await tracecal.traceCal('sensor-17', { maxAgeSeconds: 86_400 });
   * if (verdict.status !== 'TRACEABLE') console.error(verdict.reason);
   */
  traceCal(deviceId: string, question: TraceQuestion = {}): Promise<Verdict> {
    const now = instantOf(Date.now());
    const { asOf = now, signatures = true, intervalDays = null, maxAgeSeconds } = question;
    const freshness = maxAgeSeconds === undefined ? null : { now, maxAgeSeconds };
    return this.#evaluate('traceCal', deviceId, { asOf, signatures, intervalDays, freshness });
  }

  /** A device with all of its reports and what was said about it. @throws TraceCalError `NOT_FOUND` */
  getDevice(id: string): Promise<DeviceFile> {
    return this.#evaluate('getDevice', id);
  }

  /** An organisation with its scopes and roster. @throws TraceCalError `NOT_FOUND` */
  getOrganisation(id: string): Promise<OrganisationFile> {
    return this.#evaluate('getOrganisation', id);
  }

  /** A technician and his certificate. @throws TraceCalError `NOT_FOUND` */
  getTechnician(id: string): Promise<Technician> {
    return this.#evaluate('getTechnician', id);
  }

  /** The newest sign of life of an NMI; null if it gave none. */
  getHeartbeat(nmi: string): Promise<Heartbeat | null> {
    return this.#evaluate('getHeartbeat', nmi);
  }

  /** A report of the registry with what was signed. @throws TraceCalError `NOT_FOUND` */
  getReport(id: string): Promise<ReportAnswer> {
    return this.#evaluate('getReport', id);
  }

  /** What a report rests on, in its order. */
  getParentReport(id: string): Promise<readonly ParentAnswer[]> {
    return this.#evaluate('getParentReport', id);
  }

  /** A device's reports, by date of calibration. */
  listReports(deviceId: string): Promise<readonly ReportSummary[]> {
    return this.#evaluate('listReports', deviceId);
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

  /** What every transaction changed about a subject, oldest first. */
  history({ kind, id }: Subject): Promise<readonly HistoryEntry[]> {
    return this.#evaluate('history', { kind, id });
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

  #evaluate<Name extends keyof Answers>(name: Name, ...args: readonly (string | object)[]): Promise<Answers[Name]> {
    return this.ask(name, ...args);
  }

  async #text(name: TextAnswer, ...args: readonly string[]): Promise<string> {
    return Buffer.from(await this.ledger.evaluate(name, ...args)).toString('utf8');
  }
}
