import { sha256 } from '#platform';
import { BUCKET_PLACES } from '../contracts/index.js';
import { canonicalJson, logLine } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { CHECK_NAMES, traceOptions, traceWithin, VERDICT_STATUSES, withoutTrust } from '../trace/index.js';
import type { CheckName, RecordSource, VerdictStatus } from '../trace/index.js';

/** Least number of devices in a bucket, on average: at most twice as many, and 320 places are four and a half deviations more. */
const LEAST_DEVICES = 125;

const MAX_DEPTH = 32;
const BITS_OF_A_DIGIT = 4;
const DIGITS = 64;

/** The work for one device: enough for ordinary ones, so that no device takes that of others. A place needs 1/320 of an answer. */
const SHARE = { rows: 1000, comparisons: 6250 };

/** A device in a bucket. */
export interface BucketEntry {
  /** SHA-256 of `device:` and its id, hex: as the change log names it. */
  readonly device: string;
  /** `UNTRACED`: the trace needs more work than a place in a bucket gets; it has to be asked for in another way. */
  readonly status: VerdictStatus | 'UNTRACED';
  /** Whether its owner's requirements are met: see `Fulfilment`. */
  readonly fulfilled: boolean;
  /** The check that prevented `TRACEABLE`; null if none did. */
  readonly check: CheckName | null;
  /** SHA-256, hex, of the verdict's canonical JSON, of one that names no roots; null if it was not traced. */
  readonly verdict: string | null;
}

const NO_VERDICT = '-'.repeat(DIGITS);
const WIDTHS = { status: 10, check: 32 } as const;
const ENTRY = /^([0-9a-f]{64}) ([A-Z]+) *([+-]) ([a-z-]*) *([0-9a-f]{64}|-{64})$/;
const ENTRY_LENGTH = DIGITS + 1 + WIDTHS.status + 2 + WIDTHS.check + DIGITS;

/** A place without a device, as long as one with a device. */
const EMPTY_PLACE = '.'.repeat(ENTRY_LENGTH);

/** The place of a device among all: nobody can tell the device from it who does not know its id. */
export function digestOfDevice(id: string): string {
  return logLine({ kind: 'device', id });
}

/** The first bits of a digest, as digits 0 and 1. */
export function prefixOf(digest: string, depth: number): string {
  const digits = digest.slice(0, Math.ceil(depth / BITS_OF_A_DIGIT));
  return Array.from(digits)
    .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(BITS_OF_A_DIGIT, '0'))
    .join('')
    .slice(0, depth);
}

/** The first and the last digest that begin with these bits. */
export function digestsUnder(prefix: string): readonly [first: string, last: string] {
  const filled = (with_: '0' | '1') =>
    (prefix.padEnd(DIGITS * BITS_OF_A_DIGIT, with_).match(/.{4}/g) ?? [])
      .map((bits) => Number.parseInt(bits, 2).toString(16))
      .join('');
  return [filled('0'), filled('1')];
}

/**
 * How many bits name a bucket. It follows from the devices that have a place, so it is the same for everybody. An organisation counts for at
 * most as many devices as all others together. So a bucket has, on average, 62 devices of others than any one organisation, which alone cannot make
 * readers hide among its own inventions; several together can. Where nearly all devices are of one organisation, buckets need several answers.
 *
 * @param devices The number of devices with a place, by the organisation that registered them.
 */
export function bucketDepth(devices: Readonly<Record<string, number>>): number {
  const counts = Object.values(devices);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const largest = counts.reduce((most, count) => Math.max(most, count), 0);
  const counted = Math.min(all, 2 * (all - largest));
  let depth = 0;
  while (depth < MAX_DEPTH && LEAST_DEVICES * 2 ** (depth + 1) <= counted) depth += 1;
  return depth;
}

/** The entries of one answer, each as a trace of the device finds it, then empty places. */
export async function bucketEntries(
  source: RecordSource,
  devices: readonly string[],
  asOf: Instant,
): Promise<readonly string[]> {
  const entries: string[] = [];
  for (const device of devices) {
    entries.push(entryText(await entryOf(source, device, asOf)));
  }
  return [...entries, ...Array.from({ length: BUCKET_PLACES - entries.length }, () => EMPTY_PLACE)];
}

async function entryOf(source: RecordSource, id: string, asOf: Instant): Promise<BucketEntry> {
  const verdict = await traceWithin(SHARE, source, id, withoutTrust(traceOptions({ asOf })));
  const device = digestOfDevice(id);
  if (!verdict) {
    return { device, status: 'UNTRACED', fulfilled: false, check: null, verdict: null };
  }
  const { status, check, requirements } = verdict;
  const fulfilled = requirements?.fulfilled ?? false;
  return { device, status, fulfilled, check, verdict: sha256(canonicalJson(verdict)) };
}

function entryText({ device, status, fulfilled, check, verdict }: BucketEntry): string {
  const columns = status.padEnd(WIDTHS.status) + (fulfilled ? '+' : '-');
  return `${device} ${columns} ${(check ?? '').padEnd(WIDTHS.check)}${verdict ?? NO_VERDICT}`;
}

/**
 * Reads an entry. Undefined: an empty place. Every entry has one text.
 *
 * @throws Error if it has another form
 */
export function readBucketEntry(text: string): BucketEntry | undefined {
  if (text === EMPTY_PLACE) return undefined;
  const read = entryIn(text.slice(0, ENTRY_LENGTH));
  if (read === undefined || entryText(read) !== text) {
    throw new Error('an entry of the bucket has a form that this version does not know');
  }
  return read;
}

function entryIn(text: string): BucketEntry | undefined {
  const [, device = '', status = '', mark, check = '', digest = ''] = ENTRY.exec(text) ?? [];
  const known = [...VERDICT_STATUSES, 'UNTRACED' as const].find((each) => each === status);
  const named = check === '' ? null : CHECK_NAMES.find((each) => each === check);
  const verdict = digest === NO_VERDICT ? null : digest;
  if (known === undefined || named === undefined || (verdict === null) !== (known === 'UNTRACED')) return undefined;
  return { device, status: known, fulfilled: mark === '+', check: named, verdict };
}

/**
 * Reads the places of one answer: devices in the order of their digests, each once and all under the prefix, and then empty places.
 *
 * @param after The last device of the answer before; empty for the first one.
 * @throws Error otherwise: one sentence without its full stop
 */
export function readBucketEntries(
  texts: readonly string[],
  { prefix, after = '' }: { readonly prefix: string; readonly after?: string },
): readonly BucketEntry[] {
  const read = texts.map(readBucketEntry);
  const count = read.findIndex((entry) => entry === undefined);
  const entries = read.slice(0, count < 0 ? read.length : count).filter((entry) => entry !== undefined);
  if (entries.length < read.filter((entry) => entry !== undefined).length) {
    throw new Error('a device of the bucket stands after an empty place');
  }
  let last = after;
  for (const { device } of entries) {
    if (prefixOf(device, prefix.length) !== prefix)
      throw new Error('a device stands in the bucket that is of another one');
    if (device <= last) throw new Error('the devices of the bucket are not in order, each once');
    last = device;
  }
  return entries;
}
