import { NO_FLOOR } from './asked.js';
import type { Asked, MethodClass, UsedSource, UsedUncertainty } from './asked.js';
import { inputOf, missingSensitivity, sensitivityAt } from './contributions.js';
import type { Contribution } from './contributions.js';
import { exactExponent, twelfths } from './exponents.js';
import type { ResultRow } from './input.js';
import { productModel, sumModel } from './model.js';
import type { Model } from './model.js';
import { minOf, isPositive, rootSumSquares } from './numbers.js';
import { worse } from './nodes.js';
import type { Covered } from './nodes.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';

/** What a result is computed from; an influence is not. */
export function inputsOf({ sources }: Asked): readonly UsedSource[] {
  return sources.filter(({ role }) => role === 'reference' || role === 'input' || role === 'ratio');
}

/** Those of which anything is known. */
export function contributorsOf(asked: Asked): readonly UsedSource[] {
  return inputsOf(asked).filter(({ rows }) => rows.length > 0);
}

/** x from X by a ratio: the relative uncertainties of the best X and of every ratio. X has to be covered, x need not be. */
export function scaled(asked: Asked): MethodClass {
  const { result } = asked;
  const inputs = contributorsOf(asked).map((source) => inputOf(source, asked, 'relative'));
  const ratios = inputs.filter(({ source }) => source.role === 'ratio');
  const references = inputs.filter(({ source }) => source.role === 'reference' && source.kind === result.kind);
  const isNamed = asked.sources.some(({ role }) => role === 'ratio') || result.ratioByDesign;
  return {
    reasons: [...inputs.flatMap(({ reasons }) => reasons), ...(isNamed ? [] : [reason('ratio-not-named')])],
    assess(row, index) {
      const all = references.map((input) => ({ ...input.at(index), factor: 1 }));
      const best = bestOf(all);
      return summed([...best, ...ratios.map((input) => ({ ...input.at(index), factor: 1 }))], valueOf(row));
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
  const model = productModel(asked, inputsOf(asked));
  return {
    reasons: [...inputs.flatMap(({ reasons }) => reasons), ...inputs.flatMap(({ source }) => exponentFlaws(source))],
    assess: (row, index) =>
      against(model, row, index, () =>
        summed(
          inputs.map((input) => ({ ...input.at(index), factor: exactExponent(input.source.use.exponent) })),
          valueOf(row),
        ),
      ),
  };
}

function exponentFlaws({ index, use: { exponent } }: UsedSource): readonly Reason[] {
  if (exponent === null || !Number.isFinite(exponent)) {
    return [reason('exponent-missing', { source: index })];
  }
  return twelfths(exponent) === undefined ? [reason('exponent-implausible', { source: index, exponent })] : [];
}

/** An assessment, and what the formula gives for the row. */
function against(
  model: Model,
  row: ResultRow,
  index: number,
  assess: () => ReturnType<MethodClass['assess']>,
): ReturnType<MethodClass['assess']> {
  const assessed = assess();
  return { ...assessed, reasons: [...assessed.reasons, ...model(row, index)] };
}

/** y = sum x_i: weights or blocks combined; the sensitivities are 1 unless stated. */
export function sum(asked: Asked): MethodClass {
  const model = sumModel(asked, inputsOf(asked));
  const plain = byCoefficients(asked, 1);
  return {
    reasons: plain.reasons,
    assess: (row, index) => against(model, row, index, () => plain.assess(row, index)),
  };
}

/** Any other model, by its sensitivities. */
export function general(asked: Asked): MethodClass {
  return byCoefficients(asked, null);
}

function byCoefficients(asked: Asked, usual: number | null): MethodClass {
  const inputs = contributorsOf(asked).map((source) => inputOf(source, asked, 'absolute'));
  const { length } = asked.result.rows;
  return {
    reasons: inputs.flatMap((input) => [...input.reasons, ...missingSensitivity(input.source, usual, length)]),
    assess: (_, index) =>
      summed(
        inputs.map((input) => ({ ...input.at(index), factor: sensitivityAt(input.source, usual, index, length) })),
        1,
      ),
  };
}

function valueOf({ y }: ResultRow): number {
  return Math.abs(y ?? NaN);
}

/** Root sum of squares of what is known: what is not makes the row incomplete, and the true floor only larger. */
function summed(all: readonly Contribution[], value: number): ReturnType<MethodClass['assess']> {
  const known = all.filter(({ low, factor, position }) => {
    return position !== 'outside' && isPositive(low) && Number.isFinite(factor);
  });
  const floor = rootOf(known.map(({ low, factor }) => value * Math.abs(factor) * low));
  const high = rootOf(known.map((one) => value * Math.abs(one.factor) * one.high));
  const position = all.reduce<Covered>((worst, one) => worse(worst, one.position), 'inside');
  const reasons = all.flatMap(flawsOf);
  const references = all.flatMap((one) => usedOf(one, value));
  if (floor !== 0) {
    return { position, floor, fails: floor, caution: null, high: isPositive(high) ? high : floor, references, reasons };
  }
  return {
    ...NO_FLOOR,
    position,
    references,
    reasons: reasons.length > 0 ? reasons : [reason('nothing-contributes')],
  };
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

/** As much as it contributes, in the unit of the result. */
function usedOf({ source, low, high, factor }: Contribution, value: number): readonly UsedUncertainty[] {
  const part = value * Math.abs(factor);
  return isPositive(low) ? [{ source, low: part * low, high: part * high }] : [];
}
