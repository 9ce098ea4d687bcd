import type { ChannelLedger, WrittenNamespace } from '../ledger/types.js';

/** Combinations that are looked at in full; beyond, the smallest are kept. */
const MAX_COMBINATIONS = 5000;

/** No set of organisations can satisfy what was written; the message says what is missing. */
export class NoLayout extends Error {}

/**
 * Policies that all have to be satisfied by the endorsements of one transaction, as serialised signature policy envelopes: what
 * refers to a policy of the channel is looked up in its configuration as it is now.
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

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])].sort();
}

/** Sets of organisations of which each satisfies both; without those that contain a smaller one. */
function both(
  left: readonly (readonly string[])[],
  right: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const unions = new Map<string, readonly string[]>();
  for (const one of left) {
    for (const other of right) {
      const combined = union(one, other);
      unions.set(combined.join('\0'), combined);
    }
  }
  const kept: (readonly string[])[] = [];
  for (const candidate of [...unions.values()].sort((a, b) => a.length - b.length).slice(0, MAX_COMBINATIONS)) {
    if (!kept.some((smaller) => smaller.every((mspId) => candidate.includes(mspId)))) kept.push(candidate);
  }
  return kept;
}

/**
 * The sets of MSP ids, smallest first, whose endorsements satisfy every policy of what was written.
 * @throws NoLayout when there is none
 */
export function layoutsFor(
  ledger: ChannelLedger,
  interest: readonly WrittenNamespace[],
): readonly (readonly string[])[] {
  const policies = new Map<string, Uint8Array>();
  for (const written of interest) {
    for (const policy of policiesOf(ledger, written)) policies.set(Buffer.from(policy).toString('base64'), policy);
  }
  let layouts: readonly (readonly string[])[] = [[]];
  for (const policy of policies.values()) {
    // One endorser an organisation: a layout that wants two of the same cannot be had.
    const satisfiable = ledger.access.layouts(policy).filter((layout) => new Set(layout).size === layout.length);
    if (satisfiable.length === 0) throw new NoLayout('no peer combination can satisfy the endorsement policy');
    layouts = both(layouts, satisfiable);
  }
  return layouts;
}

/** MSP ids that are members of every collection that was touched; undefined when none was. */
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
