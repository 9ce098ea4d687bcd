import { isKindName, kindNameFrom, saysNothing, wordsOf } from './kindNames.js';
import { kindsOfRefType, matchesIn, overlap } from './kindPhrases.js';
import type { Match } from './kindPhrases.js';
import { differenceKind, fitsUnit, kindNamed, kindsOfUnit, onlyByName, refinedBy } from './kinds.js';
import type { QuantityKind } from './kinds.js';
import { isUnit, parseUnit } from './units.js';

/** What a certificate says about a column of values, nearest first. Names may be in several languages. */
export interface KindEvidence {
  readonly refTypes?: readonly string[];
  /** Names of the quantity itself. */
  readonly names?: readonly string[];
  /** Names of the result or table that it stands in. */
  readonly titles?: readonly string[];
  /** Names of the item, of equipment and of methods: they only decide between kinds. */
  readonly context?: readonly string[];
}

/**
 * The kind of a column of values, as far as the certificate states it. This function never decides an ambiguous case: a mapping file
 * or a person does. Even a single candidate may be ambiguous, if the context suggests the kind but the column's own name means
 * something else. `name` is what the certificate itself calls it where that is a legal name of a kind: the general word (`pressure`)
 * or a word that the vocabulary lacks. `because` is shown to people.
 */
export type KindProposal<Kind = QuantityKind> =
  | { readonly certainty: 'certain'; readonly kind: Kind; readonly because: string }
  | {
      readonly certainty: 'ambiguous';
      readonly candidates: readonly Kind[];
      readonly name: string | null;
      readonly because: string;
    }
  | { readonly certainty: 'unknown'; readonly name: string | null; readonly because: string };

/** Words for the difference of two values, which is of another kind than the values. */
const DIFFERENCE_WORDS: ReadonlySet<string> = new Set([
  ...['error', 'errors', 'deviation', 'deviations', 'correction', 'corrections', 'difference', 'differences'],
  ...[
    'abweichung',
    'messabweichung',
    'korrektion',
    'korrektur',
    'fehler',
    'messfehler',
    'differenz',
    'erreur',
    'ecart',
  ],
]);

/** What one source of evidence says. */
interface Finding {
  readonly says: string;
  readonly kinds: readonly string[];
  readonly family: string | null;
  /** Kinds that it names and that are never stated in the unit. */
  readonly misfits: readonly string[];
  readonly difference: boolean;
  /** Whether the words of another kind run into those of the kind: a charge sensitivity level is not that of a microphone. */
  readonly crossed: boolean;
  /** Whether the text has meaningful words in every language that name no kind. */
  readonly strange: boolean;
}

/** Proposes the kind of values in a unit from what a certificate calls them. */
export function proposeKind(evidence: KindEvidence, unit: string): KindProposal {
  if (!isUnit(unit)) {
    return { certainty: 'unknown', name: null, because: `its unit "${unit}" is not read` };
  }
  const refTypes = finding('its refType', evidence.refTypes, unit, true);
  const names = finding('its name', evidence.names, unit);
  const titles = finding('the name of its table', evidence.titles, unit);
  const context = finding('the names of item, equipment and method', evidence.context, unit, true);
  const own = [refTypes, names];
  const difference = own.some((each) => each.difference);

  const misfits = own.some(({ kinds }) => kinds.length > 0) ? [] : unique(own.flatMap((each) => each.misfits));
  const narrowed = narrow([refTypes, names, titles], context);
  if (narrowed.kinds.length === 0) {
    return fromUnit(evidence, unit, difference, misfits);
  }
  const denied = contradicted(refTypes, names.kinds.length > 0 ? names : titles);
  const kinds = asKinds([...narrowed.kinds, ...denied], difference, unit);
  const undecided =
    misfits.length > 0 || denied.length > 0 || narrowed.crossed || (narrowed.onlyContext && names.strange);
  return concluded(kinds, undecided, narrowed.family ?? ownName(evidence), narrowed.says);
}

// --- Evidence -----------------------------------------------------------------------------------------------------

function finding(says: string, texts: readonly string[] = [], unit: string, instruments = false): Finding {
  const read = texts.map((text) => {
    const words = wordsOf(text);
    const matches = matchesIn(words, instruments ? 'names and instruments' : 'names');
    const rest = words.filter((_, at) => !matches.some(({ from, to }) => from <= at && at < to));
    return { text, matches, rest, stated: kindsOfRefType(text) };
  });
  const named = read.flatMap(({ stated, matches }) =>
    stated.length > 0 ? [stated] : matches.map(({ kinds }) => kinds),
  );
  const telling = read.filter(({ stated, matches }) => stated.length > 0 || matches.length > 0);
  const fitting = named.map((each) => each.filter((kind) => fitsUnit(kind, unit)));
  // Instruments, and refTypes, state refined kinds for reasons of their own.
  const kinds = instruments ? agreed(fitting) : withoutRefined(agreed(fitting));
  const fits = (match: Match) => match.kinds.some((kind) => fitsUnit(kind, unit));
  const crosses = (match: Match, all: readonly Match[]) => all.some((each) => !fits(each) && overlap(each, match));
  return {
    says: `${says} ${telling.map(({ text }) => JSON.stringify(text)).join(', ')}`,
    kinds,
    family: read.flatMap(({ matches }) => matches.flatMap(({ family }) => family ?? []))[0] ?? null,
    misfits: kinds.length > 0 ? [] : unique(named.flat()),
    difference: read.some(({ rest }) => rest.some((word) => DIFFERENCE_WORDS.has(word))),
    crossed: read.some(
      ({ stated, matches }) => stated.length === 0 && matches.some((match) => fits(match) && crosses(match, matches)),
    ),
    strange: read.length > 0 && read.every(({ rest }) => rest.some((word) => !saysNothing(word))),
  };
}

/** The kinds that all words with a meaning in this unit share; if they disagree, the kinds of any of them. */
function agreed(named: readonly (readonly string[])[]): readonly string[] {
  const meant = named.filter((kinds) => kinds.length > 0);
  const any = unique(meant.flat());
  const all = any.filter((kind) => meant.every((kinds) => kinds.includes(kind)));
  return all.length > 0 ? all : any;
}

/** Names of one quantity that state a kind and a refinement of it mean the refinement: a conventional mass beside a nominal mass. */
function withoutRefined(kinds: readonly string[]): readonly string[] {
  return kinds.filter((kind) => !kinds.some((other) => refinedBy(kind, other)));
}

interface Narrowed {
  readonly kinds: readonly string[];
  readonly family: string | null;
  readonly onlyContext: boolean;
  readonly crossed: boolean;
  readonly says: string;
}

/** The nearest evidence decides; evidence further away decides between the remaining kinds, or refines them. */
function narrow(nearest: readonly Finding[], context: Finding): Narrowed {
  const first = nearest.find(({ kinds }) => kinds.length > 0);
  if (!first) {
    const { kinds, family, crossed, says } = context;
    return { kinds, family, crossed, onlyContext: true, says };
  }
  let { kinds, says } = first;
  for (const further of [...nearest.slice(nearest.indexOf(first) + 1), context]) {
    const narrower = narrowedBy(kinds, further, further === context);
    if (narrower.length > 0 && narrower.join() !== kinds.join()) {
      kinds = narrower;
      says += ` and ${further.says}`;
    }
  }
  return { kinds, family: kinds.length > 1 ? first.family : null, crossed: first.crossed, onlyContext: false, says };
}

/** Context may name a refined kind for a reason of its own (a dew-point meter also states temperatures): then both remain. */
function narrowedBy(kinds: readonly string[], further: Finding, isContext: boolean): readonly string[] {
  const refined = further.kinds.filter((kind) => kinds.some((general) => refinedBy(general, kind)));
  if (refined.length > 0) {
    const others = kinds.filter((kind) => isContext || !refined.some((each) => refinedBy(kind, each)));
    return unique([...others, ...refined]);
  }
  return kinds.filter((kind) => further.kinds.includes(kind));
}

/** The kinds that a name states although the refType states others, unless one of them refines the other. */
function contradicted(refTypes: Finding, names: Finding): readonly string[] {
  const { kinds } = refTypes;
  const agrees = (kind: string) =>
    kinds.some((stated) => stated === kind || refinedBy(stated, kind) || refinedBy(kind, stated));
  return kinds.length === 0 || names.kinds.some(agrees) ? [] : names.kinds;
}

// --- Conclusion ---------------------------------------------------------------------------------------------------

/** Only the unit is left as evidence. In a unit with its own zero point, a value that is not a difference is a point on the scale. */
function fromUnit(evidence: KindEvidence, unit: string, difference: boolean, misfits: readonly string[]): KindProposal {
  const isPoint = !difference && (parseUnit(unit)?.offset ?? 0) !== 0;
  const usual = kindsOfUnit(unit)
    .filter(({ name, differenceOf }) => !onlyByName(name) && !(isPoint && differenceOf !== null))
    .map(({ name }) => name);
  const kinds = asKinds(usual, difference, unit);
  const contradicted = misfits.length > 0;
  const because = contradicted
    ? `its name means ${misfits.join(' or ')}, which is not stated in "${unit}"`
    : `only its unit "${unit}"`;
  return kinds.length === 0
    ? { certainty: 'unknown', name: ownName(evidence), because }
    : concluded(kinds, contradicted, contradicted ? null : ownName(evidence), because);
}

function concluded(
  candidates: readonly QuantityKind[],
  undecided: boolean,
  name: string | null,
  because: string,
): KindProposal {
  const [only] = candidates;
  return only && candidates.length === 1 && !undecided
    ? { certainty: 'certain', kind: only, because }
    : { certainty: 'ambiguous', candidates, name, because };
}

function asKinds(names: readonly string[], difference: boolean, unit: string): readonly QuantityKind[] {
  const meant = names.map((name) => {
    const between = difference ? differenceKind(name)?.name : undefined;
    return between !== undefined && fitsUnit(between, unit) ? between : name;
  });
  return unique(meant).flatMap((name) => kindNamed(name) ?? []);
}

/** The certificate's name for the values, if it may name a kind that the vocabulary lacks. */
function ownName({ names = [], titles = [] }: KindEvidence): string | null {
  const legal = (names.length > 0 ? names : titles)
    .map(kindNameFrom)
    .filter((name) => isKindName(name) && kindNamed(name)?.published === false);
  return legal[0] ?? null;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
