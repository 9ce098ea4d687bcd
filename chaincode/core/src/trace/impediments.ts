import { FORWARD_REASONS, isKind, isOfEarlierEpoch } from '../model/index.js';
import type { Instant, Registered, RevocationReason } from '../model/index.js';
import { dayOf, hasReached, isInHindsight } from './moment.js';
import type { When } from './moment.js';
import type { Said } from './open/statement.js';

/** Why something may not be relied on. */
export interface Impediment {
  readonly state: 'revoked' | 'suspended';
  readonly reason: RevocationReason;
  readonly effective: Instant;
  /** When a suspension ended; null while it lasts, and for a revocation. */
  readonly until: Instant | null;
  readonly by: string;
  readonly registered: Registered;
  /** The device's owner in whose name it was said, counted from 0; null: not in an owner's name. */
  readonly tenure: number | null;
  /** It does not affect what was done and registered before this moment, because somebody else owned the device. Null: no such limit. */
  readonly reach: Instant | null;
  /** The later owner who lifted it, counted from 0; absent: nobody, or whoever imposed it or stands above them. */
  readonly freedBy?: number;
}

/** Why an author may speak about a subject. */
export interface Say extends Pick<Impediment, 'tenure' | 'reach'> {
  /** Whether a reinstatement may only free a device from what was said in the name of former owners. */
  readonly succeeds: boolean;
}

const WHOLE: Say = { tenure: null, reach: null, succeeds: false };

/** An impediment, and how far it reaches. */
export interface Bearing {
  readonly outcome: 'attested' | 'failed';
  readonly impediment: Impediment;
}

export type ImpedimentKind = 'revocation' | 'suspension' | 'reinstatement';

/**
 * Statements against a subject, in order, as spans of time. A reinstatement ends only suspensions of the same organisation. It takes
 * effect on the day that it states, but not before it was registered: it does not erase the past.
 */
export function impedimentsOf(
  said: readonly Said<ImpedimentKind>[],
  says: ReadonlyMap<Said, Say> = new Map(),
): readonly Impediment[] {
  const found: Impediment[] = [];
  for (const word of said) {
    hear(found, word, says.get(word));
  }
  return found;
}

/** Those impediments after one more statement. */
export function afterWord(impediments: readonly Impediment[], word: Said<ImpedimentKind>): readonly Impediment[] {
  const found = [...impediments];
  hear(found, word);
  return found;
}

function hear(
  found: Impediment[],
  { statement, registered }: Said<ImpedimentKind>,
  { tenure, reach, succeeds }: Say = WHOLE,
): void {
  const { author: by } = statement;
  if (isKind(statement, 'reinstatement')) {
    const { lifts, effective } = statement.body;
    const isMeant = (each: Impediment) =>
      each.by === lifts && each.state === 'suspended' && each.until === null && each.effective <= effective;
    const place = found.findLastIndex((each) => isMeant(each) && (!succeeds || isOfPredecessor(each, tenure)));
    const lifted = found[place];
    if (lifted) {
      const until = effective > registered.date ? effective : registered.date;
      found[place] = { ...lifted, until, ...(succeeds && tenure !== null && { freedBy: tenure }) };
    }
  } else {
    const { reason, effective } = statement.body;
    const state = isKind(statement, 'revocation') ? 'revoked' : 'suspended';
    found.push({ state, reason, effective, until: null, by, registered, tenure, reach });
  }
}

/** Whether it was said in the name of an earlier owner than this one. */
export function isOfPredecessor({ tenure }: Impediment, of: number | null): boolean {
  return tenure !== null && of !== null && tenure < of;
}

/** A use: its begin and end by the user's word, and when it was registered. */
export interface Use<Time extends When = Instant> {
  readonly begun: Time;
  readonly done: Time;
  readonly registered: Time;
}

/** A use at one moment. */
export function useAt<Time extends When>(done: Time, registered: Time = done): Use<Time> {
  return { begun: done, done, registered };
}

/**
 * The effect of impediments on a use. A signer must be entitled on both days. For what is only relied on, an impediment before the
 * work breaks the use; one between the work and its registration makes the use depend on the signer's word.
 */
export function bearing(
  impediments: readonly Impediment[],
  asked: When,
  use: Use<When>,
  part: 'signer' | 'source',
): Bearing | undefined {
  const found = impediments
    .filter((impediment) => counts(impediment, asked))
    .flatMap((impediment): readonly Bearing[] => {
      const { state, reach } = impediment;
      const outcome = state === 'revoked' ? revoked(impediment, use, part) : suspended(impediment, asked, use, part);
      if (outcome === undefined || (reach !== null && !hasReached(use.registered, reach))) {
        return [];
      }
      return [{ outcome: isBeyondReach(impediment, use) ? 'attested' : outcome, impediment }];
    });
  return found.find(({ outcome }) => outcome === 'failed') ?? found[0];
}

/** Whether it has taken effect; in hindsight also one that will, where its reason reaches back. */
function counts(impediment: Impediment, asked: When): boolean {
  return hasReached(asked, impediment.effective) || (reachesBack(impediment) && isInHindsight(asked));
}

/** Whether it puts work in doubt that was done before. */
function reachesBack({ state, reason }: Impediment): boolean {
  return state === 'revoked' && !FORWARD_REASONS.includes(reason);
}

/** By the signer's word the work was done before the author of the impediment owned the device, but it was registered afterwards. */
function isBeyondReach({ reach }: Impediment, { done }: Use<When>): boolean {
  return reach !== null && !hasReached(done, reach);
}

function revoked(
  { reason, effective }: Impediment,
  use: Use<When>,
  part: 'signer' | 'source',
): Bearing['outcome'] | undefined {
  if (!FORWARD_REASONS.includes(reason) || hasReached(use.done, effective)) {
    return 'failed';
  }
  return hasReached(use.registered, effective) ? (part === 'signer' ? 'failed' : 'attested') : undefined;
}

function suspended(
  { effective, until }: Impediment,
  asked: When,
  use: Use<When>,
  part: 'signer' | 'source',
): Bearing['outcome'] | undefined {
  const ended = (when: When) => until !== null && hasReached(when, until);
  const within = (when: When) => hasReached(when, effective) && !ended(when);
  const meets = hasReached(use.done, effective) && !ended(use.begun);
  if (within(asked) || meets || (part === 'signer' && within(use.registered))) {
    return 'failed';
  }
  return !hasReached(use.done, effective) && hasReached(use.registered, effective) ? 'attested' : undefined;
}

/** The impediments in force at a moment. */
export function inForce(impediments: readonly Impediment[], moment: Instant): Impediment | undefined {
  return impediments.find(
    ({ state, effective, until }) => effective <= moment && (state === 'revoked' || until === null || moment < until),
  );
}

/** The impediments of something that was registered then, as known at that moment and not as stated later, or in the same epoch. */
export function inTheWayOf(impediments: readonly Impediment[], registered: Registered): Impediment | undefined {
  return inForce(
    impediments.filter((impediment) => isOfEarlierEpoch(impediment.registered, registered)),
    registered.date,
  );
}

/** An impediment as a sentence about its subject. */
export function impedimentOf(subject: string, { state, effective, until, by, reason }: Impediment): string {
  const span = until === null ? `since ${effective}` : `from ${effective} to ${until}`;
  return `${subject} ${until === null ? 'is' : 'was'} ${state} ${span} by ${by} (${reason}).`;
}

/** The effect of an impediment as a sentence. */
export function bearingOf(subject: string, { outcome, impediment }: Bearing, use: Use<When>): string {
  const sentence = impedimentOf(subject, impediment);
  if (impediment.reach !== null && isBeyondReach(impediment, use)) {
    return `${sentence.slice(0, -1)}, in the name of an owner since ${impediment.reach}, between the day of the work, ${dayOf(use.done)}, and its registration on ${dayOf(use.registered)}.`;
  }
  return outcome === 'failed'
    ? sentence
    : `${sentence.slice(0, -1)}, between the day of the work, ${dayOf(use.done)}, and its registration on ${dayOf(use.registered)}.`;
}
