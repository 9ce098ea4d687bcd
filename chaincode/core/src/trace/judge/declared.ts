import { withUnit } from '../../model/index.js';
import type { Argument, Constant, PaperResult, Result, Support, Use } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Offered } from './offered.js';
import { nameOf } from './sources.js';
import { rounded } from './words.js';

/** Limit of numbers of one use in a sentence: a use may have one for each row. */
const MOST_NUMBERS = 8;

const MODELS: readonly Support['method'][] = ['product', 'sum', 'general'];

const WITHOUT_PLACES =
  'where an input was used is not stated ("at"). The smallest uncertainty of its range is taken, and the formula is compared with the values of the result only if every input was calibrated at a single place.';

/** The report's declaration of how a result was made, with its numbers; empty without a declaration. */
export function declaredCompared(
  { id, payload }: OpenReport,
  { name, support, rows }: Result,
  offered: readonly Offered[],
): readonly string[] {
  if (!support) {
    return [];
  }
  const { method, uses, constants = [], own = [], formula } = support;
  const made = uses.map((use) => {
    const parent = payload.parents[use.source];
    return `${parent ? nameOf({ parent }) : 'a source'} (${useText(use, unitsAt({ use, rows: rows.length }, offered))})`;
  });
  const parts = [
    `${method}${made.length > 0 ? ` of ${made.join(', ')}` : ''}`,
    ...constants.map(constantText),
    ...own.map((each) => `own input ${each.name}${shareText(each.share)}`),
    ...(formula === undefined ? [] : [`formula ${formula}`]),
  ];
  const open = uses.some(({ role, at }) => role === 'input' && at === undefined);
  return [
    `support: Report ${id}, ${name}, declares: ${parts.join('; ')}.`,
    ...(open && MODELS.includes(method) ? [`support: Report ${id}, ${name}: ${WITHOUT_PLACES}`] : []),
  ];
}

function useText({ role, quantity, exponent, sensitivity, at, share }: Use, units: readonly string[]): string {
  return [
    role,
    ...(quantity === undefined ? [] : [quantity]),
    ...(exponent === undefined ? [] : [`n = ${exponent}`]),
    ...(sensitivity ? [`c = ${numbers(sensitivity.values, [sensitivity.unit])}`] : []),
    ...(at ? [`at ${numbers(at, units)}`] : []),
  ]
    .join(', ')
    .concat(shareText(share));
}

function constantText({ name, value, unit, source, share }: Constant): string {
  return `constant ${name} = ${withUnit(String(value), unit)} (${source})${shareText(share)}`;
}

function shareText(share: number | undefined): string {
  return share === undefined ? '' : `, ${rounded(100 * share)} % of u²`;
}

function numbers(all: readonly number[], units: readonly string[]): string {
  const told = all.slice(0, MOST_NUMBERS).map((value, place) => {
    return withUnit(String(value), units.length === 1 ? (units[0] ?? '') : (units[place] ?? ''));
  });
  return [...told, ...(all.length > MOST_NUMBERS ? [`and ${all.length - MOST_NUMBERS} more`] : [])].join(', ');
}

/** In the units of the cited report: those of its arguments, and of its value if it has none or a place names it after them. */
function unitsAt(used: { readonly use: Use; readonly rows: number }, offered: readonly Offered[]): readonly string[] {
  const found = offered.find(({ declared }) => declared === used.use);
  const given = found && citedIn(found);
  const units = physicalIn(given).flatMap(({ unit = '' }) => (unit === '' ? [] : [unit]));
  return given && isWithValue(used, units.length) ? [...units, given.unit] : units;
}

function isWithValue({ use: { at = [] }, rows }: { readonly use: Use; readonly rows: number }, count: number): boolean {
  const isOfRows = count === 1 && at.length === rows;
  return count === 0 || (at.length === count + 1 && !isOfRows);
}

function citedIn({ of: { before, report, parent }, kind }: Offered): Result | PaperResult | undefined {
  const [given] =
    parent.kind === 'paper'
      ? parent.results.filter(({ quantity }) => quantity === kind)
      : ((before ?? report)?.results.get(kind ?? '') ?? []);
  return given;
}

function physicalIn(given: Result | PaperResult | undefined): readonly Argument[] {
  return given && 'arguments' in given ? (given.arguments ?? []).filter(({ role }) => role === 'physical') : [];
}
