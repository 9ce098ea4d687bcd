import { dateOf, FORWARD_REASONS, isKind, precedes } from '../model/index.js';
import type { Instant, Registered, RevocationReason } from '../model/index.js';
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
}

/** What stands in the way, and how far it reaches. */
export interface Bearing {
  readonly outcome: 'attested' | 'failed';
  readonly impediment: Impediment;
}

export type ImpedimentKind = 'revocation' | 'suspension' | 'reinstatement';

/** What was said against something, in order, as spans of time. Each organisation's suspensions are its own. */
export function impedimentsOf(said: readonly Said<ImpedimentKind>[]): readonly Impediment[] {
  const found: Impediment[] = [];
  for (const { statement, registered } of said) {
    const { author: by } = statement;
    if (isKind(statement, 'reinstatement')) {
      const { lifts, effective } = statement.body;
      const place = found.findLastIndex(
        (each) => each.by === lifts && each.state === 'suspended' && each.until === null && each.effective <= effective,
      );
      const lifted = found[place];
      if (lifted) {
        found[place] = { ...lifted, until: effective };
      }
    } else {
      const { reason, effective } = statement.body;
      const state = isKind(statement, 'revocation') ? 'revoked' : 'suspended';
      found.push({ state, reason, effective, until: null, by, registered });
    }
  }
  return found;
}

/** Something that was used: when, by its user's word, and when the ledger heard of it. */
export interface Use {
  readonly done: Instant;
  readonly registered: Instant;
}

/**
 * What impediments mean at `asOf` for a use. Whoever signs must be entitled on both days. For what is only relied on, a
 * limit before the work breaks it, and one between the work and its registration leaves it to the signer's word.
 */
export function bearing(
  impediments: readonly Impediment[],
  asOf: Instant,
  use: Use,
  part: 'signer' | 'source',
): Bearing | undefined {
  const found = impediments
    .filter(({ effective }) => effective <= asOf)
    .flatMap((impediment): readonly Bearing[] => {
      const outcome =
        impediment.state === 'revoked' ? revoked(impediment, use, part) : suspended(impediment, asOf, use, part);
      return outcome === undefined ? [] : [{ outcome, impediment }];
    });
  return found.find(({ outcome }) => outcome === 'failed') ?? found[0];
}

function revoked(
  { reason, effective }: Impediment,
  use: Use,
  part: 'signer' | 'source',
): Bearing['outcome'] | undefined {
  if (!FORWARD_REASONS.includes(reason) || effective <= use.done) {
    return 'failed';
  }
  return effective <= use.registered ? (part === 'signer' ? 'failed' : 'attested') : undefined;
}

function suspended(
  { effective, until }: Impediment,
  asOf: Instant,
  use: Use,
  part: 'signer' | 'source',
): Bearing['outcome'] | undefined {
  const within = (moment: Instant) => effective <= moment && (until === null || moment < until);
  if (within(asOf) || within(use.done) || (part === 'signer' && within(use.registered))) {
    return 'failed';
  }
  return use.done < effective && effective <= use.registered ? 'attested' : undefined;
}

/** What of these is in force at a moment, whatever was done before. */
export function inForce(impediments: readonly Impediment[], moment: Instant): Impediment | undefined {
  return impediments.find(
    ({ state, effective, until }) => effective <= moment && (state === 'revoked' || until === null || moment < until),
  );
}

/** What of these stood in the way of something that the ledger took in then: as it was known, not as it was said later. */
export function inTheWayOf(impediments: readonly Impediment[], registered: Registered): Impediment | undefined {
  return inForce(
    impediments.filter((impediment) => precedes(impediment.registered, registered)),
    registered.date,
  );
}

/** An impediment as a sentence about its subject. */
export function impedimentOf(subject: string, { state, effective, until, by, reason }: Impediment): string {
  const span = until === null ? `since ${effective}` : `from ${effective} to ${until}`;
  return `${subject} ${until === null ? 'is' : 'was'} ${state} ${span} by ${by} (${reason}).`;
}

/** A bearing as a sentence. */
export function bearingOf(subject: string, { outcome, impediment }: Bearing, use: Use): string {
  const sentence = impedimentOf(subject, impediment);
  return outcome === 'failed'
    ? sentence
    : `${sentence.slice(0, -1)}, between the day of the work, ${dateOf(use.done)}, and its registration on ${dateOf(use.registered)}.`;
}
