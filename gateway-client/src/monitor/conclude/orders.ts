import { findingId } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { answerThatCounts, overrideOf, standingOf } from '@tracecal/core/directives';
import type { Directives, SignedAnswer, SignedDirective } from '@tracecal/core/directives';
import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { evidenceOf } from './evidence.js';

/** An answer to a directive, and when the channel took it. */
export interface RecordedAnswer extends Pick<SignedAnswer, 'content' | 'digest'> {
  readonly recorded: Instant;
}

/** A value of a device that its site sent, or used. */
export interface Use {
  readonly device: string;
  readonly time: Instant;
  /** SHA-256 of what shows it. */
  readonly evidence: string;
}

/** What is known of a site's directives, and of what its devices did. */
export interface Orders {
  /** All of them, verified. */
  readonly directives: Directives;
  /** Verified, in the order in which the channel took them. */
  readonly answers: readonly RecordedAnswer[];
  /** All uses of devices since they were put into quarantine; earlier ones make no difference. */
  readonly uses: readonly Use[];
  readonly now: Instant;
}

export interface OrderOptions {
  /** How long an answer may take: 24 h by default. */
  readonly answerHours?: number;
  /** How long it may take until a quarantine reaches everybody: 60 min by default. */
  readonly graceMinutes?: number;
  /** How long nothing may be used until a quarantine counts as carried out after all: 24 h by default. */
  readonly quietHours?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** One device of one directive. */
interface Order {
  readonly directive: SignedDirective;
  readonly device: string;
  readonly orders: Orders;
  readonly limits: Required<OrderOptions>;
}

/**
 * What was directed and not carried out: nobody answered in time, the answer is a refusal, or a device in quarantine was used. A finding
 * `carried-out` closes each once it is made good: it was answered, nothing was used for long enough, or the device was released. Both
 * follow from the orders alone, so the same orders lead to the same findings after a restart.
 */
export function orderFindings(orders: Orders, options: OrderOptions = {}): readonly Finding[] {
  const limits = { answerHours: 24, graceMinutes: 60, quietHours: 24, ...options };
  return orders.directives.read
    .filter(({ content, isRevoked }) => content.kind !== 'override' && !isRevoked)
    .flatMap((directive) => directive.content.devices.map(({ id }) => ({ directive, device: id, orders, limits })))
    .flatMap((order) => [...unanswered(order), ...refused(order), ...used(order)]);
}

/** When an order was made good, and what shows it. */
interface Closing {
  readonly time: Instant;
  readonly what: string;
  readonly evidence: readonly string[];
}

function unanswered(order: Order): readonly Finding[] {
  const { directive, orders, limits } = order;
  const { date, kind } = directive.content;
  const deadline = later(date, limits.answerHours * HOUR_MS);
  const [first] = answersTo(order);
  const release = releaseOf(order);
  const done = [first?.recorded, release?.content.date].filter((time) => time !== undefined).sort()[0];
  if (orders.now <= deadline || (done !== undefined && done <= deadline)) return [];
  const closing: Closing | undefined = first
    ? { time: first.recorded, what: 'it was answered', evidence: [first.digest] }
    : released(release);
  return pair(
    order,
    { evidence: [], to: deadline, what: `directive ${kind} of ${date} was not answered by ${deadline}` },
    closing,
  );
}

function refused(order: Order): readonly Finding[] {
  const answers = answersTo(order);
  const refusal = answers.find(({ content }) => content.outcome === 'refused');
  if (!refusal) return [];
  const { by, what } = refusal.content;
  const { kind, date } = order.directive.content;
  const counting = countingAnswer(answers);
  const done: Closing | undefined =
    counting?.content.outcome === 'carried-out'
      ? { time: counting.recorded, what: `it was carried out by ${counting.content.by}`, evidence: [counting.digest] }
      : released(releaseOf(order));
  return pair(
    order,
    {
      evidence: [refusal.digest],
      to: refusal.recorded,
      what: `directive ${kind} of ${date} was refused by ${by} ("${what}")`,
    },
    done,
  );
}

/** Times in which a device was used in quarantine, each until nothing was used for long enough. */
function used(order: Order): readonly Finding[] {
  const { limits, orders } = order;
  const quiet = limits.quietHours * HOUR_MS;
  return episodesOf(forbiddenUses(order), quiet).flatMap((uses) => {
    const [first, last] = [uses[0], uses.at(-1)];
    if (!first || !last) return [];
    const silent = later(last.time, quiet);
    const closing: Closing | undefined =
      silent < orders.now
        ? { time: silent, what: `nothing was used for ${limits.quietHours} hours`, evidence: [last.evidence] }
        : released(releaseOf(order));
    const { date } = order.directive.content;
    const what = `it was used at ${first.time}, in quarantine by the directive of ${date}`;
    return pair(order, { evidence: [first.evidence], to: first.time, what }, closing);
  });
}

/** Uses under this quarantine, after it had time to reach everybody, and without an override. */
function forbiddenUses({ directive, device, orders, limits }: Order): readonly Use[] {
  const { content, digest } = directive;
  if (content.kind !== 'quarantine') return [];
  const known = content.from > content.date ? content.from : content.date;
  const begin = later(known, limits.graceMinutes * MINUTE_MS);
  return orders.uses
    .filter((use) => use.device === device && use.time > begin)
    .filter(({ time }) => standingOf(orders.directives, { device, at: time }).quarantine?.digest === digest)
    .filter(({ time }) => overrideOf(orders.directives, device, time) === null)
    .sort((one, other) => (one.time < other.time ? -1 : 1));
}

function episodesOf(uses: readonly Use[], gap: number): readonly (readonly Use[])[] {
  const episodes: Use[][] = [];
  for (const use of uses) {
    const last = episodes.at(-1);
    const before = last?.at(-1);
    if (last && before && Date.parse(use.time) - Date.parse(before.time) <= gap) last.push(use);
    else episodes.push([use]);
  }
  return episodes;
}

function answersTo({ directive, device, orders }: Order): readonly RecordedAnswer[] {
  return orders.answers.filter(({ content }) => content.directive === directive.digest && content.device === device);
}

function countingAnswer(answers: readonly RecordedAnswer[]): RecordedAnswer | undefined {
  const counting = answerThatCounts(answers.map(({ content }) => content));
  return answers.find(({ content }) => content === counting);
}

/** The first release of the device after a directive, which leaves nothing to be carried out. */
function releaseOf({ directive, device, orders }: Order): SignedDirective | undefined {
  const numberIn = ({ content }: SignedDirective) => content.devices.find(({ id }) => id === device)?.number ?? 0;
  const own = numberIn(directive);
  return orders.directives.read
    .filter((each) => each.content.kind === 'release' && !each.isRevoked && numberIn(each) > own)
    .sort((one, other) => numberIn(one) - numberIn(other))[0];
}

function released(release: SignedDirective | undefined): Closing | undefined {
  return release && { time: release.content.date, what: 'the device was released', evidence: [release.digest] };
}

/** The finding about what was not done, and the one that closes it. */
function pair(
  { directive, device }: Order,
  { evidence, to, what }: { readonly evidence: readonly string[]; readonly to: Instant; readonly what: string },
  closing: Closing | undefined,
): readonly Finding[] {
  const { date } = directive.content;
  const subject = { kind: 'device', id: device } as const;
  const open: Finding = {
    name: 'not-carried-out',
    subject,
    says: `${device}: ${what}.`,
    evidence: evidenceOf([directive.digest, ...evidence]),
    ...ordered(date, to),
  };
  if (!closing) return [open];
  const closed: Finding = {
    name: 'carried-out',
    subject,
    says: `${device}: ${closing.what}. Before, ${what}.`,
    evidence: evidenceOf([findingId(open), ...closing.evidence]),
    ...ordered(date, closing.time),
  };
  return [open, closed];
}

/** Whoever signs chooses the date, which may lie a little ahead. */
function ordered(one: Instant, other: Instant): Pick<Finding, 'from' | 'to'> {
  return one <= other ? { from: one, to: other } : { from: other, to: one };
}

function later(time: Instant, ms: number): Instant {
  return instantOf(Date.parse(time) + ms);
}
