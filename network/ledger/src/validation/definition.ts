/** A chaincode as the channel agreed on it: what validation needs to know, and nothing about how it runs. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** Serialised `protos.ApplicationPolicy`: one that refers to the channel's follows every update of its configuration. */
  readonly endorsementPolicy: Uint8Array;
  readonly collections: readonly CollectionDefinition[];
}

export interface CollectionDefinition {
  readonly name: string;
  /** MSP ids. */
  readonly members: readonly string[];
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  readonly blockToLive: number;
  /** Serialised `protos.ApplicationPolicy`, when it overrides the chaincode's. */
  readonly endorsementPolicy?: Uint8Array;
}
