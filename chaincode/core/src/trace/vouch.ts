import { MAX_OPENED, RegistryError } from '../model/index.js';
import type { Instant, JudgedResults, OpenedResults, Vouching } from '../model/index.js';
import { basisOf } from './basis.js';
import { Budget } from './budget.js';
import { contextOf } from './context.js';
import { resultsName } from './disclosures.js';
import { bearersOf, isMakersOwn, wasMakersOwn } from './judge/accreditation.js';
import { claimedLinesOf } from './judge/claims.js';
import { askedInTurn } from './judge/inTurn.js';
import { judgingPolicy } from './judge/policy.js';
import type { JudgingPolicy } from './judge/policy.js';
import type { SealedResults } from './judge/sources.js';
import { Grounds } from './open/conclusions.js';
import type { Line, OpenReport } from './open/opened.js';
import { Opener } from './open/opener.js';
import { said } from './open/statement.js';
import { traceOptions } from './options.js';
import type { RecordSource } from './source.js';
import { sealedBelow } from './sealedBelow.js';
import { lineDigest, thresholdsDigest } from './vouched.js';
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
  const { read, opened } = readOf(id, sealed);
  const policy = judgingPolicy(context.policy);
  const kinds = read.map(({ kind }) => kind).sort();
  return {
    body: {
      digest,
      opened,
      basis: basisOf(relied.sources),
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

/**
 * The kinds that somebody has read with all that they rest on.
 * @throws RegistryError `INPUT_INVALID` without any, naming what was not disclosed, or if they rest on too many
 */
function readOf(id: string, sealed: readonly SealedKind[]) {
  const read = sealed.filter(({ needed }) => needed.every(({ isOpen }) => isOpen));
  if (read.length === 0) {
    const lacking = sealed.flatMap(({ needed }) => needed.filter(({ isOpen }) => !isOpen));
    throw new RegistryError(
      'INPUT_INVALID',
      `to judge report ${id}, a disclosure of all results is needed that it may rest on, at all levels; not disclosed: ${[...new Set(lacking.map(asked))].join(', ')}.`,
    );
  }
  const opened = unique(read.flatMap(({ needed }) => needed));
  if (opened.length > MAX_OPENED) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${id} rests on ${opened.length} confidential results, and a vouching names ${MAX_OPENED} at most.`,
    );
  }
  return { read, opened };
}

interface SealedKind {
  readonly kind: string;
  readonly needed: readonly SealedResults[];
}

/** The kinds that are confidential or rest on confidential results, with these. */
function sealedKinds(report: OpenReport, { sources }: Relied): readonly SealedKind[] {
  return [...report.results.keys(), ...report.closed].flatMap((kind) => {
    const isSealed = report.payload.results.some((each) => each.quantity === kind && each.sealed);
    const { needed } = sealedBelow({ report, kind, sources }, isSealed);
    return needed.length > 0 ? [{ kind, needed }] : [];
  });
}

/** Somebody who has not read everything cannot judge it. */
function asked({ report, quantity, organisation }: SealedResults): string {
  return `${quantity} of report ${report} (ask ${organisation})`;
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
  // As in every trace: what strangers granted without being asked counts where the nearest lines do not suffice.
  const offered = askedInTurn(only).map((each) => [...bearersOf(each, policy), ...claimedLinesOf(each, policy)]);
  const chosen = new Set<Line>();
  for (const lines of offered.find((all) => all.every(({ length }) => length > 0)) ?? offered.at(-1) ?? []) {
    const [first] = lines;
    if (first && !lines.some((line) => chosen.has(line))) {
      chosen.add(first);
    }
  }
  return [...new Set([...chosen].map(lineDigest))].sort();
}

function unique(all: readonly SealedResults[]): readonly OpenedResults[] {
  const named = all.map(({ report, quantity, root }) => ({ report, quantity, root }));
  return [...new Map(named.map((each) => [resultsName(each.report, each.quantity), each])).values()];
}
