import { valuesOf } from '@tracecal/core/model';
import { DEFAULT_SUPPORT_POLICY, marginAround } from '@tracecal/core/trace';
import { agreeInSize, lastDigit, type StatedSize } from './contradictions.js';
import type { DraftResult } from './drafted.js';
import type { Argument, Question, Row } from './shapes.js';
import { draftUnit, type DraftUnit } from './units.js';

/** More rows than this are not compared with one another: a real certificate has few results of one kind at one place. */
const MOST_COMPARED = 1_000_000;

/**
 * Asks about current results of one item that contradict each other: two rows of one kind at one place whose errors (or values, where
 * these are found at the place) differ by more than their U together, or are the same with uncertainties that differ.
 */
export function disagreementsOf(results: readonly DraftResult[]): readonly Question[] {
  const all = results.flatMap((each) => placed(each) ?? []);
  const questions: Question[] = [];
  let left = MOST_COMPARED;
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      if (one.marks !== other.marks) {
        continue;
      }
      const firstRow = (differ: (own: Placed, second: Placed) => boolean) =>
        one.rows.find((own) => {
          for (const second of near(own, other)) {
            left -= 1;
            if (left < 0 || (areAtOnePlace(own, second, one, other) && differ(own, second))) {
              return left >= 0;
            }
          }
          return false;
        });
      const row = firstRow(areApart);
      const restated = row ? undefined : firstRow(differInSize);
      if (left < 0) {
        return questions;
      }
      if (row) {
        questions.push(asked(one.draft, other.draft, row.number));
      } else if (restated) {
        questions.push(askedForSize(one.draft, other.draft, restated.number));
      }
    }
  }
  return questions;
}

/** A row with what it found, and its U, in the unit of the SI; null where it states none. */
interface Placed {
  readonly row: Row;
  readonly number: number;
  /** A number that is nearly the same for rows at one place; null: none is known. */
  readonly along: number | null;
  readonly found: number | null;
  readonly U: number | null;
  /** The standard uncertainty. */
  readonly u: StatedSize | null;
}

interface PlacedResult {
  readonly draft: DraftResult;
  readonly unit: DraftUnit;
  /** The same for results that may contradict each other. */
  readonly marks: string;
  /** The kind of the number along which rows are ordered. */
  readonly kind: string | null;
  readonly isFinding: boolean;
  readonly rows: readonly Placed[];
  /** Those that have a number, in its order, and those without. */
  readonly ordered: readonly Placed[];
  readonly others: readonly Placed[];
}

function placed(draft: DraftResult): PlacedResult | undefined {
  const { quantity, unit: text, arguments: named, rows: all } = draft.result;
  const unit = draftUnit(text);
  if (!unit) {
    return undefined;
  }
  const isFinding = valuesOf(quantity) === 'finding';
  const first = named.findIndex((argument) => argument.unit !== null);
  const firstUnit = draftUnit(named[first]?.unit ?? '');
  const alongOf = ({ value, at }: Row): number | null => {
    const own = at[first];
    return isFinding ? (typeof own === 'number' && firstUnit ? inSi(own, firstUnit) : null) : inSi(value, unit);
  };
  const rows = all.map((row, i): Placed => {
    const found = isFinding ? inSi(row.value, unit) : sizeIn(row.error, unit);
    return {
      row,
      number: i + 1,
      along: alongOf(row),
      found,
      U: sizeIn(row.uncertainty?.expanded, unit),
      u: standardIn(row, unit),
    };
  });
  return {
    draft,
    unit,
    marks: [quantity, unit.dimension, ...named.map(({ role, quantity: of, name }) => `${role} ${of ?? name}`)].join(),
    kind: isFinding ? (named[first]?.quantity ?? null) : quantity,
    isFinding,
    rows,
    ordered: rows.filter(({ along }) => along !== null).sort((one, other) => (one.along ?? 0) - (other.along ?? 0)),
    others: rows.filter(({ along }) => along === null),
  };
}

/** The rows of another result that may be at the place of this one. */
function* near({ along }: Placed, { ordered, others, kind }: PlacedResult): Generator<Placed> {
  if (along === null) {
    yield* ordered;
    yield* others;
    return;
  }
  const margin = marginAround(kind, along, DEFAULT_SUPPORT_POLICY);
  let [from, to] = [0, ordered.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ordered[middle]?.along ?? 0) < along - margin) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  for (; from < ordered.length; from += 1) {
    const row = ordered[from];
    if (!row || (row.along ?? 0) > along + margin) {
      break;
    }
    yield row;
  }
  yield* others;
}

function asked({ result: { name } }: DraftResult, { result: other }: DraftResult, row: number): Question {
  const found = JSON.stringify({ result: name, asFound: true });
  const text = `Which one is current? "${name}" (row ${row}) and "${other.name}" state different results at one place, by more than their U together, and both count. If one is from before an adjustment, say so in a mapping file (asFound): ${found}. If one is no result, give its column the role "ignored" (columns). If they hold in different settings, name these (arguments, role setting).`;
  return { asks: 'argument', result: name, text };
}

function askedForSize({ result: { name } }: DraftResult, { result: other }: DraftResult, row: number): Question {
  const found = JSON.stringify({ result: name, asFound: true });
  const text = `Which uncertainty? "${name}" (row ${row}) and "${other.name}" state the same at one place with different uncertainties, and the smaller one would count. If one is from before an adjustment, say so in a mapping file (asFound): ${found}. If one is no result, give its column the role "ignored" (columns). If they hold in different settings, name these (arguments, role setting).`;
  return { asks: 'uncertainty', result: name, text };
}

function areAtOnePlace(one: Placed, other: Placed, of: PlacedResult, second: PlacedResult): boolean {
  const { arguments: named, quantity } = of.draft.result;
  const isAtPlace = named.every((argument, i) =>
    areOnePlace(argument, second.draft.result.arguments[i], one.row.at[i], other.row.at[i]),
  );
  return isAtPlace && (of.isFinding || isNear(quantity, one.along, other.along));
}

function areApart({ found: one, U }: Placed, { found: other, U: otherU }: Placed): boolean {
  const isKnown = one !== null && other !== null && U !== null && otherU !== null;
  return isKnown && Math.abs(one - other) > (U + otherU) * (1 + 1e-9);
}

/** The same finding with another uncertainty: the smaller one would count. */
function differInSize(
  { found: one, along, u }: Placed,
  { found: other, along: otherAlong, u: otherU }: Placed,
): boolean {
  const isSame = (a: number | null, b: number | null) =>
    a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.abs(a));
  const isRestated = isSame(one, other) && isSame(along, otherAlong);
  return isRestated && u !== null && otherU !== null && !agreeInSize(u, otherU);
}

function standardIn({ uncertainty }: Row, { factor }: DraftUnit): StatedSize | null {
  if (!uncertainty) {
    return null;
  }
  const { expanded, coverageFactor } = uncertainty;
  const toStandard = factor / coverageFactor;
  return { size: expanded * toStandard, step: lastDigit(String(expanded)) * toStandard };
}

function areOnePlace(
  { quantity, unit }: Argument,
  other: Argument | undefined,
  at: number | string | undefined,
  otherAt: number | string | undefined,
): boolean {
  const [own, second] = [unit, other?.unit ?? null].map((text) => (text === null ? undefined : draftUnit(text)));
  return typeof at === 'number' && typeof otherAt === 'number' && own && second
    ? isNear(quantity, inSi(at, own), inSi(otherAt, second))
    : at === otherAt;
}

function isNear(kind: string | null, one: number | null, other: number | null): boolean {
  return one !== null && other !== null && Math.abs(one - other) <= marginAround(kind, one, DEFAULT_SUPPORT_POLICY);
}

function inSi(value: number | null, { factor, offset }: DraftUnit): number | null {
  return value === null ? null : value * factor + offset;
}

function sizeIn(difference: number | null | undefined, { factor }: DraftUnit): number | null {
  return difference == null ? null : difference * factor;
}
