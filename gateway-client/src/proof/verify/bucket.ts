import { BUCKET_PLACES, bucketPart, GET_BUCKET, GET_BUCKETS } from '@tracecal/core/contracts';
import { readBucketEntries } from '@tracecal/core/registry';
import type { BucketEntry } from '@tracecal/core/registry';
import { canonicalJson, instant } from '@tracecal/core/model';
import type { Epoch, Instant } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import type { Trust } from '../../client/trust/trust.js';
import { answeredIn, counted, quoted, REGISTRY_CHAINCODE } from './answered.js';
import type { Answered, EndorsedAnswer } from './answered.js';
import { requireEndorsers } from './asked.js';
import type { Proposal } from './proposal.js';
import { carried, demand, NotShown } from './shown.js';

/** Whose word an answer is. */
export interface EndorsedBy {
  /** MSP ids of organisations whose peers signed it. */
  readonly endorsedBy: readonly string[];
  /** `peers of ...`, or `one machine, ...` */
  readonly words: string;
}

/** How devices are divided into buckets, as peers endorsed it. */
export interface EndorsedBuckets extends EndorsedBy {
  /** The registry that answers: its channel and the digest of its founding. */
  readonly registry: string;
  readonly depth: number;
}

/** A part of a bucket, as peers endorsed it. */
export interface EndorsedBucket extends EndorsedBy {
  /** The registry that answers: its channel and the digest of its founding. */
  readonly registry: string;
  /** The time of the question. An honest peer answers within 15 minutes of it. */
  readonly asOf: Instant;
  readonly epoch: Epoch;
  /** In the order of their digests, each once, all under the prefix. */
  readonly entries: readonly BucketEntry[];
  /** Whether the bucket goes on in the next part. */
  readonly more: boolean;
}

export interface BucketQuestion {
  readonly prefix: string;
  readonly part: number;
  readonly nonce: string;
  /** The last device of the part before; empty for the first part. */
  readonly after?: string;
}

const NAMES = { prefix: z.string().check(z.regex(/^[01]{0,32}$/)), part: z.string() };
const epochShape = z.strictObject({ number: z.int().check(z.minimum(0)), opened: instant });

const bucketsShape = z.strictObject({
  type: z.literal('tracecal-buckets/1'),
  registry: z.string(),
  epoch: epochShape,
  depth: z.int().check(z.minimum(0), z.maximum(32)),
});

const bucketShape = z.strictObject({
  type: z.literal('tracecal-bucket/1'),
  registry: z.string(),
  epoch: epochShape,
  asOf: z.string(),
  ...NAMES,
  more: z.enum(['0', '1']),
  entries: z.array(z.string()).check(z.length(BUCKET_PLACES)),
});

/**
 * How devices are divided, if enough of the peers that somebody trusts say so.
 *
 * @param trust - Names endorsers.
 * @param nonce - The word with which it was asked.
 * @throws NotShown (of any class for callers) with the reason
 */
export function verifyBuckets(endorsed: EndorsedAnswer, trust: Trust, nonce: string): EndorsedBuckets {
  const answered = answerTo(endorsed, trust, GET_BUCKETS, [nonce]);
  const { depth, registry } = shaped(bucketsShape, answered.answer);
  requireRegistry(registry, answered, trust);
  return { registry, depth, ...by(answered, trust) };
}

/**
 * A part of a bucket, if enough of the peers that somebody trusts answer for all of it, and if it is in the one form of a bucket.
 *
 * @throws NotShown as {@link verifyBuckets}
 */
export function verifyBucket(
  endorsed: EndorsedAnswer,
  trust: Trust,
  { prefix, part, nonce, after = '' }: BucketQuestion,
): EndorsedBucket {
  const answered = answerTo(endorsed, trust, GET_BUCKET, [prefix, bucketPart(part), nonce]);
  const { registry, epoch, asOf, more, entries, ...about } = shaped(bucketShape, answered.answer);
  demand(
    about.prefix === prefix && about.part === bucketPart(part) && asOf === answered.proposal.time,
    'another bucket was endorsed than the one that was asked for',
  );
  requireRegistry(registry, answered, trust);
  const read = carried('the bucket cannot be read', () => readBucketEntries(entries, { prefix, after }));
  demand(more === '0' || read.length === BUCKET_PLACES, 'the bucket goes on in a further part, and this one has room');
  return { registry, asOf, epoch, entries: read, more: more === '1', ...by(answered, trust) };
}

function shaped<T>(shape: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new NotShown('what was endorsed has a form that this version does not know');
}

function answerTo(
  endorsed: EndorsedAnswer,
  { endorsers, channel }: Trust,
  transaction: string,
  args: readonly string[],
): Answered {
  requireEndorsers(endorsers);
  demand(endorsers !== undefined, 'your trust file does not say whose peers you believe (`endorsers`)');
  const answered = answeredIn(endorsed, endorsers, (proposal) => {
    requireQuestion(proposal, transaction, args);
    demand(
      channel === undefined || channel.name === proposal.channel,
      `it was asked in the channel ${quoted(proposal.channel)}, and you trust ${quoted(channel?.name ?? '')}`,
    );
  });
  const { suffices, words } = counted(endorsers, answered);
  demand(suffices, words);
  return answered;
}

/** The channel is that of the question, which peers have signed; who founded the registry in it, they say. */
function requireRegistry(registry: string, { proposal }: Answered, { registry: meant }: Trust): void {
  const channel = /^(.+):[0-9a-f]{64}$/.exec(registry)?.[1];
  demand(channel !== undefined, 'the answer names no registry: nobody has founded it');
  demand(
    channel === proposal.channel,
    `it names the registry ${quoted(registry)}, and was asked in the channel ${quoted(proposal.channel)}`,
  );
  demand(
    meant === undefined || meant === registry,
    `the answer is of registry ${registry}, and your trust file names ${meant ?? ''}`,
  );
}

function requireQuestion({ chaincode, transaction, args }: Proposal, wanted: string, own: readonly string[]): void {
  demand(
    chaincode === REGISTRY_CHAINCODE && transaction === wanted && canonicalJson(args) === canonicalJson(own),
    'what was endorsed answers another question',
  );
}

function by(answered: Answered, { endorsers }: Trust): EndorsedBy {
  demand(endorsers !== undefined, 'nobody is trusted');
  return { endorsedBy: answered.organisations, words: counted(endorsers, answered).words };
}
