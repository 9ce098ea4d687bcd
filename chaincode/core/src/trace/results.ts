import { sha256 } from '#platform';
import { canonicalJson, FrozenMemo, MAX_EXTENTS } from '../model/index.js';
import type { Result, ResultsDigest } from '../model/index.js';
import { sealedDigest } from '../signing/index.js';
import type { Sealed } from '../signing/index.js';
import { extentsOf } from './extents.js';
import { isOutOfLimits } from './judge/conformity.js';

/** Results by kind of quantity, in the order in which a report names them. */
export function resultsByQuantity(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  return groups.get(results, () => grouped(results));
}

const groups = new FrozenMemo<readonly Result[], ReadonlyMap<string, readonly Result[]>>();

function grouped(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const quantities = [...new Set(results.map(({ quantity }) => quantity))].sort();
  return new Map(quantities.map((name) => [name, results.filter(({ quantity }) => quantity === name)]));
}

/** Number of rows of these results. */
export function rowsIn(results: readonly Result[]): number {
  return results.reduce((sum, { rows }) => sum + rows.length, 0);
}

const contents = new WeakMap<readonly Result[], Content>();

type Content = Pick<ResultsDigest, 'quantity' | 'sha256' | 'rows'>;

/** The stated content of results, which never changes; what the registry computes from it may. */
function contentOf(results: readonly Result[]): Content {
  const known = contents.get(results);
  if (known) {
    return known;
  }
  const content = {
    quantity: results[0]?.quantity ?? '',
    sha256: sha256(canonicalJson(results)),
    rows: rowsIn(results),
  };
  contents.set(results, content);
  return content;
}

/** What a report signs of its results of one kind of quantity. */
function digestOf(results: readonly Result[]): ResultsDigest {
  const extents = extentsOf(results);
  return {
    ...contentOf(results),
    ...(extents && { extents }),
    ...(wasFoundOutOfLimits(results) && { foundOutOfLimits: true as const }),
  };
}

/**
 * What a report signs of its results.
 *
 * @param sealed The results of some kinds of quantity that are confidential.
 */
export function resultsDigests(results: readonly Result[], sealed: readonly Sealed[] = []): readonly ResultsDigest[] {
  const all = [...resultsByQuantity(results).values()].map(digestOf);
  const count = all.reduce((sum, { extents = [] }) => sum + extents.length, 0);
  const stated = count <= MAX_EXTENTS ? all : all.map(withoutExtents);
  return sealed.length === 0
    ? stated
    : [...stated, ...sealed.map(sealedOf)].sort((one, other) => (one.quantity < other.quantity ? -1 : 1));
}

function sealedOf(sealed: Sealed): ResultsDigest {
  return sealedDigest(sealed, wasFoundOutOfLimits(sealed.leaves.flatMap(({ result }) => result ?? [])));
}

/**
 * Whether a report that signed this of its results of one kind signed these. Extents and as-found flags are computed from the results.
 * The registry compares them when it registers the report. A trace does not repeat this: under later rules, old reports would count as
 * unsigned.
 */
export function areSigned(results: readonly Result[], signed: ResultsDigest): boolean {
  const { quantity, sha256, rows } = contentOf(results);
  return quantity === signed.quantity && sha256 === signed.sha256 && rows === signed.rows;
}

function withoutExtents({ quantity, sha256, rows, foundOutOfLimits }: ResultsDigest): ResultsDigest {
  return { quantity, sha256, rows, ...(foundOutOfLimits && { foundOutOfLimits }) };
}

export function wasFoundOutOfLimits(results: readonly Result[]): boolean {
  return resultsAsFound(results).some(isOutOfLimits);
}

/** As it was found before an adjustment; without one, as it was found is as it was left. */
export function resultsAsFound(results: readonly Result[]): readonly Result[] {
  const found = results.filter(({ asFound }) => asFound);
  return found.length > 0 ? found : results;
}
