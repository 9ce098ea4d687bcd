import { parseUnit } from '../../model/index.js';
import type { PaperResult, Result, Use } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import { isClose } from '../support/numbers.js';
import { restated } from '../support/restated.js';
import type { Arguments } from '../support/restated.js';
import type { Source as SupportSource } from '../support/index.js';
import { countedIn, inSi, saying } from './stated.js';
import { unitFor } from './units.js';

/*
 * A place where a source was used is a list of numbers without units. They belong to the units and to the order of the arguments of the
 * report whose digest was signed with them. If an amendment states the same in another form, they do not change their meaning.
 */

/** A result by which a place is read, or on which it is looked up. */
type Stating = Pick<Result, 'quantity' | 'unit' | 'arguments'> | PaperResult;

/** The places of a use, in SI, with the arguments to which its numbers belong. */
export interface Places {
  readonly at: readonly number[];
  readonly arguments: Arguments;
}

/** The places of a use as they are signed. */
export interface SignedPlaces {
  readonly at: readonly number[];
  /** Whether they may be one number for each row of the result. */
  readonly isOfRows: boolean;
}

/** The places of a use as the results that it was signed against read them; each reading once. */
export function placesRead(places: SignedPlaces, signed: readonly Stating[]): readonly Places[] {
  const all = signed.map((each) => ({ at: inUnitsOf(each, places), arguments: saying(each) }));
  return all.filter(
    (one, place) => !all.slice(0, place).some((other) => areSame(one.at, restate(other, one.arguments))),
  );
}

/**
 * The same places, by the arguments of another statement of the source. Empty, which fits no statement with arguments, if it has an
 * argument that they do not name.
 */
export function restate({ at, arguments: from }: Places, to: Arguments): readonly number[] {
  return restated(at, from, to);
}

/** How a source is used. @param at Its places, in SI and in the order of its arguments. */
export function usageOf(use: Partial<Use>, at: readonly number[] | null): SupportSource['use'] {
  const { role = null, exponent = null, share = null, sensitivity } = use;
  return { role, at, exponent, sensitivity: sensitivity ? sensitivityInSi(sensitivity) : null, share };
}

/**
 * The places of a use by the arguments of the result of a source that counts now.
 *
 * @param signed The results of that kind in the cited report; if several read the places differently, the one with the same name counts.
 */
export function placesNow(stated: SignedPlaces, now: Stating, signed: readonly Stating[]): readonly number[] {
  const namesake = signed.filter((each) => 'name' in each && 'name' in now && each.name === now.name);
  const [places, ...others] = placesRead(stated, namesake.length === 1 ? namesake : signed);
  return places && others.length === 0 ? restate(places, saying(now)) : [];
}

/** The results of a cited report, if another report counts in its place; undefined if it was not amended. */
export function signedResults(cited: OpenReport | undefined, kind: string): readonly Result[] | undefined {
  return cited && countedIn(cited.results.get(kind) ?? []);
}

/**
 * A place is one number for each argument, or for the value if there are none; beside arguments, a last number names the value. For a
 * source with at most one argument, there may be one number for each row.
 */
function inUnitsOf(stated: Stating, { at, isOfRows }: SignedPlaces): readonly number[] {
  const all = 'arguments' in stated ? (stated.arguments ?? []) : [];
  const physical = all.filter(({ role }) => role === 'physical');
  const units = physical.map(({ quantity: kind = '', unit: own = '' }) => unitFor(kind, own));
  const value = unitFor(stated.quantity, stated.unit);
  const [single = value, ...more] = units;
  const isSingle = more.length === 0 && (isOfRows || at.length !== units.length + 1);
  const own = isSingle ? [] : [...units, value];
  return at.map((number, place) => inSi(number, own[place] ?? single));
}

function areSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, place) => isClose(value, other[place] ?? NaN));
}

function sensitivityInSi({ values, unit }: NonNullable<Use['sensitivity']>) {
  const read = parseUnit(unit);
  return { values: values.map((value) => value * (read?.factor ?? NaN)), dimension: read?.dimension ?? null };
}
