import type { Instant } from '../model/index.js';
import { isExempt } from './checks/scope.js';
import {
  accreditationWithin,
  accreditationWork,
  accreditorsOf,
  isInstitutes,
  isMakersOwn,
  wasMakersOwn,
} from './judge/accreditation.js';
import { deviceKey } from './checks/device.js';
import { lastDecision } from './checks/acceptance.js';
import { relyingUse } from './checks/check.js';
import type { Link, TraceContext } from './checks/check.js';
import { bearing, useAt } from './impediments.js';
import type { Use } from './impediments.js';
import { hasReached } from './moment.js';
import type { When } from './moment.js';
import { withNearest } from './judge/inTurn.js';
import { claimantsOf, claimWork } from './judge/claims.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import { judgingPolicy } from './judge/policy.js';
import type { Line, OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';

/**
 * The institutes whose word a report and its use depend on: those above the issuer, the calibrator, the imprinter of its
 * device, the owners of the device when the report was accepted, when its interval and its key were set and when what a
 * former one had said was lifted, the accreditor of the issuer, and the organisations that confirmed a transcription.
 */
export async function institutesBehind(
  opener: Opener,
  link: Link,
  context: TraceContext,
): Promise<ReadonlySet<string>> {
  const { issuer, laboratory, device, organisation } = link.report;
  const institutes = new Set(
    [issuer, ...(laboratory.id === null ? [] : [laboratory.chain]), device.imprinting].map(
      ({ organisations }) => organisations.at(-1)?.id ?? organisation,
    ),
  );
  for (const organisation of [...ownersHeard(link, context), ...link.report.confirmedBy]) {
    institutes.add(await opener.instituteAbove(organisation));
  }
  await addAccreditors(institutes, opener, link, context);
  return institutes;
}

/** Owners in order, up to the last on whose word this use rests: each received the device from the previous one. */
function ownersHeard(link: Link, context: TraceContext): readonly string[] {
  const freedBy = lastToFree(link, context);
  const { report, reliant } = link;
  const { device } = report;
  const decision = lastDecision(report, reliant ? relyingUse(reliant).done : context.moment);
  const moments = [
    decision?.said.registered.date,
    intervalSet(link, context),
    deviceKey(link, context)?.said.registered.date,
  ];
  return device.owners.filter(
    (_, place) =>
      place <= freedBy || moments.some((moment) => place === 0 || (device.since[place]?.date ?? '') <= (moment ?? '')),
  );
}

/** The last owner who lifted what a former one had said, where it would stand in the way of this use; -1: none. */
function lastToFree({ report: { device }, reliant }: Link, { moment }: TraceContext): number {
  const use = (): Use<When> => (reliant ? relyingUse(reliant) : useAt(moment));
  return device.impediments.reduce(
    (last, each) =>
      each.freedBy !== undefined && bearing([{ ...each, until: null }], moment, use(), 'source')
        ? Math.max(last, each.freedBy)
        : last,
    -1,
  );
}

/**
 * When the statements that count for the interval of a device were made; a new owner sets it with the sale. Even if the asker sets an
 * interval, the owner's other requirements for the traced device count.
 */
function intervalSet(
  { report: { device }, reliant, words }: Link,
  { options, moment: asked }: TraceContext,
): Instant | undefined {
  const moment = reliant ? relyingUse(reliant).done : asked;
  return !reliant && options.intervalDays !== null
    ? words.then.required?.from
    : (device.intervals.findLast(({ from }) => hasReached(moment, from)) ?? device.intervals[0])?.from;
}

/**
 * If lines of several accreditors cover a value, an accreditor whose institute is trusted already is chosen. What the institutes grant
 * one another jointly is not the word of a single institute. If not enough work is left to find out who covers what, all accreditors
 * count.
 */
async function addAccreditors(
  institutes: Set<string>,
  opener: Opener,
  link: Link,
  context: TraceContext,
): Promise<void> {
  const { report } = link;
  if (isInstitutes(report)) {
    return;
  }
  const above = await accreditorsIn(opener, report);
  if (!isExempt(link, context)) {
    addGrantors(institutes, report, above, context);
  }
  addClaimants(institutes, report, above, context);
}

function addGrantors(
  institutes: Set<string>,
  report: OpenReport,
  above: ReadonlyMap<string, string>,
  context: TraceContext,
): void {
  mistrusted(above, context).forEach((institute) => institutes.add(institute));
  const trusted = context.trusted ?? new Set(institutes);
  if (isCoveredByNearest(report, above, trusted, context)) {
    report.laboratory.nearest.forEach(({ by }) => institutes.add(above.get(by) ?? by));
    return;
  }
  if (above.size > 1 && !context.budget.takeComparisons(accreditationWork(report, report.counted))) {
    above.forEach((institute) => institutes.add(institute));
    return;
  }
  const able =
    above.size > 1
      ? accreditorsOf(report, judgingPolicy(context.policy))
      : [report.laboratory.lines.map(({ by }) => by)];
  addOneOfEach(institutes, able, above, trusted);
}

/**
 * Whose lines bear what a report claims beside its scope: an accreditation in place of standards, and methods. A question that names
 * roots hears only those whom it trusts.
 */
function addClaimants(
  institutes: Set<string>,
  report: OpenReport,
  above: ReadonlyMap<string, string>,
  { budget, policy, trusted }: TraceContext,
): void {
  const work = report.counted.reduce((sum, result) => sum + claimWork(report, result), 0);
  const isKnown = [...above.values()].every((institute) => institutes.has(institute));
  if (work === 0 || isKnown || trusted !== null) {
    return;
  }
  if (budget.takeComparisons(work)) {
    addOneOfEach(institutes, claimantsOf(report, judgingPolicy(policy)), above, new Set(institutes));
  } else {
    above.forEach((institute) => institutes.add(institute));
  }
}

function addOneOfEach(
  institutes: Set<string>,
  accreditors: readonly (readonly string[])[],
  above: ReadonlyMap<string, string>,
  trusted: ReadonlySet<string>,
): void {
  for (const each of accreditors) {
    const able = each.map((by) => above.get(by) ?? by);
    const taken = able.find((institute) => trusted.has(institute)) ?? able[0];
    if (taken !== undefined) {
      institutes.add(taken);
    }
  }
}

/** Who granted the lines of a report's laboratory, with the institutes above them. */
async function accreditorsIn(opener: Opener, { laboratory }: OpenReport): Promise<ReadonlyMap<string, string>> {
  const above = new Map<string, string>();
  for (const { by } of laboratory.lines) {
    above.set(by, above.get(by) ?? (await opener.instituteAbove(by)));
  }
  return above;
}

/** Of those whom the asker does not trust, lines are left only where no others cover the report: one of them is named. */
function mistrusted(above: ReadonlyMap<string, string>, { trusted }: TraceContext): readonly string[] {
  return trusted === null ? [] : [...above.values()].filter((institute) => !trusted.has(institute)).slice(0, 1);
}

/** What others said about a report without being asked, as far as the asker hears it. */
export type Heard = Pick<OpenReport, 'laboratory' | 'confirmedBy'>;

/**
 * What others said about a report without being asked: who accredits its laboratory, and who confirms a transcription. A question that
 * names roots does not hear those below other institutes, so that they neither help nor harm. Only where nothing else covers the report are
 * their lines left, because then the verdict is that their institute has to be trusted.
 */
export async function heardAbout(opener: Opener, report: OpenReport, context: TraceContext): Promise<Heard> {
  const { trusted } = context;
  const { laboratory, confirmedBy } = report;
  if (trusted === null) {
    return { laboratory, confirmedBy };
  }
  return {
    laboratory: isInstitutes(report) ? laboratory : await heardLaboratory(opener, report, context, trusted),
    confirmedBy: confirmedBy.length === 0 ? confirmedBy : await opener.confirmedBy(report, trusted),
  };
}

async function heardLaboratory(
  opener: Opener,
  report: OpenReport,
  { budget, policy }: TraceContext,
  trusted: ReadonlySet<string>,
): Promise<OpenReport['laboratory']> {
  const { laboratory, counted } = report;
  const above = await accreditorsIn(opener, report);
  const isHeard = ({ by }: Line) => trusted.has(above.get(by) ?? by);
  const lines = laboratory.lines.filter(isHeard);
  const nearest = laboratory.nearest.filter(isHeard);
  const own = { ...laboratory, lines, nearest: nearest.length > 0 ? nearest : lines };
  if (lines.length === laboratory.lines.length) {
    return laboratory;
  }
  // Its maker needs no lines: those of strangers would then only bear what it claims beside its scope.
  if (isMakersOwn(report) || wasMakersOwn(report)) {
    return own;
  }
  const judged = (each: OpenReport) =>
    outcomeOf(accreditationWithin(each, counted, { budget, policy: judgingPolicy(policy) }));
  const byOwn = judged({ ...report, laboratory: own });
  const isUseless = byOwn.outcome === 'missing' || byOwn.outcome === 'failed';
  return isUseless && worstOf([judged(report), byOwn]) === byOwn ? laboratory : own;
}

/** Whether those who are asked first cover all, and are trusted already: what others granted besides is no matter then. */
function isCoveredByNearest(
  report: OpenReport,
  above: ReadonlyMap<string, string>,
  trusted: ReadonlySet<string>,
  { budget, policy }: TraceContext,
): boolean {
  const { lines, nearest } = report.laboratory;
  return (
    nearest.length < lines.length &&
    nearest.every(({ by }) => trusted.has(above.get(by) ?? by)) &&
    accreditationWithin(withNearest(report), report.counted, { budget, policy: judgingPolicy(policy) }).length === 0
  );
}
