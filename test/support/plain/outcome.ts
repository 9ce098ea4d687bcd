import type { Outcome } from '@tracecal/core/support';
import { basisOf, DERIVED, rank, roleOf, ROUNDING, SMALL, worst } from './case.js';
import type { PlainCase, PlainFloor, PlainRow, PlainSource } from './case.js';
import { plainFloor } from './floor.js';

export function plainOutcome(of: PlainCase): Outcome {
  const counted = of.rows.filter(({ k, p }) => k >= 1 && k <= mostOf(p));
  const shared = [...aboutSources(of), ...aboutMethod(of)];
  return worst(counted.length === 0 ? ['missing', ...shared] : counted.flatMap((row) => plainRow(of, row)));
}

/** Two readings: Student's t of one degree of freedom. */
function mostOf(p: number | null): number {
  return p === null ? 236 : 14;
}

function plainRow(of: PlainCase, row: PlainRow): readonly Outcome[] {
  const shared = [...aboutSources(of), ...aboutMethod(of)];
  if (!hasBasis(of)) {
    return [...shared, isAccredited(of) ? 'attested' : 'missing'];
  }
  if (of.scale === 'coefficient' && row.y === 0) {
    return [...shared, 'missing'];
  }
  const found = plainFloor(of, row);
  const stated = row.expanded / row.k;
  const own = held(stated, found);
  // 1.96 for 95 %: a smaller coverage factor has to hold either way.
  const isSmall = row.p !== null && row.k < 0.97 * 1.959964;
  const strict = isSmall ? held(row.expanded / 1.959964, found) : own;
  const isOpen = isSmall && rank(strict) > Math.max(rank(own), rank('note'));
  return [...shared, ...found.outcomes, own, ...(isOpen ? (['missing'] as const) : [])];
}

function held(u: number, { floor, fails, caution }: PlainFloor): Outcome {
  if (fails !== null && u < (1 - ROUNDING) * fails) {
    return 'failed';
  }
  if (caution !== null && u < (1 - ROUNDING) * caution) {
    return 'missing';
  }
  return floor !== null && u < floor ? 'note' : 'sound';
}

function aboutSources(of: PlainCase): readonly Outcome[] {
  const open = of.sources.filter((source) => roleOf(source, of) === 'influence' && isOpen(source, of));
  const small = open.filter(({ share }) => share !== null && share <= SMALL);
  const shares = small.reduce((sum, { share }) => sum + (share ?? 0), 0);
  return [...of.sources.map((source) => aboutSource(source, of)), shares > SMALL ? 'missing' : 'sound'];
}

function aboutSource(source: PlainSource, of: PlainCase): Outcome {
  const { outcome, resolved, share, kind } = source;
  const role = roleOf(source, of);
  if (role === 'check') {
    return 'note';
  }
  if (role === 'influence') {
    return isOpen(source, of) ? (share !== null && share <= SMALL ? 'note' : 'missing') : 'sound';
  }
  if (!resolved) {
    return isAccredited(of) ? 'attested' : 'missing';
  }
  const isStranger =
    role === 'reference' && kind !== of.kind && !DERIVED.includes(of.method) && of.method !== 'natural';
  return worst([outcome, isStranger ? 'missing' : 'sound']);
}

function isOpen({ resolved, outcome }: PlainSource, of: PlainCase): boolean {
  return resolved ? outcome === 'failed' || outcome === 'missing' : !isAccredited(of);
}

/** Possible declarations: several reports for a mean, a natural zero for a ratio. */
function aboutMethod(of: PlainCase): readonly Outcome[] {
  const own = of.sources.filter((source) => roleOf(source, of) === 'reference' && source.kind === of.kind);
  const isPossible = of.method === 'group' ? own.length >= 2 : of.method !== 'scaled' || of.scale === 'ratio';
  return [isPossible ? 'sound' : 'missing'];
}

/** An accreditation stands for what is not shown, never for what is shown and does not hold. */
function isAccredited(of: PlainCase): boolean {
  return (
    of.accredited &&
    !of.sources.some(
      (source) => source.outcome === 'failed' || (roleOf(source, of) === 'reference' && source.kind !== of.kind),
    )
  );
}

function hasBasis(of: PlainCase): boolean {
  return of.method === 'natural' || basisOf(of).length > 0;
}
