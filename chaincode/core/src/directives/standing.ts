import { instantOf, millisecondsOf, ownValue, refusalText, RegistryError, TIME_WINDOW_MS } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { isAbout, numberFor } from './directive.js';
import type { DirectiveKind, Limit } from './directive.js';
import { readDirective } from './signed.js';
import type { OperatorPin, SignedDirective } from './signed.js';

/** A file that should hold a directive. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What was read of an operator's directives. */
export interface Directives {
  readonly read: readonly SignedDirective[];
  /** Each is a sentence about a file that cannot be read. One is enough to close everything: nobody knows what it said. */
  readonly broken: readonly string[];
  /** The newest directive about each device that there has to be, as whoever brought them says. It is not remembered. */
  readonly listed?: DirectivesSeen;
}

/** The newest directive about a device that was seen before. */
export interface DirectiveSeen {
  readonly number: number;
  readonly digest: string;
}

/** By device id. */
export type DirectivesSeen = Readonly<Record<string, DirectiveSeen>>;

/** A directive that holds, in short. */
export interface InForce {
  readonly kind: DirectiveKind;
  readonly digest: string;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly reason: string;
  readonly officer: string;
}

/** An override always has an end. */
export interface Override extends InForce {
  readonly until: Instant;
}

/** Two directives under one number: evidence for anybody that the operator has said two things. */
export interface DirectiveConflict {
  readonly device: string;
  readonly number: number;
  readonly evidence: readonly [SignedDirective, SignedDirective];
}

export interface DeviceStanding {
  /** Why nothing of the device may be used; null: it may. In doubt it may not. */
  readonly quarantined: string | null;
  /** Why nobody can say what holds: something is missing, contradicts what was seen, or cannot be read. Absent: one can. */
  readonly doubt?: string;
  /** The quarantine that holds; null if none was directed: a doubt alone is no quarantine of the operator's. */
  readonly quarantine: InForce | null;
  /** What may pass, one a kind of quantity. */
  readonly limits: readonly (InForce & { readonly limit: Limit })[];
  readonly conflicts: readonly DirectiveConflict[];
  /** The directive to remember, so that nothing can be taken away later; null: nobody has directed this device yet. */
  readonly seen: DirectiveSeen | null;
}

export interface StandingAsked {
  readonly device: string;
  /** The moment in question; null: there is no clock, and every quarantine counts until a release. */
  readonly at: Instant | null;
  /** The present by this machine's clock, if `at` is another moment. It is null on a machine without a clock. */
  readonly now?: Instant | null;
  /** What was seen before about this device. */
  readonly seen?: DirectiveSeen | null;
}

/** Reads directives. Files that hold the same one count once. */
export function readDirectives(files: readonly NamedText[], pin: OperatorPin): Directives {
  const read = new Map<string, SignedDirective>();
  const broken: string[] = [];
  for (const { name, text } of files) {
    try {
      const directive = readDirective(text, pin);
      read.set(directive.digest, directive);
    } catch (error) {
      if (!(error instanceof RegistryError)) {
        throw error;
      }
      broken.push(`${name}: ${refusalText(error)}`);
    }
  }
  return { read: [...read.values()], broken };
}

/**
 * Whether a device is in quarantine at a moment, and which of its values may pass: from the operator's directives alone. Their numbers
 * give the order, so it makes no difference in which order they come. What came before the last release counts for nothing, doubts
 * included.
 */
export function standingOf(directives: Directives, asked: StandingAsked): DeviceStanding {
  const { device, at } = asked;
  const all = directives.read.flatMap((directive) => numbered(directive, device)).sort((a, b) => a.number - b.number);
  const release = all.findLast((each) => lifts(each.directive) && hasBegun(each, at));
  const since = all.filter(({ number }) => number >= (release?.number ?? 0));
  const doubt = directives.broken[0] ?? whyDoubted(since, all, asked) ?? whyLost(directives, all, device);
  const counting = since.filter((each) => hasBegun(each, at));
  const quarantine = lastQuarantine(counting);
  return {
    quarantined: whyQuarantined(doubt, quarantine),
    ...(doubt !== undefined && { doubt }),
    quarantine,
    limits: limitsOf(counting, at),
    conflicts: conflictsOf(all, device),
    seen: doubt === undefined ? newestSeen(all, asked.seen ?? null) : (asked.seen ?? null),
  };
}

/** What a revoked key has signed is not asked for later: whoever holds it would say for good what has to come next. */
function newestSeen(all: readonly Numbered[], before: DirectiveSeen | null): DirectiveSeen | null {
  const newest = all.findLast(({ directive }) => !directive.isRevoked);
  return newest && newest.number >= (before?.number ?? 0)
    ? { number: newest.number, digest: newest.directive.digest }
    : before;
}

/**
 * The override that holds for a device at a moment; null: none does. A quarantine that was signed after an override is stronger.
 */
export function overrideOf(directives: Directives, device: string, at: Instant): Override | null {
  const holding = directives.read
    .filter(({ content, isRevoked }) => content.kind === 'override' && !isRevoked && isAbout(content, device))
    .filter(({ content: { from, until = from } }) => from <= at && at < until)
    .sort((a, b) => (a.content.date < b.content.date ? -1 : 1))
    .at(-1);
  if (!holding) {
    return null;
  }
  const isStopped = directives.read.some(
    ({ content }) => content.kind === 'quarantine' && isAbout(content, device) && content.date > holding.content.date,
  );
  const { from, until = from } = holding.content;
  return isStopped ? null : { ...inForce(holding), until };
}

interface Numbered {
  readonly number: number;
  readonly directive: SignedDirective;
}

function numbered(directive: SignedDirective, device: string): readonly Numbered[] {
  const number = numberFor(directive.content, device);
  return number === undefined ? [] : [{ number, directive }];
}

function conflictsOf(all: readonly Numbered[], device: string): readonly DirectiveConflict[] {
  return all.flatMap(({ number, directive }, place) => {
    const before = all[place - 1];
    return before?.number === number ? [{ device, number, evidence: [before.directive, directive] as const }] : [];
  });
}

/** Why nobody can say what holds; undefined: one can. */
function whyDoubted(since: readonly Numbered[], all: readonly Numbered[], asked: StandingAsked): string | undefined {
  const [conflict] = conflictsOf(since, asked.device);
  return conflict
    ? `there are two directives about ${asked.device} under number ${conflict.number}: ask the operator which of them holds`
    : (whyIncomplete(since, all, asked) ?? whyUntimely(since, all, asked));
}

function whyIncomplete(since: readonly Numbered[], all: readonly Numbered[], asked: StandingAsked): string | undefined {
  const { device, seen } = asked;
  const gap = since.find(
    ({ number }, place) => !(place === 0 ? isBeginning(since, asked) : follows(since, place, number)),
  );
  if (gap) {
    return missing(device, gap.number - 1);
  }
  if (seen && (all.at(-1)?.number ?? 0) < seen.number) {
    return missing(device, seen.number);
  }
  const known = since.find(({ number }) => number === seen?.number);
  return known && known.directive.digest !== seen?.digest
    ? `directive ${known.number} about ${device} is not the one that was seen before: ask the operator which of them holds`
    : undefined;
}

/** Why the directives did not all arrive. */
function whyLost({ listed = {} }: Directives, all: readonly Numbered[], device: string): string | undefined {
  const last = ownValue(listed, device)?.number ?? 0;
  return (all.at(-1)?.number ?? 0) < last ? missing(device, last) : undefined;
}

/** The first directive of all, or a release that holds: nothing before it is needed. */
function isBeginning([first]: readonly Numbered[], { at }: StandingAsked): boolean {
  return first?.number === 1 || (first !== undefined && lifts(first.directive) && hasBegun(first, at));
}

function follows(since: readonly Numbered[], place: number, number: number): boolean {
  return number === (since[place - 1]?.number ?? 0) + 1;
}

function missing(device: string, number: number): string {
  return `directive ${number} about ${device} is missing: export the directives again`;
}

function whyUntimely(
  since: readonly Numbered[],
  all: readonly Numbered[],
  { device, at, now = at }: StandingAsked,
): string | undefined {
  const latest = now === null ? undefined : instantOf(millisecondsOf(now) + TIME_WINDOW_MS);
  const dateOf = (each: Numbered | undefined): Instant => each?.directive.content.date ?? '';
  const ahead = since.find((each) => latest !== undefined && dateOf(each) > latest);
  if (ahead) {
    return `directive ${ahead.number} about ${device} was signed on ${dateOf(ahead)}, which lies ahead: check the clock`;
  }
  // What a release lifts is older than it: otherwise a former officer could sign one today with a date of their time. A directive that is
  // dated ahead can be lifted all the same, or whoever signed it would close everything for good.
  const lifted = all.filter(
    (each) =>
      each.number < (since[0]?.number ?? 0) &&
      (latest === undefined ? !each.directive.isRevoked : dateOf(each) <= latest),
  );
  const newest = lifted.map(dateOf).sort().at(-1) ?? '';
  const back = since.find((each, place) => dateOf(each) < (place === 0 ? newest : dateOf(since[place - 1])));
  return (
    back &&
    `directive ${back.number} about ${device} has an earlier date than the one before it: ask the operator who signed it`
  );
}

/** Without its full stop: whoever tells it makes it part of a sentence. */
function whyQuarantined(doubt: string | undefined, quarantine: InForce | null): string | null {
  const why = doubt ?? (quarantine === null ? null : `since ${quarantine.from}: ${quarantine.reason}`);
  return why?.replace(/\.$/, '') ?? null;
}

function hasBegun({ directive }: Numbered, at: Instant | null): boolean {
  return at === null || directive.content.from <= at;
}

function lifts({ content, isRevoked }: SignedDirective): boolean {
  return content.kind === 'release' && !isRevoked;
}

function lastQuarantine(counting: readonly Numbered[]): InForce | null {
  let quarantine: InForce | null = null;
  for (const { directive } of counting) {
    if (directive.content.kind === 'quarantine') {
      // One after another: the device is in quarantine since the first.
      quarantine ??= inForce(directive);
    } else if (lifts(directive)) {
      quarantine = null;
    }
  }
  return quarantine;
}

function limitsOf(counting: readonly Numbered[], at: Instant | null): DeviceStanding['limits'] {
  const limits = new Map<string, DeviceStanding['limits'][number]>();
  for (const { directive } of counting) {
    const { limit } = directive.content;
    if (lifts(directive)) {
      limits.clear();
    } else if (limit && !directive.isRevoked) {
      limits.set(limit.quantity, { ...inForce(directive), limit });
    }
  }
  return [...limits.values()].filter(({ until }) => until === null || at === null || at < until);
}

function inForce({ content, digest, officer }: SignedDirective): InForce {
  const { kind, from, until = null, reason } = content;
  return { kind, digest, from, until, reason, officer };
}
