import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';

/** MSP ids of the endorsers of a prepared transaction, sorted. */
export function endorsersOf(preparedTransaction: Uint8Array): readonly string[] {
  const envelope = gateway.PreparedTransaction.deserializeBinary(preparedTransaction).getEnvelope();
  const payload = common.Payload.deserializeBinary(envelope?.getPayload_asU8() ?? new Uint8Array());
  const actions = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const ids = actions.flatMap((action) =>
    (
      peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8()).getAction()?.getEndorsementsList() ?? []
    ).map((endorsement) => msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid()),
  );
  return [...new Set(ids)].sort();
}
