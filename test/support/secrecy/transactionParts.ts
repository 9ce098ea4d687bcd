import { common, ledger, peer } from '@hyperledger/fabric-protos';

/** What a transaction says, without what is signed around it. */
export interface TransactionParts {
  readonly txId: string;
  /** By name: each argument, the answer, the event, and each write under its key. */
  readonly parts: ReadonlyMap<string, string>;
  /** Keys that it read. */
  readonly reads: readonly string[];
}

/** The parts of the chaincode's transactions in a block. */
export function partsIn(block: Uint8Array): readonly TransactionParts[] {
  const envelopes = common.Block.deserializeBinary(block).getData()?.getDataList_asU8() ?? [];
  return envelopes.flatMap((bytes) => {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
    if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return [];
    const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    return [{ txId: header.getTxId(), ...partsOf(action!.getPayload_asU8()) }];
  });
}

function partsOf(action: Uint8Array): Omit<TransactionParts, 'txId'> {
  const payload = peer.ChaincodeActionPayload.deserializeBinary(action);
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(payload.getChaincodeProposalPayload_asU8());
  const call = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8());
  const response = peer.ProposalResponsePayload.deserializeBinary(
    payload.getAction()!.getProposalResponsePayload_asU8(),
  );
  const done = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const event = peer.ChaincodeEvent.deserializeBinary(done.getEvents_asU8());
  const args = call.getChaincodeSpec()!.getInput()!.getArgsList_asU8();
  const { reads, writes } = setsIn(done.getResults_asU8());
  return {
    reads,
    parts: new Map([
      ...args.map((arg, place) => [`argument ${place}`, text(arg)] as const),
      ['answer', text(done.getResponse()!.getPayload_asU8())],
      ['event', text(event.getPayload_asU8())],
      ...writes,
    ]),
  };
}

function setsIn(results: Uint8Array) {
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .map((own) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(own.getRwset_asU8()));
  return {
    reads: sets.flatMap((set) => set.getReadsList().map((read) => read.getKey())),
    writes: sets.flatMap((set) =>
      set.getWritesList().map((write) => [`write ${write.getKey()}`, text(write.getValue_asU8())] as const),
    ),
  };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
