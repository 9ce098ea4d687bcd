import { canonicalJson } from '../model/index.js';
import { Budget } from './budget.js';
import type { Granted } from './budget.js';
import { conclude } from './conclude.js';
import { followed, questionOf } from './followed.js';
import type { Followed } from './followed.js';
import { mistrust, staleness } from './freshness.js';
import { fulfilmentOf } from './fulfilment.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import { knownAt } from './knownAt.js';
import { Conclusions, Grounds } from './open/conclusions.js';
import { at } from './moment.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import type { Verdict } from './verdict.js';

/** Finished walks, by their questions. */
const walks = new Conclusions(4096, (walk) => (walk as Followed).trace.levels > 0);
/** Walks with little work, by how little and by their questions; null: it did not suffice. */
const shortWalks = new Conclusions(4096, (walk) => walk === null || (walk as Followed).trace.levels > 0);

/**
 * Does this device's calibration trace, unbroken, to a National Metrology Institute?
 *
 * Algorithm 1 of arXiv 1908.00740, for several parents a report: start at the device's current reports and check every report (its
 * signatures, its technician against the organisation, the organisation up to a root, the metrology), then go on to its parents, until
 * reports without parents. All parents must hold. The walk continues after a failure, so that the verdict names every fault.
 *
 * Pure: it reads records through `source` and nothing else.
 *
 * @param budget Pass a new one: it shows afterwards what the trace has cost.
 */
export async function traceCal(
  source: RecordSource,
  deviceId: string,
  options: TraceOptions,
  budget = new Budget(),
): Promise<Verdict> {
  return traceAsked(source, deviceId, { options, hindsight: false }, budget);
}

/**
 * The same for something that was done with the device at a past moment, in the light of what is known now: a revocation whose reason
 * reaches back (a standard was out of tolerance) counts, even if it took effect later. The calibration that was relied on was never sound.
 */
export async function traceInHindsight(
  source: RecordSource,
  deviceId: string,
  options: TraceOptions,
  budget = new Budget(),
): Promise<Verdict> {
  return traceAsked(source, deviceId, { options, hindsight: true }, budget);
}

async function traceAsked(
  source: RecordSource,
  deviceId: string,
  { options, hindsight }: { readonly options: TraceOptions; readonly hindsight: boolean },
  budget: Budget,
): Promise<Verdict> {
  const { grounds, question } = asked(source, deviceId, options, hindsight);
  if (budget.isSpent) {
    // Looking for a finished walk may mean to walk once: nobody pays for that any more.
    return verdictOf(await followed(grounds, question, budget), options, deviceId);
  }
  const known = await walks.get(canonicalJson(question), grounds, (part) => followed(part, question, new Budget()));
  // If less work is left than this walk took, the new walk ends earlier.
  const walk = budget.takeAll(known.granted) ? known : await followed(grounds, question, budget);
  return verdictOf(walk, options, deviceId);
}

/** The same verdict, if no more than this work leads to it; undefined if it needs more, which costs no more to find out. */
export async function traceWithin(
  limits: Granted,
  source: RecordSource,
  deviceId: string,
  options: TraceOptions,
): Promise<Verdict | undefined> {
  const { grounds, question } = asked(source, deviceId, options);
  const walk = await shortWalks.get(canonicalJson([limits, question]), grounds, async (part) => {
    const share = new Budget(undefined, limits);
    const found = await followed(part, question, new Budget(share));
    return share.isExceeded ? null : found;
  });
  return walk ? verdictOf(walk, options, deviceId) : undefined;
}

function asked(source: RecordSource, deviceId: string, options: TraceOptions, hindsight = false) {
  const records = options.knownAt === null ? source : knownAt(source, options.knownAt);
  return { grounds: new Grounds(records, at(options.asOf, hindsight)), question: questionOf(deviceId, options) };
}

function verdictOf(walk: Followed, options: TraceOptions, deviceId: string): Verdict {
  const { trace, device, required, overdue, closed } = walk;
  const { results, edges, heartbeats } = trace;
  const findings = [...mistrust(walk.open, options), ...staleness(heartbeats, walk.counted, options), ...walk.findings];
  const standing = worstOf([outcomeOf(findings), walk.standing]);
  return conclude({
    ...trace,
    device: deviceId,
    options,
    requirements: device
      ? fulfilmentOf(device, required, { options, standing, results, edges, heartbeats, overdue, closed })
      : null,
    standing,
    findings,
  });
}
