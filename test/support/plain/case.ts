import type { Method, Outcome, Role, Scale } from '@tracecal/core/support';

/*
 * The procedure of docs/metrology.md written a second time, as plainly as possible, for sources that share no errors and have one
 * argument. It shares no code with the product: that both agree on random cases is what the differential test shows.
 */

/** Argument, value and standard uncertainty. */
export type PlainPoint = readonly [x: number, y: number, u: number];

export interface PlainSource {
  readonly kind: string;
  readonly role: Role | null;
  readonly points: readonly PlainPoint[];
  readonly outcome: Outcome;
  /** False: no record was found for it. */
  readonly resolved: boolean;
  readonly at: number | null;
  readonly exponent: number;
  readonly sensitivity: number;
  readonly share: number | null;
}

export interface PlainRow {
  readonly x: number;
  readonly y: number;
  readonly expanded: number;
  readonly k: number;
  readonly p: number | null;
  readonly methodInScope: boolean;
}

export interface PlainCase {
  readonly kind: string;
  readonly scale: Scale;
  readonly method: Method;
  readonly accredited: boolean;
  readonly rows: readonly PlainRow[];
  readonly sources: readonly PlainSource[];
}

/** What a row has to reach; null: nothing to hold it against. */
export interface PlainFloor {
  readonly outcomes: readonly Outcome[];
  readonly floor: number | null;
  /** Below it nothing helps. */
  readonly fails: number | null;
  /** Below it something has to be declared. */
  readonly caution: number | null;
}

export const NOTHING: PlainFloor = { outcomes: [], floor: null, fails: null, caution: null };

/** Factors of the policy. */
export const ROUNDING = 0.05;
export const EDGE = 0.02;
export const SMALL = 0.01;

export function roleOf({ role, kind }: PlainSource, of: PlainCase): Role {
  return role ?? (kind === of.kind ? 'reference' : 'influence');
}

export const DERIVED: readonly Method[] = ['product', 'sum', 'general'];

/** What the floor is made of. */
export function basisOf(of: PlainCase): readonly PlainSource[] {
  const known = of.sources.filter(({ points }) => points.length > 0);
  return DERIVED.includes(of.method)
    ? known.filter((source) => ['reference', 'input', 'ratio'].includes(roleOf(source, of)))
    : known.filter((source) => roleOf(source, of) === 'reference' && source.kind === of.kind);
}

const ORDER: readonly Outcome[] = ['sound', 'note', 'attested', 'missing', 'failed'];

export function rank(outcome: Outcome): number {
  return ORDER.indexOf(outcome);
}

export function worst(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce<Outcome>((a, b) => (rank(b) > rank(a) ? b : a), 'sound');
}
