import { logLine } from '@tracecal/core/model';
import type { Instant, LoggedTransaction, Subject } from '@tracecal/core/model';
import type { Trust } from '../client/trust/trust.js';
import { isRecent, signedMoment } from '../proof/verify/fresh.js';
import type { FreshnessAsked } from '../proof/verify/fresh.js';
import { newestSeen, requireNewer, signedLog } from '../proof/verify/log/index.js';
import type { HeadSeen, SignedLog } from '../proof/verify/log/index.js';
import type { Tier } from '../proof/verify/tiers.js';
import type { Audit } from './audit.js';
import type { CheckedAudit, Logged } from './checkBlocks.js';

/** What the change log says about an audit. */
export interface LogAboutAudit {
  readonly tier: Tier;
  readonly contradictions: readonly string[];
  /** As far as enough institutes have signed the log as recently as was asked. */
  readonly until: { readonly epoch: number; readonly time: Instant } | undefined;
  readonly seen: HeadSeen | null;
}

interface Asked extends Omit<FreshnessAsked, 'k'> {
  readonly trust: Trust;
  readonly roots: readonly string[];
}

/**
 * Compares an audit with the change log, both ways: the log names each valid transaction that may have made a verdict worse, and only valid
 * ones, and institutes sign it.
 *
 * @throws RegistryError `INPUT_INVALID` for a log that was changed, or is older than one seen before
 */
export async function checkLog(checked: CheckedAudit, { trust, roots, ...asked }: Asked): Promise<LogAboutAudit> {
  const { chain } = checked.audit;
  const { k } = trust.heartbeats;
  const { clock } = asked;
  const log = await readLog(asked, { roots, k, begin: chain.signedUntil });
  const seen = newestSeen(log, k) ?? null;
  if (asked.seen && seen) requireNewer(seen, asked.seen);
  const none = { contradictions: [], until: undefined, seen };
  if (log.channel !== chain.channel || (trust.registry ?? log.registry) !== log.registry) {
    return { ...none, tier: { holds: false, shows: `the change log is of another registry: ${log.registry}` } };
  }
  const recent = clock ? log.heartbeats.filter(({ time }) => isRecent(time, clock)) : log.heartbeats;
  const oldest = recent[k - 1];
  if (!oldest) return { ...none, tier: tooFew(k, log, clock) };
  const until = { epoch: oldest.epoch, time: recent.map(({ time }) => time).sort()[0] ?? oldest.time };
  const { audit, logged } = checked;
  if (logged === null) return { ...none, tier: NOT_COMPARED };
  const { missing, contradictions } = compared({ audit, logged }, log, until.epoch);
  const tier = missing.length > 0 ? lacking(missing, chain.epoch) : complete(recent, until);
  return { tier, contradictions, until, seen };
}

/** Only the blocks tell which words of the log an audit accounts for. */
const NOT_COMPARED: Tier = {
  holds: false,
  shows: 'the audit was not compared with the change log, because its blocks could not be checked (recorded)',
};

function tooFew(k: number, log: SignedLog, clock: FreshnessAsked['clock']): Tier {
  const when = clock ? ' as recently as was asked' : '';
  return {
    holds: false,
    shows: `fewer than ${k} institutes that you trust signed the change log${when}${namedIn(log)}`,
  };
}

/** Which transaction it is, if that can be told. */
type Missing = readonly { readonly epoch: number; readonly txId: string | undefined }[];

function lacking(missing: Missing, end: number): Tier {
  const [first] = missing;
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  const shows =
    `the audit lacks ${first?.txId === undefined ? 'a transaction' : `transaction ${first.txId}`} of epoch ${first?.epoch}${others}, which the change log names: it was made before, ` +
    `or leaves it out and says of itself that it ends in epoch ${end}; have a new one made`;
  return { holds: false, shows };
}

function complete(recent: SignedLog['heartbeats'], { epoch, time }: NonNullable<LogAboutAudit['until']>): Tier {
  return {
    holds: true,
    shows: `no transaction up to epoch ${epoch} that the change log names about it is missing${namedIn({ heartbeats: recent })}`,
    by: [...new Set(recent.map(({ institute }) => institute))].sort(),
    asOf: time,
  };
}

/** @param begin Where the search for the moment of the log begins, for those who have no clock. */
async function readLog(
  { log, clock }: Omit<FreshnessAsked, 'k'>,
  { roots, k, begin }: { readonly roots: readonly string[]; readonly k: number; readonly begin: Instant | null },
): Promise<SignedLog> {
  const asOf = clock?.now ?? (await signedMoment(log, roots, k, begin ?? FIRST));
  return signedLog(log, { from: 0, roots, asOf });
}

const FIRST: Instant = '1970-01-01T00:00:00Z';

function namedIn({ heartbeats }: Pick<SignedLog, 'heartbeats'>): string {
  const named = heartbeats.map(({ institute, epoch, time }) => `${institute} (epoch ${epoch}, ${time})`);
  return named.length === 0 ? '' : `; signed by ${named.join(', ')}`;
}

/** @param last The last epoch that counts. */
function compared(
  { audit, logged }: { readonly audit: Audit; readonly logged: readonly Logged[] },
  { epochs }: SignedLog,
  last: number,
) {
  const about = new Set(subjectsOf(audit).map(logLine));
  const shown = new Set(audit.transactions.map(({ txId }) => txId));
  const valid = new Set(audit.transactions.flatMap(({ txId, validity }) => (validity === 'VALID' ? [txId] : [])));
  const own = byEpoch(logged);
  const missing: Missing[number][] = [];
  const contradictions = reportsLeftOut(audit);
  for (const { epoch, transactions } of epochs.filter((each) => each.epoch <= last)) {
    const { rest, unnamed } = without(transactions, own.get(epoch) ?? []);
    contradictions.push(
      ...unnamed.map(({ txId }) => `the audit calls transaction ${txId} valid, and the log of epoch ${epoch} does not`),
    );
    if (!rest.some((word) => about.has(word))) continue;
    const left = transactions.filter(({ txId, lines }) => !valid.has(txId) && lines.some((line) => about.has(line)));
    // The file says where a transaction begins, and nobody signs that: which one it is may not be told.
    for (const txId of left.length > 0 ? left.map((each) => each.txId) : [undefined]) {
      if (epoch >= audit.chain.epoch) missing.push({ epoch, txId });
      else contradictions.push(contradiction(shown, epoch, txId));
    }
  }
  return { missing, contradictions };
}

function byEpoch(logged: readonly Logged[]): ReadonlyMap<number, readonly Logged[]> {
  const found = new Map<number, Logged[]>();
  for (const each of logged) {
    const others = found.get(each.epoch);
    if (others) others.push(each);
    else found.set(each.epoch, [each]);
  }
  return found;
}

/** The words of an epoch that are not those of these transactions, and which of these it does not name. */
function without(transactions: readonly LoggedTransaction[], own: readonly Logged[]) {
  const all = transactions.flatMap(({ txId, lines }) => [txId, ...lines]);
  const places = new Map(own.map(({ txId }): [string, number[]] => [txId, []]));
  all.forEach((word, place) => places.get(word)?.push(place));
  const taken = new Set<number>();
  const unnamed = own.filter(({ txId, lines }) => {
    const words = [txId, ...lines];
    const start = (places.get(txId) ?? []).find((begin) =>
      words.every((word, place) => all[begin + place] === word && !taken.has(begin + place)),
    );
    if (start !== undefined) words.forEach((_, place) => taken.add(start + place));
    return start === undefined;
  });
  return { rest: all.filter((_, place) => !taken.has(place)), unnamed };
}

function contradiction(shown: ReadonlySet<string>, epoch: number, txId: string | undefined): string {
  if (txId === undefined)
    return `the change log names something in epoch ${epoch} that the audit does not show as valid`;
  const why = shown.has(txId) ? 'it was valid, and the audit calls it refused' : 'the audit leaves it out';
  return `the change log names transaction ${txId} in epoch ${epoch}: ${why}`;
}

/** The subject; of a device also its reports, and those that its owners decided about. */
function subjectsOf(audit: Audit): readonly Subject[] {
  return [audit.subject, ...namedReports(audit).map((id): Subject => ({ kind: 'report', id }))];
}

function namedReports({ subject, transactions }: Audit): readonly string[] {
  if (subject.kind !== 'device') return [];
  const said = transactions.filter(({ validity }) => validity === 'VALID').flatMap(({ statements }) => statements);
  const named = said.flatMap(({ subject: about, concerns, details: { report, supersedes } }) => {
    // Others name it too: a report about another device, for which this one was the standard.
    if (!concerns.includes('subject') && !concerns.includes('its-report')) return [];
    return [...(about.kind === 'report' ? [about.id] : []), ...[report, supersedes].flatMap((id) => id ?? [])];
  });
  return [...new Set(named)];
}

/** A report that was accepted was registered, and concerns the device. */
function reportsLeftOut(audit: Audit): string[] {
  const said = audit.transactions
    .filter(({ validity }) => validity === 'VALID')
    .flatMap(({ statements }) => statements);
  const registered = new Set(said.flatMap(({ what, subject }) => (what === 'report' ? [subject.id] : [])));
  return namedReports(audit).flatMap((id) =>
    registered.has(id) ? [] : [`the audit names report ${id}, and leaves out its registration`],
  );
}
