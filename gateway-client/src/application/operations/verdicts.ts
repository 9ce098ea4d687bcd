import type { TraceEntry, TracesRecorded, VerdictCounts } from '@tracecal/core/contracts';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import { TraceCalError } from '../../client/index.js';
import type { Committed, Measurement } from '../../client/index.js';
import { all } from '../all.js';

/** A transaction that recorded verdicts, and their devices. */
export interface RecordedBatch {
  readonly devices: readonly string[];
  readonly committed: Committed<TracesRecorded>;
}

/** Result of recording verdicts about many devices, transaction by transaction. */
export interface Recording {
  readonly batches: readonly RecordedBatch[];
  /** Devices about which nothing was recorded, because a transaction failed, and why it did. */
  readonly left: readonly string[];
  readonly failure: TraceCalError | undefined;
}

/**
 * Records verdicts about devices, in batches. If a batch fails after others were committed, those stand, and the remaining devices are
 * reported with the reason.
 *
 * @throws TraceCalError if nothing was recorded
 */
export async function recordVerdicts(
  site: Measurement,
  devices: readonly string[],
  atOnce: number,
  step: (done: number) => void,
): Promise<Recording> {
  const batches: RecordedBatch[] = [];
  for (let done = 0; done < devices.length; done += atOnce) {
    step(done);
    const part = devices.slice(done, done + atOnce);
    try {
      batches.push({ devices: part, committed: await site.recordTraces(part) });
    } catch (failure) {
      if (done === 0 || !(failure instanceof TraceCalError)) {
        throw failure;
      }
      return { batches, left: devices.slice(done), failure };
    }
  }
  return { batches, left: [], failure: undefined };
}

/** Questions that are under way at the same time. */
const TOGETHER = 16;

/** Recorded verdicts, read from the ledger; a failed read does not undo them. */
export interface ReadBack {
  /** The verdicts that are not `TRACEABLE`; null if they could not be read. */
  readonly notTraceable: readonly TraceEntry[] | null;
  /** Why not. */
  readonly unread?: unknown;
}

/** The verdicts of all batches that are not `TRACEABLE`, read back from the ledger. */
export async function readBack(site: Measurement, batches: readonly RecordedBatch[]): Promise<ReadBack> {
  const found: TraceEntry[] = [];
  try {
    for (const batch of batches) {
      found.push(...(await notTraceable(site, batch)));
    }
  } catch (unread) {
    return { notTraceable: null, unread };
  }
  return { notTraceable: found };
}

async function notTraceable(site: Measurement, { devices, committed }: RecordedBatch): Promise<TraceEntry[]> {
  const { id, counts } = committed.result;
  const found: TraceEntry[] = [];
  if (counts.TRACEABLE === totalOf(counts)) {
    return found;
  }
  const [moment = ''] = id.split('/');
  for (let first = 0; first < devices.length; first += TOGETHER) {
    const answers = devices
      .slice(first, first + TOGETHER)
      .map((device) => all(site.getTraces(device, { from: moment, to: moment })));
    const entries = (await Promise.all(answers)).flat();
    found.push(...entries.filter(({ batch, status }) => batch === id && status !== 'TRACEABLE'));
  }
  return found;
}

/** How many verdicts there are in all. */
function totalOf(counts: VerdictCounts): number {
  return VERDICT_STATUSES.reduce((total, status) => total + counts[status], 0);
}
