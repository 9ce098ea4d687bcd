import { randomBytes } from 'node:crypto';
import { BUCKET_PLACES, MAX_BUCKET_ANSWERS } from '@tracecal/core/contracts';
import { printable } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { digestOfDevice, prefixOf } from '@tracecal/core/registry';
import type { BucketEntry } from '@tracecal/core/registry';
import { TraceCalError } from '../client/index.js';
import type { EndorsedQuestion, TraceCal, TraceCalErrorCode, Trust } from '../client/index.js';
import { clientError } from '../client/errors.js';
import { inForce } from '../client/trust/validity.js';
import { endorsedAnswer } from './verify/answered.js';
import { verifyBucket, verifyBuckets } from './verify/bucket.js';
import type { EndorsedBucket, EndorsedBuckets } from './verify/index.js';
import { NotShown } from './verify/shown.js';

export interface BucketOptions {
  /** Its `endorsers` decide whose answer counts. */
  readonly trust: Trust;
  /** MSP ids of the members whose peers are asked; by default those that the trust names. */
  readonly endorsers?: readonly string[];
}

/** What a bucket says of a device. */
export interface BucketVerdict extends Omit<BucketEntry, 'device'> {
  readonly device: string;
  /** The registry that answered: its channel and the digest of its founding. */
  readonly registry: string;
  /** The moment in question, which is the time of the question. */
  readonly asOf: Instant;
  /** The bits that were told: all devices whose digests begin with them. */
  readonly prefix: string;
  /** Number of devices in the bucket: the reader hides among them. */
  readonly devices: number;
  /** MSP ids of organisations whose peers signed every part of the bucket. */
  readonly endorsedBy: readonly string[];
  /** Whose word that is, in words. */
  readonly words: string;
}

/** How a call ends for which a gateway's peers were too slow. */
const SLOW: readonly TraceCalErrorCode[] = ['TIMED_OUT', 'UNAVAILABLE', 'NOT_READY', 'NETWORK_FAILED'];

/** A new registration may make buckets smaller between two questions, which happens once while the number of devices doubles. */
const ATTEMPTS = 3;

/**
 * Asks for a device's verdict without telling which device: for the verdicts about all devices of its bucket, endorsed as one answer. The
 * peers learn the prefix, and as which member and from where it was asked. All messages have the same size for every device.
 *
 * @param deviceId - The whole id. It does not leave this machine.
 * @throws TraceCalError `NOT_FOUND` if the bucket does not hold it, `ANSWER_INVALID` if not enough trusted peers answer for the bucket,
 * `TRUST_INVALID` if the trust names no endorsers or may not be used now
 * @example
 * const trust = await readTrustFile('trust.json');
 * const { status, fulfilled, asOf } = await askBucket(tracecal, 'lab-alpha/sensor-17', { trust });
 */
export async function askBucket(
  reader: Pick<TraceCal, 'proveBuckets' | 'proveBucket'>,
  deviceId: string,
  options: BucketOptions,
): Promise<BucketVerdict> {
  inForce(options.trust);
  const digest = digestOfDevice(deviceId);
  for (let attempt = 1; ; attempt += 1) {
    const { depth, registry } = await buckets(reader, options);
    const prefix = prefixOf(digest, depth);
    try {
      return picked(deviceId, prefix, await wholeBucket(reader, { prefix, registry }, options));
    } catch (error) {
      const isDeeperNow = error instanceof TraceCalError && error.code === 'INPUT_INVALID';
      if (!isDeeperNow || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function buckets(
  reader: Pick<TraceCal, 'proveBuckets'>,
  { trust, endorsers = trustedIn(trust) }: BucketOptions,
): Promise<EndorsedBuckets> {
  const nonce = newNonce();
  const proved = await reader.proveBuckets({ nonce, endorsers });
  return believed(proved, (answer) => verifyBuckets(answer, trust, nonce));
}

/** All parts of a bucket. Every part is fetched, wherever the device is. */
async function wholeBucket(
  reader: Pick<TraceCal, 'proveBucket'>,
  { prefix, registry }: { readonly prefix: string; readonly registry: string },
  { trust, endorsers = trustedIn(trust) }: BucketOptions,
): Promise<readonly EndorsedBucket[]> {
  const parts: EndorsedBucket[] = [];
  const meant = { ...trust, registry };
  for (let part = 0; part < MAX_BUCKET_ANSWERS; part += 1) {
    const nonce = newNonce();
    const proved = await patiently(() => reader.proveBucket(prefix, part, { nonce, endorsers }));
    const after = parts.at(-1)?.entries.at(-1)?.device ?? '';
    const bucket = believed(proved, (answer) => verifyBucket(answer, meant, { prefix, part, nonce, after }));
    parts.push(bucket);
    if (!bucket.more) break;
  }
  return parts;
}

/** @throws TraceCalError `TRUST_INVALID` */
function trustedIn({ endorsers }: Trust): readonly string[] {
  if (endorsers === undefined) throw clientError('TRUST_INVALID', 'It names no endorsers, whose word a bucket is.');
  return endorsers.organisations.map(({ mspId }) => mspId);
}

/** Of the same length every time. */
function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Peers that trace the devices of a bucket for the first time may need longer than their gateway waits. They go on, and remember what they
 * have checked.
 */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const isSlow = error instanceof TraceCalError && SLOW.includes(error.code);
      if (!isSlow || attempt >= ATTEMPTS) throw error;
    }
  }
}

function believed<T>(proved: EndorsedQuestion, verify: (answer: ReturnType<typeof endorsedAnswer>) => T): T {
  try {
    return verify(endorsedAnswer(proved));
  } catch (cause) {
    if (!(cause instanceof NotShown)) throw cause;
    throw new TraceCalError('ANSWER_INVALID', `The answer is not believed: ${cause.message}.`, { cause });
  }
}

function picked(deviceId: string, prefix: string, parts: readonly EndorsedBucket[]): BucketVerdict {
  const digest = digestOfDevice(deviceId);
  const devices = parts.reduce((sum, { entries }) => sum + entries.length, 0);
  for (const { entries, registry, asOf, endorsedBy, words } of parts) {
    const entry = entries.find(({ device }) => device === digest);
    if (entry) return { ...entry, device: deviceId, registry, asOf, prefix, devices, endorsedBy, words };
  }
  const whole =
    parts.at(-1)?.more === true
      ? `its bucket holds more than ${MAX_BUCKET_ANSWERS * BUCKET_PLACES} devices, and it is not among the first`
      : `its bucket of ${devices} does not hold it. It may have no place yet`;
  throw new TraceCalError('NOT_FOUND', `Device ${printable(deviceId)} is not found: ${whole}.`);
}
