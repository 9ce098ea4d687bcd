/** Before an adjustment or a repair, in the languages of most certificates. The only list of these words. */
const BEFORE: readonly RegExp[] = [
  /\bas[- ]?(?:found|received)\b|(?:before|prior to|pre-?) ?(?:the |any )?(?:adjust|repair|service|maintenance)/i,
  /vor (?:der )?(?:justier|justage|reparatur|wartung)|eingangszustand|eingangskalibrier|vorgefunden/i,
  /avant (?:l['’]|la )?(?:ajustage|ajustement|réglage|réparation)|tel que (?:trouvé|reçu)/i,
  /antes d(?:el?|e la|o) ?(?:ajuste|reparación)/i,
  /prima (?:del(?:la|l['’])? ?)?(?:regolazione|aggiustamento|riparazione|messa a punto)/i,
  /\bvoor (?:de )?(?:justering|afregeling|afstelling|reparatie)/i,
  // At the end, the adjustment is not named: "Error (before)".
  /[\p{L}%)][ ,:–-]+\(?(?:before|vorher|vor|avant|antes|prima)\)?$/iu,
];

const AFTER: readonly RegExp[] = [
  /\bas[- ]?(?:left|returned)\b|(?:after|post-?) ?(?:the |any )?(?:adjust|repair|service|maintenance)/i,
  /nach (?:der )?(?:justier|justage|reparatur|wartung)|ausgangszustand|ausgangskalibrier/i,
  /après (?:l['’]|la )?(?:ajustage|ajustement|réglage|réparation)|tel que laissé/i,
  /después de(?:l| la)? (?:ajuste|reparación)|após o ajuste/i,
  /dopo (?:l['’]|la |il )?(?:regolazione|aggiustamento|riparazione|messa a punto)/i,
  /\bna (?:de )?(?:justering|afregeling|afstelling|reparatie)/i,
  /[\p{L}%)][ ,:–-]+\(?(?:after|nachher|nach|après|después|dopo)\)?$/iu,
];

/** Whether names of a table, a measurement or a column say before, or after, an adjustment; null if they say neither. */
export function adjustmentIn(names: readonly string[]): { readonly before: boolean; readonly after: boolean } | null {
  const [before = false, after = false] = [BEFORE, AFTER].map((phrases) =>
    phrases.some((phrase) => names.some((name) => phrase.test(name))),
  );
  return before || after ? { before, after } : null;
}
