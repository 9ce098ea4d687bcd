import * as z from '../shape/index.js';
import { MAX_RESULTS } from './bounds.js';
import { resultSchema } from './resultSchema.js';
import type { Result } from './results.js';
import { base64url, ownedId, quantity, registry, sha256 } from './shapes.js';

export const DISCLOSURE_TYPE = 'tracecal-disclosure/1';

/** What a leaf over sealed results was made from. */
export interface SealedLeaf {
  /** 32 random bytes in base64url: without them nobody can try values against the leaf. */
  readonly salt: string;
  /** Null: it only fills the tree. */
  readonly result: Result | null;
}

/** A leaf with its place in the tree, and the path that leads from it to the root (RFC 9162). */
export interface DisclosedLeaf extends SealedLeaf {
  readonly index: number;
  readonly path: readonly string[];
}

/** The sealed results of one kind of quantity of a report, or some of them, as its issuer gives them to somebody. */
export interface Disclosure {
  readonly type: typeof DISCLOSURE_TYPE;
  readonly registry: string;
  readonly report: string;
  /** SHA-256 of the signed report, hex. */
  readonly digest: string;
  readonly quantity: string;
  /** Merkle root over all leaves, as the report signs it. */
  readonly root: string;
  /** Number of all leaves: a power of two. */
  readonly size: number;
  /** In order of their places. */
  readonly leaves: readonly DisclosedLeaf[];
}

/** Leaves of one tree: the bound of a report's results is a power of two. */
const index = z.int().check(z.minimum(0), z.maximum(MAX_RESULTS - 1));

export const disclosureSchema: z.ZodMiniType<Disclosure> = z.strictObject({
  type: z.literal(DISCLOSURE_TYPE),
  registry,
  report: ownedId,
  digest: sha256,
  quantity,
  root: sha256,
  size: z.int().check(z.minimum(1), z.maximum(MAX_RESULTS)),
  leaves: z
    .array(
      z.strictObject({
        index,
        salt: base64url(43),
        result: z.nullable(resultSchema),
        path: z.array(sha256).check(z.maxLength(Math.log2(MAX_RESULTS))),
      }),
    )
    .check(
      z.minLength(1),
      z.maxLength(MAX_RESULTS),
      z.refine(
        (all) => all.every((leaf, place) => place === 0 || (all[place - 1]?.index ?? 0) < leaf.index),
        'must give each leaf once, in order',
      ),
    ),
});
