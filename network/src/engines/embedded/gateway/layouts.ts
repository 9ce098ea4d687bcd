import type { ChannelLedger, WrittenNamespace } from '../ledger/types.js';

/** Limit of combinations that are examined; beyond it, the smallest are kept. */
const MAX_COMBINATIONS = 5000;

/** No set of organisations can satisfy the policies; the message says what is missing. */
export class NoLayout extends Error {}

/**
 * Policies that the endorsements of one transaction must all satisfy, as serialised signature policy envelopes. References to channel
 * policies are resolved in the current configuration.
 */
function policiesOf(ledger: ChannelLedger, written: WrittenNamespace): Uint8Array[] {
  const definition = ledger.definition(written.namespace);
  if (!definition) {
    throw new NoLayout(`No metadata was found for chaincode ${written.namespace} in channel ${ledger.channelId}`);
  }
  const collections = written.collections.map((name) => {
    const collection = ledger.collection(written.namespace, name);
    if (!collection) {
      throw new NoLayout(`collection ${name} doesn't exist in collection config for chaincode ${written.namespace}`);
    }
    return collection.endorsementPolicy ?? definition.endorsementPolicy;
  });
  const own = written.chaincodePolicyApplies ? [definition.endorsementPolicy] : [];
  const agreed = [...own, ...collections].map((policy) => ledger.access.signaturePolicyOf(policy));
  return [...agreed, ...written.keyPolicies];
}

/** The organisations whose peers endorse; one that appears twice stands for two of its peers. */
export type Layout = readonly string[];

/** How often an organisation appears. */
export function countOf(layout: Layout, mspId: string): number {
  return layout.filter((one) => one === mspId).length;
}

/** Whether the larger has every organisation of the smaller at least as often. */
export function isWithin(smaller: Layout, larger: Layout): boolean {
  return smaller.every((mspId) => countOf(smaller, mspId) <= countOf(larger, mspId));
}

function union(left: Layout, right: Layout): Layout {
  const further = [...new Set(right)].flatMap((mspId) =>
    Array.from({ length: Math.max(0, countOf(right, mspId) - countOf(left, mspId)) }, () => mspId),
  );
  return [...left, ...further].sort();
}

/** Layouts that satisfy both, without those that contain a smaller one. */
function both(left: readonly Layout[], right: readonly Layout[]): readonly Layout[] {
  const unions = new Map<string, Layout>();
  for (const one of left) {
    for (const other of right) {
      const combined = union(one, other);
      unions.set(combined.join('\0'), combined);
    }
  }
  const kept: Layout[] = [];
  for (const candidate of [...unions.values()].sort((a, b) => a.length - b.length).slice(0, MAX_COMBINATIONS)) {
    if (!kept.some((smaller) => isWithin(smaller, candidate))) kept.push(candidate);
  }
  return kept;
}

/**
 * The sets of MSP ids, smallest first, whose endorsements satisfy every policy of the written namespaces.
 * @param peersOf How many endorsers an organisation has.
 * @throws NoLayout when there is none
 */
export function layoutsFor(
  ledger: ChannelLedger,
  interest: readonly WrittenNamespace[],
  peersOf: (mspId: string) => number,
): readonly Layout[] {
  const policies = new Map<string, Uint8Array>();
  for (const written of interest) {
    for (const policy of policiesOf(ledger, written)) policies.set(Buffer.from(policy).toString('base64'), policy);
  }
  let layouts: readonly Layout[] = [[]];
  for (const policy of policies.values()) {
    // An organisation without peers may be in a layout: the caller says what is missing then.
    const satisfiable = ledger.access
      .layouts(policy)
      .filter((layout) => layout.every((mspId) => countOf(layout, mspId) <= Math.max(1, peersOf(mspId))));
    if (satisfiable.length === 0) throw new NoLayout('no peer combination can satisfy the endorsement policy');
    layouts = both(layouts, satisfiable);
  }
  return layouts;
}

/** MSP ids that are members of every touched collection; undefined if none was touched. */
export function collectionMembers(
  ledger: ChannelLedger,
  interest: readonly WrittenNamespace[],
): ReadonlySet<string> | undefined {
  let members: ReadonlySet<string> | undefined;
  for (const { namespace, collections } of interest) {
    for (const name of collections) {
      const ofCollection = ledger.collection(namespace, name)?.members ?? [];
      const known = members;
      members = new Set(known ? ofCollection.filter((mspId) => known.has(mspId)) : ofCollection);
    }
  }
  return members;
}
