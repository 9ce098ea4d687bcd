import { peer } from '@hyperledger/fabric-protos';
import { ApplicationPolicy } from '@tracecal/ledger/wire';
import { parsePolicy, printEnvelope } from './policy.js';

/**
 * Reads an endorsement policy of a description: in Fabric's signature policy language, or as the path of a channel policy
 * (`/Channel/Application/Endorsement`), which follows every update of the channel's configuration.
 * @throws ChannelError BAD_POLICY
 */
export function applicationPolicy(text: string): peer.ApplicationPolicy {
  const policy = new peer.ApplicationPolicy();
  if (text.startsWith('/')) policy.setChannelConfigPolicyReference(text);
  else policy.setSignaturePolicy(parsePolicy(text));
  return policy;
}

/**
 * Writes an endorsement policy in the form of a description.
 * @throws ChannelError BAD_POLICY when it names anything other than roles
 */
export function printApplicationPolicy(bytes: Uint8Array): string {
  const { signaturePolicy, channelConfigPolicyReference } = ApplicationPolicy.decode(bytes);
  return signaturePolicy === undefined ? (channelConfigPolicyReference ?? '') : printEnvelope(signaturePolicy);
}
