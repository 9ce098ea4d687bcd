import { setTimeout as delay } from 'node:timers/promises';
import type { CallOptions } from '@grpc/grpc-js';
import type { Contract, Gateway, Network, ProposalOptions, Status, Transaction } from '@hyperledger/fabric-gateway';
import { commitFailure, isConflict, isPolicyFailure } from './commitFailure.js';
import { commitQuestion } from './commitQuestion.js';
import { endorse, endorseBy } from './endorse.js';
import { endorsersOf } from './endorsers.js';
import { clientError } from './errors.js';
import { gatewayFailure, reportsOf } from './gatewayFailure.js';
import type { ClientLimits } from './limits.js';
import type { Committed, Outcome } from './outcome.js';

/** Pauses between questions about an unknown outcome, and between new endorsements after a conflict. */
const ASK_AGAIN_MS = 250;
const RETRY_MS = 50;

/** Where a contract runs. */
export interface Place {
  readonly channel: string;
  readonly chaincode: string;
  /** The name of the contract, where it is not the first of its package. */
  readonly contract?: string | undefined;
}

/** One contract of one channel, through an organisation's gateway: bytes in, bytes out, every failure coded. */
export class Ledger {
  readonly channel: string;
  readonly network: Network;
  readonly #gateway: Gateway;
  readonly #contract: Contract;
  readonly #limits: ClientLimits;
  /**
   * Whose endorsements were enough for the last transaction, while nothing went wrong with them. A gateway that plans has its
   * own organisation's peer execute first and then, for what that wrote, those that the policy asks for: these alone, named,
   * take half the time and a third less work. It changes speed, never an outcome.
   */
  #enough: readonly string[] = [];

  constructor(gateway: Gateway, { channel, chaincode, contract }: Place, limits: ClientLimits) {
    this.channel = channel;
    this.#gateway = gateway;
    this.network = gateway.getNetwork(channel);
    this.#contract = this.network.getContract(chaincode, contract);
    this.#limits = limits;
  }

  /** Asks without writing. @throws TraceCalError */
  async evaluate(transaction: string, ...args: readonly string[]): Promise<Uint8Array> {
    try {
      const proposal = this.#contract.newProposal(transaction, { arguments: [...args] });
      return await proposal.evaluate(within(this.#limits.evaluateMs));
    } catch (error) {
      throw gatewayFailure(error);
    }
  }

  /** The channel's newest configuration (a serialised `common.Config`). @throws TraceCalError */
  async configuration(): Promise<Uint8Array> {
    try {
      const proposal = this.network.getContract('cscc').newProposal('GetChannelConfig', { arguments: [this.channel] });
      return await proposal.evaluate(within(this.#limits.evaluateMs));
    } catch (error) {
      throw gatewayFailure(error);
    }
  }

  /**
   * Writes, and waits for the block. After a read conflict, which leaves nothing behind, and where peers are a block apart, it
   * is endorsed anew.
   * @throws TraceCalError refused, with the reason's code; or `OUTCOME_UNKNOWN` with the transaction id
   */
  async submit(transaction: string, options: ProposalOptions): Promise<Committed<Uint8Array>> {
    for (let attempt = 0; ; attempt += 1) {
      // Only at first: what was lost to another transaction needs what this member's own peer has committed by now.
      const named = attempt === 0 && choosesNobody(options) ? this.#enough : [];
      try {
        return await this.#submitOnce(transaction, options, named);
      } catch (error) {
        // The policy can ask for others than last time: an institute was admitted, or has fallen.
        const isCurable = isConflict(error) || (named.length > 0 && isPolicyFailure(error));
        if (isPolicyFailure(error)) {
          this.#enough = [];
        }
        if (!isCurable || attempt >= this.#limits.conflictRetries) {
          throw error;
        }
        // Those who collided wait for different times, or they collide again.
        await delay(RETRY_MS * (attempt + Math.random()));
      }
    }
  }

  /** What became of a transaction; waits for up to `resolveMs` for an answer. */
  async outcome(txId: string, waitMs = this.#limits.resolveMs): Promise<Outcome> {
    const until = Date.now() + waitMs;
    do {
      const status = await this.#askStatus(txId, Math.max(until - Date.now(), 1));
      if (status) {
        return outcomeOf(status);
      }
      await delay(Math.min(ASK_AGAIN_MS, Math.max(until - Date.now(), 0)));
    } while (Date.now() < until);
    return { state: 'unknown', txId };
  }

  async #submitOnce(name: string, options: ProposalOptions, named: readonly string[]): Promise<Committed<Uint8Array>> {
    const transaction =
      (await this.#endorsedBy(named, name, options)) ?? (await endorse(this.#contract, name, options, this.#limits));
    const blockNumber = await this.#order(transaction);
    const endorsedBy = endorsersOf(transaction.getBytes());
    if (choosesNobody(options)) {
      this.#enough = endorsedBy;
    }
    return { txId: transaction.getTransactionId(), blockNumber, result: transaction.getResult(), endorsedBy };
  }

  async #endorsedBy(named: readonly string[], name: string, options: ProposalOptions) {
    if (named.length === 0) {
      return undefined;
    }
    const transaction = await endorseBy(named, this.#contract, name, options, this.#limits);
    if (!transaction) {
      this.#enough = [];
    }
    return transaction;
  }

  async #order(transaction: Transaction): Promise<bigint> {
    const txId = transaction.getTransactionId();
    const { status, failure } = await this.#send(transaction);
    // Orderers that refused it prove nothing: a member alone can give the gateway any number of addresses where that is said.
    const outcome = status ? outcomeOf(status) : await this.outcome(txId);
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

  async #send(transaction: Transaction): Promise<{ status?: Status; failure?: unknown }> {
    try {
      const commit = await transaction.submit(within(this.#limits.submitMs));
      return { status: await commit.getStatus(within(this.#limits.commitMs)) };
    } catch (failure) {
      return { failure };
    }
  }

  async #askStatus(txId: string, waitMs: number): Promise<Status | undefined> {
    try {
      return await commitQuestion(this.#gateway, this.channel, txId).getStatus(within(waitMs));
    } catch {
      // Asking is harmless and is done again: why one question failed does not matter.
      return undefined;
    }
  }
}

/** Whether it is left to this ledger who endorses. Who may see transient data is never a matter of speed. */
function choosesNobody({ endorsingOrganizations, transientData }: ProposalOptions): boolean {
  return endorsingOrganizations === undefined && transientData === undefined;
}

function outcomeOf(status: Status): Outcome {
  const { transactionId: txId, blockNumber } = status;
  return status.successful
    ? { state: 'committed', txId, blockNumber }
    : { state: 'refused', txId, error: commitFailure(status) };
}

function within(milliseconds: number): CallOptions {
  return { deadline: Date.now() + milliseconds };
}
