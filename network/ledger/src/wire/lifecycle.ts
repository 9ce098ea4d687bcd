import { SignaturePolicyEnvelope } from './common.js';
import { bool, bytes, inner, repeatedInner, string, uint64 } from './fields.js';
import { message, type Message } from './message.js';
import { ApplicationPolicy } from './peer.js';

/** One part of a chaincode definition in the state of `_lifecycle`, if it is a message. */
export interface StateData {
  readonly bytes: Uint8Array;
}
export const StateData: Message<StateData> = message<StateData>({ bytes: bytes(2) });

export interface ChaincodeEndorsementInfo {
  readonly version: string;
  readonly initRequired: boolean;
  readonly endorsementPlugin: string;
}
export const ChaincodeEndorsementInfo: Message<ChaincodeEndorsementInfo> = message<ChaincodeEndorsementInfo>({
  version: string(1),
  initRequired: bool(2),
  endorsementPlugin: string(3),
});

export interface ChaincodeValidationInfo {
  readonly validationPlugin: string;
  /** Serialised `protos.ApplicationPolicy`. */
  readonly validationParameter: Uint8Array;
}
export const ChaincodeValidationInfo: Message<ChaincodeValidationInfo> = message<ChaincodeValidationInfo>({
  validationPlugin: string(1),
  validationParameter: bytes(2),
});

export interface CollectionPolicyConfig {
  readonly signaturePolicy: SignaturePolicyEnvelope | undefined;
}
const CollectionPolicyConfig: Message<CollectionPolicyConfig> = message<CollectionPolicyConfig>({
  signaturePolicy: inner(1, () => SignaturePolicyEnvelope),
});

export interface StaticCollectionConfig {
  readonly name: string;
  readonly memberOrgsPolicy: CollectionPolicyConfig | undefined;
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  readonly endorsementPolicy: ApplicationPolicy | undefined;
}
export const StaticCollectionConfig: Message<StaticCollectionConfig> = message<StaticCollectionConfig>({
  name: string(1),
  memberOrgsPolicy: inner(2, () => CollectionPolicyConfig),
  blockToLive: uint64(5),
  memberOnlyRead: bool(6),
  memberOnlyWrite: bool(7),
  endorsementPolicy: inner(8, () => ApplicationPolicy),
});

export interface CollectionConfig {
  readonly staticCollectionConfig: StaticCollectionConfig | undefined;
}
const CollectionConfig: Message<CollectionConfig> = message<CollectionConfig>({
  staticCollectionConfig: inner(1, () => StaticCollectionConfig),
});

export interface CollectionConfigPackage {
  readonly config: readonly CollectionConfig[];
}
export const CollectionConfigPackage: Message<CollectionConfigPackage> = message<CollectionConfigPackage>({
  config: repeatedInner(1, () => CollectionConfig),
});
