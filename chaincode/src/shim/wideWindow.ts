import { createRequire } from 'node:module';
import type { ServerHttp2Session } from 'node:http2';

/**
 * How much a peer may send a chaincode ahead. HTTP/2 begins with 64 kB for all transactions of a stream together, about as much
 * as one trace reads, so that peer and chaincode woke one another for every piece of an answer.
 */
const WINDOW_BYTES = 4 * 1024 * 1024;
const SHIM_HANDLER = 'fabric-shim/lib/handler.js';

/** The shim's handler, one a stream to a peer, down to the connection below gRPC. */
interface Handler {
  readonly _stream: { readonly call?: { readonly stream?: { readonly session?: ServerHttp2Session | undefined } } };
  chat: (this: Handler, greeting: unknown) => void;
}

/** Lets peers send as much as {@link WINDOW_BYTES} ahead on every stream that is opened from now on. */
export function widenWindows(): void {
  const { ChaincodeMessageHandler } = createRequire(__filename)(SHIM_HANDLER) as {
    ChaincodeMessageHandler: { prototype: Handler };
  };
  const { prototype } = ChaincodeMessageHandler;
  const { chat } = prototype;
  prototype.chat = function (greeting) {
    // A chaincode that a peer starts itself is a gRPC client: its connection has no such part, and stays as it is.
    const session = this._stream.call?.stream?.session;
    session?.setLocalWindowSize(WINDOW_BYTES);
    session?.settings({ initialWindowSize: WINDOW_BYTES });
    chat.call(this, greeting);
  };
}
