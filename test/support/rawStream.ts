import { status } from '@grpc/grpc-js';
import { once } from 'node:events';
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';

/** How a call ended. */
export interface RawStatus {
  /** Name of the gRPC status; `none` where the stream ended without. */
  readonly code: string;
  readonly message: string;
}

/** A call below gRPC: its caller decides what goes out, byte by byte, as somebody with bad intentions would. */
export class RawStream {
  /** Resolves with the end of the call. */
  readonly ended: Promise<RawStatus>;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;

  /** @param address `http://localhost:7051`; of a TLS server any certificate will do */
  constructor(address: string, path: string) {
    this.#session = connect(address, { rejectUnauthorized: false });
    this.#session.on('error', () => undefined);
    this.#stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
      'grpc-encoding': 'gzip',
    });
    this.ended = endOf(this.#stream).finally(() => {
      this.#session.destroy();
    });
  }

  /** Says that a message of so many bytes is to come. */
  announce(length: number, compressed = false): void {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(compressed ? 1 : 0);
    prefix.writeUInt32BE(length, 1);
    this.#stream.write(prefix);
  }

  /** Resolves when the transport takes more. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed || this.#stream.writableEnded || this.#stream.write(bytes)) return;
    await Promise.race([once(this.#stream, 'drain'), this.ended]).catch(() => undefined);
  }

  /** One whole message, and nothing after it. */
  async sendAll(message: Uint8Array): Promise<void> {
    this.announce(message.length);
    await this.send(message);
    this.close();
  }

  /** Nothing more is to come. */
  close(): void {
    this.#stream.end();
  }

  /** Goes away in the middle. */
  hangUp(): void {
    this.#session.destroy();
  }
}

/** The status comes in the first headers, where there is nothing but an error, or in the last: also while one still sends. */
function endOf(stream: ClientHttp2Stream): Promise<RawStatus> {
  return new Promise((resolve) => {
    const look = (headers: IncomingHttpHeaders): void => {
      const code = headers['grpc-status'];
      if (code === undefined) return;
      const message = headers['grpc-message'];
      resolve({
        code: status[Number(code)] ?? String(code),
        message: typeof message === 'string' ? decodeURIComponent(message) : '',
      });
    };
    stream.on('response', look);
    stream.on('trailers', look);
    stream.on('error', () => undefined);
    stream.on('close', () => {
      resolve({ code: 'none', message: '' });
    });
    stream.resume();
  });
}
