import { peer } from '@hyperledger/fabric-protos';
import { parsePolicy, printPolicy } from './policy.js';

/**
 * Reads an endorsement policy as a description has it: in Fabric's signature policy language, or as the path of one of the
 * channel's own (`/Channel/Application/Endorsement`), which follows every update of the channel's configuration.
 * @throws ChannelError BAD_POLICY
 */
export function applicationPolicy(text: string): peer.ApplicationPolicy {
  const policy = new peer.ApplicationPolicy();
  if (text.startsWith('/')) policy.setChannelConfigPolicyReference(text);
  else policy.setSignaturePolicy(parsePolicy(text));
  return policy;
}

/** Writes an endorsement policy as a description has it. @throws ChannelError BAD_POLICY when it names other things than roles */
export function printApplicationPolicy(bytes: Uint8Array): string {
  const policy = peer.ApplicationPolicy.deserializeBinary(bytes);
  const signature = policy.getSignaturePolicy();
  return signature === undefined ? policy.getChannelConfigPolicyReference() : printPolicy(signature);
}
