import { GatewayError } from '@hyperledger/fabric-gateway';
import type { Commit, Gateway, Proposal, Status, SubmittedTransaction, Transaction } from '@hyperledger/fabric-gateway';
import { Metadata, status as Grpc } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import { DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import type { ClientLimits } from '@tracecal/gateway-client';

/** What a fake gateway does with each step of a transaction; each is called once a step with the attempt's transaction id. */
export interface Script {
  readonly evaluate?: (transaction: string, args: readonly string[]) => Promise<Uint8Array>;
  /** What the chaincode answers to a submission. */
  readonly result?: string;
  readonly endorse?: (txId: string) => Promise<void>;
  /** Whom the gateway has endorse where nobody is named. */
  readonly plan?: readonly string[];
  readonly submit?: (txId: string) => Promise<void>;
  /** The commit status that follows a submission. */
  readonly commitStatus?: (txId: string) => Promise<Status>;
  /** A question for the commit status of a transaction by its id. */
  readonly askStatus?: (txId: string) => Promise<Status>;
}

interface Proposed {
  readonly arguments?: readonly string[];
  readonly endorsingOrganizations?: readonly string[];
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
      newProposal: (transaction: string, { arguments: args = [], endorsingOrganizations }: Proposed) =>
        this.#proposal(script, [transaction, ...args], endorsingOrganizations),
    };
    const network = { getContract: () => contract };
    const connection = {
      getNetwork: () => network,
      getIdentity: () => ({ mspId: 'LabAlphaMSP', credentials: Buffer.from('certificate') }),
      newCommit: (bytes: Uint8Array) => this.#question(bytes, script),
    };
    const patience = { ...DEFAULT_LIMITS, timeoutMs: 300, ...limits };
    this.ledger = new Ledger(
      connection as unknown as Gateway,
      { channel: 'calibration', chaincode: 'registry' },
      patience,
    );
  }

  #proposal(
    script: Script,
    [transaction, ...args]: readonly [string, ...string[]],
    named: readonly string[] | undefined,
  ): Proposal {
    this.#count += 1;
    this.proposals.push([transaction, ...args]);
    const by = named ? ` by ${named.join(' and ')}` : '';
    const txId = `tx-${this.#count}`;
    const proposal = {
      getTransactionId: () => txId,
      evaluate: () => this.#step('evaluate', script.evaluate?.(transaction, args) ?? Promise.resolve(new Uint8Array())),
      endorse: async () => {
        await this.#step(`endorse ${txId}${by}`, script.endorse?.(txId));
        return this.#transaction(txId, script, named ?? script.plan ?? []);
      },
    };
    return proposal as unknown as Proposal;
  }

  #transaction(txId: string, script: Script, endorsers: readonly string[]): Transaction {
    const transaction = {
      getTransactionId: () => txId,
      getResult: () => Buffer.from(script.result ?? `result of ${txId}`),
      getBytes: () => endorsedBy(endorsers),
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

/** A transaction with endorsements by peers of these organisations. */
function endorsedBy(mspIds: readonly string[]): Uint8Array {
  const endorsed = new peer.ChaincodeEndorsedAction();
  for (const mspId of mspIds) {
    const endorser = new msp.SerializedIdentity();
    endorser.setMspid(mspId);
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser.serializeBinary());
    endorsed.addEndorsements(endorsement);
  }
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(action);
  const payload = new common.Payload();
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  const prepared = new gateway.PreparedTransaction();
  prepared.setEnvelope(envelope);
  return prepared.serializeBinary();
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
