import { MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import type { Jws } from '@tracecal/core/model';
import type { Measurement } from '../../client/index.js';
import { clientError } from '../../client/errors.js';
import { makeFolder } from '../../client/atomicWrite.js';
import { batchOf, measurementsIn, syncLog } from '../../device/index.js';
import { FolderLock } from '../../device/folderLock.js';
import { ApplicationError } from '../errors.js';
import { anchorsFolder, batchesOfLog, writeBatch } from './anchoredBatches.js';
import type { AnchoredBatch } from './anchoredBatches.js';

/** A site's compartment, as far as anchoring needs it. */
export type AnchoringSite = Pick<Measurement, 'anchorMeasurements' | 'channel' | 'outcome'>;

export interface AnchoringOptions {
  /** Most measurements of a batch. */
  readonly atOnce?: number;
  /** Told of each batch that is on the ledger. */
  readonly onBatch?: (batch: AnchoredBatch) => void;
}

/**
 * Puts what is not anchored yet of a device's log into batches, and the Merkle root of each on the site's channel. Every batch and the id of
 * its transaction are noted before anything is sent: whatever interrupts it, running it again goes on there, and asks first what became of a
 * transaction whose outcome is unknown.
 *
 * @returns The batches that are on the ledger now and were not known to be before, the oldest first.
 * @throws TraceCalError, `OUTCOME_UNKNOWN` if that can still not be told; ApplicationError `INPUT_INVALID` for a log of another channel
 */
export async function anchorLog(
  site: AnchoringSite,
  log: string,
  { atOnce = MAX_MEASUREMENTS, onBatch = () => undefined }: AnchoringOptions = {},
): Promise<readonly AnchoredBatch[]> {
  await makeFolder(anchorsFolder(log), 0o700);
  const lock = await FolderLock.take(anchorsFolder(log));
  try {
    const known = await batchesOfLog(log);
    requireChannel(known, site.channel, log);
    const done: AnchoredBatch[] = [];
    const anchor = async (batch: AnchoredBatch): Promise<void> => {
      done.push(await anchored(site, log, batch));
      onBatch(done.at(-1) ?? batch);
    };
    for (const batch of known.filter(({ block }) => block === null)) {
      await anchor(batch);
    }
    await syncLog(log);
    for await (const batch of newBatches(log, site.channel, (known.at(-1)?.last ?? -1) + 1, atOnce)) {
      await writeBatch(log, batch);
      await anchor(batch);
    }
    return done;
  } finally {
    await lock.release();
  }
}

function requireChannel(known: readonly AnchoredBatch[], channel: string, log: string): void {
  const other = known.find((batch) => batch.channel !== channel);
  if (other) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The measurements in ${log} are anchored in ${other.channel}, not in ${channel}: name that site.`,
    );
  }
}

async function* newBatches(log: string, channel: string, from: number, atOnce: number): AsyncGenerator<AnchoredBatch> {
  let numbers: number[] = [];
  let taken: Jws[] = [];
  let device = '';
  const made = (): AnchoredBatch => {
    const { root, size } = batchOf(taken);
    const [first, last] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
    [numbers, taken] = [[], []];
    return { channel, device, root, size, first, last, txIds: [], block: null };
  };
  for await (const { content, jws } of measurementsIn(log, null, from)) {
    ({ device } = content);
    numbers.push(content.sequence);
    taken.push(jws);
    if (taken.length === atOnce) {
      yield made();
    }
  }
  if (taken.length > 0) {
    yield made();
  }
}

async function anchored(site: AnchoringSite, log: string, batch: AnchoredBatch): Promise<AnchoredBatch> {
  let known = batch;
  const note = async (changes: Partial<AnchoredBatch>): Promise<AnchoredBatch> => {
    known = { ...known, ...changes };
    await writeBatch(log, known);
    return known;
  };
  for (const txId of batch.txIds) {
    const outcome = await site.outcome(txId);
    if (outcome.state === 'committed') {
      return note({ block: Number(outcome.blockNumber) });
    }
    if (outcome.state === 'unknown') {
      throw clientError('OUTCOME_UNKNOWN', `Transaction ${txId}`, { cause: outcome.error, txId });
    }
  }
  const { blockNumber } = await site.anchorMeasurements(batch.root, batch.size, async (txId) => {
    await note({ txIds: [...known.txIds, txId] });
  });
  return note({ block: Number(blockNumber) });
}
