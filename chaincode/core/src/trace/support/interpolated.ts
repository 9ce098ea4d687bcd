import { credibleExpanded } from '../coverageFactors.js';
import type { Member } from './ancestry.js';
import { NO_FLOOR } from './asked.js';
import type { Asked, Assessment, MethodClass } from './asked.js';
import { timesErrors } from './errors.js';
import type { ResultRow } from './input.js';
import type { Lookup } from './interpolate.js';
import { coordinates } from './matching.js';
import { buildNodes, enclose, hullOf, NO_SPREAD, spreadOf } from './nodes.js';
import type { Enclosing, Nodes, Point, Span, Spread } from './nodes.js';
import { isPositive, minOf } from './numbers.js';
import { EXACT, marginOf } from './places.js';
import type { SupportPolicy } from './policy.js';
import { isPlace, lookUp } from './reference.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { beside, outside, referencesOf } from './references.js';
import type { Reference, References } from './references.js';
import { valueRegionOf, withValue } from './valueRegion.js';
import type { ValueRegion } from './valueRegion.js';

/** Fixed points or a calibration curve: the rows of all references together, and interpolation between them. */
export function interpolated(asked: Asked): MethodClass {
  const references = referencesOf(asked);
  const between = betweenReferences(references, asked)();
  return {
    reasons: [...references.reasons, ...(between?.reasons ?? [])],
    assess(row) {
      const found = between?.at(row);
      if (found) {
        return { ...found, caution: null };
      }
      const beyond = outside(references, row);
      // The accreditation vouches for the method, not for an uncertainty without a comparison.
      return row.methodInScope && beyond.floor !== null
        ? { ...beyond, reasons: [reason('extrapolated-in-scope')] }
        : beyond;
    },
  };
}

/** All references together, used if no single one covers a row. */
export interface Between {
  readonly reasons: readonly Reason[];
  /** Within the hull of all, or at its edge. */
  at(row: ResultRow): Assessment | undefined;
  /** Strictly between references, without a declaration of that. */
  bracket(row: ResultRow): Assessment | undefined;
}

/** Built at first use; undefined without references. */
export function betweenReferences(references: References, asked: Asked): () => Between | undefined {
  let built: Between | undefined;
  return () => (built ??= build(references, asked));
}

function build(references: References, { result, policy }: Asked): Between | undefined {
  const keyOf = ({ table }: Reference) => table.columns.join(' ');
  // Not the arguments of the first source: the order of the sources must not matter.
  const [columns] = references.all.map(keyOf).sort();
  const isAlike = (each: Reference) => keyOf(each) === columns;
  const joined = references.all.filter((each) => isAlike(each) && each.table.points.length > 0);
  const rest = references.all.filter((each) => !isAlike(each));
  const [first] = joined;
  if (!first) {
    return undefined;
  }
  const spans = first.table.columns.map((_, place) => spanOf(joined, first, place, policy));
  const nodes = buildNodes(
    joined.flatMap(({ table: { points } }) => points),
    spans,
    together,
  );
  const region = valueRegionOf(
    first.source,
    first.pairs,
    joined.flatMap(({ values }) => values),
    result,
    policy,
  );
  const at = (row: ResultRow) => assess({ nodes, spans, region, joined, references, row });
  return {
    reasons: rest.map(({ table: { source } }) => reason('axes-differ', { source })),
    at,
    bracket(row) {
      const found = at(row);
      return found?.position === 'inside' ? { ...found, reasons: [...found.reasons, reason('bracketed')] } : undefined;
    },
  };
}

function spanOf(joined: readonly Reference[], first: Reference, place: number, policy: SupportPolicy): Span {
  const spans = joined.flatMap((each) => each.table.spans[place] ?? []);
  const range = hullOf(spans.flatMap((span) => (span.range ? [span.range.min, span.range.max] : [])));
  const own = first.table.spans[place];
  const { kind = null, hasArbitraryZero = false } = own ?? {};
  return {
    kind,
    hasArbitraryZero,
    range: own?.range === null ? null : range,
    declared: spans.some(({ declared }) => declared),
    tolerance: own?.tolerance ?? EXACT,
    isLinear: own?.isLinear ?? false,
    margin: marginOf(range, kind, hasArbitraryZero, policy),
  };
}

/** For several references at the same arguments; which ones they are is determined later. */
function together(points: readonly Point[]): Spread {
  const bySource = new Map<number, Point>();
  for (const point of points.filter(({ u }) => isPositive(u))) {
    const known = bySource.get(point.source);
    bySource.set(point.source, known && known.u <= point.u ? known : point);
  }
  return { ...spreadOf(points), bySource };
}

interface Place {
  readonly nodes: Nodes;
  readonly spans: readonly Span[];
  readonly region: ValueRegion | undefined;
  readonly joined: readonly Reference[];
  readonly references: References;
  readonly row: ResultRow;
}

function assess(place: Place): Assessment | undefined {
  const { references, row } = place;
  const { position, nearest = null, leaves } = placeOf(place);
  if (position === 'outside' || leaves.length === 0) {
    return undefined;
  }
  const members = membersAt(place, leaves);
  const known = leaves.every(({ low }) => isPositive(low)) && members.every(({ u }) => isPositive(u));
  const { floor, errors, reasons } = references.together(known ? members : [], row);
  return {
    ...NO_FLOOR,
    position,
    floor,
    fails: floor,
    caution: known ? minOf(members.map(({ u }) => u)) : NaN,
    references: members.map(({ source: { index }, u }) => ({ source: index, low: u, high: u })),
    nearest: position === 'edge' ? nearest : null,
    errors,
    reasons: [
      ...(position === 'edge' ? [reason('edge', beside(place.joined, row))] : []),
      ...(known ? [] : [reason('no-uncertainty-there')]),
      ...(members.length > 1 ? [reason('combined')] : []),
      ...reasons,
    ],
  };
}

/** The position of a row among the references, and the rows around it. */
function placeOf({ nodes, spans, region, joined, row }: Place): Lookup & Pick<Enclosing, 'leaves'> {
  const all = coordinates(row);
  const [first] = joined;
  if (!first || !isPlace(first.table, all)) {
    return { position: 'outside', ...NO_SPREAD, leaves: [] };
  }
  const { columns } = first.table;
  const x = columns.map((column) => all[column] ?? NaN);
  const { position, nearest: argued, leaves } = enclose(nodes, spans, x, credibleExpanded(row.expanded, row.k));
  const nearest = all.map((value, column) => argued[columns.indexOf(column)] ?? value);
  return { ...withValue({ position, nearest, ...NO_SPREAD }, region, row, all), leaves };
}

/**
 * The references around a row. Rows of one reference are not independent: its uncertainty is interpolated between them, and the
 * reference counts once. If a reference has a row on one side only, that row counts.
 */
function membersAt({ joined, references, row }: Place, leaves: readonly Spread[]): readonly Member[] {
  const factor = references.factor(row);
  const size = Math.abs(factor);
  const x = coordinates(row);
  return joined.flatMap(({ source, table }) => {
    const own = leaves.flatMap(({ bySource }) => bySource?.get(source.index) ?? []);
    const [first] = own;
    if (!first) {
      return [];
    }
    const found = lookUp(table, x, row);
    const least = own.reduce((best, each) => (each.u < best.u ? each : best), first);
    const { u, errors } = found.position === 'outside' ? least : { u: found.low, errors: found.errors };
    return [{ source, u: size * u, errors: timesErrors(errors, factor * u) }];
  });
}
