/** A chaincode definition of the channel: the parts that validation needs, without how the chaincode runs. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** Serialised `protos.ApplicationPolicy`. If it refers to a channel policy, it follows every update of that policy. */
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
  /** Serialised `protos.ApplicationPolicy`, if it overrides the chaincode's. */
  readonly endorsementPolicy?: Uint8Array;
}
