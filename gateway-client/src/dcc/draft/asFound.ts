import type { Certificate } from '../certificate.js';
import { oneLine } from '../oneLine.js';
import { adjustmentIn } from './adjustmentWords.js';
import type { DraftResult } from './drafted.js';
import { isEarlier } from './otherMeanings.js';
import type { Decision } from './shapes.js';
import type { Told } from './told.js';

/** Results of one item, by when they were found. */
export interface AsFoundSplit {
  readonly current: readonly DraftResult[];
  /** Before an adjustment or a repair, each with the reason why. */
  readonly asFound: readonly DraftResult[];
  /** Of an earlier calibration: the certificate only repeats them. */
  readonly earlier: readonly DraftResult[];
  /** Whether a result is from before or after an adjustment or a repair. */
  readonly adjusted: boolean;
}

/**
 * Separates as-found results from current ones: by the mapping file, otherwise by their names if another result of the same
 * kind is current. For a device that was not adjusted, the as-found results are the current ones. Results of an earlier calibration are
 * never current.
 */
export function splitAsFound(all: readonly DraftResult[], certificate: Certificate, told: Told): AsFoundSplit {
  const said = new Map(all.map((result) => [result, saidOf(result, certificate, told)]));
  const isOfEarlier = (result: DraftResult) =>
    said.get(result)?.from !== 'mapping' && isEarlier(namesOf(result, certificate).flat(), yearOf(certificate));
  const results = all.filter((result) => !isOfEarlier(result));
  const isReplaced = ({ result: { quantity } }: DraftResult) =>
    results.some((other) => other.counted && other.result.quantity === quantity && !said.get(other)?.asFound);
  const isAsFound = (result: DraftResult) => {
    const word = said.get(result);
    return word?.asFound === true && (word.from === 'mapping' || isReplaced(result));
  };
  const asFound = results.filter(isAsFound).map((draft) => decided(draft, 'as found', said.get(draft)?.from ?? 'name'));
  const current = results
    .filter((result) => !isAsFound(result))
    .map((draft) => (said.get(draft)?.isAfter === true ? decided(draft, AFTER_ADJUSTMENT, 'name') : draft));
  return {
    current,
    asFound,
    earlier: all.filter(isOfEarlier),
    adjusted: asFound.length > 0 || results.some((result) => said.get(result)?.isAfter),
  };
}

export const AFTER_ADJUSTMENT = 'after an adjustment';

/** Why a result of an earlier calibration is left out. */
export function whyEarlier({ result: { name } }: DraftResult): string {
  const entry = JSON.stringify({ result: name, asFound: false });
  return `By its name it repeats an earlier calibration, so "${name}" is not a result of this one. If it is, say so in a mapping file (asFound): ${entry}.`;
}

function decided(draft: DraftResult, what: string, from: Decision['from']): DraftResult {
  return { ...draft, decisions: [...draft.decisions, { about: draft.result.name, decided: what, from }] };
}

interface Said {
  readonly asFound: boolean;
  readonly isAfter: boolean;
  readonly from: 'mapping' | 'name';
}

function saidOf(draft: DraftResult, certificate: Certificate, told: Told): Said | undefined {
  const { place, columns, result } = draft;
  // One of several results of a table is named by its own name or its column.
  const entry = told.asFound({ ...place, names: [...place.names, result.name, ...columns] });
  if (entry) {
    return { asFound: entry.asFound, isAfter: false, from: 'mapping' };
  }
  for (const names of namesOf(draft, certificate)) {
    const found = adjustmentIn(names);
    if (found) {
      // Both together mean that no adjustment took place.
      return { asFound: found.before && !found.after, isAfter: found.after && !found.before, from: 'name' };
    }
  }
  return undefined;
}

/** The names of its columns, then its own, then those of its measurement: the nearest takes precedence. */
function namesOf({ columns, place }: DraftResult, { results }: Certificate): readonly (readonly string[])[] {
  const measured = (results[place.result - 1]?.measurement.name?.all ?? []).map(({ text }) => oneLine(text));
  return [columns, place.names, measured];
}

function yearOf({ core }: Certificate): number {
  return Number(core.performed.begin.slice(0, 4));
}
