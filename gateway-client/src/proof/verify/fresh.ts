import { instantOf, millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant, LoggedTransaction } from '@tracecal/core/model';
import { linesAbout } from '@tracecal/core/trace';
import type { Evidence, HeartbeatSeen } from '@tracecal/core/trace';
import type { Bundle } from './bundle.js';
import { newestSeen, requireNewer, signedHead, signedLog } from './log/index.js';
import type { HeadSeen, LogFiles, SignedLog } from './log/index.js';
import type { Tier } from './tiers.js';

/** How a verifier judges whether a bundle is fresh. */
export interface FreshnessAsked {
  readonly log: LogFiles;
  /** How many of the trusted institutes have to have signed the log. */
  readonly k: number;
  /** Null for those who have no clock: they remember the newest head that they have seen. */
  readonly clock: { readonly now: Instant; readonly maxAgeSeconds: number } | null;
  readonly seen: HeadSeen | null;
}

/** What the change log says about a bundle. */
export interface Freshness {
  /** The institutes that signed the log as recently as was asked. */
  readonly heartbeats: readonly HeartbeatSeen[];
  /** Transactions since the bundle was made that name something the verdict rests on. */
  readonly changes: readonly { readonly epoch: number; readonly txId: string }[];
  /** What to remember for the next time. */
  readonly seen: HeadSeen | null;
}

export interface LogAbout extends Freshness, Pick<FreshnessAsked, 'k' | 'clock'> {
  /** The moment that the log is judged at: by the verifier's clock, or else the latest that enough institutes have signed. */
  readonly moment: Instant;
  /** The registry that the log is of. */
  readonly registry: string;
  /** The bundle's epoch. */
  readonly since: number;
  /** The last epoch that the log covers, and when it ended as the log's head says. */
  readonly covered: { readonly epoch: number; readonly ended: Instant | null };
}

/**
 * Whether anything was registered, since a bundle's records were read, that names something the verdict rests on. The log says of nothing
 * what it was: whatever names such a thing may have made the verdict worse.
 *
 * @throws RegistryError `INPUT_INVALID` for a log that was changed, or is older than one seen before
 */
export async function logAbout(
  { epoch, evidence, question }: Bundle,
  roots: readonly string[],
  { log: files, k, clock, seen: before }: FreshnessAsked,
): Promise<LogAbout> {
  const since = epoch.number;
  const asOf = clock?.now ?? (await signedMoment(files, roots, k, question.asOf));
  const log = await signedLog(files, { from: since, roots, asOf });
  const seen = newestSeen(log, k) ?? null;
  if (before && seen) {
    requireNewer(seen, before);
  }
  const reaching = log.heartbeats.filter((heartbeat) => heartbeat.epoch >= since - 1);
  return {
    heartbeats: reaching.filter(({ time }) => clock === null || isRecent(time, clock)),
    changes: changesIn(log, evidence, since),
    seen,
    moment: clock?.now ?? signedBy(reaching, k) ?? question.asOf,
    registry: log.registry,
    since,
    covered: coveredBy(log, k),
    k,
    clock,
  };
}

/** As far as so many institutes have signed the log. When its last signed epoch ended, is known of that one only. */
function coveredBy({ heartbeats, ended }: SignedLog, k: number): LogAbout['covered'] {
  const epoch = heartbeats[k - 1]?.epoch ?? -1;
  return { epoch, ended: epoch === heartbeats[0]?.epoch ? ended : null };
}

/** Without a clock, the heartbeats tell the time. The moment given only begins the search: whoever made it chose it. */
export async function signedMoment(
  files: LogFiles,
  roots: readonly string[],
  k: number,
  own: Instant,
): Promise<Instant> {
  const { heartbeats } = await signedHead(files, roots, own);
  return signedBy(heartbeats, k) ?? own;
}

/** The latest moment that so many institutes have signed; undefined if fewer have signed any. */
function signedBy(heartbeats: readonly HeartbeatSeen[], k: number): Instant | undefined {
  return heartbeats
    .map(({ time }) => time)
    .sort()
    .reverse()[k - 1];
}

/** A heartbeat may be ahead of the verifier's clock by as much as clocks may differ. */
export function isRecent(time: Instant, { now, maxAgeSeconds }: NonNullable<FreshnessAsked['clock']>): boolean {
  const age = millisecondsOf(now) - millisecondsOf(time);
  return age <= maxAgeSeconds * 1000 && age >= -TIME_WINDOW_MS;
}

/** The file of an epoch says where a transaction begins, and nobody signs that: an id among the lines is a line as well. */
function changesIn({ epochs }: SignedLog, evidence: Evidence, since: number): Freshness['changes'] {
  const about = linesAbout(evidence);
  const known = idsIn(evidence, since);
  return epochs.flatMap(({ epoch, transactions }) =>
    transactions
      .filter((each) => isAbout(each, about) && !(epoch === since && isKnown(each, about, known)))
      .map(({ txId }) => ({ epoch, txId })),
  );
}

function isAbout({ txId, lines }: LoggedTransaction, about: ReadonlySet<string>): boolean {
  return about.has(txId) || lines.some((line) => about.has(line));
}

/** Whether the bundle's records hold what a transaction of their own epoch did. */
function isKnown({ txId, lines }: LoggedTransaction, about: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  return known.has(txId) && lines.every((line) => about.has(line));
}

/** The transactions of an epoch that the records name. */
function idsIn(value: unknown, epoch: number): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) {
      return;
    }
    const { epoch: own, txId } = part as { readonly epoch?: unknown; readonly txId?: unknown };
    if (own === epoch && typeof txId === 'string') {
      ids.add(txId);
    }
    Object.values(part).forEach(visit);
  };
  visit(value);
  return ids;
}

/** @param registry That of the bundle's verdict. */
export function freshTier(
  { registry: own, heartbeats, changes, since, covered, moment, k, clock }: LogAbout,
  registry: string,
): Tier {
  if (own !== registry) {
    return { holds: false, shows: `the log is of registry ${own}, and the bundle of ${registry}` };
  }
  const [change] = changes;
  if (change) {
    const others = changes.length > 1 ? `, and ${changes.length - 1} more` : '';
    return {
      holds: false,
      shows: `since the bundle was made, something was registered that may change this verdict (transaction ${change.txId} in epoch ${change.epoch}${others}): have a new one made`,
    };
  }
  const named = heartbeats.map(({ institute, epoch, time }) => `${institute} (epoch ${epoch}, ${time})`).join(', ');
  if (heartbeats.length < k) {
    const oldest = clock ? ` since ${instantOf(millisecondsOf(clock.now) - clock.maxAgeSeconds * 1000)}` : '';
    return {
      holds: false,
      shows: `${k} trusted institutes have to have signed the log${since > 0 ? ` up to epoch ${since - 1} or later` : ''}${oldest}; ${heartbeats.length} did${named === '' ? '' : `: ${named}`}`,
    };
  }
  return {
    holds: true,
    asOf: moment,
    shows: `${coverage(covered, since)}; signed by ${named}`,
  };
}

/** Heartbeats are later than the epochs that they cover: only these are told of. */
function coverage({ epoch: last, ended }: LogAbout['covered'], since: number): string {
  const until = ended === null ? '' : `, which ended on ${ended} as the log says`;
  const log = last < 0 ? 'the log covers no epoch' : `the log covers epochs up to ${last}${until}`;
  return last < since
    ? `${log}, and nothing after the bundle was made: its maker says that this was in epoch ${since}, which nobody has signed yet`
    : `${log}, and in it nothing that this verdict rests on is named after the bundle was made; its maker says that this was in epoch ${since}, and what the bundle holds of it`;
}
