import { NO_FLOOR, sharedReasons } from './asked.js';
import type { Asked, Assessment, MethodClass, UsedSource, UsedUncertainty } from './asked.js';
import { inputOf, inputsOf, missingSensitivity, sensitivityAt } from './contributions.js';
import type { Contribution, Input } from './contributions.js';
import { covarianceOf, sumOfErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { exactExponent, twelfths } from './exponents.js';
import type { ResultRow } from './input.js';
import { coordinates } from './matching.js';
import { productModel, sumModel } from './model.js';
import type { Model, Modelled } from './model.js';
import { minOf, isPositive, rootSumSquares, sumOf } from './numbers.js';
import { worse } from './nodes.js';
import type { Covered } from './nodes.js';
import { ratioNeeded, ratioReasonsOf } from './ratio.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { elsewhereReasons } from './usedElsewhere.js';

/** The sources with known content. */
export function contributorsOf(asked: Asked): readonly UsedSource[] {
  return inputsOf(asked).filter(({ rows }) => rows.length > 0);
}

/** x from X by a ratio: the relative uncertainties of the best X and of every ratio. X has to be covered, x need not be. */
export function scaled(asked: Asked): MethodClass {
  const { result } = asked;
  const stated = contributorsOf(asked).map((source) => inputOf(source, asked, 'relative'));
  const references = stated.filter(({ source }) => source.role === 'reference' && source.kind === result.kind);
  const steps = stated.filter(({ source }) => source.role === 'ratio');
  const ratios = steps.length === 1 ? steps.map((step) => ratioNeeded(step, asked, references)) : steps;
  const inputs = [...stated.filter(({ source }) => source.role !== 'ratio'), ...ratios];
  const ratioReasons = ratioReasonsOf(asked, references, ratios);
  const elsewhere = [references, ratios].map((all) =>
    elsewhereReasons(
      asked,
      all.map(({ source }) => source),
    ),
  );
  const isNamed = asked.sources.some(({ role }) => role === 'ratio') || result.ratioByDesign;
  return {
    reasons: [...inputs.flatMap(({ reasons }) => reasons), ...(isNamed ? [] : [reason('ratio-not-named')])],
    assess(row, index) {
      const all = references.map((input) => ({ ...input.at(index), of: input.source, factor: 1 }));
      const best = bestOf(all);
      const assessed = summed(
        [...best, ...ratios.map((input) => ({ ...input.at(index), of: input.source, factor: 1 }))],
        valueOf(row),
      );
      const places = elsewhere.flatMap((of) => of(index));
      return { ...assessed, reasons: [...assessed.reasons, ...places, ...ratioReasons(row, index)] };
    },
  };
}

/** The reference with the smallest uncertainty among those that were calibrated where they were used. */
function bestOf(all: readonly Contribution[]): readonly Contribution[] {
  const covering = all.filter(({ position, low }) => position !== 'outside' && isPositive(low));
  const least = minOf(covering.map(({ low }) => low));
  const best = covering.filter(({ low }) => low === least);
  const chosen = best.find(({ position }) => position === 'inside') ?? best[0] ?? all[0];
  return chosen ? [chosen] : [];
}

/** y = C prod x_i^n_i: Ohm's law, a pressure balance, force, torque, flow. */
export function product(asked: Asked): MethodClass {
  const inputs = contributorsOf(asked).map((source) => inputOf(source, asked, 'relative'));
  const model = productModel(asked, inputs);
  const elsewhere = elsewhereReasons(asked, contributorsOf(asked));
  return {
    reasons: [...inputs.flatMap(({ reasons }) => reasons), ...inputs.flatMap(({ source }) => exponentFlaws(source))],
    assess(row, index) {
      const used = inputs.map((input) => ({
        ...input.at(index),
        of: input.source,
        factor: exactExponent(input.source.use.exponent),
      }));
      return modelled(summed(used, valueOf(row)), row, model(row, index, used), elsewhere(index));
    },
  };
}

function exponentFlaws({ index, use: { exponent } }: UsedSource): readonly Reason[] {
  if (exponent === null || !Number.isFinite(exponent)) {
    return [reason('exponent-missing', { source: index })];
  }
  return twelfths(exponent) === undefined ? [reason('exponent-implausible', { source: index, exponent })] : [];
}

/** An assessment, and the value of the formula for the row. */
function modelled(
  assessed: Assessment,
  row: ResultRow,
  { reasons, value }: Modelled,
  others: readonly Reason[],
): Assessment {
  const nearest = value === null ? assessed.nearest : [...coordinates(row).slice(0, -1), value];
  return { ...assessed, nearest, reasons: [...assessed.reasons, ...others, ...reasons] };
}

/** y = sum x_i: weights or blocks combined; the sensitivities are 1 unless stated. */
export function sum(asked: Asked): MethodClass {
  return byCoefficients(asked, 1, (inputs) => sumModel(asked, inputs));
}

/** Any other model, by its sensitivities. */
export function general(asked: Asked): MethodClass {
  return byCoefficients(asked, null);
}

/** Nothing says which value the formula gives. */
const UNCOMPARED: Model = () => ({ reasons: [], value: null });

function byCoefficients(
  asked: Asked,
  usual: number | null,
  modelOf?: (inputs: readonly Input[]) => Model,
): MethodClass {
  const inputs = contributorsOf(asked).map((source) => inputOf(source, asked, 'absolute'));
  const model = modelOf?.(inputs) ?? UNCOMPARED;
  const elsewhere = elsewhereReasons(asked, contributorsOf(asked));
  const { length } = asked.result.rows;
  return {
    reasons: inputs.flatMap((input) => [...input.reasons, ...missingSensitivity(input.source, usual, length)]),
    assess(row, index) {
      const used = inputs.map((input) => ({
        ...input.at(index),
        of: input.source,
        factor: sensitivityAt(input.source, usual, index, length),
      }));
      return modelled(summed(used, 1), row, model(row, index, used), elsewhere(index));
    },
  };
}

function valueOf({ y }: ResultRow): number {
  return y ?? NaN;
}

/** Root sum of squares of the known contributions. An unknown one makes the row incomplete, and the true floor can only be larger. */
function summed(all: readonly Contribution[], value: number): Assessment {
  const known = all.filter(({ low, factor, position }) => {
    return position !== 'outside' && isPositive(low) && Number.isFinite(factor);
  });
  const parts = known.map((one) => ({ ...one, part: value * one.factor * one.low }));
  const { floor, apart } = together(parts);
  const high = together(known.map((one) => ({ ...one, part: value * one.factor * one.high }))).floor;
  const taken = parts.map(({ errors, part }) => timesErrors(errors, part));
  const position = all.reduce<Covered>((worst, one) => worse(worst, one.position), 'inside');
  const reasons = [...all.flatMap(flawsOf), ...sharedReasons(taken, apart, floor)];
  const errors = sumOfErrors(taken);
  const references = all.flatMap((one) => usedOf(one, value));
  if (floor !== 0) {
    const most = isPositive(high) ? high : floor;
    const atEdge = position === 'edge' ? all.find(({ nearestOfRow }) => nearestOfRow) : undefined;
    const nearest = atEdge?.nearestOfRow ?? null;
    return { position, floor, fails: floor, caution: null, high: most, references, nearest, errors, reasons };
  }
  // A note explains no missing floor: inputs at the edge of their ranges, with sensitivities of 0, would support anything.
  const isExplained = reasons.some(({ outcome }) => outcome === 'missing');
  const open = isExplained ? reasons : [...reasons, reason('nothing-contributes')];
  return { ...NO_FLOOR, position, references, reasons: open };
}

/** The contribution of a source with the sign of its factor, and the parts of its error. */
interface Part {
  readonly of: UsedSource;
  readonly part: number;
  readonly errors: Errors;
}

/**
 * Two reports are independent as far as their sources are. Several uses of one report are not: its results of a kind have one common
 * error, which adds up. An error that is subtracted may cancel, but nobody knows that it does.
 */
function together(parts: readonly Part[]): { readonly floor: number; readonly apart: number } {
  const alike = new Map<string, Part[]>();
  for (const each of parts) {
    const key = JSON.stringify([each.of.report, each.of.kind]);
    alike.set(key, appended(alike.get(key), each));
  }
  const groups = Array.from(alike.values(), (uses) => {
    const total = totalOf(uses);
    const apart = rootOf(uses.map(({ part }) => part));
    return { size: Number.isFinite(apart) ? Math.max(apart, Math.abs(sumOf(partsOf(total)))) : NaN, total };
  });
  const apart = rootOf(groups.map(({ size }) => size));
  return {
    floor: rootOf([
      apart,
      sharedBy(
        groups.map(({ total }) => total),
        apart,
      ),
    ]),
    apart,
  };
}

/** The root of the variance that the covariances of reports add. Scaled, so that squares do not overflow or become zero. */
function sharedBy(groups: readonly (readonly Part[])[], whole: number): number {
  if (groups.length < 2 || !isPositive(whole)) {
    return 0;
  }
  const errors = groups.map((uses) =>
    sumOfErrors(uses.map(({ errors: each, part }) => timesErrors(each, part / whole))),
  );
  const covariances = errors.flatMap((a, place) => errors.slice(place + 1).map((b) => covarianceOf(a, b)));
  return whole * Math.sqrt(Math.max(0, 2 * sumOf(covariances)));
}

function partsOf(uses: readonly Part[]): readonly number[] {
  return uses.map(({ part }) => part);
}

/** If a report gives several results of a kind, each use appears once for each of them. */
function totalOf(uses: readonly Part[]): readonly Part[] {
  const byResult = new Map<string, Part[]>();
  for (const use of uses) {
    const key = JSON.stringify([use.of.rows.length, use.of.rows[0], use.of.rows.at(-1)]);
    byResult.set(key, appended(byResult.get(key), use));
  }
  return [...byResult.values()].reduce((most, each) =>
    Math.abs(sumOf(partsOf(each))) > Math.abs(sumOf(partsOf(most))) ? each : most,
  );
}

/** In place: there may be thousands. */
function appended<T>(all: T[] = [], one: T): T[] {
  all.push(one);
  return all;
}

/** Sorted, so that the order of the sources never changes the last bit. NaN if a term overflows. */
function rootOf(terms: readonly number[]): number {
  return rootSumSquares([...terms].sort((a, b) => a - b));
}

function flawsOf({ source, position, low }: Contribution): readonly Reason[] {
  if (position === 'outside') {
    return [reason('input-outside', { source })];
  }
  return [
    ...(isPositive(low) ? [] : [reason('no-uncertainty-there', { source })]),
    ...(position === 'edge' ? [reason('input-edge', { source })] : []),
  ];
}

/** Its contribution, in the unit of the result; unknown with a factor in a unit that cannot be read. */
function usedOf({ source, low, high, factor }: Contribution, value: number): readonly UsedUncertainty[] {
  const part = Math.abs(value * factor);
  return isPositive(low) && Number.isFinite(part) ? [{ source, low: part * low, high: part * high }] : [];
}
