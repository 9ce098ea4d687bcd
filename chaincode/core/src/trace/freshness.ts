import { instantOf, millisecondsOf } from '../model/index.js';
import type { Instant } from '../model/index.js';
import type { Opener } from './open/opener.js';
import { readable } from './open/statement.js';
import type { Asked, TraceOptions } from './options.js';
import { openRoots } from './roots.js';
import type { OpenRoot } from './roots.js';
import type { RecordSource } from './source.js';
import type { Finding, HeartbeatSeen } from './verdict.js';

/** The newest valid heartbeat of each of these institutes. One that is not validly signed is as good as none. */
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

/**
 * The institutes whose root certificates the asker trusts, for a question that counts their heartbeats: any of them can tell how
 * fresh the records are, wherever the calibrations end.
 */
export async function countedInstitutes(opener: Opener, { roots: trusted }: Asked): Promise<readonly string[]> {
  if (!trusted) {
    return [];
  }
  const { members } = await opener.institutes();
  const institutes = await openRoots(opener, new Set(members.keys()));
  return institutes.filter((root) => isTrusted(root, trusted)).map(({ organisation }) => organisation);
}

/**
 * What to say about the age of the heartbeats: whether one is as recent as the verifier asks, or as many of those counted as the
 * question wants.
 */
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
  // Old and new root certificates of one institute are one voice: such a question can be asked, but never answered with yes.
  const impossible = counted.length < wanted ? ', more than there are: roots of one institute count once' : '';
  const named = fresh.map(({ institute }) => institute).join(', ') || 'none';
  return {
    check: 'freshness',
    outcome: fresh.length >= wanted ? 'note' : 'failed',
    reason: `Of the ${counted.length} institutes that the question trusts, ${fresh.length} gave a heartbeat since ${oldest} (${named}); the question asks for ${wanted}${impossible}.`,
  };
}

/** Whoever signs an epoch signs the same: two digests of one are evidence that somebody was shown other records. */
export function contradictions(heartbeats: readonly HeartbeatSeen[]): readonly Finding[] {
  return heartbeats.flatMap(({ institute, epoch, digest }, place) => {
    const other = heartbeats.slice(0, place).find((each) => each.epoch === epoch && each.digest !== digest);
    return other
      ? [
          {
            check: 'freshness' as const,
            outcome: 'failed' as const,
            reason: `Institutes ${other.institute} and ${institute} have signed different digests of epoch ${epoch}.`,
          },
        ]
      : [];
  });
}

/** What to say if the asker does not trust all institutes whose word the verdict rests on. */
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
