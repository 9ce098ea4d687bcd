/** Endings of companies' names, in the countries of most certificates. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  ['gmbh', 'mbh', 'ag', 'kg', 'co', 'ug', 'ohg', 'se', 'inc', 'incorporated', 'corp', 'corporation', 'company'].concat([
    'ltd',
    'limited',
    'llc',
    'llp',
    'plc',
    'sa',
    'sas',
    'sarl',
    'srl',
    'spa',
    'bv',
    'nv',
    'ab',
    'as',
    'oy',
    'kk',
  ]),
);

/** What registration writes where a certificate states nothing. */
const UNKNOWN = new Set(['', 'not stated', 'unknown']);

/**
 * Whether two names of a maker cannot mean the same one. Case, punctuation and legal forms say nothing, and neither does a name
 * that is missing.
 */
export function contradictMakers(one: string | null, other: string | null): boolean {
  return contradict(makerWords(one), makerWords(other));
}

/** Whether two names of a model cannot mean the same one. */
export function contradictModels(one: string | null, other: string | null): boolean {
  return contradict(words(one).join(''), words(other).join(''));
}

function contradict(one: string, other: string): boolean {
  return one !== '' && other !== '' && one !== other;
}

function makerWords(name: string | null): string {
  const all = words(name);
  const own = all.filter((word) => !LEGAL_FORMS.has(word));
  return (own.length > 0 ? own : all).join('');
}

function words(name: string | null): readonly string[] {
  if (UNKNOWN.has((name ?? '').trim().toLowerCase())) {
    return [];
  }
  // "B.V." and "S.p.A." are one word each.
  const plain = (name ?? '').normalize('NFKD').replaceAll(/\p{M}+|[.'’]/gu, '');
  return plain
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
