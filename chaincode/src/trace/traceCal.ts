import { RegistryError } from '../model/index.js';
import type { Result } from '../model/index.js';
import { Budget } from './budget.js';
import { conclude, statusOf } from './conclude.js';
import type { TraceContext } from './checks/index.js';
import { dueForAsker } from './checks/interval.js';
import { currentUses } from './current.js';
import type { CurrentUse, CurrentUses, Lapsed } from './current.js';
import { countedInstitutes, mistrust, newestHeartbeats, staleness } from './freshness.js';
import { DUE_SOON_DAYS, firstDue } from './due.js';
import { fulfilmentOf } from './fulfilment.js';
import { knownAt } from './knownAt.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { OpenDevice } from './open/opener.js';
import type { TraceOptions } from './options.js';
import { isCounted } from './judge/asked.js';
import { conformityIn } from './judge/conformity.js';
import { givenOf } from './judge/given.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import { requirementsOn } from './open/requirements.js';
import { openRoots } from './roots.js';
import type { RecordSource } from './source.js';
import type { Due, Finding, ResultVerdict, Verdict } from './verdict.js';
import { Walk } from './walk.js';
import type { Relied } from './walk.js';

/**
 * Does this device's calibration trace, unbroken, to a National Metrology Institute?
 *
 * Algorithm 1 of arXiv 1908.00740, for several parents a report: starting at the device's current reports, hold every
 * report against the checks (its signatures, its technician against the organisation, the organisation up to a root, the
 * metrology), then go on to its parents, until reports that have none. All parents must hold. The walk goes on after
 * something failed, so that the verdict names all that is wrong.
 *
 * Pure: it reads records through `source` and nothing else.
 *
 * @param budget A new one: shows afterwards what the trace has cost.
 */
export async function traceCal(
  source: RecordSource,
  deviceId: string,
  options: TraceOptions,
  budget = new Budget(),
): Promise<Verdict> {
  const records = options.knownAt === null ? source : knownAt(source, options.knownAt);
  const opener = new Opener(new Grounds(records, options.asOf));
  const device = await opener.device(deviceId);
  const required = device && requirementsOn(device, options.asOf);
  const { policy } = await opener.institutes();
  const context = { options, policy, required, budget };
  const walk = new Walk(opener, context);
  const { uses, lapsed } = device ? currentUses(device, { ...options, isPlaced: options.at !== null }) : NO_USES;
  requireOneKind(deviceId, uses, options);
  const nothing = uses.length === 0 ? [nothingToTrace(deviceId, device, options)] : [];
  nothing.forEach((finding) => {
    walk.nothing(deviceId, finding);
  });
  const asked = options.at ? await walk.currentAsked(deviceId, uses) : undefined;
  const traced = await traceAll(walk, deviceId, asked ? [asked] : uses, context);

  const ends = new Set(traced.ends);
  // What ends at no institute is as fresh as those know whose word it rests on.
  const heard = ends.size > 0 ? ends : walk.institutes;
  const institutes = await openRoots(opener, walk.institutes);
  const named = institutes.map(({ organisation, sha256 }) => ({ organisation, sha256 }));
  const counted = await countedInstitutes(opener, options);
  const heartbeats = await newestHeartbeats(records, opener, [...new Set([...heard, ...counted])].sort());
  const findings = [
    ...mistrust(institutes, options),
    ...staleness(heartbeats, counted, options),
    ...(device ? beyondRecord(device, options) : []),
    ...lapsed.map(notCounted),
  ];
  const standing = worstOf([outcomeOf(findings), outcomeOf(nothing), ...traced.standings]);
  const { results, due, levels } = traced;
  const { edges } = walk;
  return conclude({
    registry: await opener.registry(),
    device: deviceId,
    options,
    requirements: device ? fulfilmentOf(device, required, { options, standing, results, edges, heartbeats }) : null,
    due,
    levels,
    results,
    standing,
    roots: named.filter(({ organisation }) => ends.has(organisation)),
    institutes: named,
    heartbeats,
    edges,
    findings,
  });
}

const NO_USES: CurrentUses = { uses: [], lapsed: [] };

async function traceAll(walk: Walk, device: string, uses: readonly CurrentUse[], context: TraceContext) {
  let levels = 0;
  const standings: Outcome[] = [];
  const results: ResultVerdict[] = [];
  const ends: string[] = [];
  const due: Due[] = [];
  for (const use of uses) {
    const relied = await walk.traceCurrent(device, use);
    if (!relied) {
      continue;
    }
    levels = Math.max(levels, relied.height);
    standings.push(relied.standing);
    const own = resultVerdicts(use.report, relied, context);
    results.push(...own);
    due.push(...duesOf(own, relied, context));
    ends.push(...[...relied.kinds.values()].flatMap(({ roots }) => [...roots]));
  }
  return { levels, standings, results, ends, due: firstDue(due) };
}

/** Of the results that count, if any do. */
function duesOf(own: readonly ResultVerdict[], { report }: Relied, context: TraceContext): readonly Due[] {
  const counting = own.filter(({ counted }) => counted);
  const dues = (counting.length > 0 ? counting : own).map(({ due }) => due);
  return dues.length > 0 || !report ? dues : [dueForAsker({ report }, context, undefined, soonDays(context))];
}

function soonDays({ required }: TraceContext): number {
  return required?.body.dueSoonDays ?? DUE_SOON_DAYS;
}

/** A value has a meaning in one kind of quantity only. */
function requireOneKind(device: string, uses: readonly CurrentUse[], { at }: TraceOptions): void {
  const kinds = [...new Set(uses.flatMap(({ quantities }) => quantities))].sort();
  if (at && kinds.length > 1) {
    throw new RegistryError(
      'INPUT_INVALID',
      `Device ${device} has results of ${kinds.join(', ')}: name the kind that the value is of (--quantity ${kinds[0] ?? ''}).`,
    );
  }
}

function resultVerdicts(
  report: string,
  { report: open, kinds }: Relied,
  context: TraceContext,
): readonly ResultVerdict[] {
  if (!open) {
    return [];
  }
  return [...kinds].flatMap(([quantity, standing]) => {
    const roots = [...standing.roots].sort();
    const reason = standing.because?.reason ?? `Traces to ${roots.join(' and ')}.`;
    const own = (open.results.get(quantity) ?? []).filter(({ asFound }) => !asFound);
    const due = dueForAsker({ report: open }, context, quantity, soonDays(context));
    return own.map((result) => ({
      ...givenOf(result),
      report,
      ...(standing.isInformative || isCounted(result)
        ? { status: statusOf(standing), reason, counted: !standing.isInformative }
        : { status: 'INCOMPLETE', reason: 'It states no usable uncertainty: nothing was judged.', counted: false }),
      roots,
      ...conformityOf(result),
      due,
    }));
  });
}

function conformityOf(result: Result): Pick<ResultVerdict, 'conformity' | 'tur'> {
  const found = conformityIn(result);
  return { conformity: found?.status ?? null, tur: found?.tur ?? null };
}

const WHY_LAPSED: Readonly<Record<Lapsed['why'], string>> = {
  overdue: 'its recalibration is overdue',
  rejected: 'its owner has rejected it',
  adjusted: 'the device was adjusted or repaired since',
};

/** What older reports say at places of which newer ones say nothing. */
function notCounted({ report, quantity, why }: Lapsed): Finding {
  const reason = `Report ${report} gives ${quantity} at further places and is not counted there: ${WHY_LAPSED[why]}.`;
  return { check: 'registered', outcome: 'note', reason };
}

/** Which report was current in the past is told by acceptances; of a long life a record keeps the newer ones. */
function beyondRecord(
  { id, record: { settledUntil } }: OpenDevice,
  { asOf, knownAt }: TraceOptions,
): readonly Finding[] {
  const moment = knownAt !== null && knownAt < asOf ? knownAt : asOf;
  return settledUntil === null || moment >= settledUntil
    ? []
    : [
        {
          check: 'registered',
          outcome: 'missing',
          reason: `Which reports of device ${id} counted at ${moment} cannot be told: its record keeps all acceptances from ${settledUntil} on.`,
        },
      ];
}

function nothingToTrace(id: string, device: OpenDevice | undefined, { asOf, quantity }: TraceOptions): Finding {
  if (!device) {
    return { check: 'registered', outcome: 'failed', reason: `No device ${id} is registered.` };
  }
  const report = quantity === null ? 'calibration report' : `report of ${quantity}`;
  const reason = `Device ${id} has no ${report} at ${asOf} that its owner ${device.owner} has accepted.`;
  return { check: 'registered', outcome: 'missing', reason };
}
