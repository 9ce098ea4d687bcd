import { createRequire } from 'node:module';
import type { ServerHttp2Session } from 'node:http2';

/**
 * How many bytes a peer may send to a chaincode in advance. HTTP/2 starts with 64 kB for all transactions of a stream
 * together. One trace reads about as much, so peer and chaincode had to wait for each other at every piece of an answer.
 */
const WINDOW_BYTES = 4 * 1024 * 1024;
const SHIM_HANDLER = 'fabric-shim/lib/handler.js';

/** The shim's handler, one per stream to a peer, down to the connection below gRPC. */
interface Handler {
  readonly _stream: { readonly call?: { readonly stream?: { readonly session?: ServerHttp2Session | undefined } } };
  chat: (this: Handler, greeting: unknown) => void;
}

/** Lets peers send up to {@link WINDOW_BYTES} in advance on every stream opened from now on. */
export function widenWindows(): void {
  const { ChaincodeMessageHandler } = createRequire(__filename)(SHIM_HANDLER) as {
    ChaincodeMessageHandler: { prototype: Handler };
  };
  const { prototype } = ChaincodeMessageHandler;
  const { chat } = prototype;
  prototype.chat = function (greeting) {
    // A chaincode that a peer starts itself is a gRPC client: its connection has no such part and stays unchanged.
    const session = this._stream.call?.stream?.session;
    session?.setLocalWindowSize(WINDOW_BYTES);
    session?.settings({ initialWindowSize: WINDOW_BYTES });
    chat.call(this, greeting);
  };
}
