import { wordsOf } from './kindNames.js';
import { ENTRIES, FAMILIES, HINTS } from './kindTable/index.js';
import { lazily } from './lazily.js';

/** Words of a text that name kinds. */
export interface Match {
  readonly kinds: readonly string[];
  /** The general word that left open which of the kinds; null if a single kind was named. */
  readonly family: string | null;
  readonly from: number;
  readonly to: number;
}

interface Phrase {
  readonly words: readonly string[];
  readonly kinds: readonly string[];
  readonly family: string | null;
}

type Source = 'names' | 'names and instruments';

const names = lazily((): readonly Phrase[] => [
  ...ENTRIES.flatMap(({ name, aliases }) => phrases([name, ...aliases], [name], null)),
  ...FAMILIES.flatMap(({ name, aliases, members }) => phrases([name, ...aliases], members, name)),
  ...[...HINTS].flatMap(([hint, kinds]) => phrases([hint], kinds, null)),
]);
const instruments = (): readonly Phrase[] => ENTRIES.flatMap((entry) => phrases(entry.instruments, [entry.name], null));
const sources: Readonly<Record<Source, () => ReadonlyMap<string, readonly Phrase[]>>> = {
  names: lazily(() => byFirstWord(names())),
  'names and instruments': lazily(() => byFirstWord([...names(), ...instruments()])),
};

/** The kinds that the words of a text name. If two names overlap, the longer one counts: a pressure sensitivity is not a pressure. */
export function matchesIn(words: readonly string[], source: Source): readonly Match[] {
  const known = sources[source]();
  const found = words.flatMap((first, from) =>
    (known.get(first) ?? [])
      .filter((phrase) => phrase.words.every((word, i) => words[from + i] === word))
      .map((phrase) => ({ kinds: phrase.kinds, family: phrase.family, from, to: from + phrase.words.length })),
  );
  return found.filter((match) => !found.some((other) => isLonger(other, match) && overlap(other, match)));
}

/** The kinds that a DCC refType states by itself: those of its longest known beginning. */
export function kindsOfRefType(refType: string): readonly string[] {
  const known = ENTRIES.flatMap(({ name, refTypes }) =>
    refTypes.filter((start) => refType.startsWith(start)).map((start) => ({ name, length: start.length })),
  );
  const longest = Math.max(...known.map(({ length }) => length));
  return known.filter(({ length }) => length === longest).map(({ name }) => name);
}

function phrases(texts: readonly string[], kinds: readonly string[], family: string | null): Phrase[] {
  return texts.map((text) => ({ words: wordsOf(text), kinds, family }));
}

function byFirstWord(all: readonly Phrase[]): ReadonlyMap<string, readonly Phrase[]> {
  const grouped = new Map<string, Phrase[]>();
  for (const phrase of all) {
    const [first = ''] = phrase.words;
    grouped.set(first, [...(grouped.get(first) ?? []), phrase]);
  }
  return grouped;
}

function isLonger(a: Match, b: Match): boolean {
  return a.to - a.from > b.to - b.from;
}

export function overlap(a: Match, b: Match): boolean {
  return a.from < b.to && b.from < a.to;
}
