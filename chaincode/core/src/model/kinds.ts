import { isKindName, kindNameFrom } from './kindNames.js';
import { ENTRIES, FAMILIES } from './kindTable/index.js';
import type { Entry, Family, KcdbPlace, Scale, Values } from './kindTable/index.js';
import { lazily } from './lazily.js';
import { parseUnit } from './units.js';
import type { Unit } from './units.js';

/**
 * The measured quantity, apart from its unit: torque and energy have the same unit, newton metre. Results are compared within a kind
 * only, or between kinds with an exact relation (exactRelations.ts).
 */
export interface QuantityKind {
  readonly name: string;
  readonly scale: Scale;
  /** Whether standards cover a range of its values, or any value at their arguments. */
  readonly values: Values;
  /** D-SI units that it is stated in, the coherent one first; empty for a kind that is not published. */
  readonly units: readonly string[];
  readonly aliases: readonly string[];
  readonly kcdb: KcdbPlace | null;
  /** The kind whose values it is the difference of; units are then read without their offset. */
  readonly differenceOf: string | null;
  /** The kinds that a general word like `pressure` leaves open; empty for a kind. */
  readonly members: readonly string[];
  /** Whether the vocabulary defines it. */
  readonly published: boolean;
  readonly note: string | null;
}

const DIFFERENCE = '-difference';

/**
 * The scale of a kind that is not published. `additive` is the strictest: a row at zero needs a reference, values are not scaled from
 * others, and tolerances do not grow with the value.
 */
const UNKNOWN_SCALE: Scale = 'additive';
/** For the same reason. */
const UNKNOWN_VALUES: Values = 'range';

const entries: ReadonlyMap<string, Entry> = new Map(ENTRIES.map((entry) => [entry.name, entry]));
const published: ReadonlyMap<string, QuantityKind> = new Map([
  ...ENTRIES.map((entry): [string, QuantityKind] => [entry.name, ofEntry(entry)]),
  ...FAMILIES.map((family): [string, QuantityKind] => [family.name, ofFamily(family)]),
]);
const aliases = lazily(
  (): ReadonlyMap<string, string> =>
    new Map(
      [...ENTRIES, ...FAMILIES].flatMap((line) =>
        line.aliases.map((alias): [string, string] => [kindNameFrom(alias), line.name]),
      ),
    ),
);

/** Every kind and general word of the vocabulary, in its order. */
export const KINDS: readonly QuantityKind[] = [...published.values()];

/**
 * The kind of a name or alias, in any spelling; undefined if the text names no kind. A legal name that the vocabulary lacks is a
 * kind of its own: it supports the same name only, in comparable units.
 */
export function kindNamed(text: string): QuantityKind | undefined {
  const known = published.get(text);
  if (known) {
    return known;
  }
  const name = kindNameFrom(text);
  return published.get(aliases().get(name) ?? name) ?? differenceNamed(name) ?? unpublished(name);
}

/** Whether a record may hold it: a legal name, and not another spelling of a published one. */
export function isCanonicalKind(name: string): boolean {
  return isKindName(name) && kindNamed(name)?.name === name;
}

/** The scale of a kind; that of an unknown kind if the text names no kind. */
export function scaleOf(name: string): Scale {
  return kindNamed(name)?.scale ?? UNKNOWN_SCALE;
}

/** The meaning of its values if other arguments are stated; that of an unknown kind if the text names no kind. */
export function valuesOf(name: string): Values {
  return kindNamed(name)?.values ?? UNKNOWN_VALUES;
}

/**
 * Whether values of a kind can be stated in a unit. A unit word that names another kind of the same dimension excludes it: an
 * activity is in becquerels, never in hertz. Every readable unit fits a kind that is not published.
 */
export function fitsUnit(kind: string, unit: string): boolean {
  const [named, read] = [kindNamed(kind), parseUnit(unit)];
  if (!named || !read) {
    return false;
  }
  if (named.members.length > 0) {
    return named.members.some((member) => fitsUnit(member, unit));
  }
  const entry = entries.get(named.differenceOf ?? named.name);
  return entry ? entryFits(entry, read) : true;
}

/** Published kinds that may be stated in a unit, in the order of the vocabulary; none if the unit is not read. */
export function kindsOfUnit(unit: string): readonly QuantityKind[] {
  const read = parseUnit(unit);
  return read
    ? ENTRIES.filter((entry) => entryFits(entry, read)).flatMap((entry) => published.get(entry.name) ?? [])
    : [];
}

/** The kind of a difference between two values of a kind; a difference is its own. */
export function differenceKind(name: string): QuantityKind | undefined {
  const kind = kindNamed(name);
  return kind?.differenceOf === null ? kindNamed(kind.name + DIFFERENCE) : kind;
}

/** Whether certificates always name the kind, so that its unit alone never suggests it. */
export function onlyByName(name: string): boolean {
  return entries.get(name)?.onlyByName ?? true;
}

/** Whether the second kind is a special case that certificates also call by the name of the first. */
export function refinedBy(general: string, special: string): boolean {
  return entries.get(special)?.refines === general;
}

function entryFits(entry: Entry, unit: Unit): boolean {
  return (
    parseUnit(entry.units[0] ?? '')?.dimension === unit.dimension &&
    unit.words.every((word) => entry.says.includes(word) || !namesOther(word, entry, unit.dimension))
  );
}

/** Whether a unit word names kinds of this dimension, and not this one. */
function namesOther(word: string, entry: Entry, dimension: string): boolean {
  return (namedBy().get(word) ?? []).some((name) => name !== entry.name && dimensionOfKind(name) === dimension);
}

const namedBy = lazily(
  (): ReadonlyMap<string, readonly string[]> =>
    new Map(
      [...new Set(ENTRIES.flatMap(({ says }) => says))].map((word) => [
        word,
        ENTRIES.filter(({ says }) => says.includes(word)).map(({ name }) => name),
      ]),
    ),
);

/** Exponents of the base units of a published kind; undefined for others, which may be of any. */
export function dimensionOfKind(name: string): string | undefined {
  const [unit] = kindNamed(name)?.units ?? [];
  return unit === undefined ? undefined : parseUnit(unit)?.dimension;
}

// --- Kinds --------------------------------------------------------------------------------------------------------

function ofEntry({ name, scale, values, units, aliases, kcdb, differenceOf, note }: Entry): QuantityKind {
  return { name, scale, values, units, aliases, kcdb, differenceOf, members: [], published: true, note };
}

/** A general word has the scale of its members if they agree. */
function ofFamily({ name, aliases, members }: Family): QuantityKind {
  const own = members.flatMap((member) => entries.get(member) ?? []);
  return {
    ...{ name, aliases, members, kcdb: null, differenceOf: null, units: [], published: true, note: null },
    scale: shared(own.map(({ scale }) => scale)) ?? UNKNOWN_SCALE,
    values: shared(own.map(({ values }) => values)) ?? UNKNOWN_VALUES,
  };
}

function shared<T>(all: readonly T[]): T | undefined {
  const [only, ...others] = new Set(all);
  return others.length === 0 ? only : undefined;
}

/** Every published kind has a difference, even if the vocabulary has no line for it. */
function differenceNamed(name: string): QuantityKind | undefined {
  const base = name.endsWith(DIFFERENCE) ? name.slice(0, -DIFFERENCE.length) : '';
  const of = entries.get(aliases().get(base) ?? base);
  const known = of && ENTRIES.find(({ differenceOf }) => differenceOf === of.name);
  if (known) {
    return published.get(known.name);
  }
  return of && !of.differenceOf
    ? {
        ...ofEntry(of),
        ...{ name: of.name + DIFFERENCE, scale: 'additive', values: 'finding', aliases: [], note: null },
        differenceOf: of.name,
      }
    : undefined;
}

function unpublished(name: string): QuantityKind | undefined {
  return isKindName(name)
    ? {
        ...{ name, aliases: [], members: [], kcdb: null, differenceOf: null, units: [], published: false, note: null },
        scale: UNKNOWN_SCALE,
        values: UNKNOWN_VALUES,
      }
    : undefined;
}
