import { createHash } from 'node:crypto';
import { canonicalJson, MAX_EXTENTS } from '../model/index.js';
import type { Result, ResultsDigest } from '../model/index.js';
import { extentsOf } from './extents.js';
import { isOutOfLimits } from './judge/conformity.js';

/** Results by kind of quantity, in the order in which a report names them. */
export function resultsByQuantity(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const quantities = [...new Set(results.map(({ quantity }) => quantity))].sort();
  return new Map(quantities.map((name) => [name, results.filter(({ quantity }) => quantity === name)]));
}

/** How many rows results have. */
export function rowsIn(results: readonly Result[]): number {
  return results.reduce((sum, { rows }) => sum + rows.length, 0);
}

const digests = new WeakMap<readonly Result[], ResultsDigest>();

/** What a report signs of its results of one kind of quantity. */
function digestOf(results: readonly Result[]): ResultsDigest {
  const known = digests.get(results);
  if (known) {
    return known;
  }
  const extents = extentsOf(results);
  const digest = {
    quantity: results[0]?.quantity ?? '',
    sha256: createHash('sha256').update(canonicalJson(results)).digest('hex'),
    rows: rowsIn(results),
    ...(extents && { extents }),
    ...(wasFoundOutOfLimits(results) && { foundOutOfLimits: true as const }),
  };
  digests.set(results, digest);
  return digest;
}

/** What a report signs of its results. */
export function resultsDigests(results: readonly Result[]): readonly ResultsDigest[] {
  const all = [...resultsByQuantity(results).values()].map(digestOf);
  const count = all.reduce((sum, { extents = [] }) => sum + extents.length, 0);
  return count <= MAX_EXTENTS ? all : all.map(withoutExtents);
}

/** Whether a report that signed this of its results of one kind signed these. */
export function areSigned(results: readonly Result[], signed: ResultsDigest): boolean {
  const digest = digestOf(results);
  return canonicalJson(signed.extents ? digest : withoutExtents(digest)) === canonicalJson(signed);
}

function withoutExtents({ quantity, sha256, rows, foundOutOfLimits }: ResultsDigest): ResultsDigest {
  return { quantity, sha256, rows, ...(foundOutOfLimits && { foundOutOfLimits }) };
}

/** As it was found before an adjustment; without one, as it was found is as it was left. */
function wasFoundOutOfLimits(results: readonly Result[]): boolean {
  const found = results.filter(({ asFound }) => asFound);
  return (found.length > 0 ? found : results).some(isOutOfLimits);
}
