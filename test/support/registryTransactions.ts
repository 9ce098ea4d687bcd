import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import { transactionsOf } from './blocks.js';

/** A transaction of a chaincode as it stands in a block: who asked for what, and what the endorsers say that it wrote. */
export interface RegistryTransaction {
  readonly txId: string;
  /** A `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
  readonly mspId: string;
  readonly time: Instant;
  readonly call: readonly string[];
  /** By key; a deleted key has no bytes. */
  readonly writes: ReadonlyMap<string, Buffer>;
}

const ENDORSER_TRANSACTION: number = common.HeaderType.ENDORSER_TRANSACTION;

/** The transactions of a chaincode, in the order of a channel's blocks. */
export function registryTransactions(blocks: readonly common.Block[], chaincode: string): RegistryTransaction[] {
  return blocks.flatMap((block) => {
    const codes = transactionsOf(block);
    return block
      .getData()!
      .getDataList_asU8()
      .flatMap((envelope, index) => read(envelope, chaincode, codes[index]!.code));
  });
}

function read(bytes: Uint8Array, chaincode: string, code: number): RegistryTransaction[] {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  if (header.getType() !== ENDORSER_TRANSACTION) return [];
  const creator = common.SignatureHeader.deserializeBinary(payload.getHeader()!.getSignatureHeader_asU8());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(endorsed.getChaincodeProposalPayload_asU8());
  const { name, call } = invocationIn(proposal);
  if (name !== chaincode) return [];
  const response = peer.ProposalResponsePayload.deserializeBinary(
    endorsed.getAction()!.getProposalResponsePayload_asU8(),
  );
  const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  return [
    {
      txId: header.getTxId(),
      code,
      mspId: msp.SerializedIdentity.deserializeBinary(creator.getCreator_asU8()).getMspid(),
      time: instantOf(header.getTimestamp()!.toDate().getTime()),
      call,
      writes: writesIn(results, chaincode),
    },
  ];
}

function invocationIn(proposal: peer.ChaincodeProposalPayload) {
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec()!;
  const parts = spec.getInput()!.getArgsList_asU8();
  return { name: spec.getChaincodeId()!.getName(), call: parts.map((part) => Buffer.from(part).toString('utf8')) };
}

function writesIn(results: Uint8Array, chaincode: string): ReadonlyMap<string, Buffer> {
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(results).getNsRwsetList();
  return new Map(
    sets
      .filter((set) => set.getNamespace() === chaincode)
      .flatMap((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()).getWritesList())
      .map((write) => [write.getKey(), write.getIsDelete() ? Buffer.alloc(0) : Buffer.from(write.getValue_asU8())]),
  );
}
