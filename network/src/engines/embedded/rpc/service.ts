import {
  Server,
  status,
  type Metadata,
  type MethodDefinition,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { setMaxListeners } from 'node:events';
import type { Log } from '../../../system/log.js';
import { fromStranger } from '../../../system/protobufGuard.js';
import { boundedIntake, MAX_RECEIVE_BYTES, signatureChecked } from './intake.js';
import type { MessageBudget } from './messageBudget.js';
import { RpcError, toServiceError } from './rpcError.js';

/** The caller of a method, as far as the method needs it. */
export interface Caller {
  /** Aborts when the caller does not wait any more. */
  readonly gone: AbortSignal;
  /** Call this when the caller's signature is valid: only messages of unchecked callers share the limit. */
  readonly checked: () => void;
}

/** A method with one request and one answer. */
export type UnaryMethod = (request: Buffer, caller: Caller) => Promise<Uint8Array>;

/** Sends one message; resolves when the transport can take more. */
export type Send = (message: Uint8Array) => Promise<void>;

/** A method with one request and any number of answers. */
export type StreamMethod = (request: Buffer, send: Send, caller: Caller) => Promise<void>;

/** A method where both sides send. */
export type DuplexMethod = (requests: AsyncIterable<Buffer>, send: Send, caller: Caller) => Promise<void>;

export interface ServiceMethods {
  /** `gateway.Gateway`. */
  readonly service: string;
  /** Calls that it handles at once; without it, any number. */
  readonly limit?: number;
  readonly unary?: Readonly<Record<string, UnaryMethod>>;
  readonly stream?: Readonly<Record<string, StreamMethod>>;
  readonly duplex?: Readonly<Record<string, DuplexMethod>>;
}

const asIs = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Messages pass as bytes: signed or hashed data must be checked as received, and invalid data must reach our own parser. */
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

/**
 * Parses a request.
 * @throws RpcError INTERNAL, as gRPC does for invalid messages
 */
export function parseRequest<T>(bytes: Uint8Array, deserialize: (bytes: Uint8Array) => T): T {
  try {
    return fromStranger(() => deserialize(bytes));
  } catch {
    throw new RpcError(status.INTERNAL, 'grpc: error unmarshalling request: the message is not valid protobuf');
  }
}

/** One shared reason: the default one captures a stack each time. */
const GONE = new Error('the caller has gone');

/** A signal that aborts when the call has ended. */
function callSignal(call: {
  readonly cancelled: boolean;
  on(event: 'cancelled', listener: () => void): unknown;
}): AbortSignal {
  const controller = new AbortController();
  // Every queried endorser listens; this is no leak.
  setMaxListeners(0, controller.signal);
  if (call.cancelled) controller.abort(GONE);
  call.on('cancelled', () => {
    controller.abort(GONE);
  });
  return controller.signal;
}

/** The caller of a call. The signal is made on demand: most methods do not wait. */
function callerOf(call: Parameters<typeof callSignal>[0] & { readonly metadata: Metadata }): Caller {
  let signal: AbortSignal | undefined;
  return {
    get gone() {
      signal ??= callSignal(call);
      return signal;
    },
    checked: () => {
      signatureChecked(call.metadata);
    },
  };
}

type AnyWritable = ServerWritableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>;

function sender(call: AnyWritable, signal: AbortSignal): Send {
  return (message) =>
    new Promise((resolve) => {
      if (signal.aborted || call.write(message)) {
        resolve();
        return;
      }
      // A slow reader delays only its own stream, and nothing accumulates here.
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

/** The calls of a service that are handled at present. */
class OpenCalls {
  readonly #service: string;
  readonly #limit: number;
  #open = 0;

  constructor({ service, limit = Infinity }: ServiceMethods) {
    this.#service = service;
    this.#limit = limit;
  }

  /** @throws RpcError as a peer's when there are too many */
  async handle<T>(call: () => Promise<T>): Promise<T> {
    if (this.#open >= this.#limit) {
      const what = `too many requests for /${this.#service}, exceeding concurrency limit (${this.#limit})`;
      throw new RpcError(status.UNKNOWN, what);
    }
    this.#open++;
    try {
      return await call();
    } finally {
      this.#open--;
    }
  }
}

/** A server whose callers share one limit for messages before their signatures are checked. */
export function serverWithin(budget: MessageBudget): Server {
  return new Server({
    'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
    'grpc.max_send_message_length': -1,
    interceptors: [boundedIntake(budget)],
  });
}

/** Adds a service to a server. An error of a method becomes the status of its call and never ends the process. */
export function addService(server: Server, methods: ServiceMethods, log: Log): void {
  const { service } = methods;
  const open = new OpenCalls(methods);
  for (const [name, method] of Object.entries(methods.unary ?? {})) {
    server.addService(
      { [name]: definition(service, name, false, false) },
      {
        [name]: (call: ServerUnaryCall<Buffer, Uint8Array>, callback: sendUnaryData<Uint8Array>) => {
          open
            .handle(() => method(call.request, callerOf(call)))
            .then(
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
          const caller = callerOf(call);
          const running = open.handle(() => method(call.request, sender(call, caller.gone), caller));
          finish(call, caller.gone, running, name, log);
        },
      },
    );
  }
  for (const [name, method] of Object.entries(methods.duplex ?? {})) {
    server.addService(
      { [name]: definition(service, name, true, true) },
      {
        [name]: (call: ServerDuplexStream<Buffer, Uint8Array>) => {
          const caller = callerOf(call);
          // Leaving the loop over the requests must not end the call: its status is still to be sent.
          const requests = call.iterator({ destroyOnReturn: false });
          const running = open.handle(() => method(requests, sender(call, caller.gone), caller));
          finish(call, caller.gone, running, name, log);
        },
      },
    );
  }
}
