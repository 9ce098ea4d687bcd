import { hexBytes, sha256 } from '#platform';
import { canonicalJson, MAX_FACTS, RegistryError } from '../model/index.js';
import { leafHash, merklePath, merkleRoot, rootOf } from '../signing/index.js';

/** Leaves of every tree: however many facts there are, and whichever, the tree looks the same. */
export const LEAVES = 256;
/** Length of the path from a leaf to the root. */
export const PATH_LENGTH = 8;

/** A fact as its certifier keeps it. */
export interface SaltedFact {
  readonly fact: string;
  readonly value: string;
  /** 32 random bytes in base64url: without them nobody can try values against the root. */
  readonly salt: string;
}

/** A fact, with the path that leads from its place in the tree to the root (RFC 9162). */
export interface OpenedFact extends SaltedFact {
  readonly path: readonly string[];
}

/**
 * The place of a fact in the tree follows from its name. So a certifier cannot keep two values of one fact and show each to somebody else.
 */
export function placeOf(fact: string): number {
  return hexBytes(sha256(canonicalJson({ type: 'tracecal-fact/1', fact })).slice(0, 2))?.[0] ?? 0;
}

/** The Merkle root over facts. @param filler Random: it fills the places without a fact. */
export function rootOfFacts(facts: readonly SaltedFact[], filler: string): string {
  return merkleRoot(hashesOf(facts, filler));
}

/** Facts with the paths that lead to the root over all of them. */
export function openedFacts(
  facts: readonly SaltedFact[],
  filler: string,
  names: readonly string[],
): readonly OpenedFact[] {
  const hashes = hashesOf(facts, filler);
  return facts
    .filter(({ fact }) => names.includes(fact))
    .map((each) => ({ ...each, path: merklePath(hashes, placeOf(each.fact)) }));
}

/** Whether a fact is the one below this root that has this name. */
export function leadsTo(root: string, { path, ...leaf }: OpenedFact): boolean {
  return path.length === PATH_LENGTH && rootOf(hashOf(leaf), placeOf(leaf.fact), LEAVES, path) === root;
}

function hashesOf(facts: readonly SaltedFact[], filler: string): readonly string[] {
  requirePlaces(facts.map(({ fact }) => fact));
  const own = new Map(facts.map((each) => [placeOf(each.fact), hashOf(each)]));
  return Array.from(
    { length: LEAVES },
    (_, place) => own.get(place) ?? leafHash(sha256(canonicalJson({ filler, place }))),
  );
}

function hashOf({ fact, value, salt }: SaltedFact): string {
  return leafHash(sha256(canonicalJson({ fact, value, salt })));
}

/** @throws RegistryError `INPUT_INVALID` unless every fact has a place of its own */
export function requirePlaces(names: readonly string[]): void {
  if (names.length > MAX_FACTS) {
    throw new RegistryError('INPUT_INVALID', `a pseudonym has at most ${MAX_FACTS} facts, not ${names.length}.`);
  }
  names.forEach((fact, index) => {
    const other = names.slice(0, index).find((each) => placeOf(each) === placeOf(fact));
    if (other !== undefined) {
      throw new RegistryError(
        'INPUT_INVALID',
        other === fact
          ? `the fact ${fact} is given twice: give it once.`
          : `the facts ${other} and ${fact} have the same place in the tree: call one of them by another name.`,
      );
    }
  });
}
