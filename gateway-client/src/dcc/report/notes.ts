import type { CertificateDraft, DraftResult } from '../draft/index.js';

/** Of a long table more would hide the rest. */
const MOST_ROWS = 8;

/** What a report does not hold of its results: what was noted about rows, and which method a name suggests. */
export function resultNotes({ items }: CertificateDraft): readonly string[] {
  const all = items.flatMap(({ results, asFound }) => [...results, ...asFound]);
  return all.flatMap((result) => [...rowNotes(result), ...methodNotes(result)]);
}

function rowNotes({ result: { name }, notes }: DraftResult): readonly string[] {
  const more = notes.length - MOST_ROWS;
  return [
    ...notes.slice(0, MOST_ROWS).map(({ row, note }) => `"${name}", row ${row}: ${note}.`),
    ...(more > 0 ? [`"${name}": and ${more} more notes on rows: \`tracecal dcc draft\` shows them with --json.`] : []),
  ];
}

/** A comparison needs no declaration; what may be anything else is never taken silently. */
function methodNotes({ result: { name }, method }: DraftResult): readonly string[] {
  const [proposed] = method?.classes ?? [];
  if (!method || method.confirmed || proposed === undefined || proposed === 'direct') {
    return [];
  }
  const entry = JSON.stringify({ result: name, method: proposed });
  return [
    `"${name}": its method "${method.because}" suggests the class ${proposed}. If it is, say so in a mapping file (--mapping FILE): "methods": [${entry}]. Until then the result counts as a comparison.`,
  ];
}
