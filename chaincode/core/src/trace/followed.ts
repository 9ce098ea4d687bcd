import { canonicalJson, frozen, RegistryError, weigh, withText } from '../model/index.js';
import type { Result } from '../model/index.js';
import type { Budget } from './budget.js';
import { statusOf } from './conclude.js';
import { contextOf } from './context.js';
import type { TraceContext } from './checks/index.js';
import { dueForAsker, overdueForOwner } from './checks/interval.js';
import { currentUses } from './current.js';
import type { CurrentUse, CurrentUses, Lapsed } from './current.js';
import { countedInstitutes, newestHeartbeats } from './freshness.js';
import { DUE_SOON_DAYS, firstDue } from './due.js';
import { wordsOn } from './intervalWords.js';
import type { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { OpenDevice } from './open/opened.js';
import type { Asked, TraceOptions, WalkOptions } from './options.js';
import { isCounted } from './judge/stated.js';
import { conformityIn } from './judge/conformity.js';
import { givenOf } from './judge/given.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import type { ClosedResults } from './fulfilment.js';
import { openRoots } from './roots.js';
import type { Due, Finding, ResultVerdict } from './verdict.js';
import { Walk } from './walk.js';
import type { Relied } from './walk.js';

/** What a walk answers. It leaves out the moment, which a walk examines only as far as it matters, and what is checked at its end. */
export interface Question extends Asked {
  readonly device: string;
  /** Whether the question counts heartbeats of all trusted institutes, not only of the roots' institutes. */
  readonly isCounting: boolean;
}

export function questionOf(device: string, options: TraceOptions): Question {
  const { freshness, heartbeats, knownAt, quantity, intervalDays, roots, at, explain } = options;
  const isCounting = freshness !== null && heartbeats !== null;
  return { device, isCounting, knownAt, quantity, intervalDays, roots, at, explain };
}

/** A finished walk, with the work that it was granted. */
export type Followed = Awaited<ReturnType<typeof followed>>;

/** Why nothing is followed, if nothing is. */
function withoutUses({ uses, isCut }: CurrentUses, none: () => Finding, device: string): readonly Finding[] {
  if (isCut) {
    return [tooManyPlaces(device)];
  }
  return uses.length === 0 ? [none()] : [];
}

/** Follows a device's reports to their roots. The result is a verdict without freshness and trust, which depend on the asker. */
export async function followed(grounds: Grounds, { device: id, isCounting, ...asked }: Question, budget: Budget) {
  const opener = new Opener(grounds);
  const device = await opener.device(id);
  const plain = await contextOf(opener, asked, budget);
  const { options, moment } = plain;
  const words = device && (await wordsOn(opener, device, moment));
  const required = words?.required;
  const context = { ...plain, required };
  const walk = new Walk(opener, context);
  const question = words && { ...currentQuestion(context), words };
  const current = device && question ? currentUses(device, question, budget.aside) : NO_USES;
  const { uses, lapsed } = current;
  requireOneKind(id, uses, asked);
  const nothing = withoutUses(current, () => nothingToTrace(id, device, options), id);
  nothing.forEach((finding) => {
    walk.nothing(id, finding);
  });
  const placed = asked.at ? await walk.currentAsked(id, uses) : undefined;
  const traced = await traceAll(walk, id, placed ? [placed] : uses, context);

  const ends = new Set(traced.ends);
  // A chain that ends at no institute is as fresh as the heartbeats of the institutes whose word it rests on.
  const heard = ends.size > 0 ? ends : walk.institutes;
  const institutes = await openRoots(opener, walk.institutes);
  const named = institutes.map(({ organisation, sha256 }) => ({ organisation, sha256 }));
  const counted = isCounting ? await countedInstitutes(opener, asked) : [];
  const heartbeats = await newestHeartbeats(grounds, opener, [...new Set([...heard, ...counted])].sort());
  const [edges, results] = [withText(walk.edges), withText(traced.results)];
  const answer = {
    trace: {
      registry: await opener.registry(),
      due: frozen(traced.due),
      levels: traced.levels,
      results,
      roots: withText(named.filter(({ organisation }) => ends.has(organisation))),
      institutes: withText(named),
      heartbeats: withText(heartbeats),
      edges,
    },
    device,
    required,
    overdue: frozen(traced.overdue),
    closed: frozen(traced.closed),
    standing: worstOf([outcomeOf(nothing), ...traced.standings]),
    open: institutes,
    counted,
    findings: frozen([...(device ? beyondRecord(device, context) : []), ...lapsed.map(notCounted)]),
    granted: budget.granted,
  };
  weigh(answer, canonicalJson(edges).length + canonicalJson(results).length);
  return answer;
}

function currentQuestion({ moment, options: { quantity, intervalDays, at } }: TraceContext) {
  return { asOf: moment, quantity, intervalDays, isPlaced: at !== null };
}

const NO_USES: CurrentUses = { uses: [], lapsed: [], isCut: false };

async function traceAll(walk: Walk, device: string, uses: readonly CurrentUse[], context: TraceContext) {
  let levels = 0;
  const standings: Outcome[] = [];
  const results: ResultVerdict[] = [];
  const ends: string[] = [];
  const due: Due[] = [];
  const overdue: string[] = [];
  const closed: ClosedResults[] = [];
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
    overdue.push(...overdueOf(relied, context));
    closed.push(...closedIn(relied).map((quantity) => ({ ...issuedBy(relied), quantity, isPartShown: false })));
    closed.push(...partlyIn(relied).map((quantity) => ({ ...issuedBy(relied), quantity, isPartShown: true })));
    ends.push(...[...relied.kinds.values()].flatMap(({ roots }) => [...roots]));
  }
  return { levels, standings, results, ends, due: firstDue(due), overdue, closed };
}

/** Uses the results that count, if there are any, and those that nobody shows. */
function duesOf(own: readonly ResultVerdict[], relied: Relied, context: TraceContext): readonly Due[] {
  const { report, words } = relied;
  const counting = own.filter(({ counted }) => counted);
  const untold = report && words ? closedIn(relied) : [];
  const dues = [
    ...(counting.length > 0 ? counting : own).map(({ due }) => due),
    ...untold.flatMap((kind) =>
      report && words ? dueForAsker({ report, words }, context, kind, soonDays(context)) : [],
    ),
  ];
  return dues.length > 0 || !report || !words
    ? dues
    : [dueForAsker({ report, words }, context, undefined, soonDays(context))];
}

/** The kinds for which a report is relied on, and of which nobody shows the results. */
function closedIn({ report, kinds }: Relied): readonly string[] {
  return [...(report?.closed ?? [])].filter((kind) => kinds.has(kind));
}

/** Those of which only a part was disclosed. */
function partlyIn({ report, kinds }: Relied): readonly string[] {
  return [...(report?.partly.keys() ?? [])].filter((kind) => kinds.has(kind));
}

function issuedBy({ report }: Relied): Pick<ClosedResults, 'report' | 'issuer'> {
  return { report: report?.id ?? '', issuer: report?.organisation ?? '' };
}

function overdueOf({ report, words, kinds }: Relied, context: TraceContext): readonly string[] {
  return report && words
    ? overdueForOwner({ report, words, needed: [...kinds.keys()] }, context).map(({ reason }) => reason)
    : [];
}

function soonDays({ required }: TraceContext): number {
  return required?.body.dueSoonDays ?? DUE_SOON_DAYS;
}

/** A value is meaningful for one kind of quantity only. */
function requireOneKind(device: string, uses: readonly CurrentUse[], { at }: Asked): void {
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
  { report: open, words, kinds }: Relied,
  context: TraceContext,
): readonly ResultVerdict[] {
  if (!open || !words) {
    return [];
  }
  return [...kinds].flatMap(([quantity, standing]) => {
    const roots = [...standing.roots].sort();
    const reason = standing.because?.reason ?? `Traces to ${roots.join(' and ')}.`;
    const own = (open.results.get(quantity) ?? []).filter(({ asFound }) => !asFound);
    const due = dueForAsker({ report: open, words }, context, quantity, soonDays(context));
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

/** Notes about older reports at places that newer ones do not cover. */
function notCounted({ report, quantity, why }: Lapsed): Finding {
  const reason = `Report ${report} gives ${quantity} at places of which newer reports say nothing, but does not count there: ${WHY_LAPSED[why]}.`;
  return { check: 'registered', outcome: 'note', reason };
}

/** Acceptances show which report was current in the past; the record of an old device keeps only the newer ones. */
function beyondRecord(
  { id, record: { settledUntil } }: OpenDevice,
  { moment, options: { knownAt } }: TraceContext,
): readonly Finding[] {
  if (settledUntil === null || (moment.hasReached(settledUntil) && (knownAt === null || knownAt >= settledUntil))) {
    return [];
  }
  // The sentence names the exact moment, so it holds for no other.
  const at = knownAt !== null && moment.hasReached(knownAt) ? knownAt : moment.asOf;
  return [
    {
      check: 'registered',
      outcome: 'missing',
      reason: `Which reports of device ${id} counted at ${at} cannot be told: its record keeps all acceptances only from ${settledUntil} on.`,
    },
  ];
}

function tooManyPlaces(id: string): Finding {
  return {
    check: 'limits',
    outcome: 'missing',
    reason: `The acceptances of device ${id} state more places than one trace compares: ask about one kind of quantity (--quantity).`,
  };
}

/** The sentence names the exact moment, so this walk is not remembered. */
function nothingToTrace(id: string, device: OpenDevice | undefined, options: WalkOptions): Finding {
  if (!device) {
    return options.knownAt === null
      ? { check: 'registered', outcome: 'failed', reason: `No device ${id} is registered.` }
      : {
          check: 'registered',
          outcome: 'missing',
          reason: `The ledger did not hold device ${id} yet on ${options.knownAt}.`,
        };
  }
  const { asOf, quantity } = options;
  const report = quantity === null ? 'calibration report' : `report of ${quantity}`;
  const reason = `Device ${id} has no ${report} at ${asOf} that its owner ${device.owner} has accepted.`;
  return { check: 'registered', outcome: 'missing', reason };
}
