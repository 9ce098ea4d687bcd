import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { Context } from 'fabric-contract-api';
import type { Contract } from 'fabric-contract-api';
import { MemoryStub } from './memoryStub.js';

/** Who calls: what a peer would know from the certificate. */
export interface MemoryCaller {
  readonly mspId: string;
  readonly roles?: string;
}

/** What a simulated transaction did, as it would stand in its read-write set. */
export interface Simulation {
  readonly answer: string;
  readonly txId: string;
  readonly reads: readonly string[];
  readonly writes: ReadonlyMap<string, Buffer>;
  readonly event: { readonly name: string; readonly payload: unknown } | undefined;
}

/** A ledger without peers: runs a contract over a map, with the rules of Fabric's simulation that a contract can notice. */
export class MemoryLedger {
  readonly channel: string;
  readonly state = new Map<string, Buffer>();
  /** Chaincodes of other channels on the same peer: `registry/calibration`. */
  readonly others = new Map<string, MemoryLedger>();
  /** Where a range ends, silently. */
  totalQueryLimit = 100_000;
  now: Instant = '2026-01-01T00:00:00Z';
  /** The id of the transactions from now on; by default they are counted. */
  txId: string | undefined;
  readonly #contract: Contract;
  #transactions = 0;

  constructor(contract: Contract, channel = 'calibration') {
    this.#contract = contract;
    this.channel = channel;
  }

  /** Runs a transaction and commits it. Every one is a minute later than the last. */
  async submit(caller: MemoryCaller, transaction: string, ...args: readonly string[]): Promise<Simulation> {
    const simulation = await this.simulate(caller, transaction, ...args);
    this.commit(simulation);
    return simulation;
  }

  /** Commits what the same transaction did on another ledger of the same past, as if it had been simulated here. */
  repeat(simulation: Simulation): void {
    this.#transactions += 1;
    this.commit(simulation);
  }

  async evaluate(transaction: string, ...args: readonly string[]): Promise<string> {
    const { answer, writes } = await this.simulate({ mspId: 'AnybodyMSP' }, transaction, ...args);
    if (writes.size > 0) {
      throw new Error(`${transaction} is an evaluation and writes.`);
    }
    return answer;
  }

  async simulate(caller: MemoryCaller, transaction: string, ...args: readonly string[]): Promise<Simulation> {
    this.#transactions += 1;
    const txId = this.txId ?? `tx-${this.#transactions}`;
    const stub = new MemoryStub(this, txId, caller, transaction, args);
    const context = new Context();
    Object.assign(context, {
      stub,
      clientIdentity: {
        getMSPID: () => caller.mspId,
        getAttributeValue: (name: string) => (name === 'tracecal.roles' ? (caller.roles ?? null) : null),
      },
      logging: { getLogger: () => ({ error: () => undefined }) },
    });
    const answered: Promise<unknown> = this.#contract.aroundTransaction(context, transaction as never, args);
    const answer = await answered;
    return { answer: String(answer), txId, ...stub.result() };
  }

  commit({ writes }: Simulation): void {
    for (const [key, value] of writes) {
      if (value.length === 0) {
        this.state.delete(key);
      } else {
        this.state.set(key, value);
      }
    }
    this.now = instantOf(Date.parse(this.now) + 60_000);
  }
}
