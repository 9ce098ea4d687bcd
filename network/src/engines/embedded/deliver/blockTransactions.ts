import { common, peer } from '@hyperledger/fabric-protos';

/** One transaction of a committed block, as event services need it. */
export interface BlockTransaction {
  readonly txId: string;
  readonly channelId: string;
  /** `common.HeaderType`. */
  readonly type: number;
  /** `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
  /** The body: a `protos.Transaction` where the type is ENDORSER_TRANSACTION. */
  readonly data: Uint8Array;
}

const NOT_VALIDATED = 254;

function readTransaction(envelope: Uint8Array, code: number): BlockTransaction | undefined {
  try {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
    const header = payload.getHeader();
    if (!header) return undefined;
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    return {
      txId: channelHeader.getTxId(),
      channelId: channelHeader.getChannelId(),
      type: channelHeader.getType(),
      code,
      data: payload.getData_asU8(),
    };
  } catch {
    // A block may contain an unreadable envelope: it is marked invalid there, and there is nothing to report.
    return undefined;
  }
}

const cache = new WeakMap<common.Block, readonly BlockTransaction[]>();

/** The readable transactions of a committed block, in order. Parsed once for each block object. */
export function blockTransactions(block: common.Block): readonly BlockTransaction[] {
  const known = cache.get(block);
  if (known) return known;
  const flags = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const transactions = (block.getData()?.getDataList_asU8() ?? []).flatMap((envelope, index) => {
    const transaction = readTransaction(envelope, flags?.[index] ?? NOT_VALIDATED);
    return transaction ? [transaction] : [];
  });
  cache.set(block, transactions);
  return transactions;
}

function actionEvent(action: peer.TransactionAction): peer.ChaincodeEvent | undefined {
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8()).getAction();
  if (!endorsed) return undefined;
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const events = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getEvents_asU8();
  return events.length > 0 ? peer.ChaincodeEvent.deserializeBinary(events) : undefined;
}

/** The chaincode events of a transaction, valid or not; empty for anything but an endorser transaction. */
export function chaincodeEvents(transaction: BlockTransaction): readonly peer.ChaincodeEvent[] {
  if (transaction.type !== common.HeaderType.ENDORSER_TRANSACTION) return [];
  try {
    return peer.Transaction.deserializeBinary(transaction.data)
      .getActionsList()
      .flatMap((action) => {
        const event = actionEvent(action);
        return event && event.getChaincodeId() !== '' ? [event] : [];
      });
  } catch {
    return [];
  }
}
