import type { Method } from './input.js';
import type { Range } from './policy.js';
import type { Reason, ReasonCode } from './reasons.js';
import type { RowFinding } from './row.js';

/** How the caller writes numbers and names: findings are in SI without units. */
export interface Words {
  /** An uncertainty of the result, with its unit. */
  readonly uncertainty: (si: number) => string;
  /** A value of the result, with its unit. */
  readonly value: (si: number) => string;
  /** A place that a calibration covers, with its unit and with enough digits to keep it distinct from its neighbours. */
  readonly place: (si: number) => string;
  /** A plain ratio. */
  readonly number: (value: number) => string;
  /** A source by its place, as within a sentence. */
  readonly source: (index: number) => string;
}

/** The parts of a sentence, written. */
interface Written {
  readonly source: string;
  readonly u: string;
  readonly floor: string;
  readonly share: string;
  readonly exponent: string;
  readonly value: string;
  /** Empty if it is unknown or has no single unit. */
  readonly range: string;
  readonly ratio: string;
  readonly ratios: string;
  readonly k: string;
  readonly name: string;
}

type Template = string | ((parts: Written) => string);

const SENTENCES: Readonly<Record<ReasonCode, Template>> = {
  'uncertainty-missing': 'The row states no usable uncertainty; it is not counted.',
  'uncertainty-zero': 'The row states an uncertainty of zero, which no measured value can have.',
  'coverage-factor-unusable': ({ k }) =>
    k === 'unknown'
      ? 'The row states no coverage factor, so the uncertainty cannot be used.'
      : `The coverage factor ${k} is below 1 or larger than two readings give, so the uncertainty cannot be used.`,
  'probability-unusable': 'The coverage probability is not between 0 and 1.',
  'coverage-contradicts': ({ u }) =>
    `The coverage factor is too small for its probability. The result holds either way; at worst u = ${u}.`,
  'coverage-contradicts-open': ({ u }) =>
    `The coverage factor is too small for its probability, and u = ${u} would not hold. State the distribution.`,
  'value-missing': 'The row states no usable value, so nothing can be compared.',
  zero: 'The value is zero, so no reference is needed here.',
  edge: ({ range }) => `The row is just outside the calibrated range${range && ` of ${range}`}, within the tolerance.`,
  outside: ({ range }) =>
    `No reference was calibrated at this place${range && `, only at ${range}`}. If the value was reached from another place, declare the method.`,
  'input-edge': ({ source }) => `${source} was used just outside its calibrated range, within the tolerance.`,
  'input-outside': ({ source }) => `${source} was used outside its calibrated range.`,
  'ratio-outside': ({ source, ratio, ratios }) =>
    `This value is ${ratio} times that of its standard, but ${source} was calibrated for ${ratios} only. State with "at" at which ratios it was used.`,
  'ratio-contradicts': ({ ratio, ratios }) =>
    `This value is ${ratio} times that of its standard, but the stated ratios give ${ratios}. State each step with "at", or declare the method "product".`,
  'extrapolated-in-scope': 'The row is outside the references; the accreditation names the method and this range.',
  'group-not-covering': ({ source }) => `${source} belongs to the group but was not calibrated at this place.`,
  'below-floor': ({ u, floor }) => `u = ${u} is smaller than the references allow: at least ${floor}.`,
  'within-rounding': ({ u, floor }) => `u = ${u} is below ${floor}, but only within rounding.`,
  'undeclared-below-single': ({ u, floor }) =>
    `u = ${u} is below ${floor}, the best single reference. If several were combined, declare the method "group" or "interpolated".`,
  'between-nodes': ({ u, floor }) =>
    `u = ${u} is below ${floor}, the largest uncertainty of the references around this place.`,
  bracketed: 'No reference alone covers this place, but several do together.',
  combined: 'Several references are combined, assuming that they are independent.',
  'shared-errors': ({ u, floor, name }) =>
    `The sources share errors, most of all that of report ${name}: together they leave ${floor}, independent ones ${u}.`,
  'no-uncertainty-there': ({ source }) => `${source} states no uncertainty at this place.`,
  'not-computable': 'The floor cannot be computed from these numbers.',
  'natural-zero': 'The value is a natural zero, which needs no reference.',
  'natural-in-scope': 'The value is realised without a standard, by a method that the accreditation names.',
  'natural-out-of-scope': 'The value is realised without a standard, and no accreditation line names the method.',
  'no-reference':
    'No source of this kind of quantity supports the result. If it follows from other kinds, declare the method.',
  'no-reference-accredited': 'The standards are not shown. The result rests on the accreditation of the laboratory.',
  unresolved: ({ source }) => `There is no record of ${source}.`,
  'unresolved-accredited': ({ source }) =>
    `There is no record of ${source}. The result rests on the accreditation of the laboratory.`,
  'paper-undescribed': ({ source }) =>
    `${source} is on paper, and the report does not say what it certifies: describe its quantity, range and uncertainty.`,
  'paper-undescribed-accredited': ({ source }) =>
    `${source} is on paper and not described. The result rests on the accreditation of the laboratory.`,
  'source-failed': ({ source }) => `${source} has failed.`,
  'source-missing': ({ source }) => `${source} is incomplete.`,
  'source-attested': ({ source }) => `${source} is attested only.`,
  'source-without-uncertainty': ({ source }) => `${source} states no uncertainty for this kind of quantity.`,
  'reference-kind': ({ source }) => `${source} is declared as a reference but gives another kind of quantity.`,
  'first-argument': ({ source, name }) => `${source} depends on ${name}, which the result does not state.`,
  'further-argument': ({ source, name }) => `${source} also depends on ${name}, which the result does not state.`,
  'ambiguous-argument': ({ source, name }) =>
    `${source} depends on ${name}: several arguments are of one kind, and their names do not tell which one is meant. Call the same argument alike in both.`,
  'influence-open': ({ source }) =>
    `${source} measured an influence and does not hold, and the report does not declare that its share of the variance is small.`,
  'influence-after': ({ source }) =>
    `${source} measured an influence but was calibrated only after the work, and the report names no earlier calibration of it that holds.`,
  'influence-small': ({ source, share }) =>
    `${source} measured an influence and does not hold, but its share of the variance is only ${share}.`,
  'influence-paper': ({ source }) => `${source} measured an influence, and rests on somebody's word.`,
  'paper-unused': ({ source }) =>
    `${source} is not used: no result of the report is of a kind that it certifies, or declares that it was made with it.`,
  check: ({ source }) => `${source} was used as a check only.`,
  after: ({ source }) => `${source} is a later calibration of a standard that was used.`,
  'after-not-later': ({ source }) =>
    `${source} is declared as a later calibration of a standard that was used, but it was made before the work ended.`,
  'after-alone': ({ source }) => `${source} is a later calibration, but no earlier one of the same device is named.`,
  'best-of-range': ({ source }) =>
    `The place where ${source} was used is not stated; the best of its range is assumed.`,
  'at-unusable': ({ source }) => `The arguments at which ${source} was used do not fit its certificate.`,
  'at-missing': ({ source }) =>
    `${source} gives several values of the result's own kind of quantity, and nothing says at which of them it was used. State it with "at".`,
  'used-elsewhere': ({ source, name }) =>
    `${source} was used at another ${name} than this one, and nothing else that depends on it was used at this one.`,
  'used-at-multiple': ({ source, name }) =>
    `${source} was used at another ${name} than this one, so it was divided or multiplied.`,
  'model-contradicts': ({ value }) =>
    `With the inputs at the places where they were used, the declared formula gives ${value}, not this value.`,
  'constant-measured': ({ name }) =>
    `The constant ${name} has a unit and is no constant of nature, so somebody measured it: declare its certificate as an input, or a small share of the variance.`,
  'own-share': ({ name }) =>
    `The report does not declare that the share of the laboratory's own input ${name} in the variance is small.`,
  'shares-together': ({ name, share }) =>
    `Nobody vouches for ${name}: each has a small share of the variance, but together their share is ${share}.`,
  'share-unusable': ({ source }) => `The share of ${source} is not between 0 and 1.`,
  'group-too-few': 'A group needs at least two different reports.',
  'exponent-missing': ({ source }) => `No exponent is declared for ${source}.`,
  'exponent-implausible': ({ source, exponent }) =>
    `The exponent ${exponent} of ${source} cannot be used: declare a whole number, or halves, thirds or quarters, of at most 8.`,
  'sensitivity-missing': ({ source }) => `No sensitivity is declared for ${source}, or not one for every row.`,
  'units-open': 'The units of the inputs and constants do not give the unit of the result.',
  'sensitivity-unit': ({ source }) => `The sensitivity to ${source} does not lead to the unit of the result.`,
  'scaled-not-ratio': 'Only a quantity with a natural zero can be scaled.',
  'ratio-not-named': 'The source of the ratio is not named.',
  'nothing-contributes': 'None of the sources contributes to the uncertainty.',
  'axes-differ': ({ source }) => `${source} depends on other arguments than the first reference.`,
  'too-many-arguments': ({ source }) => `${source} depends on more arguments than can be compared.`,
};

/** A finding as a sentence. */
export function sentenceOf(reason: Reason, words: Words): string {
  const template = SENTENCES[reason.code];
  if (typeof template === 'string') {
    return template;
  }
  const written = writtenBy(reason, words);
  const sentence = template(written);
  const { source } = written;
  return sentence.startsWith(source) ? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}` : sentence;
}

function writtenBy(
  { source, u, floor, share, value, exponent, name, range, ratio, ratios, k }: Reason,
  words: Words,
): Written {
  const write = <T>(part: T | null | undefined, as: (part: T) => string, otherwise = 'unknown') =>
    part === undefined || part === null ? otherwise : as(part);
  return {
    source: write(source, words.source, 'a source'),
    u: write(u, words.uncertainty),
    floor: write(floor, words.uncertainty),
    share: write(share, words.number),
    exponent: write(exponent, String),
    value: write(value, words.value),
    range: write(range, (each) => rangeText(each, words.place), ''),
    ratio: write(ratio, words.number),
    ratios: write(ratios, (each) => rangeText(each, words.number)),
    k: write(k, String),
    name: name ?? 'an argument',
  };
}

function rangeText({ min, max }: Range, write: (value: number) => string): string {
  const [from, to] = [write(min), write(max)];
  return from === to ? from : `${from} to ${to}`;
}

/** What was compared for a row, also if it holds. */
export function comparedAs(method: Method, { u, floor, ratio, references }: RowFinding, words: Words): string {
  // Each contribution is in the unit of the result, whatever the method.
  const used = references.map(({ source, low }) => `${words.source(source)} with ${words.uncertainty(low)}`);
  const from = used.length > 0 ? `, from ${used.join(', ')}` : '';
  if (u === null) {
    return `${method}: no uncertainty to compare`;
  }
  return floor === null || ratio === null
    ? `${method}: u = ${words.uncertainty(u)}, without a floor${from}`
    : `${method}: u = ${words.uncertainty(u)}, floor ${words.uncertainty(floor)}, u/floor = ${words.number(ratio)}${from}`;
}
