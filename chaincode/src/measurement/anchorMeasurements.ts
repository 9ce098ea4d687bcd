import { MAX_MEASUREMENTS, MEASUREMENT_EVENTS } from '@tracecal/core/contracts';
import type { MeasurementsAnchored } from '@tracecal/core/contracts';
import { parseAs, shapes } from '@tracecal/core/model';
import { z } from 'zod';
import { QUESTION_LIMITS } from '../contract/index.js';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { keys } from './keys.js';

const schema = z.strictObject({ root: shapes.sha256, size: z.int().min(1).max(MAX_MEASUREMENTS) });

/**
 * Writes the Merkle root of a batch of measurements, and nothing else: values stay with their owner. It reads no state, so nothing that
 * happens meanwhile makes it invalid. Whoever writes a root again adds to it: the first time stays.
 *
 * @throws RegistryError `NOT_AUTHORISED`, `INPUT_INVALID`
 */
export async function anchorMeasurements(
  state: LedgerWriter,
  caller: Caller,
  json: string,
): Promise<MeasurementsAnchored> {
  caller.requireRole('recorder');
  const { root, size } = parseAs(schema, 'batch', json, QUESTION_LIMITS);
  const { txId, time } = state.stamp;
  state.write(keys.measurements(root, size, time, txId), { root, size, by: caller.mspId, recorded: state.stamp });
  return state.conclude({ type: MEASUREMENT_EVENTS.measurementsAnchored, root, size, txId });
}
