import { common } from '@hyperledger/fabric-protos';
import { blockValidation } from '@tracecal/ledger/block';
import { SignaturePolicyEnvelope } from '@tracecal/ledger/wire';
import { configPolicy, signaturePolicy } from './configGroup.js';

const MAPPING = 'Orderers';

/**
 * Gives the Orderer section of a configuration the orderers of a description, and the policy of blocks that follows from them. Those that are in
 * both keep their certificates and addresses: only their own operators change those.
 */
export function replaceConsenters(into: common.ConfigGroup, from: common.ConfigGroup): void {
  const [present, wanted] = [consentersIn(into), consentersIn(from)];
  if (namesOf(present) === namesOf(wanted)) return;
  const next = wanted.map((each) => present.find((other) => other.getMspId() === each.getMspId()) ?? each);
  const mapping = new common.Orderers();
  mapping.setConsenterMappingList([...next]);
  into.getValuesMap().get(MAPPING)?.setValue(mapping.serializeBinary());
  into.getPoliciesMap().set('BlockValidation', blockPolicy(next.map(identityOf)));
  const [groups, described] = [into.getGroupsMap(), from.getGroupsMap()];
  for (const name of [...groups.keys()].filter((key) => !described.has(key))) groups.del(name);
  for (const [name, group] of described.entries()) if (!groups.has(name)) groups.set(name, group);
}

/** The policy of blocks: exactly this one is what orderers accept for these consenters. */
export function blockPolicy(consenters: Parameters<typeof blockValidation>[0]): common.ConfigPolicy {
  const envelope = SignaturePolicyEnvelope.encode(blockValidation(consenters));
  return configPolicy(signaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(envelope)));
}

function consentersIn(orderer: common.ConfigGroup): readonly common.Consenter[] {
  const value = orderer.getValuesMap().get(MAPPING)?.getValue_asU8() ?? new Uint8Array();
  return common.Orderers.deserializeBinary(value).getConsenterMappingList();
}

function identityOf(consenter: common.Consenter): { readonly mspId: string; readonly identity: Uint8Array } {
  return { mspId: consenter.getMspId(), identity: consenter.getIdentity_asU8() };
}

function namesOf(consenters: readonly common.Consenter[]): string {
  return JSON.stringify(consenters.map((each) => [each.getId(), each.getMspId()]).sort());
}
