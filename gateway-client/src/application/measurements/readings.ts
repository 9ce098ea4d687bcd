import { parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import { z } from 'zod';
import { TraceCalError } from '../../client/errors.js';
import { inputOf } from '../../client/input.js';
import { correct } from '../../device/index.js';
import type { MeasurementLog, Moment, Reading, SignedMeasurement, VerdictInForce } from '../../device/index.js';
import { ApplicationError } from '../errors.js';
import { influencesOn } from './influences.js';
import type { InfluenceOn } from './influences.js';
import type { Correction } from './provenCalibration.js';
import { withoutStop } from './whyFailed.js';

/** A reading as it comes in: as the instrument showed it. */
export type RawReading = Omit<Reading, 'corrected'> & { readonly time?: Moment };

const LIMITS = { maxLength: 16_384, maxDepth: 4, maxValues: 256 };
/** More bytes than the longest reading has. */
export const MOST_READING_BYTES = LIMITS.maxLength;

const schema = z.strictObject({
  quantity: z.string(),
  unit: z.string(),
  value: z.number(),
  arguments: z.exactOptional(
    z.array(
      z.strictObject({
        name: z.string(),
        value: z.union([z.number(), z.string()]),
        unit: z.exactOptional(z.string()),
      }),
    ),
  ),
  uncertainty: z
    .nullable(z.strictObject({ expanded: z.number(), coverageFactor: z.number(), coverageProbability: z.number() }))
    .default(null),
  time: z.exactOptional(z.string()),
});

/** A reading in a line of JSON. What it must hold, the measurement says that is made of it. @throws RegistryError */
export function readingOf(line: string): RawReading {
  return shapeOf(schema, 'reading', parseJson(line, LIMITS));
}

export interface SigningOptions {
  readonly verdict?: VerdictInForce | null;
  /** Reports by which readings are corrected; none: they are signed as the instrument showed them. */
  readonly corrections?: readonly Correction[];
  /** What else moves the indication, with the conditions that readings state. */
  readonly influences?: readonly InfluenceOn[];
  /** Called for each measurement in its order; the next readings wait until it is done. */
  readonly onSigned?: (signed: SignedMeasurement) => Promise<void> | void;
}

/** Readings that are under way at the same time: they are forced to the disk together. */
const TOGETHER = 256;

/**
 * Signs readings as they come and appends them to a device's log. A source that is faster than the disk is slowed down.
 *
 * @returns How many were signed.
 * @throws ApplicationError `INPUT_INVALID`, or TraceCalError of the log or the signer: with the number of the line, and how many are signed
 */
export async function signReadings(
  log: MeasurementLog,
  lines: AsyncIterable<string> | Iterable<string>,
  { verdict = null, corrections = [], influences = [], onSigned = () => undefined }: SigningOptions = {},
): Promise<number> {
  let [line, count] = [0, 0];
  let waiting: { readonly line: number; readonly appending: Promise<SignedMeasurement> }[] = [];
  const settle = async (): Promise<void> => {
    const taken = waiting;
    waiting = [];
    const settled = await Promise.allSettled(taken.map(({ appending }) => appending));
    for (const each of settled) {
      // The log has them: whoever reads what is signed has to get them, too.
      if (each.status === 'fulfilled') {
        count += 1;
        await onSigned(each.value);
      }
    }
    settled.forEach((each, place) => {
      if (each.status === 'rejected') {
        throw notSigned(taken[place]?.line ?? line, count, each.reason);
      }
    });
  };
  for await (const text of lines) {
    line += 1;
    try {
      const { time, ...raw } = readingOf(text);
      const reading = inputOf(() => correctedBy(corrections, raw, influences));
      const appending = log.enqueue(reading, verdict, time);
      // Somebody else asks for it later.
      appending.catch(() => undefined);
      waiting.push({ line, appending });
    } catch (cause) {
      await settle();
      throw notSigned(line, count, cause);
    }
    await (waiting.length >= TOGETHER ? settle() : undefined);
  }
  await settle();
  return count;
}

/** The number of the reading, why, and how many are in the log: whoever goes on begins after these. */
function notSigned(line: number, count: number, cause: unknown): unknown {
  const refusal = cause instanceof TraceCalError && cause.cause instanceof RegistryError ? cause.cause : cause;
  const signed = `${count} ${count === 1 ? 'is' : 'are'} signed.`;
  if (refusal instanceof RegistryError) {
    const why = refusal.message.slice(refusal.code.length + 2);
    return new ApplicationError('INPUT_INVALID', `Reading ${line} is not signed: ${why} ${signed}`, { cause });
  }
  return cause instanceof TraceCalError
    ? new TraceCalError(cause.code, `Reading ${line} is not signed: ${withoutStop(cause.message)}. ${signed}`, {
        cause,
      })
    : cause;
}

/**
 * The reading after the errors in the report for its kind of quantity, and after influences. Conditions whose influence is corrected are in
 * the value and its uncertainty; they are not stated again, since the report holds where they were at their reference.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export function correctedBy(
  corrections: readonly Correction[],
  raw: Omit<RawReading, 'time'>,
  all: readonly InfluenceOn[] = [],
): Reading {
  if (corrections.length === 0) {
    return { ...raw, corrected: null };
  }
  const { quantity, unit, value, arguments: at = [], uncertainty } = raw;
  const found = corrections.find(({ results }) => results.some((result) => result.quantity === quantity));
  if (!found) {
    throw new RegistryError('INPUT_INVALID', `no report about the device gives errors of ${quantity}.`);
  }
  const standardUncertainty = uncertainty ? uncertainty.expanded / uncertainty.coverageFactor : 0;
  const influences = influencesOn(all, raw);
  const shown = { quantity, unit, value, standardUncertainty };
  const { value: own, uncertainty: whole } = correct(found.results, shown, at, influences);
  const isInfluence = ({ name }: { readonly name: string }) =>
    influences.some(({ argument }) => argument.toLowerCase() === name.toLowerCase());
  const stated = at.filter((each) => !isInfluence(each));
  return {
    ...{ quantity, unit },
    ...(stated.length > 0 && { arguments: stated }),
    value: own,
    uncertainty: whole,
    corrected: found.by,
  };
}
