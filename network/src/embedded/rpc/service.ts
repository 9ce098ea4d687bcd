import {
  status,
  type MethodDefinition,
  type sendUnaryData,
  type Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { Log } from '../../log.js';
import { RpcError, toServiceError } from './rpcError.js';

/** Receive limit of every service: Fabric's own. */
export const MAX_RECEIVE_BYTES = 100 * 1024 * 1024;

/** A method with one request and one answer. `cancelled` gives a signal that aborts when the caller has gone, for methods that wait. */
export type UnaryMethod = (request: Buffer, cancelled: () => AbortSignal) => Promise<Uint8Array>;

/** Sends one message; resolves when the transport takes more. */
export type Send = (message: Uint8Array) => Promise<void>;

/** A method with one request and any number of answers. */
export type StreamMethod = (request: Buffer, send: Send, signal: AbortSignal) => Promise<void>;

/** A method where both sides send. */
export type DuplexMethod = (requests: AsyncIterable<Buffer>, send: Send, signal: AbortSignal) => Promise<void>;

export interface ServiceMethods {
  /** `gateway.Gateway`. */
  readonly service: string;
  readonly unary?: Readonly<Record<string, UnaryMethod>>;
  readonly stream?: Readonly<Record<string, StreamMethod>>;
  readonly duplex?: Readonly<Record<string, DuplexMethod>>;
}

const asIs = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Messages pass as bytes: what was signed or hashed must be checked as it arrived, and garbage must meet our own parser. */
function definition(
  service: string,
  method: string,
  requestStream: boolean,
  responseStream: boolean,
): MethodDefinition<Buffer, Uint8Array> {
  return {
    path: `/${service}/${method}`,
    requestStream,
    responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

function asRpcError(error: unknown, method: string, log: Log): RpcError {
  if (error instanceof RpcError) return error;
  const message = error instanceof Error ? error.message : String(error);
  log('error', `${method} failed unexpectedly: ${error instanceof Error ? (error.stack ?? message) : message}`);
  return new RpcError(status.INTERNAL, message);
}

/** Parses a request. @throws RpcError INTERNAL, as gRPC itself answers what it cannot unmarshal */
export function parseRequest<T>(bytes: Uint8Array, deserialize: (bytes: Uint8Array) => T): T {
  try {
    return deserialize(bytes);
  } catch {
    throw new RpcError(status.INTERNAL, 'grpc: error unmarshalling request: the message is not valid protobuf');
  }
}

/** One reason for all: the default one captures a stack each time. */
const GONE = new Error('the caller has gone');

/** A signal that aborts when the call is over. */
function callSignal(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => {
    controller.abort(GONE);
  });
  return controller.signal;
}

type AnyWritable = ServerWritableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>;

function sender(call: AnyWritable, signal: AbortSignal): Send {
  return (message) =>
    new Promise((resolve) => {
      if (signal.aborted || call.write(message)) {
        resolve();
        return;
      }
      // A slow reader holds its own stream back, and nothing piles up here.
      const go = (): void => {
        call.off('drain', go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      call.once('drain', go);
      signal.addEventListener('abort', go);
    });
}

function finish(call: AnyWritable, signal: AbortSignal, running: Promise<void>, name: string, log: Log): void {
  call.on('error', () => undefined);
  running.then(
    () => {
      call.end();
    },
    (error: unknown) => {
      if (!signal.aborted) call.emit('error', toServiceError(asRpcError(error, name, log)));
    },
  );
}

/** Adds a service to a server. Whatever a method throws becomes a status of that call; nothing ends the process. */
export function addService(server: Server, methods: ServiceMethods, log: Log): void {
  const { service } = methods;
  for (const [name, method] of Object.entries(methods.unary ?? {})) {
    server.addService(
      { [name]: definition(service, name, false, false) },
      {
        [name]: (call: ServerUnaryCall<Buffer, Uint8Array>, callback: sendUnaryData<Uint8Array>) => {
          method(call.request, () => callSignal(call)).then(
            (response) => {
              callback(null, response);
            },
            (error: unknown) => {
              callback(toServiceError(asRpcError(error, name, log)));
            },
          );
        },
      },
    );
  }
  for (const [name, method] of Object.entries(methods.stream ?? {})) {
    server.addService(
      { [name]: definition(service, name, false, true) },
      {
        [name]: (call: ServerWritableStream<Buffer, Uint8Array>) => {
          const signal = callSignal(call);
          finish(call, signal, method(call.request, sender(call, signal), signal), name, log);
        },
      },
    );
  }
  for (const [name, method] of Object.entries(methods.duplex ?? {})) {
    server.addService(
      { [name]: definition(service, name, true, true) },
      {
        [name]: (call: ServerDuplexStream<Buffer, Uint8Array>) => {
          const signal = callSignal(call);
          // Leaving the loop over the requests must not tear the call down: its status is still to be sent.
          const requests = call.iterator({ destroyOnReturn: false });
          finish(call, signal, method(requests, sender(call, signal), signal), name, log);
        },
      },
    );
  }
}
