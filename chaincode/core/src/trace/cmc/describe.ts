import { withUnit } from '../../model/index.js';
import type { AccreditationLine } from '../../model/index.js';
import { convertedDifference } from './convert.js';
import type { CoverageCondition } from './coverage.js';
import type { CmcJudgement, Comparison } from './judge.js';
import type { U95Reading } from './u95.js';

type Limit = Pick<AccreditationLine, 'min' | 'max' | 'unit'>;

const LACKS: Readonly<Record<CoverageCondition, (line: AccreditationLine) => string>> = {
  kind: () => 'the kind of quantity',
  range: (line) => `the value (its range: ${rangeOf(line)})`,
  arguments: (line) => `what it was measured at (its range: ${line.arguments.map(argumentOf).join(', ')})`,
  method: ({ method, methodLevel }) => `the method (its method: ${method ?? methodLevel ?? 'any'})`,
  place: ({ place }) => `the place (only ${place === 'on-site' ? 'on site' : 'in the laboratory'})`,
  date: ({ validFrom, validTo }) => `the day (valid from ${validFrom} to ${validTo})`,
};

function rangeOf({ min, max, unit }: Limit): string {
  return `${min} to ${withUnit(max, unit)}`;
}

function argumentOf({ name, ...limit }: Limit & { readonly name: string }): string {
  return `${name} ${rangeOf(limit)}`;
}

const READINGS: Readonly<Record<U95Reading, string>> = {
  'as-stated': 'as stated',
  standard: 'twice the standard uncertainty',
  probability: 'from the stated coverage probability',
  'coverage-factor': 'from the stated coverage factor',
  'few-readings': 'as far as its standard uncertainty supports it',
};

/** What a judgement compared, with its numbers, in one sentence without a capital letter and a full stop. */
export function described(judgement: CmcJudgement): string {
  if (judgement.outcome !== 'missing') {
    return comparison(judgement.compared);
  }
  switch (judgement.reason) {
    case 'no-uncertainty':
      return 'no usable uncertainty is stated';
    case 'not-computable':
      return 'the uncertainty or the CMC is too large or too small to compute';
    case 'not-covered':
      return judgement.nearest ? notIncluded(judgement.nearest) : 'no line is for this kind of quantity';
  }
}

function notIncluded({
  line,
  lacks,
}: {
  readonly line: AccreditationLine;
  readonly lacks: readonly CoverageCondition[];
}): string {
  return `the closest line does not include ${lacks.map((lack) => LACKS[lack](line)).join(' and ')}`;
}

/** In the unit of the certificate, because readers compare it with the certificate and not with the line. */
function comparison({ line, row, u95, reading, cmc, ratio, isBeyond }: Comparison<AccreditationLine>): string {
  const inUnit = (number: number) => withUnit(rounded(number), row.unit);
  const uncertainty = (number: number) => inUnit(convertedDifference(number, line.unit, row.unit));
  const stated = `U at 95 % ${uncertainty(u95)} (${READINGS[reading]})`;
  const beyond = isBeyond ? `, just beyond the range of the line (${rangeOf(line)})` : '';
  if (ratio === null && isBeyond) {
    return `${stated}; a value of zero needs no line`;
  }
  return ratio === null
    ? `${stated}; the CMC is relative only and gives nothing at ${inUnit(0)}`
    : `${stated}, CMC ${uncertainty(cmc)} at ${inUnit(row.value ?? NaN)}${beyond}: U/CMC = ${rounded(ratio, 3)}`;
}

/** Enough digits to distinguish the numbers, without rounding errors of the conversion. */
function rounded(number: number, digits = 6): string {
  return String(Number(number.toPrecision(digits)));
}
