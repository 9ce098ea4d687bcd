import type { Role } from './vocabulary.js';

/* What a certificate states beside its results. It looks like a result, or like the uncertainty of one, but is about something else. */

/** Of an earlier calibration, in the languages of most certificates. */
const EARLIER =
  /\b(?:previous|prior(?! to)|preceding|last|earlier)\b[^,;]{0,40}\b(?:calibration|certificate|results?|values?|errors?|measurements?)\b|vorherig|\bvorige|frühere|\bletzte[nrs]?\b.{0,20}kalibrier|vorkalibrier|précédent|dernier étalonnage|\banterior(?:es)?\b|última calibración|\bprecedent[ei]\b|ultima taratura/i;

const NORM = /\b(?:ISO|IEC|EN|DIN|OIML|EURAMET|DKD|VDI|ASTM|ITS|R|guide|guideline|norm|standard)\b/i;
const YEAR = /(?:^|[^-:/.\d])((?:19|20)\d\d)\)?$/;

/** @param year - Of the calibration. */
export function isEarlier(names: readonly string[], year: number): boolean {
  return names.some((name) => {
    const named = NORM.test(name) ? undefined : YEAR.exec(name)?.[1];
    return EARLIER.test(name) || (named !== undefined && Number(named) < year);
  });
}

/** Relations between rows, or to a curve through them. */
const OF_OTHER_ROWS: readonly RegExp[] = [
  /\b(?:non-?)?linearity|linearität|linéarité|linealidad|linearità/i,
  /hysteres[ie]s|hystérésis|histéresis|isteresi|umkehrspanne|reversib/i,
  /\bresidual|\bresiduum|\bresiduen|\brésidu|\bresidu[oi]\b|restabweichung|goodness of fit/i,
  /\b(?:change|shift|drift) since|änderung seit|veränderung (?:seit|gegen)|(?:variation|évolution) depuis|(?:cambio|variación) desde|variazione da/i,
  /\bdrift\b|\bstability\b|stabilität|\bdérive\b|\bstabilité\b|\bderiva\b|\bestabilidad\b|\bstabilità\b|\bcreep\b|\bkriechen\b/i,
  /(?:deviation|difference|departure)s? (?:from|relative to|with respect to) (?:the |its )?(?!(?:nominal|reference (?!frequency|sensitivity|point|level|temperature|condition)|reference$|true|conventional|applied|standard|set|target|certified|calibration|indicat|measured))/i,
  /abweichung (?:vo[nm]|gegenüber|zu[rm]?|bezogen auf)(?: de[mr])? (?!(?:nenn|nominal|soll|referenz(?!frequenz|empfind|punkt|temperatur)|bezugs(?!frequenz|punkt|temperatur)|wahre|richtig|normal|zertifi|kalibrier))/i,
  /écart (?:par rapport|relatif) (?:à|au)x?(?: la)? (?!(?:valeur (?:nominale|de référence|vraie|conventionnelle)|nominale?|référence$|l['’]étalon))/i,
  /desviación respecto (?:al?|del?)(?: la)? (?!(?:valor|nominal|referencia$|patrón))/i,
  /(?:scostamento|deviazione) (?:rispetto a|da)(?:l|lla)? (?!(?:valore|nominale|riferimento$|campione))/i,
  /(?:deviation|abweichung|écart|desviación|scostamento).* (?:at|bei|à|a) (?:the )?(?:reference (?:frequency|point)|\d+([.,]\d+)? ?[km]?hz)/i,
];
/** Properties of the item, or of the place of work: they stand beside a result. */
const OF_ITEM: readonly RegExp[] = [
  /\bvariation (?:in|of) length|abweichungsspanne|variation de longueur|variación de longitud|variazione di lunghezza/i,
  /\bresolution\b|\bauflösung|\brésolution|\bresolución|\brisoluzione|\bscale interval|\bteilungswert/i,
  /\b(?:in)?homogeneity|\buniformity|homogenität|homogénéité|homogeneidad|omogeneità|\bflatness\b|\bparallelism\b/i,
  /\bnoise\b|rauschen|\bbruit\b|\bruido\b|\brumore\b|\baccuracy\b|genauigkeit/i,
];

/** A part of what is stated, not a finding of its own. */
const INCLUDED = /\bincl|einschl|inkl|y compris|\bincluyendo\b|\bincluso\b/i;

/** Uncertainties that are a part of that of the result, or another's. */
const OF_OTHER_UNCERTAINTY: readonly RegExp[] = [
  /uncertainty (?:of|due to|from|for) (?:the )?(?:reference|standard|master|working|repeatability|reproducibility|resolution|drift|stability|fit|curve)/i,
  /\b(?:reference|repeatability|reproducibility|resolution|drift|fit) (?:standard |expanded )?uncertainty|\btype[- ]?[ab]\b/i,
  /unsicherheit (?:der|des|vo[nm]) (?:referenz|bezugs|normal|wiederhol|auflösung|anpassung)|(?:referenz|normalen?|bezugs)unsicherheit|\btyp[- ]?[ab]\b/i,
  /incertitude (?:de (?:la )?référence|de l['’]étalon|des étalons|de (?:la )?(?:répétabilité|résolution))/i,
  /incertidumbre (?:del? )?(?:la )?(?:patrón|referencia|repetibilidad|resolución)|\btipo [ab]\b/i,
  /incertezza (?:del(?:la)? |di )?(?:campione|riferimento|ripetibilità|risoluzione)/i,
  /\bCMC\b|measurement capability|messmöglichkeit/i,
];

/** Columns that become a result, or its uncertainty. */
const TAKEN: ReadonlySet<Role | undefined> = new Set([undefined, 'error', 'correction', 'deviation', 'value', 'indication', 'reference'] as const); // prettier-ignore

/**
 * Why a column is not taken for what its role says: its name means something else. Null if it is taken. A mapping file may still give
 * it a role.
 */
export function otherMeaningOf(role: Role | undefined, names: readonly string[]): string | null {
  const says = (patterns: readonly RegExp[]) =>
    patterns.some((pattern) => names.some((name) => pattern.test(name) && !INCLUDED.test(name)));
  if (role === 'uncertainty') {
    return says(OF_OTHER_UNCERTAINTY)
      ? reasonOf('an uncertainty of something else than the result', names, role)
      : null;
  }
  if (!TAKEN.has(role)) {
    return null;
  }
  if (says([EARLIER])) {
    return reasonOf('something of an earlier calibration', names, role);
  }
  return says(OF_OTHER_ROWS)
    ? reasonOf('a relation to other rows or times, not an error or a value', names, role)
    : null;
}

/**
 * Why a column beside a result is not a part of it, and not where it holds: it describes the item. Null if it does not, or if nothing
 * else in the table is a result.
 *
 * @param beside - Roles of the other columns.
 */
export function descriptionOf(role: Role, names: readonly string[], beside: readonly Role[]): string | null {
  const isBeside = beside.some((other) => RESULTS.has(other));
  const isNamed = OF_ITEM.some((pattern) => names.some((name) => pattern.test(name) && !INCLUDED.test(name)));
  return isBeside && isNamed && DESCRIBING.has(role)
    ? reasonOf('a property of the item or of the place of work', names, role === 'value' ? role : 'argument')
    : null;
}

/** Roles of columns that make a table one of results. */
export const RESULTS: ReadonlySet<Role> = new Set([
  'error',
  'correction',
  'deviation',
  'indication',
  'nominal',
  'reference',
]);
/** What such a column would be taken for. */
const DESCRIBING: ReadonlySet<Role> = new Set(['argument', 'value', 'error']);

function reasonOf(meaning: string, [name = '']: readonly string[], role: Role | undefined): string {
  const entry = JSON.stringify({ column: name, role: role ?? 'value' });
  return `By its name it states ${meaning}, so it is not taken. If it belongs to the result, say so in a mapping file (columns): ${entry}.`;
}
