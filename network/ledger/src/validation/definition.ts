/** What decides about the transactions of a chaincode. */
export interface DefinedChaincode {
  readonly name: string;
  /** Serialised `protos.ApplicationPolicy`. If it refers to a channel policy, it follows every update of that policy. */
  readonly endorsementPolicy: Uint8Array;
  readonly collections: readonly CollectionDefinition[];
}

/** A chaincode definition of the channel: the parts that validation needs, without how the chaincode runs. */
export interface ChaincodeDefinition extends DefinedChaincode {
  readonly version: string;
  readonly sequence: number;
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
