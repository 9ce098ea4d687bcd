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

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])].sort();
}

/** Sets of organisations that satisfy both, without those that contain a smaller one. */
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
 * The sets of MSP ids, smallest first, whose endorsements satisfy every policy of the written namespaces.
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
    // Each organisation has one endorser, so a layout with two of the same is impossible.
    const satisfiable = ledger.access.layouts(policy).filter((layout) => new Set(layout).size === layout.length);
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
