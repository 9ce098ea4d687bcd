import { setTimeout as delay } from 'node:timers/promises';
import type {
  CloseableAsyncIterable,
  Contract,
  Gateway,
  Network,
  ProposalOptions,
  Status,
  Transaction,
} from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { commitFailure, isConflict, isPolicyFailure } from './commitFailure.js';
import { commitQuestion } from './commitQuestion.js';
import { Deadline } from './deadline.js';
import { endorse, endorseBy } from './endorse.js';
import { endorsersOf } from './endorsers.js';
import { clientError } from './errors.js';
import type { TraceCalError } from './errors.js';
import { gatewayFailure, noAnswer, reportsOf } from './gatewayFailure.js';
import type { ClientLimits } from './limits.js';
import type { Committed, Outcome } from './outcome.js';
import { withinCall } from './signing.js';
import type { TimeBudget } from './timeBudget.js';
import { understood } from './understood.js';

/** Pauses between queries for an unknown outcome, and between new endorsements after a conflict. */
const ASK_AGAIN_MS = 250;
const RETRY_MS = 50;

/** Address of a contract. */
export interface Place {
  readonly channel: string;
  readonly chaincode: string;
  /** The name of the contract, if it is not the first of its package. */
  readonly contract?: string | undefined;
}

/** Told of a transaction's id before it is sent: whoever keeps it can ask for the outcome after any interruption. */
export type BeforeSending = (txId: string) => Promise<void>;

/** How to reach a ledger; tests use one without a connection to close. */
export interface Link {
  /** `host:port` of the gateway. */
  readonly address: string;
  readonly isClosed: boolean;
  ready(deadline: Deadline): Promise<void>;
}

/**
 * One contract of one channel, through an organisation's gateway: bytes in, bytes out, and a coded error for every failure.
 */
export class Ledger {
  readonly channel: string;
  readonly network: Network;
  readonly #gateway: Gateway;
  readonly #contract: Contract;
  readonly #limits: ClientLimits;
  readonly #link: Link | undefined;
  readonly #budget: TimeBudget | undefined;
  /**
   * The organisations whose endorsements were sufficient for the last transaction, as long as nothing failed. A planning
   * gateway first executes on its own organisation's peer, and then, depending on the writes, on the peers that the policy
   * requires. Naming exactly these at once takes half the time and a third less work. It changes speed, never an outcome.
   */
  #enough: readonly string[] = [];

  /** @param budget - Time that the calls of this ledger share with others; without it, each call has a separate time. */
  constructor(
    gateway: Gateway,
    { channel, chaincode, contract }: Place,
    limits: ClientLimits,
    { link, budget }: { readonly link?: Link; readonly budget?: TimeBudget | undefined } = {},
  ) {
    this.channel = channel;
    this.#gateway = gateway;
    this.network = gateway.getNetwork(channel);
    this.#contract = this.network.getContract(chaincode, contract);
    this.#limits = limits;
    this.#link = link;
    this.#budget = budget;
  }

  /** @throws TraceCalError `CLIENT_CLOSED` */
  requireOpen(): void {
    if (this.#link?.isClosed === true) {
      throw clientError('CLIENT_CLOSED');
    }
  }

  /** Resolves once the gateway answers. @throws TraceCalError */
  async ready(): Promise<void> {
    this.requireOpen();
    try {
      await this.#link?.ready(this.#deadline());
    } catch (error) {
      throw this.#link?.isClosed === true ? clientError('CLIENT_CLOSED') : this.#timedOut(error);
    }
    this.requireOpen();
  }

  /** Asks without writing. @throws TraceCalError */
  evaluate(transaction: string, ...args: readonly string[]): Promise<Uint8Array> {
    return this.#evaluate(this.#contract, transaction, args);
  }

  /** The channel's newest configuration (a serialised `common.Config`). @throws TraceCalError */
  configuration(): Promise<Uint8Array> {
    return this.#askPeer('cscc', 'GetChannelConfig');
  }

  /** How many blocks of the channel this member's peer has. @throws TraceCalError */
  async height(): Promise<bigint> {
    const answer = await this.#askPeer('qscc', 'GetChainInfo');
    return understood(() => BigInt(common.BlockchainInfo.deserializeBinary(answer).getHeight()));
  }

  /** A block of the channel, as this member's peer stores it (a serialised `common.Block`). @throws TraceCalError */
  block(number: number): Promise<Uint8Array> {
    return this.#askPeer('qscc', 'GetBlockByNumber', String(number));
  }

  /**
   * Has peers endorse an answer without sending anything to the orderers: nothing is written, and whoever gets the answer can check
   * whose peers gave it.
   *
   * @param organisations - MSP ids of those who are to endorse; by default as many as the policy of the chaincode asks for.
   * @returns The prepared transaction, a serialised `gateway.PreparedTransaction`.
   * @throws TraceCalError
   */
  async endorse(
    transaction: string,
    args: readonly string[],
    organisations: readonly string[] = [],
  ): Promise<Uint8Array> {
    this.requireOpen();
    const options = {
      arguments: [...args],
      ...(organisations.length > 0 && { endorsingOrganizations: [...organisations] }),
    };
    const { endorseRetries } = this.#limits;
    const failed = (error: unknown, txId: string) => this.failed(error, txId);
    const call = { deadline: this.#deadline(), endorseRetries, failed };
    return (await endorse(this.#contract, transaction, options, call)).getBytes();
  }

  /** The channel's blocks from this one on, as they come. @throws TraceCalError */
  async blocksFrom(startBlock: bigint): Promise<CloseableAsyncIterable<common.Block>> {
    try {
      return await withinCall(this.#deadline(), () => this.network.getBlockEvents({ startBlock }));
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** The meaning of a failure in a call that certainly wrote nothing. */
  failed(error: unknown, txId?: string): TraceCalError {
    if (this.#link?.isClosed === true) {
      return clientError('CLIENT_CLOSED', undefined, { cause: error, txId });
    }
    return gatewayFailure(error, { txId, address: this.#link?.address, timeoutMs: this.#timeoutMs });
  }

  /**
   * Submits a transaction and waits for its block. It is endorsed again after a read conflict, which leaves nothing behind,
   * and if peers are one block apart.
   * @throws TraceCalError refused, with the reason's code; or `OUTCOME_UNKNOWN` with the transaction id
   */
  async submit(
    transaction: string,
    options: ProposalOptions,
    beforeSending?: BeforeSending,
  ): Promise<Committed<Uint8Array>> {
    this.requireOpen();
    const deadline = this.#deadline();
    for (let attempt = 0; ; attempt += 1) {
      // Only at first: after losing against another transaction it needs the newest state, which this member's own peer has
      // by now.
      const named = attempt === 0 && choosesNobody(options) ? this.#enough : [];
      try {
        const committed = await this.#submitOnce(transaction, options, { named, deadline, beforeSending });
        this.#budget?.renew();
        return committed;
      } catch (error) {
        // The policy may require different organisations than last time: an institute was admitted, or has fallen.
        const isCurable = isConflict(error) || (named.length > 0 && isPolicyFailure(error));
        if (isPolicyFailure(error)) {
          this.#enough = [];
        }
        if (!isCurable || attempt >= this.#limits.conflictRetries || deadline.isOver) {
          throw error;
        }
        // Clients that collided wait for different times, so that they do not collide again.
        await delay(RETRY_MS * (attempt + Math.random()));
      }
    }
  }

  /** The outcome of a transaction; waits for an answer. */
  async outcome(txId: string, deadline = this.#deadline()): Promise<Outcome> {
    this.requireOpen();
    let error: TraceCalError;
    do {
      const answer = await this.#askStatus(txId, deadline);
      if ('status' in answer) {
        return outcomeOf(answer.status);
      }
      ({ error } = answer);
      await delay(Math.min(ASK_AGAIN_MS, deadline.leftMs));
    } while (!deadline.isOver && this.#link?.isClosed !== true);
    return { state: 'unknown', txId, error };
  }

  /** Queries one of the peer's system chaincodes about the channel. */
  #askPeer(chaincode: string, transaction: string, ...args: readonly string[]): Promise<Uint8Array> {
    return this.#evaluate(this.network.getContract(chaincode), transaction, [this.channel, ...args]);
  }

  async #evaluate(contract: Contract, transaction: string, args: readonly string[]): Promise<Uint8Array> {
    this.requireOpen();
    try {
      const proposal = contract.newProposal(transaction, { arguments: [...args] });
      const deadline = this.#deadline();
      return await withinCall(deadline, () => proposal.evaluate({ deadline: deadline.onCalendar }));
    } catch (error) {
      throw this.failed(error);
    }
  }

  async #submitOnce(
    name: string,
    options: ProposalOptions,
    {
      named,
      deadline,
      beforeSending,
    }: {
      readonly named: readonly string[];
      readonly deadline: Deadline;
      readonly beforeSending: BeforeSending | undefined;
    },
  ): Promise<Committed<Uint8Array>> {
    const { endorseRetries } = this.#limits;
    const failed = (error: unknown, txId: string) => this.failed(error, txId);
    const transaction =
      (await this.#endorsedBy(named, name, options, deadline)) ??
      (await endorse(this.#contract, name, options, { deadline, endorseRetries, failed }));
    await beforeSending?.(transaction.getTransactionId());
    const blockNumber = await this.#order(transaction, deadline);
    const endorsedBy = endorsersOf(transaction.getBytes());
    if (choosesNobody(options)) {
      this.#enough = endorsedBy;
    }
    return { txId: transaction.getTransactionId(), blockNumber, result: transaction.getResult(), endorsedBy };
  }

  async #endorsedBy(named: readonly string[], name: string, options: ProposalOptions, deadline: Deadline) {
    if (named.length === 0) {
      return undefined;
    }
    const failed = (error: unknown, txId: string) => this.failed(error, txId);
    const transaction = await endorseBy(named, this.#contract, name, options, { deadline, failed });
    if (!transaction) {
      this.#enough = [];
    }
    return transaction;
  }

  async #order(transaction: Transaction, deadline: Deadline): Promise<bigint> {
    const txId = transaction.getTransactionId();
    const { status, failure } = await this.#send(transaction, deadline);
    // A refusal by orderers proves nothing: one member alone can add any number of orderer addresses to the gateway's
    // configuration.
    const outcome = status ? outcomeOf(status) : await this.#resolve(txId, deadline);
    switch (outcome.state) {
      case 'committed':
        return outcome.blockNumber;
      case 'refused':
        throw outcome.error;
      case 'unknown':
        throw clientError('OUTCOME_UNKNOWN', `Transaction ${txId}; ${reportsOf(failure)[0] ?? ''}`, {
          cause: failure,
          txId,
        });
    }
  }

  /** The outcome of a transaction that was sent. If it cannot be queried, the outcome is unknown, never a failure. */
  #resolve(txId: string, deadline: Deadline): Promise<Outcome> {
    return this.outcome(txId, deadline).catch((error: unknown) => ({
      state: 'unknown',
      txId,
      error: this.failed(error),
    }));
  }

  async #send(transaction: Transaction, deadline: Deadline): Promise<{ status?: Status; failure?: unknown }> {
    try {
      const commit = await withinCall(deadline, () => transaction.submit({ deadline: deadline.onCalendar }));
      return { status: inBlock(await withinCall(deadline, () => commit.getStatus({ deadline: deadline.onCalendar }))) };
    } catch (failure) {
      return { failure };
    }
  }

  /** The query is harmless and is repeated; the reason of its last failure says why the outcome stays unknown. */
  async #askStatus(
    txId: string,
    deadline: Deadline,
  ): Promise<{ readonly status: Status } | { readonly error: TraceCalError }> {
    try {
      const question = commitQuestion(this.#gateway, this.channel, txId);
      return {
        status: inBlock(await withinCall(deadline, () => question.getStatus({ deadline: deadline.onCalendar }))),
      };
    } catch (error) {
      return { error: this.failed(error) };
    }
  }

  get #timeoutMs(): number {
    return this.#budget?.timeoutMs ?? this.#limits.timeoutMs;
  }

  /** When a call that starts now must end. */
  #deadline(): Deadline {
    return this.#budget?.deadline ?? new Deadline(this.#limits.timeoutMs);
  }

  /** The reason why a connection was not ready in time. */
  #timedOut(cause: unknown): TraceCalError {
    return noAnswer({ address: this.#link?.address, timeoutMs: this.#timeoutMs }, { cause });
  }
}

/** Whether this ledger may choose the endorsers. Transient data must not be shown to further peers for the sake of speed. */
function choosesNobody({ endorsingOrganizations, transientData }: ProposalOptions): boolean {
  return endorsingOrganizations === undefined && transientData === undefined;
}

/**
 * Refuses an empty answer, which says in Fabric's encoding that the transaction is valid and in block 0. That block holds the channel's
 * first configuration, and nothing that a client submits.
 */
function inBlock(status: Status): Status {
  if (status.blockNumber === 0n) {
    throw clientError('ANSWER_INVALID', 'The status of a transaction names no block in which it can be.');
  }
  return status;
}

function outcomeOf(status: Status): Outcome {
  const { transactionId: txId, blockNumber } = status;
  return status.successful
    ? { state: 'committed', txId, blockNumber }
    : { state: 'refused', txId, error: commitFailure(status) };
}
