import { instantOf, millisecondsOf } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import { readable } from './open/statement.js';
import type { Asked, TraceOptions } from './options.js';
import { openRoots } from './roots.js';
import type { OpenRoot } from './roots.js';
import type { RecordSource } from './source.js';
import type { Finding, HeartbeatSeen } from './verdict.js';

/** The newest valid heartbeat of each of these institutes. A heartbeat without a valid signature is ignored. */
export async function newestHeartbeats(
  source: RecordSource,
  opener: Opener,
  institutes: readonly string[],
): Promise<readonly HeartbeatSeen[]> {
  const seen: HeartbeatSeen[] = [];
  for (const institute of institutes) {
    const record = await source.heartbeat(institute);
    const [word] = record ? readable([record.statement], await opener.registry(), 'heartbeat') : [];
    if (word?.statement.author === institute && (await opener.flawsOf(word)).length === 0) {
      const { number, date, body } = word.statement;
      seen.push({ institute, epoch: number, digest: body.digest, time: date });
    }
  }
  return seen;
}

/** Heartbeats, and the registry that they are signed for. */
export interface SignsOfLife {
  readonly registry: string;
  readonly heartbeats: readonly HeartbeatSeen[];
}

/**
 * The newest valid heartbeats of the institutes that the asker trusts.
 *
 * @param roots SHA-256 of their root certificates, hex.
 * @param asOf The moment of the question.
 */
export async function trustedHeartbeats(
  source: RecordSource,
  roots: readonly string[],
  asOf: Instant,
): Promise<SignsOfLife> {
  const opener = new Opener(new Grounds(source, asOf));
  const institutes = await countedInstitutes(opener, { roots });
  return { registry: await opener.registry(), heartbeats: await newestHeartbeats(source, opener, institutes) };
}

/**
 * The institutes whose root certificates the asker trusts. Each of them can vouch for the freshness of the records, wherever the
 * calibrations end.
 */
export async function countedInstitutes(
  opener: Opener,
  { roots: trusted }: Pick<Asked, 'roots'>,
): Promise<readonly string[]> {
  if (!trusted) {
    return [];
  }
  const { members } = await opener.institutes();
  const institutes = await openRoots(opener, new Set(members.keys()));
  return institutes.filter((root) => isTrusted(root, trusted)).map(({ organisation }) => organisation);
}

/** Findings about the age of the heartbeats: whether one is as recent as the verifier asks, or as many as the question requires. */
export function staleness(
  heartbeats: readonly HeartbeatSeen[],
  counted: readonly string[],
  { freshness, heartbeats: wanted }: TraceOptions,
): readonly Finding[] {
  if (!freshness) {
    return [];
  }
  const oldest = instantOf(millisecondsOf(freshness.now) - freshness.maxAgeSeconds * 1000);
  return [
    ...contradictions(heartbeats),
    ...(wanted === null ? tooOld(heartbeats, oldest) : [enough(heartbeats, counted, wanted, oldest)]),
  ];
}

function tooOld(heartbeats: readonly HeartbeatSeen[], oldest: Instant): readonly Finding[] {
  const newest = heartbeats
    .map(({ time }) => time)
    .sort()
    .at(-1);
  if (newest !== undefined && newest >= oldest) {
    return [];
  }
  const seen =
    newest === undefined ? 'No heartbeat of its institutes was seen' : `The newest heartbeat seen is from ${newest}`;
  return [
    { check: 'freshness', outcome: 'failed', reason: `${seen}; the question asks for one from ${oldest} or later.` },
  ];
}

function enough(
  heartbeats: readonly HeartbeatSeen[],
  counted: readonly string[],
  wanted: number,
  oldest: Instant,
): Finding {
  const fresh = heartbeats.filter(({ institute, time }) => counted.includes(institute) && time >= oldest);
  // Old and new root certificates of one institute count once, so a question that requires more heartbeats than institutes can be
  // asked but never be met.
  const impossible = counted.length < wanted ? ', more than there are: roots of one institute count once' : '';
  const named = fresh.map(({ institute }) => institute).join(', ') || 'none';
  return {
    check: 'freshness',
    outcome: fresh.length >= wanted ? 'note' : 'failed',
    reason: `Of the ${counted.length} institutes that the question trusts, ${fresh.length} gave a heartbeat since ${oldest} (${named}); the question asks for ${wanted}${impossible}.`,
  };
}

/** All institutes sign the same digest of an epoch. Two different digests are evidence that somebody was shown different records. */
export function contradictory(
  heartbeats: readonly HeartbeatSeen[],
): readonly (readonly [one: HeartbeatSeen, other: HeartbeatSeen])[] {
  return heartbeats.flatMap((heartbeat, place) => {
    const { epoch, digest } = heartbeat;
    const one = heartbeats.slice(0, place).find((each) => each.epoch === epoch && each.digest !== digest);
    return one ? [[one, heartbeat] as const] : [];
  });
}

export function contradictions(heartbeats: readonly HeartbeatSeen[]): readonly Finding[] {
  return contradictory(heartbeats).map(([one, { institute, epoch }]) => ({
    check: 'freshness',
    outcome: 'failed',
    reason: `Institutes ${one.institute} and ${institute} have signed different digests of epoch ${epoch}.`,
  }));
}

/** The finding if the asker does not trust all institutes whose word the verdict rests on. */
export function mistrust(institutes: readonly OpenRoot[], { roots: trusted }: TraceOptions): readonly Finding[] {
  return trusted === null
    ? []
    : institutes.flatMap((root) =>
        isTrusted(root, trusted)
          ? []
          : [
              {
                check: 'trusted-root' as const,
                outcome: 'failed' as const,
                reason: `The root certificate of ${root.organisation} is not among those that the question trusts.`,
              },
            ],
      );
}

/** Whether a question trusts one of an institute's keys. */
export function isTrusted({ trusted: own }: OpenRoot, trusted: readonly string[]): boolean {
  return own.some((sha256) => trusted.includes(sha256));
}
