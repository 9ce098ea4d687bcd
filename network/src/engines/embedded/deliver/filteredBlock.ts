import { common, peer } from '@hyperledger/fabric-protos';
import { blockTransactions, chaincodeEvents, type BlockTransaction } from './blockTransactions.js';

type HeaderType = common.HeaderTypeMap[keyof common.HeaderTypeMap];
type ValidationCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

function filteredActions(transaction: BlockTransaction): peer.FilteredTransactionActions {
  const actions = new peer.FilteredTransactionActions();
  for (const event of chaincodeEvents(transaction)) {
    // Clients that may see only filtered blocks may know that an event happened, but not its content.
    const withoutPayload = new peer.ChaincodeEvent();
    withoutPayload.setTxId(event.getTxId());
    withoutPayload.setChaincodeId(event.getChaincodeId());
    withoutPayload.setEventName(event.getEventName());
    const action = new peer.FilteredChaincodeAction();
    action.setChaincodeEvent(withoutPayload);
    actions.addChaincodeActions(action);
  }
  return actions;
}

/** A block without its contents: transaction ids, types, validation codes and event names. */
export function filteredBlock(block: common.Block, channelId: string): peer.FilteredBlock {
  const filtered = new peer.FilteredBlock();
  filtered.setChannelId(channelId);
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  for (const transaction of blockTransactions(block)) {
    const entry = new peer.FilteredTransaction();
    entry.setTxid(transaction.txId);
    entry.setType(transaction.type as HeaderType);
    entry.setTxValidationCode(transaction.code as ValidationCode);
    if (transaction.type === common.HeaderType.ENDORSER_TRANSACTION) {
      entry.setTransactionActions(filteredActions(transaction));
    }
    filtered.addFilteredTransactions(entry);
  }
  return filtered;
}
