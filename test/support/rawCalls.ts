import { status, type Client, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { common, gateway, google, peer } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import type { Application, Credentials } from './application.js';
import { KV, SHARED } from './scenarioConsortium.js';

/** How a peer answered bytes: with a coded error, with a message, or not yet. */
export type Outcome =
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'answered'; readonly bytes: Buffer }
  | { readonly kind: 'waiting' };

/** One gRPC method of a peer, and a request that it likes. */
export interface RawMethod {
  readonly path: string;
  /** How many messages each side sends. */
  readonly shape: 'unary' | 'stream' | 'duplex';
  /** What the client signs. */
  readonly content: Buffer;
  /** The request that carries it. */
  wrap(content: Buffer, signature: Uint8Array): Buffer;
}

/** How long a method that waits for something, as commit status does, is listened to. */
const PATIENCE_MS = 1500;

const asIs = (bytes: Buffer): Buffer => bytes;

/** Sends bytes to a method. */
export function callRaw(client: Client, method: RawMethod, bytes: Buffer, patienceMs = PATIENCE_MS): Promise<Outcome> {
  const { path, shape } = method;
  const deadline = Date.now() + patienceMs;
  return new Promise((resolve) => {
    const refused = (error: ServiceError): void => {
      resolve(
        error.code === status.DEADLINE_EXCEEDED
          ? { kind: 'waiting' }
          : { kind: 'refused', code: status[error.code], message: [error.details, ...detailsOf(error)].join('\n') },
      );
    };
    if (shape === 'unary') {
      client.makeUnaryRequest(path, asIs, asIs, bytes, { deadline }, (error, response) => {
        if (error) refused(error);
        else resolve({ kind: 'answered', bytes: response ?? Buffer.alloc(0) });
      });
      return;
    }
    const call =
      shape === 'stream'
        ? client.makeServerStreamRequest(path, asIs, asIs, bytes, { deadline })
        : sendOnce(client, path, bytes, deadline);
    call.on('data', (response: Buffer) => {
      resolve({ kind: 'answered', bytes: response });
      call.cancel();
    });
    call.on('error', refused);
    call.on('end', () => {
      resolve({ kind: 'answered', bytes: Buffer.alloc(0) });
    });
  });
}

/** What the nodes behind a gateway had to say. */
function detailsOf({ metadata }: ServiceError): string[] {
  return metadata.get('grpc-status-details-bin').flatMap((bytes) =>
    google.rpc.Status.deserializeBinary(Buffer.from(bytes))
      .getDetailsList()
      .map((detail) => gateway.ErrorDetail.deserializeBinary(detail.getValue_asU8()).getMessage()),
  );
}

function sendOnce(client: Client, path: string, bytes: Buffer, deadline: number): ClientReadableStream<Buffer> {
  const call = client.makeBidiStreamRequest(path, asIs, asIs, { deadline });
  call.write(bytes);
  return call;
}

/** All methods of a peer, each with a good request of this application. */
export async function rawMethods(application: Application): Promise<readonly RawMethod[]> {
  const proposal = goodProposal(application);
  const { payload, commitRequest } = await goodTransaction(application);
  const unary = { shape: 'unary' } as const;
  const signedProposal = (content: Buffer, signature: Uint8Array): peer.SignedProposal => {
    const signed = new peer.SignedProposal();
    signed.setProposalBytes(content);
    signed.setSignature(signature);
    return signed;
  };
  const events = gateway.SignedChaincodeEventsRequest.deserializeBinary(
    application.network().newChaincodeEventsRequest(KV, { startBlock: 0n }).getBytes(),
  );
  const seek = common.Envelope.deserializeBinary(
    application.network().newBlockEventsRequest({ startBlock: 0n }).getBytes(),
  );
  return [
    {
      ...unary,
      path: '/gateway.Gateway/Evaluate',
      content: proposal,
      wrap: (content, signature) => {
        const request = new gateway.EvaluateRequest();
        request.setChannelId(SHARED);
        request.setProposedTransaction(signedProposal(content, signature));
        return Buffer.from(request.serializeBinary());
      },
    },
    {
      ...unary,
      path: '/gateway.Gateway/Endorse',
      content: proposal,
      wrap: (content, signature) => {
        const request = new gateway.EndorseRequest();
        request.setChannelId(SHARED);
        request.setProposedTransaction(signedProposal(content, signature));
        return Buffer.from(request.serializeBinary());
      },
    },
    {
      ...unary,
      path: '/gateway.Gateway/Submit',
      content: payload,
      wrap: (content, signature) => {
        const envelope = new common.Envelope();
        envelope.setPayload(content);
        envelope.setSignature(signature);
        const request = new gateway.SubmitRequest();
        request.setChannelId(SHARED);
        request.setPreparedTransaction(envelope);
        return Buffer.from(request.serializeBinary());
      },
    },
    {
      ...unary,
      path: '/gateway.Gateway/CommitStatus',
      content: commitRequest,
      wrap: (content, signature) => {
        const request = new gateway.SignedCommitStatusRequest();
        request.setRequest(content);
        request.setSignature(signature);
        return Buffer.from(request.serializeBinary());
      },
    },
    {
      ...unary,
      path: '/protos.Endorser/ProcessProposal',
      content: proposal,
      wrap: (content, signature) => Buffer.from(signedProposal(content, signature).serializeBinary()),
    },
    {
      shape: 'stream',
      path: '/gateway.Gateway/ChaincodeEvents',
      content: Buffer.from(events.getRequest_asU8()),
      wrap: (content, signature) => {
        const request = new gateway.SignedChaincodeEventsRequest();
        request.setRequest(content);
        request.setSignature(signature);
        return Buffer.from(request.serializeBinary());
      },
    },
    ...['Deliver', 'DeliverFiltered', 'DeliverWithPrivateData'].map((name): RawMethod => ({
      shape: 'duplex',
      path: `/protos.Deliver/${name}`,
      content: Buffer.from(seek.getPayload_asU8()),
      wrap: (content, signature) => {
        const envelope = new common.Envelope();
        envelope.setPayload(content);
        envelope.setSignature(signature);
        return Buffer.from(envelope.serializeBinary());
      },
    })),
  ];
}

/** The request with this content, signed for it. */
export async function signedRequest(method: RawMethod, content: Buffer, { signer }: Credentials): Promise<Buffer> {
  return method.wrap(content, await signer(createHash('sha256').update(content).digest()));
}

function goodProposal(application: Application): Buffer {
  const proposal = application.contract().newProposal('get', { arguments: ['a key'], transientData: { a: 'b' } });
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes());
  return Buffer.from(proposed.getProposal()!.getProposalBytes_asU8());
}

async function goodTransaction(application: Application): Promise<{ payload: Buffer; commitRequest: Buffer }> {
  const transaction = await application
    .contract()
    .newProposal('put', { arguments: ['a key', 'a value'] })
    .endorse();
  const commit = await transaction.submit();
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const asked = gateway.SignedCommitStatusRequest.deserializeBinary(commit.getBytes());
  return {
    payload: Buffer.from(prepared.getEnvelope()!.getPayload_asU8()),
    commitRequest: Buffer.from(asked.getRequest_asU8()),
  };
}
