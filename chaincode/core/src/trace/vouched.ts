import { sha256 } from '#platform';
import { canonicalJson, VOUCHING_KINDS } from '../model/index.js';
import type { CalendarDate, JudgedResults, OpenedResults, RegistryPolicy } from '../model/index.js';
import { basisOf, isRestated } from './basis.js';
import type { TraceContext } from './checks/index.js';
import { isHeldBefore, isInstitutes, isMakersOwn, lastDay, responsible, wasMakersOwn } from './judge/accreditation.js';
import { unseenAmendments } from './judge/amendments.js';
import { judgeStated, rootless, uncertaintyMissing } from './judge/itself.js';
import { judge } from './judge/judge.js';
import type { Judgement, Terms } from './judge/judge.js';
import { tooMuch } from './judge/limits.js';
import { outcomeOf, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import { NOWHERE } from './judge/sources.js';
import type { SealedResults, Source } from './judge/sources.js';
import type { OnSources, SealedBelow } from './sealedBelow.js';
import { friendship, isSound, strangersAmong } from './open/confirmations.js';
import { answerableFor } from './open/laboratory.js';
import type { Line, OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Said } from './open/statement.js';
import type { Finding } from './verdict.js';

/** The digest of the thresholds by which results are judged, as a vouching names it. */
export function thresholdsDigest({ thresholds }: RegistryPolicy): string {
  return sha256(canonicalJson(thresholds ?? null));
}

/** The digest of an accreditation's line, as a vouching names it: without its last day, which a reduction changes. */
export function lineDigest({ by, scope }: Pick<Line, 'by' | 'scope'>): string {
  return sha256(canonicalJson({ by, scope: { ...scope, validTo: null } }));
}

/** Who vouches for results, and how sound they find them. */
interface Voucher {
  readonly word: Said<'vouching'>;
  readonly organisation: string;
  readonly outcome: 'sound' | 'attested';
  readonly isByAccreditation: boolean;
  readonly lines: readonly Line[];
}

/**
 * Decides the status of results that the asker cannot judge, because they are confidential or rest on confidential ones. Organisations
 * that have read them vouch for them: two that are independent of one another, of the issuer and of the owners make them sound. What
 * everybody can see counts all the same: what the results say themselves as far as they are public, and the status of all parents.
 */
export async function judgeVouched(
  opener: Opener,
  context: TraceContext,
  on: OnSources,
  { needed, hidden, used }: SealedBelow,
  terms: Terms,
): Promise<Judgement & { readonly institutes: readonly string[] }> {
  const { report, kind, sources } = on;
  const isClosed = report.closed.has(kind);
  const stated = isClosed ? { findings: [], isInformative: false } : judgeStated(report, kind, terms);
  const found = await vouchersOf(opener, context, { ...on, needed }, terms);
  const said = found ? await findingOf(opener, on, hidden, found, terms) : { finding: tooMuch(report), named: [] };
  const amended = amendedBy(on, used, said.named.length > 0, terms);
  const roots = new Set([
    ...sources.flatMap((source, place) => (used[place] ?? []).flatMap((each) => rootsOf(source, each))),
    ...(isInstitutes(report) ? [responsible(report)] : []),
  ]);
  const findings = [...stated.findings, ...amended.findings, said.finding];
  const missing = stated.isInformative ? [uncertaintyMissing(report, kind)] : [];
  const own = worstOf([...missing, outcomeOf(findings)]);
  const all = worstOf([own, ...sources.flatMap((source, place) => passedOn(on, source, used[place] ?? []))]);
  const loose = all.outcome === 'sound' && roots.size === 0 ? rootless(report, kind) : [];
  return {
    findings: [...findings, ...loose],
    doubts: amended.doubts,
    isUnsure: false,
    standing: { ...worstOf([all, outcomeOf(loose)]), roots, isInformative: stated.isInformative, sealed: needed },
    own,
    compared: terms.explain ? said.named.map((voucher) => told(report, kind, voucher)) : [],
    institutes: await institutesAbove(opener, said.named),
  };
}

/** What amended sources do to results: as everybody sees it, whatever those say who vouch, and as nobody else sees it. */
function amendedBy(
  on: OnSources,
  used: SealedBelow['used'],
  isVouched: boolean,
  terms: Terms,
): Pick<Judgement, 'findings' | 'doubts'> {
  const { report, kind, sources } = on;
  const restated = sources.flatMap((source, place) => {
    const kinds = used[place] ?? [];
    const isHidden = report.closed.has(kind) || hides(source, kinds);
    return kinds.length > 0 && isRestated(source) ? [{ source, isHidden }] : [];
  });
  const seen = restated.some(({ isHidden }) => !isHidden) ? judge(report, kind, sources, terms) : UNSEEN;
  const hidden = isVouched ? [] : restated.filter(({ isHidden }) => isHidden).map(({ source }) => source);
  const unseen = unseenAmendments(on, hidden);
  return {
    findings: [...seen.findings.filter(({ check }) => check === 'amendment'), ...unseen.map(({ finding }) => finding)],
    doubts: [...seen.doubts, ...unseen.map(({ doubt }) => doubt)],
  };
}

const UNSEEN: Pick<Judgement, 'findings' | 'doubts'> = { findings: [], doubts: [] };

function hides({ report, before }: Source, kinds: readonly string[]): boolean {
  return kinds.some((kind) => report?.closed.has(kind) === true || before?.closed.has(kind) === true);
}

function rootsOf({ kinds }: Source, kind: string): readonly string[] {
  return [...(kinds.get(kind)?.roots ?? NOWHERE)];
}

/** Nobody who vouches can lift what fells a parent. An institute need not show what it realises itself. */
function passedOn(
  { report, kind }: OnSources,
  { parent, kinds, standing }: Source,
  used: readonly string[],
): readonly Outcome[] {
  if (parent.kind !== 'report' && isInstitutes(report)) {
    return [];
  }
  return report.closed.has(kind) || used.length === 0 ? [standing] : used.map((each) => kinds.get(each) ?? standing);
}

/** Whose statements count here; undefined if there is no work left to find out. */
async function vouchersOf(
  opener: Opener,
  { trusted, policy }: TraceContext,
  on: OnSources & Pick<SealedBelow, 'needed'>,
  { budget }: Terms,
): Promise<readonly Voucher[] | undefined> {
  const { report, kind } = on;
  const words = await opener.vouchings(report);
  const lines = report.laboratory.lines.filter(({ scope }) => scope.quantity === kind);
  if (!budget.takeComparisons(words.size === 0 ? 0 : lines.length + words.size)) {
    return undefined;
  }
  const granted = words.size === 0 ? [] : lines.map((line) => ({ digest: lineDigest(line), line }));
  const about = { ...on, granted, basis: basisOf(on.sources), policy: thresholdsDigest(policy) };
  const vouchers: Voucher[] = [];
  for (const [author, word] of words) {
    const voucher = counted(word, about);
    const isHeard = voucher && (trusted === null || trusted.has(await opener.instituteAbove(author)));
    if (isHeard && (await mayVouch(opener, report, author)) && (await isSound(opener, word))) {
      vouchers.push(voucher);
    }
  }
  return vouchers;
}

interface About extends OnSources, Pick<SealedBelow, 'needed'> {
  readonly granted: readonly { readonly digest: string; readonly line: Line }[];
  readonly basis: string;
  readonly policy: string;
}

/** A vouching for exactly these results on exactly these parents, if everything holds that it was judged by. */
function counted(word: Said<'vouching'>, { report, kind, needed, basis, granted, policy }: About): Voucher | undefined {
  const { author, body } = word.statement;
  const judged = body.judged.find(({ quantity }) => quantity === kind);
  const isMeant =
    body.policy === policy &&
    needed.every((each) => body.opened.some((own) => isSame(own, each))) &&
    body.basis === basis;
  // That standards were shown before, which no accreditation replaces, everybody can see.
  const isRefuted = judged?.basis === 'accreditation' && report.fullerReport !== undefined;
  if (!isMeant || !judged || isRefuted || judged.outcome === 'unsound') {
    return undefined;
  }
  const lines = judged.lines.flatMap(
    (digest) =>
      bearer(
        granted.filter((each) => each.digest === digest),
        report,
      ) ?? [],
  );
  return lines.length < judged.lines.length || !mayBear(report, lines)
    ? undefined
    : { word, organisation: author, ...standingOf(judged, report, lines), lines };
}

/**
 * Whether these lines cover all days of the work, where it was done. Numbers are somebody's word; that a laboratory had an accreditation for the kind at all,
 * everybody can see. A sensor maker needs none for its own devices, and an institute stands for itself.
 */
function mayBear(report: OpenReport, lines: readonly Line[]): boolean {
  const { begin, end } = report.payload.performed;
  const { place = 'laboratory' } = report.payload;
  const there = lines.filter(({ scope }) => scope.place === 'both' || scope.place === place);
  const isCovered = (day: CalendarDate) => there.some(({ scope }) => scope.validFrom <= day && day <= scope.validTo);
  const needsNone = isInstitutes(report) || isMakersOwn(report) || wasMakersOwn(report);
  return (needsNone && lines.length === 0) || (isCovered(begin) && isCovered(end));
}

/** Of equal lines, the one that bears the results best; undefined if all ended before the work did. */
function bearer(granted: About['granted'], report: OpenReport): Line | undefined {
  const lines = granted.map(({ line }) => line).filter(({ scope }) => report.payload.performed.end <= scope.validTo);
  return lines.find((line) => isInTime(line, report)) ?? lines[0];
}

/** A line that was granted after the registration, or ended before it, is only a word. */
function isInTime(line: Line, report: OpenReport): boolean {
  return isHeldBefore(line, report) && lastDay(report) <= line.scope.validTo;
}

function standingOf(
  { outcome, basis }: JudgedResults,
  report: OpenReport,
  lines: readonly Line[],
): Pick<Voucher, 'outcome' | 'isByAccreditation'> {
  const isLate = lines.some((line) => !isInTime(line, report));
  // Outside its published capabilities, an institute's result rests on its own word.
  const isUncovered = lines.length === 0 && isInstitutes(report);
  return {
    outcome: outcome === 'sound' && !isLate && !isUncovered ? 'sound' : 'attested',
    isByAccreditation: !isLate && outcome === 'attested' && basis === 'accreditation',
  };
}

function isSame(one: OpenedResults, other: OpenedResults): boolean {
  return one.report === other.report && one.quantity === other.quantity && one.root === other.root;
}

/** The organisations whose own matter a report is. */
export function concernedBy({ said: { statement }, device }: Pick<OpenReport, 'said' | 'device'>): readonly string[] {
  return [...answerableFor(statement), ...device.owners];
}

/** Laboratories, institutes, accreditation bodies and observers; and those whose own matter it is. */
export async function mayVouch(
  opener: Opener,
  report: Pick<OpenReport, 'said' | 'device'>,
  author: string,
): Promise<boolean> {
  const kind = (await opener.organisation(author))?.kind;
  const kinds: readonly unknown[] = VOUCHING_KINDS;
  return kinds.includes(kind) || concernedBy(report).includes(author);
}

/** A finding, and those whose word it rests on. */
interface Vouched {
  readonly finding: Finding;
  readonly named: readonly Voucher[];
}

/** What the statements make of the results. */
async function findingOf(
  opener: Opener,
  { report, kind }: OnSources,
  hidden: readonly SealedResults[],
  vouchers: readonly Voucher[],
  { refusedBy }: Terms,
): Promise<Vouched> {
  const where = report.closed.has(kind)
    ? `Report ${report.id} gives ${kind} in confidence`
    : `Report ${report.id} gives ${kind} that rests on what ${reportsNamed(hidden)} in confidence`;
  const able = vouchers.filter(({ isByAccreditation }) => refusedBy === undefined || !isByAccreditation);
  if (able.length === 0) {
    return { finding: { ...unvouched(where, hidden, vouchers, refusedBy), quantity: kind }, named: [] };
  }
  // Whoever issued what is hidden above speaks of their own numbers.
  const concerned = [...concernedBy(report), ...hidden.flatMap(({ answerable }) => answerable)];
  const strangers: Voucher[] = [];
  for (const voucher of able) {
    if ((await friendship(opener, voucher.organisation, concerned)) === undefined) {
      strangers.push(voucher);
    }
  }
  const sound = await twoOf(
    opener,
    strangers.filter(({ outcome }) => outcome === 'sound'),
  );
  if (sound.length > 0) {
    const reason = `${where}: ${namesOf(sound)} have read it and find it sound, independently of one another, of its issuer and of the owners of the device.`;
    const finding: Finding = { check: 'vouching', quantity: kind, outcome: 'note', reason, basis: 'vouched' };
    return { finding, named: sound };
  }
  // First those on whose word an owner may rely: what others say besides must not take that away.
  const backed = await twoOf(
    opener,
    strangers.filter(({ outcome, isByAccreditation }) => outcome === 'sound' || isByAccreditation),
  );
  const two = backed.length > 0 ? backed : await twoOf(opener, strangers);
  const named = two.length > 0 ? two : able;
  return { finding: { ...attestedBy(where, named, backed.length > 0), quantity: kind }, named };
}

function attestedBy(where: string, named: readonly Voucher[], isByAccreditation: boolean): Finding {
  return {
    check: 'vouching',
    outcome: 'attested',
    reason: isByAccreditation
      ? `${where}: ${namesOf(named)} have read it, and find that an accreditation replaces the chain.`
      : `${where}: it rests on the word of ${namesOf(named)}, who read it.`,
    basis: isByAccreditation ? 'accreditation' : 'vouched',
  };
}

/** @param vouchers Those whose word the owner of the traced device refuses. */
function unvouched(
  where: string,
  hidden: readonly SealedResults[],
  vouchers: readonly Voucher[],
  refusedBy: string | undefined,
): Finding {
  const issuers = [...new Set(hidden.map(({ organisation }) => organisation))].join(' and ');
  return vouchers.length > 0
    ? {
        check: 'vouching',
        outcome: 'missing',
        reason: `${where}, and ${namesOf(vouchers)} vouched for it only by an accreditation in place of the chain. ${refusedBy ?? ''}, which owns the traced device, requires the chain itself.`,
        basis: 'accreditation',
      }
    : {
        check: 'vouching',
        outcome: 'missing',
        reason: `${where}, and nobody who has read it vouches for it: ask ${issuers} for a disclosure.`,
      };
}

async function twoOf(opener: Opener, vouchers: readonly Voucher[]): Promise<readonly Voucher[]> {
  const two = await strangersAmong(
    opener,
    vouchers.map(({ organisation }) => organisation),
  );
  return vouchers.filter(({ organisation }) => two.includes(organisation));
}

/** The institutes above those who vouch, and above those who granted the lines that bear the results. */
async function institutesAbove(opener: Opener, vouchers: readonly Voucher[]): Promise<readonly string[]> {
  const institutes = new Set<string>();
  for (const { organisation, lines } of vouchers) {
    for (const each of [organisation, ...lines.map(({ by }) => by)]) {
      institutes.add(await opener.instituteAbove(each));
    }
  }
  return [...institutes];
}

function told({ id }: OpenReport, kind: string, { word, organisation, outcome }: Voucher): string {
  const { number, date, body } = word.statement;
  const roots = body.opened.map(({ report, quantity, root }) => `${quantity} of ${report} (${root})`);
  return `vouching: Statement ${number} of ${organisation} about report ${id}, of ${date}, finds ${kind} ${outcome}. It read ${roots.join(', ')}.`;
}

function namesOf(vouchers: readonly Voucher[]): string {
  return vouchers.map(({ organisation }) => organisation).join(' and ');
}

function reportsNamed(hidden: readonly SealedResults[]): string {
  const ids = [...new Set(hidden.map(({ report }) => report))];
  return ids.length === 1 ? `report ${ids[0] ?? ''} gives` : `reports ${ids.join(' and ')} give`;
}
