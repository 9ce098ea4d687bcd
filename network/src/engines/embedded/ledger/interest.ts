import type { WrittenNamespace } from './types.js';

/** A key that a simulation writes; without a collection it is public. */
export interface WrittenKey {
  readonly namespace: string;
  readonly collection: string;
  /** The key's own endorsement policy, as committed. */
  readonly policy?: Uint8Array;
}

/** The required endorsements of the results, in every touched namespace. */
export function interestOf(
  namespaces: readonly string[],
  written: readonly WrittenKey[],
  privateReads: ReadonlyMap<string, ReadonlySet<string>>,
): WrittenNamespace[] {
  return namespaces.map((namespace) => {
    const keys = written.filter((key) => key.namespace === namespace);
    const withoutPolicy = keys.filter(({ policy }) => policy === undefined);
    const read = privateReads.get(namespace) ?? [];
    const collections = new Set([...withoutPolicy.map(({ collection }) => collection), ...read]);
    collections.delete('');
    return {
      namespace,
      collections: [...collections].sort(),
      keyPolicies: keys.flatMap(({ policy }) => (policy ? [policy] : [])),
      chaincodePolicyApplies: keys.length === 0 || withoutPolicy.some(({ collection }) => collection === ''),
    };
  });
}
