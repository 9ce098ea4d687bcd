import type { common } from '@hyperledger/fabric-protos';
import type { ChaincodeDefinition } from '@tracecal/ledger/validation';
import { openLedger, type ChannelLedger, type TxSimulator } from '@tracecal/network/embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allOf, fakeAccess, fakeGenesis, fakeSequence } from './fakeAccess.js';
import {
  buildTransaction,
  newTransactionId,
  type BuiltTransaction,
  type Tampering,
  type TransactionParts,
} from './transactionBuilder.js';

export const CHANNEL = 'calibration';
export const MSPS = ['NorthMSP', 'SouthMSP', 'LabMSP'] as const;

export interface ProposeOptions extends Partial<TransactionParts> {
  /** MSP id of the simulating endorser, for private reads. */
  readonly reader?: string;
  readonly tampering?: Tampering;
}

/** A ledger in a directory of its own, and transactions against it. */
export class LedgerFixture {
  readonly directory: string;
  readonly definitions: ReadonlyMap<string, ChaincodeDefinition>;
  ledger: ChannelLedger;

  private constructor(directory: string, definitions: ReadonlyMap<string, ChaincodeDefinition>, ledger: ChannelLedger) {
    this.directory = directory;
    this.definitions = definitions;
    this.ledger = ledger;
  }

  static async open(
    definitions: readonly ChaincodeDefinition[] = [chaincode('registry')],
    directory = mkdtempSync(join(tmpdir(), 'tracecal-ledger-')),
  ): Promise<LedgerFixture> {
    const byName = new Map(definitions.map((definition) => [definition.name, definition]));
    return new LedgerFixture(directory, byName, await openAt(directory, byName));
  }

  async reopen(): Promise<void> {
    await this.ledger.close();
    this.ledger = await openAt(this.directory, this.definitions);
  }

  async end(): Promise<void> {
    await this.ledger.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Simulates, endorses and signs a transaction; private writes are kept as an endorser would. */
  async propose(
    execute: (simulator: TxSimulator) => Promise<void> | void,
    options: ProposeOptions = {},
  ): Promise<BuiltTransaction> {
    const { reader, tampering, ...parts } = options;
    const creator = parts.creator ?? 'NorthMSP';
    const { txId, nonce } = newTransactionId(creator, parts.nonce);
    const simulator = await this.ledger.simulate(txId, reader);
    try {
      await execute(simulator);
      const results = simulator.finish();
      if (results.privateResults !== undefined) {
        await this.ledger.keepPrivate(txId, results.privateResults);
      }
      const all: TransactionParts = {
        channelId: CHANNEL,
        chaincode: 'registry',
        version: '1',
        results: results.publicResults,
        endorsers: ['NorthMSP', 'SouthMSP'],
        creator,
        ...parts,
        nonce,
      };
      return buildTransaction(all, tampering);
    } finally {
      simulator.discard();
    }
  }

  /** Commits these transactions as one block; their validation codes. */
  async commit(...transactions: readonly (BuiltTransaction | Uint8Array)[]): Promise<number[]> {
    const envelopes = transactions.map((transaction) =>
      transaction instanceof Uint8Array ? transaction : transaction.envelope,
    );
    return codesOf(await this.ledger.commit(envelopes));
  }

  /** Proposes and commits one transaction alone in its block. */
  async run(
    execute: (simulator: TxSimulator) => Promise<void> | void,
    options: ProposeOptions = {},
  ): Promise<number | undefined> {
    const [code] = await this.commit(await this.propose(execute, options));
    return code;
  }

  /** Reads committed state without leaving a trace. */
  async look<T>(read: (simulator: TxSimulator) => Promise<T>, reader?: string): Promise<T> {
    const simulator = await this.ledger.simulate('look', reader);
    try {
      return await read(simulator);
    } finally {
      simulator.discard();
    }
  }

  state(key: string, namespace = 'registry'): Promise<string | undefined> {
    return this.look(async (simulator) => text(await simulator.getState(namespace, key)));
  }
}

export function chaincode(name: string, options: Partial<ChaincodeDefinition> = {}): ChaincodeDefinition {
  return {
    name,
    version: '1',
    sequence: 1,
    endorsementPolicy: allOf('NorthMSP', 'SouthMSP'),
    collections: [],
    ...options,
  };
}

export function bytes(value: string): Uint8Array {
  return Buffer.from(value);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString();
}

export function codesOf(block: common.Block): number[] {
  return [...(block.getMetadata()?.getMetadataList_asU8()[2] ?? [])];
}

function openAt(directory: string, definitions: ReadonlyMap<string, ChaincodeDefinition>): Promise<ChannelLedger> {
  return openLedger({
    directory,
    genesis: fakeGenesis(CHANNEL),
    accessOf: (block) => fakeAccess(CHANNEL, MSPS, fakeSequence(block)),
    definitions,
  });
}
