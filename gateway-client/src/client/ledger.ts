import { setTimeout as delay } from 'node:timers/promises';
import type { CallOptions } from '@grpc/grpc-js';
import type { Contract, Gateway, Network, ProposalOptions, Status, Transaction } from '@hyperledger/fabric-gateway';
import { commitFailure, isConflict } from './commitFailure.js';
import { commitQuestion } from './commitQuestion.js';
import { endorse } from './endorse.js';
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
      try {
        return await this.#submitOnce(transaction, options);
      } catch (error) {
        if (!isConflict(error) || attempt >= this.#limits.conflictRetries) {
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

  async #submitOnce(name: string, options: ProposalOptions): Promise<Committed<Uint8Array>> {
    const transaction = await endorse(this.#contract, name, options, this.#limits);
    const blockNumber = await this.#order(transaction);
    return {
      txId: transaction.getTransactionId(),
      blockNumber,
      result: transaction.getResult(),
      endorsedBy: endorsersOf(transaction.getBytes()),
    };
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

function outcomeOf(status: Status): Outcome {
  const { transactionId: txId, blockNumber } = status;
  return status.successful
    ? { state: 'committed', txId, blockNumber }
    : { state: 'refused', txId, error: commitFailure(status) };
}

function within(milliseconds: number): CallOptions {
  return { deadline: Date.now() + milliseconds };
}
