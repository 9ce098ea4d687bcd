import { instantOf, millisecondsOf, printable, refusalText, RegistryError } from '@tracecal/core/model';
import type { Override } from '@tracecal/core/directives';
import type { Instant } from '@tracecal/core/model';
import type { Finding, Verdict } from '@tracecal/core/trace';
import { relianceOn } from '../../client/reliance.js';
import { readOnce } from '../../proof/verify/log/files.js';
import { digestOf, readEpoch } from '../../proof/verify/log/index.js';
import { outOfForce, requireNewer, verifyBundle } from '../../proof/verify/index.js';
import type { Asked, HeadSeen, LogFiles, ProofReport, Trust } from '../../proof/verify/index.js';
import { opens, worst } from './outcomes.js';
import type { GateOutcome, GateRefusal } from './outcomes.js';

/** A device of a set, and the bundle that it brings. */
export interface Stapled {
  readonly device: string;
  readonly bundle: string;
  /** Why its operator has it in quarantine. Leave it out if it has not. */
  readonly quarantined?: string;
  /** Why its bundle could not be read, in a sentence. Leave it out if it could. */
  readonly unreadable?: string;
}

export interface GateAsked {
  /** The content of a trust file: `{ ...trust, roots: trustedRoots(trust) }`. */
  readonly trust: Pick<Trust, 'registry' | 'validity' | 'heartbeats'> & Pick<Asked, 'roots'>;
  /** The change log. Without it only the heartbeats in the bundles tell how old they are. */
  readonly log?: LogFiles;
  /** It is null without a clock; nothing older than what was seen is taken then. */
  readonly clock: { readonly now: Instant; readonly maxAgeSeconds: number; readonly graceSeconds?: number } | null;
  /** What was seen before. It is null at the first time. */
  readonly seen: HeadSeen | null;
  /** Whether ATTESTED is enough, where the owner does not say so. */
  readonly acceptAttested?: boolean;
}

export interface DeviceFinding {
  readonly device: string;
  readonly outcome: GateOutcome;
  /** One sentence. */
  readonly why: string;
  /** It is null if there was nothing to judge. */
  readonly verdict: Verdict | null;
  /** Who answers for a device that may not be used; absent: nobody does. */
  readonly override?: Pick<Override, 'officer' | 'until' | 'reason' | 'digest'>;
}

export interface GateDecision {
  readonly outcome: GateOutcome;
  readonly devices: readonly DeviceFinding[];
  /** What to remember for the next time. */
  readonly seen: HeadSeen | null;
}

/**
 * Decides whether devices may be used, from what lies here: it asks nobody. In doubt they may not.
 *
 * @param set At least one device.
 */
export async function decide(set: readonly Stapled[], whole: GateAsked): Promise<GateDecision> {
  const asked = withOneLog(whole);
  const { log, clock, seen } = asked;
  if (!log && (clock === null || seen !== null)) {
    return closed(set, asked, 'broken', NO_LOG);
  }
  const found = await Promise.all(set.map((stapled) => findingOf(stapled, asked)));
  const heads = found.flatMap((each) => each.head ?? []);
  const older = heads.find((each) => whyOlder(each, seen) !== undefined);
  if (older !== undefined) {
    return closed(set, asked, 'rolled-back', await whyRolledBack(older, asked));
  }
  const head = newestOf(heads);
  const expired = expiredAt(asked, head);
  if (expired !== undefined) {
    return closed(set, asked, 'broken', `The trust file cannot be used now: ${expired}`);
  }
  const devices = found.map(({ finding }) => finding);
  return {
    outcome: set.length === 0 ? 'broken' : worst(devices.map(({ outcome }) => outcome)),
    devices,
    seen: head ?? seen,
  };
}

/** The log as it is at its first reading: for all devices, and as often as one is judged. Somebody may replace files meanwhile. */
export function withOneLog<Own extends Pick<GateAsked, 'log'>>(asked: Own): Own {
  const { log } = asked;
  return log ? { ...asked, log: readOnce(log) } : asked;
}

/** Why the trust file may not be used at the time of the decision: without a clock, the heartbeats tell it. */
function expiredAt({ trust, clock }: GateAsked, head: HeadSeen | undefined): string | undefined {
  const now = clock?.now ?? head?.time;
  return now === undefined ? undefined : outOfForce(trust, now);
}

const NO_LOG = 'Without a change log nobody can tell whether this is older than what was seen: name it.';

/** Nothing can be opened, whatever the device. */
function closed(set: readonly Stapled[], { seen }: GateAsked, outcome: GateRefusal, why: string): GateDecision {
  return { outcome, devices: set.map(({ device }) => ({ device, outcome, why, verdict: null })), seen };
}

/** Without a clock each bundle has a moment of its own, and so may find another one. */
function newestOf(heads: readonly HeadSeen[]): HeadSeen | undefined {
  const [first, ...others] = heads;
  return others.reduce((newest, each) => (whyOlder(each, newest ?? null) === undefined ? each : newest), first);
}

/** Why the log is older than the one seen before; undefined if it is not. */
function whyOlder(head: HeadSeen, seen: HeadSeen | null): string | undefined {
  try {
    if (seen) {
      requireNewer(head, seen);
    }
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}

/** A log that still has what was seen is not older: what the trust file makes of it is less than before. */
async function whyRolledBack(head: HeadSeen, { log, seen }: GateAsked): Promise<string> {
  const isHere = seen !== null && log !== undefined && (await hasEpoch(log, seen));
  return isHere
    ? `The change log still has epoch ${seen.epoch}, which was seen before as signed on ${seen.time}, but is now taken as signed only up to epoch ${head.epoch}, on ${head.time}: the trust file was changed since then, or the head of the log was replaced by an older one. Wait until the institutes of the trust file have signed as far, or fetch the newest log.`
    : (whyOlder(head, seen) ?? '');
}

async function hasEpoch(log: LogFiles, { epoch, digest }: HeadSeen): Promise<boolean> {
  try {
    const text = await log.epoch(epoch);
    return text !== undefined && digestOf(readEpoch(text)) === digest;
  } catch {
    return false;
  }
}

interface Found {
  readonly finding: DeviceFinding;
  /** The newest head of the log that enough trusted institutes have signed. It is null if too few have, and then nothing is fresh; it is undefined if no log was read. */
  readonly head?: HeadSeen | null;
}

async function findingOf(stapled: Stapled, asked: GateAsked): Promise<Found> {
  const { device, quarantined, unreadable } = stapled;
  const unjudged = (outcome: GateRefusal, why: string): Found => ({ finding: { device, outcome, why, verdict: null } });
  if (quarantined !== undefined) {
    return unjudged('quarantined', `${device} is in quarantine: ${printable(quarantined)}.`);
  }
  if (unreadable !== undefined) {
    return unjudged('broken', unreadable);
  }
  try {
    const report = await reportOn(stapled, asked, 0);
    const finding = await inGrace(judged(report, asked, 0), stapled, asked);
    return { finding, ...(report.fresh && { head: report.fresh.seen }) };
  } catch (error) {
    return unjudged('broken', textOf(error));
  }
}

/** A device whose proof is only older than it should be may be used for some time more. */
async function inGrace(found: DeviceFinding, stapled: Stapled, asked: GateAsked): Promise<DeviceFinding> {
  const grace = asked.clock?.graceSeconds;
  if (found.outcome !== 'stale' || grace === undefined) {
    return found;
  }
  const later = judged(await reportOn(stapled, asked, grace), asked, grace);
  return opens(later.outcome) ? { ...later, outcome: 'grace', why: `In grace: ${found.why}` } : found;
}

function reportOn({ device, bundle }: Stapled, { trust, log, clock }: GateAsked, grace: number): Promise<ProofReport> {
  const { roots, registry, heartbeats } = trust;
  const own = clock && { now: clock.now, maxAgeSeconds: clock.maxAgeSeconds + grace };
  return verifyBundle(bundle, {
    roots,
    device,
    ...(registry !== undefined && { registry }),
    ...(log ? { fresh: { log, k: heartbeats.k, clock: own, seen: null } } : clock && { asOf: clock.now }),
  });
}

function judged({ verdict, tiers, fresh }: ProofReport, asked: GateAsked, grace: number): DeviceFinding {
  const { device, reason } = verdict;
  const { mayRely, lacks } = relianceOn(verdict, { acceptAttested: asked.acceptAttested ?? false });
  if (!mayRely) {
    return { device, outcome: refusalOf(verdict, lacks), why: reason, verdict };
  }
  const stale = fresh ? (tiers.fresh.holds ? null : tiers.fresh.shows) : ageOf(verdict, asked, grace);
  return stale === null
    ? { device, outcome: 'open', why: reason, verdict }
    : { device, outcome: 'stale', why: `${device} is not shown to be sound now: ${stale}.`, verdict };
}

/** What a verdict was refused for. */
interface Refusal {
  readonly status: Verdict['status'];
  readonly lacks: ReturnType<typeof relianceOn>['lacks'];
  readonly checks: readonly Finding['check'][];
  readonly unmet: readonly string[];
}

/** The first that applies. */
const REFUSALS: readonly (readonly [refusal: GateRefusal, applies: (why: Refusal) => boolean])[] = [
  ['stale', ({ lacks }) => lacks === 'freshness'],
  ['revoked', ({ checks }) => checks.includes('standing')],
  ['not-conforming', ({ checks, unmet }) => checks.includes('conformity') || unmet.includes('conformity')],
  ['overdue', ({ checks, unmet }) => unmet.includes('interval') && checks.every((check) => check === 'interval')],
  ['overdue', ({ checks }) => checks.length > 0 && checks.every((check) => check === 'interval')],
  ['incomplete', ({ status }) => status === 'INCOMPLETE'],
  ['attested', ({ lacks }) => lacks === 'traceability'],
];

function refusalOf({ status, edges, requirements }: Verdict, lacks: Refusal['lacks']): GateRefusal {
  const findings = edges.flatMap((edge) => edge.findings);
  const why: Refusal = {
    status,
    lacks,
    checks: findings.filter(({ outcome }) => outcome === 'failed' || outcome === 'missing').map(({ check }) => check),
    unmet: (requirements?.unmet ?? []).map(({ requirement }) => requirement),
  };
  return REFUSALS.find(([, applies]) => applies(why))?.[0] ?? 'not-traceable';
}

/** Why a bundle without a log is too old. It is null if the institutes where its chain ends have signed its records recently. */
function ageOf({ heartbeats, roots }: Verdict, { clock }: GateAsked, grace: number): string | null {
  if (clock === null) {
    return 'there is neither a change log nor a clock';
  }
  const oldest = instantOf(millisecondsOf(clock.now) - (clock.maxAgeSeconds + grace) * 1000);
  const silent = roots.filter(
    ({ organisation }) => !heartbeats.some(({ institute, time }) => institute === organisation && time >= oldest),
  );
  const [first] = silent;
  return first ? `${first.organisation} has not signed its records since ${oldest}` : null;
}

/** What an error says; empty if it says nothing. */
export function textOf(error: unknown): string {
  return error instanceof RegistryError ? refusalText(error) : error instanceof Error ? error.message : String(error);
}
