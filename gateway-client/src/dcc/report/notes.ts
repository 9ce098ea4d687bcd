import { AFTER_ADJUSTMENT, type CertificateDraft, type DraftResult } from '../draft/index.js';

/** More notes than this about a long table would hide the others. */
const MOST_ROWS = 8;

/** Information about results that a report does not contain: notes about rows, and the method that a name suggests. */
export function resultNotes({ items }: CertificateDraft): readonly string[] {
  const all = items.flatMap(({ results, asFound }) => [...results, ...asFound]);
  return [
    ...items.flatMap(({ asFound }) => asFound.flatMap(asFoundNotes)),
    ...items.flatMap(({ results, asFound }) => (asFound.length > 0 ? [] : results.flatMap(adjustmentNotes))),
    ...all.flatMap((result) => [...rowNotes(result), ...methodNotes(result)]),
    ...all.flatMap((result, place) => lengthNotes(result, all[place + 1])),
  ];
}

/** Nothing depends on as-found results, so the user must be told if the draft takes a result as such. */
function asFoundNotes({ result: { name }, decisions }: DraftResult): readonly string[] {
  const isNamed = decisions.some(({ decided, from }) => decided === 'as found' && from === 'name');
  const entry = JSON.stringify({ result: name, asFound: false });
  return isNamed
    ? [
        `"${name}" is taken as found before an adjustment, by its name, and nothing rests on it. If it is current, say so in a mapping file: "asFound": [${entry}].`,
      ]
    : [];
}

/** Older calibrations of the device no longer count after an adjustment. */
function adjustmentNotes({ result: { name }, decisions }: DraftResult): readonly string[] {
  const entry = JSON.stringify({ result: name, asFound: false });
  return decisions.some(({ decided }) => decided === AFTER_ADJUSTMENT)
    ? [
        `"${name}" was measured after an adjustment, by its name, so the report says that the device was adjusted, and its older calibrations no longer count. If it was not, say so in a mapping file: "asFound": [${entry}].`,
      ]
    : [];
}

function rowNotes({ result: { name }, notes }: DraftResult): readonly string[] {
  const more = notes.length - MOST_ROWS;
  return [
    ...notes.slice(0, MOST_ROWS).map(({ row, note }) => `"${name}", row ${row}: ${note}.`),
    ...(more > 0 ? [`"${name}": and ${more} more notes on rows: \`tracecal dcc draft --json\` shows them.`] : []),
  ];
}

/** Columns of one kind with different lengths are not compared: a value may have been forgotten. */
function lengthNotes({ result, place }: DraftResult, next: DraftResult | undefined): readonly string[] {
  if (next?.place !== place || kindOf(next) !== kindOf({ result })) {
    return [];
  }
  const [rows, others] = [result.rows.length, next.result.rows.length];
  return rows !== others && rows > 1 && others > 1
    ? [
        `"${result.name}" has ${rows} values and "${next.result.name}" ${others}, so they are two results. If a value was forgotten, ask the laboratory to amend the certificate.`,
      ]
    : [];
}

function kindOf({ result: { quantity } }: Pick<DraftResult, 'result'>): string {
  return quantity.replace(/-difference$/, '');
}

/** A comparison needs no declaration. An ambiguous method is never applied silently. */
function methodNotes({ result: { name }, method }: DraftResult): readonly string[] {
  const [proposed] = method?.classes ?? [];
  if (!method || method.confirmed || proposed === undefined || proposed === 'direct') {
    return [];
  }
  const entry = JSON.stringify({ result: name, method: proposed });
  return [
    `"${name}": its method "${method.because}" suggests the class ${proposed}. If it is, say so in a mapping file: "methods": [${entry}]. Until then the result counts as a comparison.`,
  ];
}
