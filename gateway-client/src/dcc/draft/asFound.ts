import type { Certificate } from '../certificate.js';
import type { DraftResult } from './drafted.js';
import type { Decision } from './shapes.js';
import type { Told } from './told.js';

/** Before an adjustment or a repair, in the languages of most certificates. */
const BEFORE: readonly RegExp[] = [
  /\bas[- ]?found\b|(?:before|prior to|pre-?) ?(?:the )?(?:adjust|repair)/i,
  /vor (?:der )?(?:justier|justage|reparatur)|eingangszustand|vorgefunden/i,
  /avant (?:l['’]|la )?(?:ajustage|réglage|réparation)|tel que trouvé/i,
  /antes de(?:l| la)? (?:ajuste|reparación)/i,
];

/** After it: a name that mentions both means that no adjustment took place. */
const AFTER: readonly RegExp[] = [
  /\bas[- ]?left\b|(?:after|post-?) ?(?:the )?(?:adjust|repair)/i,
  /nach (?:der )?(?:justier|justage|reparatur)/i,
  /après (?:l['’]|la )?(?:ajustage|réglage|réparation)/i,
  /después de(?:l| la)? (?:ajuste|reparación)/i,
];

/** Results of one item, each with the reason why it counts as found before an adjustment. */
export interface AsFoundSplit {
  readonly current: readonly DraftResult[];
  readonly asFound: readonly DraftResult[];
}

/**
 * Separates as-found results from current ones: by the mapping file, otherwise by their names if another result of the same
 * kind is current. For a device that was not adjusted, the as-found results are the current ones.
 */
export function splitAsFound(results: readonly DraftResult[], certificate: Certificate, told: Told): AsFoundSplit {
  const said = new Map(results.map((result) => [result, saidOf(result, certificate, told)]));
  const isReplaced = ({ result: { quantity } }: DraftResult) =>
    results.some((other) => other.counted && other.result.quantity === quantity && !said.get(other)?.asFound);
  const isAsFound = (result: DraftResult) => {
    const word = said.get(result);
    return word?.asFound === true && (word.from === 'mapping' || isReplaced(result));
  };
  return {
    current: results.filter((result) => !isAsFound(result)),
    asFound: results.filter(isAsFound).map((draft) => decided(draft, said.get(draft)?.from ?? 'name')),
  };
}

function decided(draft: DraftResult, from: Decision['from']): DraftResult {
  return { ...draft, decisions: [...draft.decisions, { about: draft.result.name, decided: 'as found', from }] };
}

interface Said {
  readonly asFound: boolean;
  readonly from: 'mapping' | 'name';
}

function saidOf({ place }: DraftResult, { results }: Certificate, told: Told): Said | undefined {
  const entry = told.asFound(place);
  if (entry) {
    return { asFound: entry.asFound, from: 'mapping' };
  }
  const measured = (results[place.result - 1]?.measurement.name?.all ?? []).map(({ text }) => text);
  // A result's own name takes precedence over the name of its measurement.
  for (const names of [place.names, measured]) {
    const [before, after] = [BEFORE, AFTER].map((phrases) =>
      phrases.some((phrase) => names.some((name) => phrase.test(name))),
    );
    if (before || after) {
      return { asFound: before === true && !after, from: 'name' };
    }
  }
  return undefined;
}
