import { printable } from '@tracecal/core/model';
import { clientError } from '../../client/errors.js';
import { batchOf, measurementProofText, measurementsIn } from '../../device/index.js';
import type { Inclusion, Measurement, SignedMeasurement } from '../../device/index.js';
import type { Bundle } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import { batchesOfLog, batchWith } from './anchoredBatches.js';
import type { AnchoredBatch } from './anchoredBatches.js';

export interface ProvedMeasurement {
  /** The file for others. */
  readonly text: string;
  readonly measurement: Measurement;
  /** It is null as long as it is in no batch. */
  readonly batch: AnchoredBatch | null;
}

/**
 * Makes one file of a value, its place in its batch, and its device's calibration.
 *
 * @param calibration A bundle about the device.
 * @throws ApplicationError `NOT_REGISTERED` if the log holds no such number, `INPUT_INVALID` for a bundle about another device;
 * TraceCalError `MEASUREMENTS_DAMAGED` if the log holds something else than what was anchored
 */
export async function proveMeasurement(log: string, sequence: number, calibration: Bundle): Promise<ProvedMeasurement> {
  const batch = batchWith(await batchesOfLog(log), sequence) ?? null;
  const all = await between(log, batch?.first ?? sequence, batch?.last ?? sequence);
  const place = all.findIndex(({ content }) => content.sequence === sequence);
  const found = all[place];
  if (!found) {
    throw new ApplicationError('NOT_REGISTERED', `The log in ${log} holds no measurement ${sequence}.`);
  }
  const { content, jws } = found;
  if (content.device !== calibration.device) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The measurements in ${log} are of ${content.device}, and the bundle is about ${calibration.device}: name its own bundle.`,
    );
  }
  const inclusion = batch && inclusionOf(log, batch, all, place);
  return { text: measurementProofText({ measurement: jws, inclusion, calibration }), measurement: content, batch };
}

async function between(log: string, first: number, last: number): Promise<readonly SignedMeasurement[]> {
  const all: SignedMeasurement[] = [];
  for await (const measurement of measurementsIn(log, null, first)) {
    if (measurement.content.sequence > last) {
      break;
    }
    all.push(measurement);
  }
  return all;
}

function inclusionOf(
  log: string,
  { root, first, last }: AnchoredBatch,
  all: readonly SignedMeasurement[],
  place: number,
): Inclusion | null {
  const made = batchOf(all.map(({ jws }) => jws));
  if (made.root !== root) {
    throw clientError(
      'MEASUREMENTS_DAMAGED',
      `${printable(log)} holds other measurements from ${first} to ${last} than those that were anchored.`,
    );
  }
  return made.inclusions[place] ?? null;
}
