import { groupFloor, sharedReasons } from './asked.js';
import type { Asked, UsedSource } from './asked.js';
import { sumOfErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import type { Foundation, ResultRow, Said, Source } from './input.js';
import { coordinates, matchAxes } from './matching.js';
import { bestMean } from './mean.js';
import { isPositive, minOf } from './numbers.js';
import { comparedBy, lookUp, measured, tableOf } from './reference.js';
import type { Table } from './reference.js';
import type { Reason } from './reasons.js';

/*
 * References that rest on the same calibration share its error, which no mean reduces. A group of references is always a weighted mean
 * of the calibrations that all chains of its members pass through, so the group floor holds for every such level. This needs no
 * declared signs of sensitivities, by which errors could seem to cancel in a mean (errors.ts): a result that is computed from one of
 * its own kind is no better than that one, whatever the sign.
 */

/** A reference that takes part, with its standard uncertainty at the row. */
export interface Member {
  readonly source: UsedSource;
  readonly u: number;
  readonly errors: Errors;
}

/** References together at a row: the smallest uncertainty that they give, and the errors of their best mean. */
export type Together = (
  members: readonly Member[],
  row: ResultRow,
) => { readonly floor: number; readonly errors: Errors; readonly reasons: readonly Reason[] };

/** The group floor, but never below the error that the members share, and never above the best member alone. */
export function togetherOf(asked: Asked): Together {
  const levels = new Map<string, readonly Level[]>();
  const uncertainties = new Map<Said, (row: ResultRow, isScaled: boolean) => number>();
  return (members, row) => {
    const all = members.map(({ source: { report }, u, errors }) => ({ report, u, errors }));
    const mean = bestMean(all);
    const sources = members.map(({ source }) => source);
    const key = JSON.stringify(sources.map(({ index }) => index));
    const own = levels.get(key) ?? ancestryAbove(sources)?.levels ?? [];
    levels.set(key, own);
    const shared = own.map((level) => groupFloor(calibrationsOf(level, row)));
    const best = minOf(all.map(({ u }) => u).filter(isPositive));
    const floor = shared
      .filter(isPositive)
      .reduce((largest, each) => Math.max(largest, Math.min(each, best)), mean?.u ?? NaN);
    return {
      floor,
      errors: sumOfErrors((mean?.weights ?? []).map(([{ errors }, weight]) => timesErrors(errors, weight))),
      reasons: sharedReasons(
        all.map(({ errors }) => errors),
        groupFloor(all),
        floor,
      ),
    };
  };

  /** NaN (no floor) if one of them gives nothing there. */
  function calibrationsOf(nodes: Level, row: ResultRow): readonly { readonly report: string; readonly u: number }[] {
    const all = Array.from(nodes, ([report, { foundations, isScaled }]) => ({
      report,
      u: minOf([...foundations].map(({ said }) => uncertaintyOf(said)(row, isScaled)).filter(isPositive)),
    }));
    return all.every(({ u }) => isPositive(u)) ? all : [];
  }

  function uncertaintyOf(said: Said): (row: ResultRow, isScaled: boolean) => number {
    const known = uncertainties.get(said) ?? uncertaintyAt(said, asked);
    uncertainties.set(said, known);
    return known;
  }
}

/** The uncertainty of a calibration at a row; for results scaled from it, its smallest relative uncertainty anywhere. */
function uncertaintyAt(said: Said, { result, policy }: Asked): (row: ResultRow, isScaled: boolean) => number {
  const measure = comparedBy(result);
  const { pairs, lacksFirst } = matchAxes(result, said);
  let table: Table | undefined;
  // Remembered, because several levels ask about the same row.
  let latest: { readonly row: ResultRow; readonly u: number } | undefined;
  const relative = minOf(said.rows.map((row) => measured(row, 'relative')).filter(isPositive));
  return (row, isScaled) => {
    const size = Math.abs(row.y ?? NaN);
    const anywhere = result.scale === 'additive' ? NaN : relative * size;
    if (isScaled || lacksFirst) {
      return anywhere;
    }
    if (latest?.row !== row) {
      table ??= tableOf(said, 0, pairs, measure, policy);
      const { position, low } = lookUp(table, coordinates(row), row);
      latest = { row, u: position === 'outside' ? anywhere : measure === 'relative' ? low * size : low };
    }
    return latest.u;
  };
}

/** Calibrations that all chains pass through, by their reports. */
type Level = ReadonlyMap<string, Node>;

interface Node {
  /** One for each result of the report. */
  readonly foundations: ReadonlySet<Foundation>;
  /** A result was scaled from it, so it counts with its relative uncertainty. */
  readonly isScaled: boolean;
}

/** The sources of members. */
interface Ancestry {
  readonly levels: readonly Level[];
  /** Everything above them that was examined. */
  readonly steps: number;
}

/** A single report counts once: nothing meets above it. */
const ALONE: Ancestry = { levels: [], steps: 0 };

/** Steps left, and steps taken. */
class Steps {
  taken = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  take(count: number): boolean {
    this.taken += count;
    return this.taken <= this.#most;
  }
}

let last: { readonly on: readonly unknown[]; readonly ancestry: Ancestry } | undefined;

/**
 * Remembers answers, because results of one report mostly rest on the same sources. The cost does not depend on that.
 *
 * @param most Limit of steps; beyond it the answer is undefined.
 */
function ancestryAbove(sources: readonly Source[], most = Infinity): Ancestry | undefined {
  if (sources.every(({ report }) => report === sources[0]?.report)) {
    return ALONE;
  }
  const on = sources.map((source) => source.foundation ?? source);
  if (last?.on.length !== on.length || !last.on.every((each, place) => each === on[place])) {
    const members = sources.map(foundationOf);
    const steps = new Steps(most);
    const areShared = areSharedAbove(members, steps);
    const levels = areShared === true ? sharedLevels(members, steps) : [];
    if (areShared === undefined || !levels) {
      return undefined;
    }
    last = { on, ancestry: { levels, steps: steps.taken } };
  }
  return last.ancestry.steps <= most ? last.ancestry : undefined;
}

/**
 * Levels at which the chains of members meet. The node that is furthest from its root is replaced by its sources first, so that chains
 * of different lengths meet at a common calibration.
 */
function sharedLevels(members: readonly Foundation[], steps: Steps): readonly Level[] | undefined {
  let level = levelOf(
    members.map((foundation) => ({ foundation, isScaled: false })),
    steps,
  );
  const found: Level[] = [];
  while (level) {
    found.push(level);
    const height = heightOf(level);
    if (height === 0) {
      return found;
    }
    const nodes = [...level.values()];
    const isRising = (node: Node) => heightOfNode(node) === height;
    const count = nodes.filter(isRising).reduce((sum, node) => sum + aboveCount(node), 0);
    level = steps.take(count)
      ? levelOf(
          nodes.flatMap((node) => (isRising(node) ? aboveOf(node) : withinOf(node))),
          steps,
        )
      : undefined;
  }
  return undefined;
}

function foundationOf(source: Source): Foundation {
  return source.foundation ?? { said: source, height: 0, isScaled: false, above: [] };
}

interface Step {
  readonly foundation: Foundation;
  readonly isScaled: boolean;
}

/** Undefined if that takes too many steps. */
function levelOf(all: readonly Step[], steps: Steps): Level | undefined {
  const nodes = new Map<string, { readonly foundations: Set<Foundation>; isScaled: boolean }>();
  for (const { foundation, isScaled } of all) {
    const { report } = foundation.said;
    const node = nodes.get(report) ?? { foundations: new Set(), isScaled: false };
    node.foundations.add(foundation);
    node.isScaled ||= isScaled;
    nodes.set(report, node);
  }
  const within = [...nodes.values()].reduce((sum, { foundations }) => sum + foundations.size, 0);
  return steps.take(all.length + within) ? nodes : undefined;
}

function withinOf({ foundations, isScaled }: Node): readonly Step[] {
  return [...foundations].map((foundation) => ({ foundation, isScaled }));
}

function aboveOf({ foundations, isScaled }: Node): readonly Step[] {
  return [...foundations].flatMap((each) =>
    each.above.map((foundation) => ({ foundation, isScaled: isScaled || each.isScaled })),
  );
}

function aboveCount({ foundations }: Node): number {
  return [...foundations].reduce((sum, { above }) => sum + above.length, 0);
}

function heightOf(level: Level): number {
  return [...level.values()].reduce((highest, node) => Math.max(highest, heightOfNode(node)), 0);
}

/** A chain ends where the sources of a result are unknown. */
function heightOfNode({ foundations }: Node): number {
  const heights = [...foundations].map(({ height }) => height);
  return heights.includes(0) ? 0 : Math.max(...heights);
}

/** Follows every step up once. Returns whether two different ways lead to the same report; undefined if there are too many steps. */
function areSharedAbove(members: readonly Foundation[], steps: Steps): boolean | undefined {
  const from = new Map(members.map((member) => [member, member.said.report]));
  const metBy = new Map<string, string>();
  let areShared = false;
  for (const [{ said, above }, own] of from) {
    if (!steps.take(1 + above.length)) {
      return undefined;
    }
    const met = metBy.get(said.report) ?? own;
    metBy.set(said.report, met);
    areShared ||= met !== own;
    for (const each of above) {
      const first = from.get(each) ?? own;
      from.set(each, first);
      areShared ||= first !== own;
    }
  }
  return areShared;
}

/**
 * The cost of {@link togetherOf}: what it reads for a row, what it sorts beforehand, and the steps; undefined if the steps exceed
 * `most`.
 */
export function ancestryOf(
  sources: readonly Source[],
  most: number,
): { readonly said: readonly Said[]; readonly numbers: number; readonly steps: number } | undefined {
  const found = ancestryAbove(sources, most);
  if (!found) {
    return undefined;
  }
  const { levels, steps } = found;
  const nodes = levels.flatMap((level) => [...level.values()]);
  const foundations = nodes.flatMap((node) => [...node.foundations]);
  const said = new Set(foundations.map((each) => each.said));
  return { said: [...said], numbers: nodes.length, steps: steps + foundations.length };
}
