import { canonicalJson, RegistryError, shapes } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { leafHash, rootOf } from '@tracecal/core/signing';
import { MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import * as z from '@tracecal/core/shape';
import { inputOf } from '../client/input.js';
import { treeOf } from '../client/merkleTree.js';
import type { AnchorProof } from '../client/statements/index.js';

/** Tells these leaves from those of any other tree. */
const DOMAIN = 'tracecal-measurements/1\n';

/** That a measurement is in a batch: the place among the leaves, how many there are, and the path to the root (RFC 9162). */
export type Inclusion = AnchorProof;

export interface Batch {
  /** What the ledger holds. */
  readonly root: string;
  readonly size: number;
  /** One a measurement, in their order. */
  readonly inclusions: readonly Inclusion[];
}

/** A path of so many steps leads through more leaves than a batch has. */
const MOST_STEPS = 17;

export const inclusionShape = z.strictObject({
  root: shapes.sha256,
  index: z.int().check(z.minimum(0)),
  size: z.int().check(z.minimum(1), z.maximum(MAX_MEASUREMENTS)),
  path: z.array(shapes.sha256).check(z.maxLength(MOST_STEPS)),
});

/**
 * Puts measurements under one Merkle root.
 *
 * @param measurements As they were signed, in their order.
 * @throws TraceCalError `INPUT_INVALID` for none, or for more than a batch holds
 */
export function batchOf(measurements: readonly Jws[]): Batch {
  inputOf(() => {
    if (measurements.length === 0 || measurements.length > MAX_MEASUREMENTS) {
      throw new RegistryError(
        'INPUT_INVALID',
        `a batch holds 1 to ${MAX_MEASUREMENTS} measurements, not ${measurements.length}.`,
      );
    }
  });
  const { root, paths } = treeOf(measurements.map(measurementLeaf));
  const size = measurements.length;
  return { root, size, inclusions: paths.map((path, index) => ({ root, index, size, path })) };
}

/** Whether an inclusion leads from a measurement to its root. */
export function includes({ root, index, size, path }: Inclusion, measurement: Jws): boolean {
  return rootOf(measurementLeaf(measurement), index, size, path) === root;
}

/** The leaf holds the signature as well, which nobody can guess: the values could be. */
function measurementLeaf(measurement: Jws): string {
  return leafHash(sha256(DOMAIN, canonicalJson(measurement)));
}
