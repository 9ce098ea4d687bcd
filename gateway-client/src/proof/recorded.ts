import { randomBytes } from 'node:crypto';
import { RegistryError } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { base64Bytes, base64Text, hexText } from '@tracecal/core/platform';
import { readConfigBlock } from '@tracecal/ledger/block';
import { committedResults, decodeReadWriteSet } from '@tracecal/ledger/validation';
import { Block, METADATA, TX_CODE } from '@tracecal/ledger/wire';
import type { TraceCal } from '../client/index.js';
import { inputOf } from '../client/input.js';
import { treeOf } from '../client/merkleTree.js';
import { understood } from '../client/understood.js';
import { signedPart } from './signedPart.js';
import { BUNDLE_TYPE } from './verify/index.js';
import { heartbeatRecord, sealReadBy } from './verify/nextHeartbeat.js';
import { recordedLeaf } from './verify/recordedLeaf.js';
import type { Bundle } from './verify/index.js';

const SALT_BYTES = 32;

/** Bundles with the tier recorded. */
export interface RecordedBundles {
  /** In the order in which they were given. */
  readonly bundles: readonly Bundle[];
  readonly txId: string;
  readonly block: number;
  /** How many transactions the block holds: each bundle carries all of them. */
  readonly transactions: number;
}

/**
 * Records bundles in the ledger: one transaction, however many there are. It holds only a root, from which nobody learns what was
 * recorded. The bundles carry the whole block, with what others registered in it.
 *
 * @param client - Of a member that may write.
 * @throws TraceCalError as every transaction
 * @example
 * const { bundles } = await recordProofs(tracecal, [await bundleOf(tracecal, 'lab-alpha/sensor-17')]);
 */
export async function recordProofs(
  client: Pick<TraceCal, 'anchorProofs' | 'block' | 'configurationBlocks'>,
  bundles: readonly Bundle[],
): Promise<RecordedBundles> {
  inputOf(() => {
    requireBundles(bundles);
  });
  const salts = bundles.map(() => hexText(randomBytes(SALT_BYTES)));
  const { root, paths } = treeOf(bundles.map((bundle, index) => recordedLeaf(bundle, salts[index] ?? '')));
  const { txId, blockNumber } = await client.anchorProofs(root);
  const number = Number(blockNumber);
  const block = await client.block(number);
  const before = (await client.configurationBlocks()).filter((each) => readConfigBlock(each).number < number);
  const where = understood(() => ({
    block: base64Text(signedPart(block)),
    configurations: before.map((each) => base64Text(signedPart(each))),
  }));
  return {
    bundles: bundles.map((bundle, index) => ({
      ...bundle,
      recorded: { salt: salts[index] ?? '', index, size: bundles.length, path: paths[index] ?? [], ...where },
    })),
    txId,
    block: number,
    transactions: understood(() => Block.decode(block).data?.data.length ?? 0),
  };
}

/**
 * A recorded bundle with the next heartbeat as the latest time at which it was recorded: that of an institute which names an epoch that was
 * sealed after the bundle's block. Undefined if there is none yet: a heartbeat follows within about an hour.
 *
 * @param reader - Of any member.
 * @throws TraceCalError `INPUT_INVALID` if the bundle has no tier recorded
 * @example
 * const dated = await withNextHeartbeat(tracecal, bundle);
 */
export async function withNextHeartbeat(
  reader: Pick<TraceCal, 'height' | 'block'>,
  bundle: Bundle,
): Promise<Bundle | undefined> {
  const { recorded } = bundle;
  const number = inputOf(() => {
    requireBundles([bundle]);
    if (recorded) return Block.decode(base64Bytes(recorded.block) ?? new Uint8Array()).header?.number ?? 0;
    throw new RegistryError('INPUT_INVALID', 'the bundle has no tier recorded: have it recorded first.');
  });
  const height = Number(await reader.height());
  for (let next = number + 1; next < height; next += 1) {
    const bytes = await reader.block(next);
    const found = understood(() => validIn(bytes)).find((each) => namesEpochAfter(each, number));
    if (found && recorded) return { ...bundle, recorded: { ...recorded, heartbeat: base64Text(found) } };
  }
  return undefined;
}

/** The transactions of a block that a peer took for valid. */
function validIn(bytes: Uint8Array): readonly Uint8Array[] {
  const { data, metadata } = Block.decode(bytes);
  const codes = metadata?.metadata[METADATA.transactionsFilter];
  return (data?.data ?? []).filter((_, place) => codes?.[place] === TX_CODE.VALID);
}

function namesEpochAfter(envelope: Uint8Array, block: number): boolean {
  try {
    const { results } = committedResults(envelope) ?? { results: new Uint8Array() };
    const sets = decodeReadWriteSet(results);
    const { number: epoch } = readStatement(heartbeatRecord(sets).statement.jws);
    return (sealReadBy(sets, epoch) ?? 0) > block;
  } catch {
    // Another transaction, or one that cannot be read.
    return false;
  }
}

/** Whoever gives none, or texts, is told before anything is written. @throws RegistryError `INPUT_INVALID` */
function requireBundles(bundles: readonly Bundle[]): void {
  const isBundle = (each: Bundle | undefined) => each?.type === BUNDLE_TYPE;
  if (!Array.isArray(bundles) || bundles.length === 0 || !bundles.every(isBundle)) {
    throw new RegistryError(
      'INPUT_INVALID',
      'what is to be recorded is not accepted: give at least one bundle, as `bundleOf` makes it.',
    );
  }
}
