import { createHash } from 'node:crypto';
import { MAX_DEVICES, MEASUREMENT_EVENTS } from '@tracecal/core/contracts';
import type { RecordedTrace, TraceBatch, TracesRecorded, VerdictCounts } from '@tracecal/core/contracts';
import {
  canonicalJson,
  instant,
  instantOf,
  millisecondsOf,
  parseAs,
  RegistryError,
  TIME_WINDOW_MS,
} from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { z } from 'zod';
import { identifier } from '../contract/index.js';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { requireKind } from '../levels/index.js';
import { keys } from './keys.js';
import { verdictsAbout } from './verdicts.js';

const LIMITS = { maxLength: 131_072, maxDepth: 4 };

const schema = z.strictObject({ asOf: instant, devices: z.array(identifier).min(1).max(MAX_DEVICES) });

/**
 * Records the registry's verdicts about devices, as the site's operator. They come from this peer's copy of the registry,
 * and Fabric does not check them again. So each verdict is stored with the digests of the reports and the heartbeats:
 * anybody who may read the registry can repeat the trace and compare.
 */
export async function recordTraces(state: LedgerWriter, caller: Caller, json: string): Promise<TracesRecorded> {
  caller.requireRole('recorder');
  const { asOf, devices } = parseAs(schema, 'request', json, LIMITS);
  requirePresent(asOf, state.now);
  await requireKind(state, caller, 'OEM');
  const { registry, heartbeats, traces } = await verdictsAbout(state, devices, asOf);

  const batch: TraceBatch = {
    id: `${asOf}/${state.stamp.txId}`,
    registry,
    asOf,
    by: caller.mspId,
    recorded: state.stamp,
    heartbeats,
    counts: countsOf(traces),
    digest: createHash('sha256').update(canonicalJson(traces)).digest('hex'),
  };
  state.write(keys.batch(asOf, state.stamp.txId), batch);
  for (const trace of traces) {
    state.write(keys.trace(trace.device, asOf, state.stamp.txId), trace);
  }
  const { id, counts, digest } = batch;
  return state.conclude({ type: MEASUREMENT_EVENTS.tracesRecorded, id, counts, digest });
}

/** Query the registry about the distant past; a record states what was known when it was made. */
function requirePresent(asOf: Instant, now: Instant): void {
  const earliest = instantOf(millisecondsOf(now) - TIME_WINDOW_MS);
  if (asOf > now || asOf < earliest) {
    throw new RegistryError(
      'TIME_INVALID',
      `verdicts as of ${asOf} cannot be recorded at ${now}: ask for a moment from ${earliest} on, and none that lies ahead.`,
    );
  }
}

function countsOf(traces: readonly RecordedTrace[]): VerdictCounts {
  const counts = { TRACEABLE: 0, ATTESTED: 0, INCOMPLETE: 0, FAILED: 0 };
  for (const { status } of traces) {
    counts[status] += 1;
  }
  return counts;
}
