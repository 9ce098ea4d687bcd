import { RegistryError } from '../model/index.js';
import type { Instant, JudgedResults, OpenedResults, Vouching } from '../model/index.js';
import { Budget } from './budget.js';
import { contextOf } from './context.js';
import { bearersOf, isMakersOwn, wasMakersOwn } from './judge/accreditation.js';
import { claimedLinesOf } from './judge/claims.js';
import { judgingPolicy } from './judge/policy.js';
import type { JudgingPolicy } from './judge/policy.js';
import { Grounds } from './open/conclusions.js';
import type { Line, OpenReport } from './open/opened.js';
import { Opener } from './open/opener.js';
import { said } from './open/statement.js';
import { traceOptions } from './options.js';
import type { RecordSource } from './source.js';
import { lineDigest, parentsNamed, sealedBelow, thresholdsDigest } from './vouched.js';
import { Walk } from './walk.js';
import type { Relied } from './walk.js';

/** What an organisation that has read confidential results of a report can state about them, with the reasons of what is not sound. */
export interface Judged {
  readonly body: Vouching;
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Judges a report whose results, or those of its parents, are confidential, by the rules of every trace.
 *
 * @param source With the disclosures of all these results, each of them whole.
 * @throws RegistryError `NOT_FOUND` or `INPUT_INVALID`, naming what was not disclosed
 */
export async function judgeForVouching(source: RecordSource, id: string, asOf: Instant): Promise<Judged> {
  const opener = new Opener(new Grounds(source, asOf));
  const record = await source.report(id);
  if (!record) {
    throw new RegistryError('NOT_FOUND', `no report ${id} is registered here.`);
  }
  const { statement, digest } = said(record.statement, await opener.registry(), 'report');
  const budget = new Budget();
  const context = await contextOf(opener, traceOptions({ asOf }), budget);
  const walk = new Walk(opener, context, { isVouching: true });
  const relied = await walk.traceReport({ device: statement.body.device, report: id }, (given) => given);
  const { report } = relied;
  if (report?.id !== id || budget.isExceeded) {
    throw new RegistryError(
      'INPUT_INVALID',
      report && report.id !== id
        ? `report ${id} was amended by ${report.id}: vouch for that one.`
        : `report ${id} cannot be judged: ${relied.standing.because?.reason ?? 'it needs more comparisons than one trace makes.'}`,
    );
  }
  const [unread] = report.unread;
  if (unread) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the ${unread.quantity} that was disclosed is not what report ${id} states of it: nobody can vouch for it.`,
    );
  }
  const sealed = sealedKinds(report, relied);
  if (sealed.length === 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${id} gives nothing in confidence and rests on nothing confidential: everybody can judge it.`,
    );
  }
  const closed = closedBelow(report, relied);
  const read = sealed.filter(({ needed }) => !needed.some((each) => closed.has(nameOf(each))));
  if (read.length === 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `to judge report ${id}, a disclosure of all results is needed that it may rest on; not disclosed: ${[...new Set(sealed.flatMap(({ needed }) => needed.flatMap((each) => closed.get(nameOf(each)) ?? [])))].join(', ')}.`,
    );
  }
  const policy = judgingPolicy(context.policy);
  const kinds = read.map(({ kind }) => kind).sort();
  return {
    body: {
      digest,
      opened: unique(read.flatMap(({ needed }) => needed)),
      parents: parentsNamed(relied.sources),
      judged: kinds.map((kind) => judgedAs(kind, report, relied, policy)),
      policy: thresholdsDigest(context.policy),
    },
    reasons: new Map(
      kinds.flatMap((kind) => {
        const because = relied.alone.get(kind)?.because;
        return because ? [[kind, because.reason] as const] : [];
      }),
    ),
  };
}

/** The kinds that are confidential or rest on confidential results, with these. */
function sealedKinds(
  report: OpenReport,
  { sources }: Relied,
): readonly { readonly kind: string; readonly needed: readonly OpenedResults[] }[] {
  return [...report.results.keys(), ...report.closed].flatMap((kind) => {
    const isSealed = report.payload.results.some((each) => each.quantity === kind && each.sealed);
    const { needed } = sealedBelow({ report, kind, sources }, isSealed);
    return needed.length > 0 ? [{ kind, needed }] : [];
  });
}

/** Results that were not disclosed, with whom to ask. Somebody who has not read everything cannot judge it. */
function closedBelow(report: OpenReport, { sources }: Relied): ReadonlyMap<string, string> {
  const all = [report, ...sources.flatMap(({ report: now, before }) => [now, before])];
  return new Map(
    all.flatMap((each) =>
      [...(each?.closed ?? [])].map((quantity) => [
        nameOf({ report: each?.id ?? '', quantity }),
        `${quantity} of report ${each?.id ?? ''} (ask ${each?.organisation ?? ''})`,
      ]),
    ),
  );
}

function nameOf({ report, quantity }: Pick<OpenedResults, 'report' | 'quantity'>): string {
  return JSON.stringify([report, quantity]);
}

function judgedAs(kind: string, report: OpenReport, { alone }: Relied, policy: JudgingPolicy): JudgedResults {
  const { outcome, because } = alone.get(kind) ?? { outcome: 'missing', because: null };
  const isSound = outcome === 'sound' || outcome === 'attested';
  return {
    quantity: kind,
    outcome: isSound ? outcome : 'unsound',
    ...(outcome === 'attested' && because?.basis === 'accreditation' && { basis: because.basis }),
    lines: isSound ? bearing(report, kind, policy) : [],
  };
}

/** One line for each value, and as few different ones as that needs: without any of them the values are not covered. */
function bearing(report: OpenReport, kind: string, policy: JudgingPolicy): readonly string[] {
  if (isMakersOwn(report) || wasMakersOwn(report)) {
    return [];
  }
  const only = { ...report, counted: (report.results.get(kind) ?? []).filter(({ asFound }) => !asFound) };
  const chosen = new Set<Line>();
  for (const lines of [...bearersOf(only, policy), ...claimedLinesOf(only, policy)]) {
    const [first] = lines;
    if (first && !lines.some((line) => chosen.has(line))) {
      chosen.add(first);
    }
  }
  return [...new Set([...chosen].map(lineDigest))].sort();
}

function unique(all: readonly OpenedResults[]): readonly OpenedResults[] {
  return [...new Map(all.map((each) => [nameOf(each), each])).values()];
}
