import type { CallOptions, requestCallback } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import type { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import { randomBytes } from 'node:crypto';
import { AdminError } from './errors.js';
import type { NodeConnection } from './node.js';
import { signatureHeader } from './proposal.js';
import type { Signer } from './signer.js';

const TIMEOUT_MS = 30_000;
/** What a peer says when nothing was committed since its last snapshot. */
const THERE_ALREADY = /snapshot already generated|duplicate snapshot request/;

/**
 * Makes a peer write a snapshot of a channel: state, transaction ids and collection history, without blocks. The peer writes it to
 * `completed/<channel>/<last block>` in its snapshot folder; {@link pendingSnapshots} tells when it is done.
 *
 * @param signer An administrator of the peer's own organisation.
 * @throws AdminError `REFUSED` with the peer's words.
 */
export async function requestSnapshot(connection: NodeConnection, signer: Signer, channel: string): Promise<void> {
  const request = new peer.SnapshotRequest();
  request.setSignatureHeader(signatureHeader(signer, randomBytes(24)));
  request.setChannelId(channel);
  try {
    await call<Empty>(connection, (options, done) =>
      connection.snapshots.generate(signed(request, signer), options, done),
    );
  } catch (error) {
    if (!(error instanceof AdminError && THERE_ALREADY.test(error.message))) throw error;
  }
}

/**
 * The block numbers of a channel's snapshots that a peer has not finished yet.
 * @throws AdminError
 */
export async function pendingSnapshots(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
): Promise<readonly number[]> {
  const query = new peer.SnapshotQuery();
  query.setSignatureHeader(signatureHeader(signer, randomBytes(24)));
  query.setChannelId(channel);
  const answer = await call<peer.QueryPendingSnapshotsResponse>(connection, (options, done) =>
    connection.snapshots.queryPendings(signed(query, signer), options, done),
  );
  return answer.getBlockNumbersList();
}

function call<T>(
  connection: NodeConnection,
  send: (options: CallOptions, done: requestCallback<T>) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    send({ deadline: Date.now() + TIMEOUT_MS }, (error, answer) => {
      if (error !== null) reject(connection.failure(error));
      else if (answer === undefined) reject(new AdminError('BAD_RESPONSE', 'empty answer', connection.name));
      else resolve(answer);
    });
  });
}

function signed(content: { serializeBinary(): Uint8Array }, signer: Signer): peer.SignedSnapshotRequest {
  const request = new peer.SignedSnapshotRequest();
  request.setRequest(content.serializeBinary());
  request.setSignature(signer.sign(request.getRequest_asU8()));
  return request;
}
