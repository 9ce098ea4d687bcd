import { Metadata, type status } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';
import { Any } from 'google-protobuf/google/protobuf/any_pb.js';

/** One node's message about a failed call. */
export interface ErrorDetail {
  /** `host:port` of the node. */
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** A failed call with its gRPC status code, for the caller. */
export class RpcError extends Error {
  readonly code: status;
  readonly details: readonly ErrorDetail[];

  constructor(code: status, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

function packed({ address, mspId, message }: ErrorDetail): Any {
  const detail = new gateway.ErrorDetail();
  detail.setAddress(address);
  detail.setMspId(mspId);
  detail.setMessage(message);
  const any = new Any();
  any.setTypeUrl('type.googleapis.com/gateway.ErrorDetail');
  any.setValue(detail.serializeBinary());
  return any;
}

/** The form in which grpc-js sends an error: details travel as a `google.rpc.Status` in a trailer. */
export function toServiceError(error: RpcError): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  if (error.details.length > 0) {
    const rpcStatus = new google.rpc.Status();
    rpcStatus.setCode(error.code);
    rpcStatus.setMessage(error.message);
    rpcStatus.setDetailsList(error.details.map(packed));
    metadata.set('grpc-status-details-bin', Buffer.from(rpcStatus.serializeBinary()));
  }
  return { code: error.code, details: error.message, metadata };
}
