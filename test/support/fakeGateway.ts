import { GatewayError } from '@hyperledger/fabric-gateway';
import type { Commit, Gateway, Proposal, Status, SubmittedTransaction, Transaction } from '@hyperledger/fabric-gateway';
import { Metadata, status as Grpc } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import type { ClientLimits } from '@tracecal/gateway-client';

/** What a fake gateway does with each step of a transaction; each is called once a step with the attempt's transaction id. */
export interface Script {
  readonly evaluate?: (transaction: string, args: readonly string[]) => Promise<Uint8Array>;
  /** What the chaincode answers to a submission. */
  readonly result?: string;
  readonly endorse?: (txId: string) => Promise<void>;
  readonly submit?: (txId: string) => Promise<void>;
  /** The commit status that follows a submission. */
  readonly commitStatus?: (txId: string) => Promise<Status>;
  /** A question for the commit status of a transaction by its id. */
  readonly askStatus?: (txId: string) => Promise<Status>;
}

/** A ledger over a gateway that follows a script, and a log of what was asked of it. */
export class FakeGateway {
  readonly calls: string[] = [];
  /** Every proposal: its transaction, and its arguments. */
  readonly proposals: (readonly [transaction: string, ...args: readonly string[]])[] = [];
  readonly ledger: Ledger;
  #count = 0;

  constructor(script: Script, limits: Partial<ClientLimits> = {}) {
    const contract = {
      newProposal: (transaction: string, { arguments: args = [] }: { readonly arguments?: readonly string[] }) =>
        this.#proposal(script, transaction, args),
    };
    const network = { getContract: () => contract };
    const connection = {
      getNetwork: () => network,
      getIdentity: () => ({ mspId: 'LabAlphaMSP', credentials: Buffer.from('certificate') }),
      newCommit: (bytes: Uint8Array) => this.#question(bytes, script),
    };
    const patience = { ...DEFAULT_LIMITS, resolveMs: 300, ...limits };
    this.ledger = new Ledger(
      connection as unknown as Gateway,
      { channel: 'calibration', chaincode: 'registry' },
      patience,
    );
  }

  #proposal(script: Script, transaction: string, args: readonly string[]): Proposal {
    this.#count += 1;
    this.proposals.push([transaction, ...args]);
    const txId = `tx-${this.#count}`;
    const proposal = {
      getTransactionId: () => txId,
      evaluate: () => this.#step('evaluate', script.evaluate?.(transaction, args) ?? Promise.resolve(new Uint8Array())),
      endorse: async () => {
        await this.#step(`endorse ${txId}`, script.endorse?.(txId));
        return this.#transaction(txId, script);
      },
    };
    return proposal as unknown as Proposal;
  }

  #transaction(txId: string, script: Script): Transaction {
    const transaction = {
      getTransactionId: () => txId,
      getResult: () => Buffer.from(script.result ?? `result of ${txId}`),
      getBytes: () => new gateway.PreparedTransaction().serializeBinary(),
      submit: async () => {
        await this.#step(`submit ${txId}`, script.submit?.(txId));
        return {
          getStatus: () => this.#step(`status ${txId}`, script.commitStatus?.(txId) ?? Promise.resolve(valid(txId))),
        } as unknown as SubmittedTransaction;
      },
    };
    return transaction as unknown as Transaction;
  }

  #question(bytes: Uint8Array, script: Script): Commit {
    const request = gateway.SignedCommitStatusRequest.deserializeBinary(bytes).getRequest_asU8();
    const txId = gateway.CommitStatusRequest.deserializeBinary(request).getTransactionId();
    const answer = script.askStatus ?? (() => Promise.reject(unavailable()));
    return { getStatus: () => this.#step(`ask ${txId}`, answer(txId)) } as unknown as Commit;
  }

  #step<T>(call: string, answer: Promise<T> | undefined): Promise<T> {
    this.calls.push(call);
    return answer ?? Promise.resolve(undefined as T);
  }
}

export function valid(transactionId: string): Status {
  return { transactionId, blockNumber: 7n, code: 0, successful: true };
}

export function invalid(transactionId: string, code: Status['code']): Status {
  return { transactionId, blockNumber: 7n, code, successful: false };
}

export function gatewayError(code: Grpc, message: string, details: readonly string[] = []): GatewayError {
  return new GatewayError({ code, message, cause: serviceError(code, message), details: detailsOf(details) });
}

/** A failed submission, as orderers caused it. */
export function submitError(txId: string, details: readonly string[], code = Grpc.UNAVAILABLE): GatewayError {
  const message = 'insufficient number of orderers could successfully process transaction';
  const cause = serviceError(code, message);
  return Object.assign(new GatewayError({ code, message, cause, details: detailsOf(details) }), {
    transactionId: txId,
  });
}

export function unavailable(): GatewayError {
  return gatewayError(Grpc.UNAVAILABLE, '14 UNAVAILABLE: No connection established');
}

function detailsOf(messages: readonly string[]) {
  return messages.map((message, i) => ({ address: `orderer${i}:7050`, mspId: 'OrdererMSP', message }));
}

function serviceError(code: Grpc, message: string): ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata: new Metadata() });
}
