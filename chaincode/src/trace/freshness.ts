import { instantOf, millisecondsOf } from '../model/index.js';
import type { Opener } from './open/opener.js';
import { readable } from './open/statement.js';
import type { TraceOptions } from './options.js';
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

/** What to say if the newest heartbeat is older than the verifier accepts. */
export function staleness(heartbeats: readonly HeartbeatSeen[], { freshness }: TraceOptions): readonly Finding[] {
  if (!freshness) {
    return [];
  }
  const oldest = instantOf(millisecondsOf(freshness.now) - freshness.maxAgeSeconds * 1000);
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

/** What to say if the asker does not trust all institutes whose word the verdict rests on. */
export function mistrust(
  institutes: readonly { readonly organisation: string; readonly trusted: readonly string[] }[],
  { roots: trusted }: TraceOptions,
): readonly Finding[] {
  return trusted === null
    ? []
    : institutes.flatMap(({ organisation, trusted: own }) =>
        own.some((sha256) => trusted.includes(sha256))
          ? []
          : [
              {
                check: 'trusted-root' as const,
                outcome: 'failed' as const,
                reason: `The root certificate of ${organisation} is not among those that the question trusts.`,
              },
            ],
      );
}
