import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/index.js';
import type { Result, ResultsDigest } from '../model/index.js';

const digests = new WeakMap<readonly Result[], string>();

/** SHA-256 of the canonical form of results, hex: what a report signs of them. */
export function digestOfResults(results: readonly Result[]): string {
  const digest = digests.get(results) ?? createHash('sha256').update(canonicalJson(results)).digest('hex');
  digests.set(results, digest);
  return digest;
}

/** Results by kind of quantity, in the order in which a report names them. */
export function resultsByQuantity(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const quantities = [...new Set(results.map(({ quantity }) => quantity))].sort();
  return new Map(quantities.map((name) => [name, results.filter(({ quantity }) => quantity === name)]));
}

/** How many rows results have. */
export function rowsIn(results: readonly Result[]): number {
  return results.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** What a report signs of its results. */
export function resultsDigests(results: readonly Result[]): readonly ResultsDigest[] {
  return Array.from(resultsByQuantity(results), ([quantity, own]) => ({
    quantity,
    sha256: digestOfResults(own),
    rows: rowsIn(own),
  }));
}
