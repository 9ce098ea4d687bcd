import type { Epoch, Instant } from '../model/index.js';

/** What peers endorse about the buckets of all devices. Imports nothing of Fabric. */

/** Places of one answer. All answers have as many, whatever the bucket holds. */
export const BUCKET_PLACES = 320;

/** Most answers to one prefix: their numbers have two digits. */
export const MAX_BUCKET_ANSWERS = 100;

/** Functions of the registry that answer with a bucket. */
export const GET_BUCKETS = 'getBuckets';
export const GET_BUCKET = 'getBucket';

/** The number of an answer, as questions and answers write it: all have the same length. */
export function bucketPart(part: number): string {
  return String(part).padStart(2, '0');
}

/** How devices are divided into buckets at present. */
export interface BucketsAnswer {
  readonly type: 'tracecal-buckets/1';
  /** The registry that answers: its channel and the digest of its founding. */
  readonly registry: string;
  /** The open epoch. */
  readonly epoch: Epoch;
  /** How many bits of a device's digest its bucket has in its name. */
  readonly depth: number;
}

/** The verdicts about all devices whose digests begin with the same bits. Every answer at a time has the same length. */
export interface BucketAnswer {
  readonly type: 'tracecal-bucket/1';
  /** The registry that answers: its channel and the digest of its founding. */
  readonly registry: string;
  /** The open epoch. */
  readonly epoch: Epoch;
  /** The moment in question, which is the time of the question. */
  readonly asOf: Instant;
  /** The first bits of the digests, as digits 0 and 1. */
  readonly prefix: string;
  /** Number of this answer, from 00, and whether the bucket goes on in the next one: 0 or 1. Both of fixed length. */
  readonly part: string;
  readonly more: '0' | '1';
  /** In the order of the digests, then empty places. See `BucketEntry`. */
  readonly entries: readonly string[];
}

/** The answer of the transaction that gives devices their places. */
export interface DevicesPlaced {
  /** How many had no place before. */
  readonly placed: number;
}
