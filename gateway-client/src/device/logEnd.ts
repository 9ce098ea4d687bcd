import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAs, parseJson, printable, RegistryError } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { clientError } from '../client/errors.js';
import { isMissing } from '../files/index.js';
import { unverified } from './measurement.js';
import type { Previous, SignedMeasurement } from './measurement.js';
import { linesOf, segmentAt, segmentsIn } from './segments.js';
import type { Segment } from './segments.js';

/** Where a log ends. */
export interface LogEnd {
  readonly segment: Segment;
  /** Bytes of the segment that hold measurements. */
  readonly size: number;
  readonly lines: number;
  readonly last: Previous | null;
  /** The next number that nobody can have seen. */
  readonly next: number;
  /** Bytes behind the last measurement. */
  readonly torn: number;
}

/** Reads a log's last measurement, and what stands behind it because a power failure cut it. */
export async function findEnd(folder: string, device: string): Promise<LogEnd> {
  const segments = await segmentsIn(folder);
  const ends = await endsOf(segments, device);
  const [newest] = ends;
  const last = ends.find((end) => end.last !== null)?.last ?? null;
  const reserved = await readNext(folder);
  if (last === null && reserved !== undefined && reserved > 0 && segments.length === 0) {
    damaged(folder, 'has lost its measurements: put the files back, or begin a log in another folder');
  }
  const { unread, ...end } = newest ?? {
    segment: segmentAt(folder, reserved ?? 0),
    size: 0,
    lines: 0,
    torn: 0,
    unread: 0,
  };
  return { ...end, last, next: Math.max((last?.sequence ?? -1) + 1 + unread, reserved ?? 0) };
}

interface SegmentEnd extends Omit<LogEnd, 'next'> {
  /** Whole lines behind it that cannot be read: they may have been measurements that somebody has seen. */
  readonly unread: number;
}

/** From the last file back to the first one that holds a measurement. */
async function endsOf(segments: readonly Segment[], device: string): Promise<readonly SegmentEnd[]> {
  const ends: SegmentEnd[] = [];
  for (const segment of [...segments].reverse()) {
    const end = await endOf(segment, device);
    ends.push(end);
    if (end.last) {
      break;
    }
  }
  return ends;
}

async function endOf(segment: Segment, device: string): Promise<SegmentEnd> {
  let [size, lines, end, unread] = [0, 0, 0, 0];
  let last: Previous | null = null;
  for await (const line of linesOf(segment.path)) {
    const signed = line.isWhole ? readLine(line.text, unverified) : undefined;
    if (signed && signed.content.device !== device) {
      damaged(segment.path, `is of ${signed.content.device}, not of ${device}`);
    }
    if (signed && (end > size || (last && signed.content.previous?.digest !== last.digest))) {
      damaged(segment.path, `is broken before measurement ${signed.content.sequence}`);
    }
    end = line.end;
    if (signed) {
      last = { sequence: signed.content.sequence, digest: signed.digest };
      [size, lines] = [line.end, lines + 1];
    } else if (line.isWhole) {
      unread += 1;
    }
  }
  return { segment, size, lines, torn: end - size, last, unread };
}

/** @param read Checks as much as is needed. @returns undefined if it is no measurement */
export function readLine(text: string, read: (signed: unknown) => SignedMeasurement): SignedMeasurement | undefined {
  try {
    return read(parseJson(text, LINE_LIMITS));
  } catch (error) {
    if (error instanceof RegistryError) {
      return undefined;
    }
    throw error;
  }
}

const LINE_LIMITS = { maxLength: 65_536, maxDepth: 4 };
const nextSchema = z.strictObject({ next: z.int().check(z.minimum(0)) });

/** The file that says which numbers may be used. */
export function nextFile(folder: string): string {
  return join(folder, 'next.json');
}

/** The number from which on none was used; undefined in a new log. */
async function readNext(folder: string): Promise<number | undefined> {
  const path = nextFile(folder);
  try {
    return parseAs(nextSchema, 'file', await readFile(path, 'utf8')).next;
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    return damaged(path, 'cannot be read');
  }
}

export function damaged(path: string, why: string): never {
  throw clientError('MEASUREMENTS_DAMAGED', `${printable(path)} ${why}.`);
}
