import type { common } from '@hyperledger/fabric-protos';
import { peer } from '@hyperledger/fabric-protos';
import { parseEnvelope } from '@tracecal/ledger/validation';
import { NO_BYTES, sameBytes } from '@tracecal/ledger/wire';
import { blockDataHash, blockHeaderHash } from '../../../channel/block.js';
import { addMetadata, UNSIGNED } from './blockMetadata.js';
import { BlockStore, blockWrites, corruptAt } from './blockStore.js';
import { EmbeddedLedger } from './channelLedger.js';
import { type Checkpoint, checkpointWrite, readCheckpoint } from './checkpoint.js';
import { LedgerError } from './errors.js';
import { blockKey } from './keys.js';
import { PastVersions } from './pastVersions.js';
import { PendingPrivate } from './pendingPrivate.js';
import { Store } from './store.js';
import type { ChannelLedger, LedgerOptions } from './types.js';

/**
 * Opens a channel's ledger, or creates it with the genesis block. Fast for any length of the chain, because only its two ends are checked
 * ({@link ChannelLedger.verifyChain} checks everything).
 * @throws LedgerError `STORE_IN_USE`, `CORRUPT_STORE`, or `WRONG_CHANNEL` when the directory holds another channel.
 */
export async function openLedger(options: LedgerOptions): Promise<ChannelLedger> {
  const store = await Store.open(options.directory);
  try {
    const checkpoint = loadCheckpoint(store, options.directory) ?? (await createChain(store, options.genesis));
    const configBlock = await checkEnds(new BlockStore(store), checkpoint, options);
    const access = options.accessOf(configBlock);
    const pending = await PendingPrivate.load(store);
    const versions = await PastVersions.load(store);
    return new EmbeddedLedger({ store, checkpoint, access, pending, versions }, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

function loadCheckpoint(store: Store, directory: string): Checkpoint | undefined {
  try {
    const checkpoint = readCheckpoint(store);
    if (checkpoint !== undefined || store.get(blockKey(0)) === undefined) {
      return checkpoint;
    }
  } catch (error) {
    throw damagedCheckpoint(directory, error);
  }
  throw damagedCheckpoint(directory);
}

function damagedCheckpoint(directory: string, cause?: unknown): LedgerError {
  return new LedgerError(
    'CORRUPT_STORE',
    `The ledger in ${directory} does not say where its chain ends: restore it from a copy or start with an empty data directory.`,
    { cause },
  );
}

async function createChain(store: Store, genesis: common.Block): Promise<Checkpoint> {
  const header = genesis.getHeader();
  const envelopes = genesis.getData()?.getDataList_asU8() ?? [];
  if (header?.getNumber() !== 0 || !sameBytes(header.getDataHash_asU8(), blockDataHash(envelopes))) {
    throw new LedgerError('WRONG_CHANNEL', 'A chain begins with block 0, whose header fits its data: make it anew.');
  }
  const block = genesis.clone();
  const checkpoint = { height: 1, tipHash: blockHeaderHash(header), commitHash: NO_BYTES, configBlock: 0 };
  const codes = envelopes.map(() => peer.TxValidationCode.VALID);
  addMetadata(block, { codes, commitHash: NO_BYTES, configBlock: 0 }, UNSIGNED);
  const txIds = envelopes.map((envelope) => parseEnvelope(envelope).txId);
  await store.write([...blockWrites(block, 0, txIds, () => false), checkpointWrite(checkpoint)], true);
  return checkpoint;
}

/** The first block must be the channel's, the last one the checkpoint's. Returns the current config block. */
async function checkEnds(blocks: BlockStore, tip: Checkpoint, options: LedgerOptions): Promise<common.Block> {
  const first = await present(blocks, 0);
  const genesis = options.genesis.getHeader();
  if (genesis === undefined || !sameBytes(hashOf(first), blockHeaderHash(genesis))) {
    throw new LedgerError(
      'WRONG_CHANNEL',
      `The ledger in ${options.directory} began with another genesis block: use that network's configuration or an empty data directory.`,
    );
  }
  const last = await present(blocks, tip.height - 1);
  if (!sameBytes(hashOf(last), tip.tipHash)) {
    throw corruptAt(tip.height - 1, 'it is not the one that the checkpoint names');
  }
  const dataHash = last.getHeader()?.getDataHash_asU8() ?? NO_BYTES;
  if (!sameBytes(blockDataHash(last.getData()?.getDataList_asU8() ?? []), dataHash)) {
    throw corruptAt(tip.height - 1, 'its transactions are not those that its header was made for');
  }
  return present(blocks, tip.configBlock);
}

async function present(blocks: BlockStore, number: number): Promise<common.Block> {
  const block = await blocks.block(number);
  if (block === undefined) {
    throw corruptAt(number, 'it is missing');
  }
  return block;
}

function hashOf(block: common.Block): Uint8Array {
  const header = block.getHeader();
  return header ? blockHeaderHash(header) : NO_BYTES;
}
