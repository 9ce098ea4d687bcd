import { common } from '@hyperledger/fabric-protos';
import { blockHeaderHash, newBlock } from '../../../channel/block.js';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import {
  attempt,
  ChangedPolicies,
  commitHash,
  examine,
  findCollection,
  validateBlock,
  type BlockUpdates,
  type ChaincodeDefinition,
  type CommittedState,
  type Examined,
  type StateRecord,
  type ValidatedBlock,
} from '@tracecal/ledger/validation';
import { keyOf, NO_BYTES, TX_CODE } from '@tracecal/ledger/wire';
import { addMetadata, UNSIGNED } from './blockMetadata.js';
import type { BlockStore } from './blockStore.js';
import { blockWrites } from './blockStore.js';
import { type Checkpoint, checkpointWrite } from './checkpoint.js';
import { historyKey } from './keys.js';
import type { PastVersions } from './pastVersions.js';
import { type PendingPrivate, removalOf } from './pendingPrivate.js';
import { expiredWith, expiries, PrivateUpdates } from './privateData.js';
import { encodeRecord } from './record.js';
import { slices } from './slices.js';
import type { Store, Write } from './store.js';
import type { LedgerOptions } from './types.js';
import { invalidTransactions } from './whyInvalid.js';

interface CommitterParts {
  readonly store: Store;
  readonly blocks: BlockStore;
  readonly pending: PendingPrivate;
  readonly versions: PastVersions;
  readonly accessOf: LedgerOptions['accessOf'];
  readonly signUnder: LedgerOptions['signUnder'];
  readonly log: LedgerOptions['log'];
}

type Definitions = (chaincode: string) => ChaincodeDefinition | undefined;
type PendingEntries = ReturnType<PendingPrivate['settledBy']>;

/** A block ready to be written, and the resulting state of the ledger. */
export interface CommitResult {
  readonly block: common.Block;
  readonly writes: readonly Write[];
  readonly checkpoint: Checkpoint;
  readonly access: ChannelAccess;
  readonly settled: PendingEntries;
}

/** Makes the next block from envelopes: validates them and computes all changes of the block. */
export class Committer {
  readonly #parts: CommitterParts;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  async prepare(
    envelopes: readonly Uint8Array[],
    tip: Checkpoint,
    access: ChannelAccess,
    definition: Definitions,
  ): Promise<CommitResult> {
    const number = tip.height;
    const block = newBlock(number, tip.tipHash, envelopes);
    const header = block.getHeader() ?? new common.BlockHeader();
    const reconfigured = this.#reconfigure(block, await examineAll(envelopes, access), access);
    const context = {
      access,
      definition,
      committed: readOnce(this.#parts.store),
      changed: new ChangedPolicies(),
      isOutdated: (chaincode: string, version: string) =>
        definition(chaincode)?.version !== version && this.#parts.versions.has(chaincode, version),
    };
    const validated = await validateBlock(number, reconfigured.examined, this.#isKnown, context, slices());
    const { log, store: committed } = this.#parts;
    const judged = { envelopes, examined: reconfigured.examined, validated, committed, definition };
    for (const line of log ? invalidTransactions(judged) : []) {
      log?.('debug', `channel ${access.channelId}, block ${number}: ${line}`);
    }
    const checkpoint: Checkpoint = {
      height: number + 1,
      tipHash: blockHeaderHash(header),
      commitHash: commitHash(validated.codes, validated.updates, tip.commitHash),
      configBlock: reconfigured.access === access ? tip.configBlock : number,
    };
    // The orderers of the previous configuration sign a new one.
    addMetadata(block, { ...checkpoint, codes: validated.codes }, this.#parts.signUnder?.(access.config) ?? UNSIGNED);
    const txIds = reconfigured.examined.map(({ txId }) => txId);
    const settled = this.#parts.pending.settledBy(number, txIds);
    const writes = [
      ...blockWrites(block, number, txIds, this.#isKnown),
      ...stateWrites(validated.updates),
      ...historyWrites(number, validated),
      ...this.#privateWrites(number, validated, txIds),
      ...(await this.#expiryWrites(number, validated.updates, access, definition)),
      ...removalOf(settled),
      ...this.#parts.versions.writes(),
      checkpointWrite(checkpoint),
    ];
    return { block, checkpoint, access: reconfigured.access, settled, writes };
  }

  readonly #isKnown = (txId: string): boolean => this.#parts.blocks.isKnown(txId);

  async #expiryWrites(
    number: number,
    updates: BlockUpdates,
    access: ChannelAccess,
    definition: Definitions,
  ): Promise<Write[]> {
    const blockToLive = (namespace: string, collection: string): number =>
      findCollection(definition(namespace), collection, access)?.blockToLive ?? 0;
    return [...expiries(updates, number, blockToLive), ...(await expiredWith(number, this.#parts.store, updates))];
  }

  /** A new configuration must be alone in its block, follow the current one, and be valid. */
  #reconfigure(
    block: common.Block,
    examined: readonly Examined[],
    access: ChannelAccess,
  ): { readonly access: ChannelAccess; readonly examined: readonly Examined[] } {
    const refuse = (transaction: Examined): Examined =>
      transaction.kind === 'config' ? { ...transaction, code: TX_CODE.INVALID_CONFIG_TRANSACTION } : transaction;
    if (!examined.some(({ kind }) => kind === 'config')) {
      return { access, examined };
    }
    const next = examined.length === 1 ? attempt(() => this.#parts.accessOf(block)) : undefined;
    // Repeating an old configuration would restore rights that were removed.
    const follows = next?.channelId === access.channelId && next.sequence === access.sequence + 1;
    return follows ? { access: next, examined } : { access, examined: examined.map(refuse) };
  }

  #privateWrites(number: number, { updates, valid }: ValidatedBlock, txIds: readonly string[]): Write[] {
    const privateUpdates = new PrivateUpdates(this.#parts.store, updates);
    for (const [transaction, sets] of valid) {
      if (sets.some(({ collections }) => collections.some(({ privateHash }) => privateHash.length > 0))) {
        const candidates = this.#parts.pending.of(txIds[transaction] ?? '');
        privateUpdates.apply({ version: { block: number, transaction }, sets, candidates });
      }
    }
    return privateUpdates.writes();
  }
}

async function examineAll(envelopes: readonly Uint8Array[], access: ChannelAccess): Promise<Examined[]> {
  const examined: Examined[] = [];
  const pause = slices();
  for (const envelope of envelopes) {
    examined.push(examine(envelope, access));
    await pause();
  }
  return examined;
}

/** The state before a block. The rules ask for the same records again, and most keys that are written do not exist yet. */
function readOnce(state: CommittedState): CommittedState {
  const known = new Map<string, StateRecord | undefined>();
  return {
    record(place) {
      const name = keyOf(place);
      if (!known.has(name)) known.set(name, state.record(place));
      return known.get(name);
    },
    records: (range) => state.records(range),
  };
}

function stateWrites(updates: BlockUpdates): Write[] {
  return updates.sorted().map(({ place, record }) => ({ key: place, value: record && encodeRecord(record) }));
}

function historyWrites(number: number, { valid }: ValidatedBlock): Write[] {
  return [...valid].flatMap(([transaction, sets]) =>
    sets.flatMap(({ namespace, state }) =>
      state.writes.map(({ key }) => ({ key: historyKey(namespace, key, number, transaction), value: NO_BYTES })),
    ),
  );
}
