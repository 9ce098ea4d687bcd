import { common, ledger, peer } from '@hyperledger/fabric-protos';

/** One transaction of a block, as its header names it; its effects are parsed on demand. */
export interface BlockTransaction {
  readonly txId: string;
  /** The peer's validation code; 0 is VALID. */
  readonly code: number;
  /** Undefined if it ran no chaincode, or a different one. */
  readonly effectOf: (chaincode: string) => Effect | undefined;
}

/** The public effects of a transaction in one chaincode. */
export interface Effect {
  /** The payload of its event, if it has one. */
  readonly event: Uint8Array | undefined;
  /** The keys that it wrote in the chaincode's namespace, without those of private collections. */
  readonly publicKeys: readonly string[];
}

const NOT_VALIDATED = peer.TxValidationCode.NOT_VALIDATED;

/** The transactions of a block, in order. An unreadable envelope has no id and no effect. */
export function blockTransactions(block: common.Block): readonly BlockTransaction[] {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return envelopes.map((envelope, index) => {
    const code = codes?.[index] ?? NOT_VALIDATED;
    return undefinedIfMalformed(() => transactionOf(envelope, code)) ?? { txId: '', code, effectOf: () => undefined };
  });
}

function transactionOf(envelope: Uint8Array, code: number): BlockTransaction {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  const runsChaincode = header.getType() === common.HeaderType.ENDORSER_TRANSACTION;
  return {
    txId: header.getTxId(),
    code,
    effectOf: (chaincode) =>
      runsChaincode ? undefinedIfMalformed(() => effectOf(payload.getData_asU8(), chaincode)) : undefined,
  };
}

function effectOf(transaction: Uint8Array, chaincode: string): Effect | undefined {
  const [first] = peer.Transaction.deserializeBinary(transaction).getActionsList();
  const endorsed = first && peer.ChaincodeActionPayload.deserializeBinary(first.getPayload_asU8()).getAction();
  if (!endorsed) {
    return undefined;
  }
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  return {
    event: eventOf(action.getEvents_asU8(), chaincode),
    publicKeys: publicKeysOf(action.getResults_asU8(), chaincode),
  };
}

function eventOf(bytes: Uint8Array, chaincode: string): Uint8Array | undefined {
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  return event.getChaincodeId() === chaincode ? event.getPayload_asU8() : undefined;
}

function publicKeysOf(results: Uint8Array, chaincode: string): readonly string[] {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincode)
    .flatMap((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()).getWritesList())
    .map((write) => write.getKey());
}

/** Members can put any bytes into blocks. */
function undefinedIfMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
