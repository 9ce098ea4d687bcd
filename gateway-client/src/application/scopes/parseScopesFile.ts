import { accreditationGrantSchema, parseJson, RegistryError, whyNoLimitAtZero } from '@tracecal/core/model';
import type { AccreditationGrant } from '@tracecal/core/model';
import { readJsonText } from '../files/inputFile.js';
import { isObject, withMeantKinds } from './meantKinds.js';
import type { JsonObject } from './meantKinds.js';
import { refusalOf } from './refusal.js';

/** Format of the file that `scopes grant FILE.json` reads, for its help. */
export const SCOPES_FILE_FORMAT = `The file is JSON: a list of lines, or an object with "body", "number" and "lines". A line is
  quantity, unit, min, max   kind of quantity and its range
  arguments                  list of name, quantity, unit, min, max (default: none)
  cmc                        smallest expanded uncertainty at 95 %, in the line's unit; one of
      0.01
      {"form": "constant", "value": 0.005, "relative": true}
      {"form": "table", "points": [{"at": 0, "cmc": 0.01}, {"at": 100, "cmc": 0.02}]}
      {"form": "linear", "a": 0.01, "terms": [{"b": 2e-5}, {"of": "frequency", "b": 1e-9}], "combined": "sum"}
      {"form": "matrix", "of": [null, "frequency"], "rows": [1, 10], "columns": [10, 1000], "cmc": [[0.1, 0.2], [0.3, 0.4]]}
      ("of" is the name of an argument, or null for the quantity itself; "combined" may be "root-sum-square")
  method, methodLevel        a text or norm; primary, secondary or working (default: any)
  place                      laboratory (default), on-site or both
  service                    id of the service in the KCDB (default: none)
  validFrom, validTo         first and last day, like 2026-01-31 (no default)`;

/**
 * Lines of an accreditation from the text of a file. Omitted usual values are filled in.
 *
 * @throws RegistryError `JSON_INVALID` or `INPUT_INVALID`, naming the first error and its place
 * @example parseScopesFile('{"number": "DAkkS-DE-CL-15070-01-00", "lines": [...]}')
 */
export function parseScopesFile(text: string): AccreditationGrant {
  const parsed = parseJson(text);
  const grant: unknown = Array.isArray(parsed) ? { lines: parsed } : parsed;
  if (!isObject(grant)) {
    throw new RegistryError('INPUT_INVALID', 'A scopes file is a list of lines, or an object that holds "lines".');
  }
  const lines = grant['lines'];
  const filled = Array.isArray(lines) ? lines.map((line: unknown, place) => filledLine(line, place + 1)) : lines;
  const read = accreditationGrantSchema.safeParse({ body: null, number: null, ...grant, lines: filled });
  if (!read.success) {
    throw new RegistryError('INPUT_INVALID', refusalOf(read.error));
  }
  for (const [place, line] of read.data.lines.entries()) {
    const why = whyNoLimitAtZero(line);
    if (why !== undefined) {
      throw new RegistryError('INPUT_INVALID', `Line ${place + 1}, cmc: ${why}.`);
    }
  }
  return read.data;
}

/** Lines of an accreditation out of a file. */
export async function readScopes(path: string): Promise<AccreditationGrant> {
  return parseScopesFile(await readJsonText(path));
}

function filledLine(line: unknown, place: number): unknown {
  if (!isObject(line)) {
    return line;
  }
  return {
    arguments: [],
    method: null,
    methodLevel: null,
    place: 'laboratory',
    service: null,
    ...withMeantKinds(line, `Line ${place}`),
    cmc: filledCmc(line['cmc'], place),
  };
}

function filledCmc(cmc: unknown, place: number): unknown {
  if (typeof cmc === 'number') {
    return { form: 'constant', relative: false, value: cmc };
  }
  if (!isObject(cmc)) {
    return cmc;
  }
  switch (cmc['form']) {
    case 'constant':
    case 'matrix':
      return { relative: false, ...cmc };
    case 'table':
      return { relative: false, of: null, ...cmc };
    case 'linear':
      return { combined: 'sum', ...cmc, terms: filledTerms(cmc['terms']) };
    case undefined:
      throw withoutForm(cmc, place);
    default:
      return cmc;
  }
}

function filledTerms(terms: unknown): unknown {
  return Array.isArray(terms)
    ? terms.map((term: unknown): unknown => (isObject(term) ? { of: null, ...term } : term))
    : terms;
}

/** Files of earlier versions had an absolute and a relative part. */
function withoutForm({ absolute, relative }: JsonObject, place: number): RegistryError {
  const isEarlier = typeof absolute === 'number' && typeof relative === 'number';
  const form = !isEarlier
    ? '"form" is missing: it is "constant", "table", "linear" or "matrix"'
    : `write it as ${relative === 0 ? String(absolute) : `{"form": "linear", "a": ${absolute}, "terms": [{"b": ${relative}}]}`}, greater than 0`;
  return new RegistryError('INPUT_INVALID', `Line ${place}, cmc: ${form}.`);
}
