import type { Commit, Gateway } from '@hyperledger/fabric-gateway';
import { gateway, msp } from '@hyperledger/fabric-protos';

/** A query for the commit status of any transaction of a channel, independent of its submitter and age. */
export function commitQuestion(connection: Gateway, channel: string, txId: string): Commit {
  const { mspId, credentials } = connection.getIdentity();
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(credentials);

  const request = new gateway.CommitStatusRequest();
  request.setChannelId(channel);
  request.setTransactionId(txId);
  request.setIdentity(creator.serializeBinary());

  const unsigned = new gateway.SignedCommitStatusRequest();
  unsigned.setRequest(request.serializeBinary());
  return connection.newCommit(unsigned.serializeBinary());
}
