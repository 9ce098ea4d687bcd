import { withUnit } from '@tracecal/core/model';
import type { Certificate } from '../certificate.js';
import type { Statement } from '../data.js';
import type { DraftResult } from './drafted.js';
import type { Question } from './shapes.js';
import { convertValue, draftUnit, type DraftUnit } from './units.js';

interface Limit {
  readonly value: number;
  readonly unit: DraftUnit;
}

/** A range outside of which the certificate says nothing; null: no limit on that side, or one without a number or a known unit. */
interface Range {
  readonly min: Limit | null;
  readonly max: Limit | null;
}

/**
 * Asks about results with values outside of the range for which the certificate says that it holds (`basic_validityRange` of the DCC's
 * good practice), and about ranges that nobody can compare with the results.
 */
export function outsideValidity({ statements }: Certificate, results: readonly DraftResult[]): readonly Question[] {
  return statements.filter(isRange).flatMap((statement) => {
    const range = rangeIn(statement);
    const like = results.filter(({ result }) => isLike(range, draftUnit(result.unit)));
    if (range === null || like.length === 0) {
      return results.slice(0, 1).map(({ result }) => unclear(result.name));
    }
    return like.flatMap((draft) => outside(draft, range));
  });
}

function isRange({ refType }: Statement): boolean {
  return /(?:^|\s)basic_validityRange(?:\s|$)/.test(refType ?? '');
}

function rangeIn(statement: Statement): Range | null {
  const min = limitIn(statement, 'basic_validityRangeMin');
  const max = limitIn(statement, 'basic_validityRangeMax');
  if (min === null || max === null || (min ?? max) === undefined) {
    return null;
  }
  const fit = !min || !max || min.unit.dimension === max.unit.dimension;
  return fit ? { min: min ?? null, max: max ?? null } : null;
}

/** Undefined: none is stated. Null: it cannot be read. */
function limitIn({ data }: Statement, word: string): Limit | null | undefined {
  const found = data?.quantities.filter(({ refType }) => refType?.split(/\s+/).includes(word)) ?? [];
  const points = found.flatMap((quantity) => quantity.points);
  if (found.length === 0) {
    return undefined;
  }
  const [point] = points;
  const unit = draftUnit(point?.unit ?? '');
  const value = point?.value ?? null;
  return points.length === 1 && unit && value !== null ? { value, unit } : null;
}

function isLike(range: Range | null, unit: DraftUnit | undefined): boolean {
  return unit !== undefined && (range?.min ?? range?.max)?.unit.dimension === unit.dimension;
}

function outside({ result: { name, unit: written, rows } }: DraftResult, { min, max }: Range): readonly Question[] {
  const unit = draftUnit(written);
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const low = unit && min ? convertValue(min.value, min.unit, unit) : -Infinity;
  const high = unit && max ? convertValue(max.value, max.unit, unit) : Infinity;
  // Values that were converted to another unit keep the noise of a division.
  const noise = 1e-9 * Math.max(...[low, high].filter(Number.isFinite).map(Math.abs), 0);
  const first = values.find((value) => !(value >= low - noise && value <= high + noise));
  if (first === undefined) {
    return [];
  }
  const from = min ? `from ${withUnit(low, written)}` : '';
  const to = max ? `to ${withUnit(high, written)}` : '';
  const text = `Does "${name}" hold at ${withUnit(first, written)}? The certificate says that it is valid ${[from, to].filter(Boolean).join(' ')}. If the value is outside, its issuer must correct the certificate, or leave its column out in a mapping file (columns, role ignored).`;
  return [{ asks: 'argument', result: name, text }];
}

function unclear(result: string): Question {
  const text =
    'In which range is the certificate valid? It states a range (basic_validityRange) that cannot be compared with its results, so they are taken without it: read its text, and leave out what is outside in a mapping file (columns, role ignored).';
  return { asks: 'argument', result, text };
}
