import { ownValue, parseUnit, UNIT_NAMES } from '@tracecal/core/model';
import { nearestNames } from '../../client/spelling.js';
import { withoutNoise } from './arithmetic.js';

/** A unit of values in a certificate. */
export interface DraftUnit {
  /** As D-SI writes it. */
  readonly text: string;
  readonly factor: number;
  readonly offset: number;
  readonly dimension: string;
  /** The certificate's spelling, if it differs. */
  readonly written: string;
}

/** Units used only to compare the forms of a hybrid, although D-SI does not define them: no result is ever stated in one. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['mbar', '\\hecto\\pascal'],
  ['bar', '\\bar'],
  ['hPa', '\\hecto\\pascal'],
  ['kPa', '\\kilo\\pascal'],
  ['Pa', '\\pascal'],
  ['°C', '\\degreecelsius'],
  ['K', '\\kelvin'],
  ['kg', '\\kilogram'],
  ['g', '\\gram'],
  ['mg', '\\milli\\gram'],
  ['mm', '\\milli\\metre'],
  ['%', '\\percent'],
]);

/**
 * Reads a unit: D-SI, or D-SI words with different capitals (`\degreeCelsius`) or with a mark other than the backslash (`/kilogram`).
 * Undefined if the text is not a unit in one of these forms.
 *
 * @param others - The mapping file's entries about units outside D-SI.
 */
export function draftUnit(written: string, others: Readonly<Record<string, string>> = {}): DraftUnit | undefined {
  const mapped = ownValue(others, written);
  const marked = written.replace(/^[/|]/, '\\');
  const candidates = [mapped ?? written, marked, marked.toLowerCase()];
  for (const text of candidates) {
    const unit = parseUnit(text);
    if (unit) {
      const { factor, offset, dimension } = unit;
      return { text, factor, offset, dimension, written };
    }
  }
  return undefined;
}

/** The D-SI unit with the most similar spelling, by its last word; undefined if no D-SI unit is similar. */
export function nearestUnit(written: string): string | undefined {
  const [, start = '', word = ''] = /^(.*\\|[/|]?)(\p{L}{4,30})$/u.exec(written) ?? [];
  const most = Math.floor(word.length / 4);
  const [nearest] = nearestNames(
    word,
    UNIT_NAMES.map((name) => ({ name })),
    most,
  );
  const unit = nearest && `${start.replace(/^[/|]?$/, '\\')}${nearest}`;
  return unit !== undefined && parseUnit(unit) ? unit : undefined;
}

/** The same, including units that serve only to compare one form of a value with another. */
export function unitForChecks(written: string): DraftUnit | undefined {
  const foreign = FOREIGN.get(written.replace(/^[/|\\]/, ''));
  return draftUnit(written) ?? (foreign === undefined ? undefined : draftUnit(foreign));
}

/** Whether its zero is a convention: then 1 % of 20 °C or of 94 dB has no meaning. */
export function hasConventionalZero({ offset, dimension }: DraftUnit): boolean {
  return offset !== 0 || dimension.includes('level');
}

/** The unit of differences of values in this unit: a difference has no zero point. */
export function differenceUnit(unit: DraftUnit): DraftUnit {
  return unit.offset === 0 ? unit : { ...unit, ...draftUnit('\\kelvin') };
}

/** A point of a scale in another unit of the same dimension. */
export function convertValue(value: number, from: DraftUnit, to: DraftUnit): number {
  return from.factor === to.factor && from.offset === to.offset
    ? value
    : withoutNoise((value * from.factor + from.offset - to.offset) / to.factor);
}

/** A difference or an uncertainty in another unit of the same dimension. */
export function convertDifference(difference: number, from: DraftUnit, to: DraftUnit): number {
  return from.factor === to.factor ? difference : withoutNoise((difference * from.factor) / to.factor);
}
