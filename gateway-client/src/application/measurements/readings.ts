import { parseJson, refusalText, RegistryError, shapeOf } from '@tracecal/core/model';
import { z } from 'zod';
import { TraceCalError } from '../../client/errors.js';
import { inputOf } from '../../client/input.js';
import { ConditionsDiffer, correct, OutsideCalibration } from '../../device/index.js';
import type { MeasurementLog, Moment, Reading, SignedMeasurement, VerdictInForce } from '../../device/index.js';
import { ApplicationError } from '../errors.js';
import { influencesOn } from './influences.js';
import type { InfluenceOn } from './influences.js';
import type { Correction } from './provenCalibration.js';
import { whyFailed, withoutStop } from './whyFailed.js';

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
  /** Reports by which readings are corrected. Without any they are signed as the instrument showed them. */
  readonly corrections?: readonly Correction[];
  /** What else moves the indication, with the conditions that readings state. */
  readonly influences?: readonly InfluenceOn[];
  /**
   * What becomes of a reading where the report states no errors, or of a kind that no report is about: it is signed as the instrument showed
   * it (`raw`, by default), or ends the signing.
   */
  readonly outside?: 'raw' | 'stop';
  /** Called for each reading that is not corrected because no report states errors there, before it is signed. */
  readonly onOutside?: (reading: OutsideReading) => void;
  /** Called for each measurement in its order; the next readings wait until it is done. */
  readonly onSigned?: (signed: SignedMeasurement) => Promise<void> | void;
}

/** A reading outside of the reports by which it was to be corrected. */
export interface OutsideReading {
  /** Its number in the input, from 1 on. */
  readonly reading: number;
  /** A sentence. */
  readonly why: string;
}

/** Readings that are under way at the same time: they are forced to the disk together. */
const TOGETHER = 256;

/**
 * Signs readings as they come and appends them to a device's log. A source that is faster than the disk is slowed down.
 *
 * @returns How many were signed.
 * @throws ApplicationError `INPUT_INVALID` and `WRITING_FAILED`, or TraceCalError of the signer: with the number of the reading in the input,
 * and how many are signed
 */
export async function signReadings(
  log: MeasurementLog,
  lines: AsyncIterable<string> | Iterable<string>,
  options: SigningOptions = {},
): Promise<number> {
  const { verdict = null, onSigned = () => undefined } = options;
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
  for await (const text of orUnread(lines)) {
    if (text instanceof Unread) {
      await settle();
      throw notRead(line, count, text.cause);
    }
    line += 1;
    try {
      const { time, ...raw } = readingOf(text);
      const appending = log.enqueue(readingFor(raw, line, options), verdict, time);
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

/**
 * As {@link signReadings}, and closes the log, whatever happens.
 *
 * @throws As {@link signReadings}; ApplicationError `WRITING_FAILED` if the log cannot be closed, with how many are signed
 */
export async function signAndClose(
  log: MeasurementLog,
  lines: AsyncIterable<string> | Iterable<string>,
  options: SigningOptions = {},
): Promise<number> {
  let count: number;
  try {
    count = await signReadings(log, lines, options);
  } catch (error) {
    // What ended the signing is what the user has to know.
    await log.close().catch(() => undefined);
    throw error;
  }
  try {
    await log.close();
  } catch (cause) {
    const why = `${signedText(count)}, up to the last reading, but the log was not closed: ${whyFailed(cause)}. A power failure may take the newest away.`;
    throw new ApplicationError('WRITING_FAILED', why, { cause });
  }
  return count;
}

/** The lines could not be read any further. */
class Unread {
  constructor(readonly cause: unknown) {}
}

/** What was read before has to be settled first. */
async function* orUnread(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string | Unread> {
  try {
    yield* lines;
  } catch (cause) {
    yield new Unread(cause);
  }
}

/** @throws TraceCalError `INPUT_INVALID` */
function readingFor(raw: Omit<RawReading, 'time'>, line: number, options: SigningOptions): Reading {
  const { corrections = [], influences = [], outside = 'raw', onOutside } = options;
  return inputOf(() => {
    try {
      return correctedBy(corrections, raw, influences);
    } catch (error) {
      if (outside === 'stop' || !(error instanceof OutsideCalibration)) {
        throw error;
      }
      onOutside?.({ reading: line, why: refusalText(error) });
      return { ...raw, corrected: null };
    }
  });
}

function notRead(line: number, count: number, cause: unknown): unknown {
  return cause instanceof ApplicationError
    ? new ApplicationError(cause.code, `After reading ${line}: ${withoutStop(cause.message)}. ${signedText(count)}.`, {
        cause,
      })
    : cause;
}

function signedText(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'} signed`;
}

/** The number of the reading, why, and how many are in the log: whoever goes on begins after these. */
function notSigned(line: number, count: number, cause: unknown): unknown {
  const refusal = cause instanceof TraceCalError && cause.cause instanceof RegistryError ? cause.cause : cause;
  const told = (why: string): string => `Reading ${line} is not signed: ${withoutStop(why)}. ${signedText(count)}.`;
  if (refusal instanceof RegistryError) {
    return new ApplicationError('INPUT_INVALID', told(refusal.message.slice(refusal.code.length + 2)), { cause });
  }
  if (!(cause instanceof TraceCalError)) {
    return cause;
  }
  return cause.code === 'FILE_UNWRITABLE'
    ? new ApplicationError('WRITING_FAILED', told(cause.message), { cause })
    : new TraceCalError(cause.code, told(cause.message), { cause });
}

/**
 * The reading after the errors in the report for its kind of quantity, and after influences. Conditions whose influence is corrected are in
 * the value and its uncertainty; they are not stated again, since the report holds where they were at their reference.
 *
 * @throws OutsideCalibration where the report states no errors; RegistryError `INPUT_INVALID`
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
    throw new OutsideCalibration('INPUT_INVALID', `no report about the device gives errors of ${quantity}.`);
  }
  const standardUncertainty = uncertainty ? uncertainty.expanded / uncertainty.coverageFactor : 0;
  const influences = influencesOn(all, raw);
  const shown = { quantity, unit, value, standardUncertainty };
  const { value: own, uncertainty: whole } = byReport(found, () => correct(found.results, shown, at, influences));
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

/** A refusal names the report: a bundle brings several. */
function byReport<T>({ by: { report } }: Correction, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RegistryError)) {
      throw error;
    }
    const text = `${withoutStop(error.message.slice(error.code.length + 2))} (report ${report}).`;
    const Kind = [OutsideCalibration, ConditionsDiffer].find((kind) => error instanceof kind) ?? RegistryError;
    throw new Kind(error.code, text);
  }
}
