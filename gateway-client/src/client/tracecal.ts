import type {
  DeviceFile,
  Instant,
  Jws,
  NewDevice,
  NewOrganisation,
  NewTechnician,
  OrganisationFile,
  ScopeGrant,
  StandingRequest,
  Technician,
} from '@tracecal/chaincode/model';
import { canonicalJson, instantOf } from '@tracecal/chaincode/model';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { common } from '@hyperledger/fabric-protos';
import { answerOf } from './answer.js';
import type { Answers } from './answers.js';
import type { Ledger } from './ledger.js';
import type { Committed, Outcome } from './outcome.js';
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
export class TraceCal {
  /** The channel: reports are signed for it. */
  readonly registry: string;
  readonly #ledger: Ledger;
  readonly #chaincode: string;
  readonly #close: () => void;

  constructor(ledger: Ledger, chaincode: string, close: () => void) {
    this.registry = ledger.channel;
    this.#ledger = ledger;
    this.#chaincode = chaincode;
    this.#close = close;
  }

  // --- Writing: each waits for the block and says which one it is --------------------------------------------------

  createOrganisation(organisation: NewOrganisation): Promise<Committed<void>> {
    return this.#submit('createOrganisation', organisation);
  }

  grantScopes(grant: ScopeGrant): Promise<Committed<void>> {
    return this.#submit('grantScopes', grant);
  }

  createTechnician(technician: NewTechnician): Promise<Committed<void>> {
    return this.#submit('createTechnician', technician);
  }

  registerDevice(device: NewDevice): Promise<Committed<void>> {
    return this.#submit('registerDevice', device);
  }

  /** Issues a report that `signReport` signed. */
  createReport(jws: Jws): Promise<Committed<void>> {
    return this.#submit('createReport', jws);
  }

  /** Issues a report whose payload says which one it supersedes; the old one stays readable. */
  amendReport(jws: Jws): Promise<Committed<void>> {
    return this.#submit('amendReport', jws);
  }

  /** For good. Changes the verdict of everything that rests on it at the very next trace. */
  revoke(request: StandingRequest): Promise<Committed<void>> {
    return this.#submit('revoke', request);
  }

  /** Until it is reinstated. */
  suspend(request: StandingRequest): Promise<Committed<void>> {
    return this.#submit('suspend', request);
  }

  reinstate(request: StandingRequest): Promise<Committed<void>> {
    return this.#submit('reinstate', request);
  }

  /** Puts an NMI's sign of life, signed by `signHeartbeat`, on the ledger. */
  heartbeat(jws: Jws): Promise<Committed<void>> {
    return this.#submit('heartbeat', jws);
  }

  /**
   * What became of a transaction: the way out of `OUTCOME_UNKNOWN`.
   *
   * @example
   * const outcome = await tracecal.outcome(error.txId);
   * if (outcome.state === 'refused') { ... } // only now is doing it again safe
   */
  outcome(txId: string): Promise<Outcome> {
    return this.#ledger.outcome(txId);
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
    return this.#evaluate('traceCal', deviceId, canonicalJson({ asOf, signatures, intervalDays, freshness }));
  }

  getDevice(id: string): Promise<DeviceFile> {
    return this.#evaluate('getDevice', id);
  }

  getOrganisation(id: string): Promise<OrganisationFile> {
    return this.#evaluate('getOrganisation', id);
  }

  getTechnician(id: string): Promise<Technician> {
    return this.#evaluate('getTechnician', id);
  }

  /** What the registry announced, in ledger order, from where the checkpoint file left off. */
  events(options: StreamOptions = {}): AsyncGenerator<RegistryEvent, void, undefined> {
    return registryEvents(this.#ledger.network, this.#chaincode, options);
  }

  /** Whole blocks of the channel, in order, from where the checkpoint file left off. */
  blocks(options: StreamOptions = {}): AsyncGenerator<common.Block, void, undefined> {
    return ledgerBlocks(this.#ledger.network, options);
  }

  /** Ends the connection. */
  close(): void {
    this.#close();
  }

  async #submit(transaction: string, argument: unknown): Promise<Committed<void>> {
    const { txId, blockNumber, endorsedBy } = await this.#ledger.submit(transaction, {
      arguments: [canonicalJson(argument)],
    });
    return { txId, blockNumber, endorsedBy, result: undefined };
  }

  async #evaluate<Name extends keyof Answers>(transaction: Name, ...args: readonly string[]): Promise<Answers[Name]> {
    return answerOf(await this.#ledger.evaluate(transaction, ...args)) as Answers[Name];
  }
}
